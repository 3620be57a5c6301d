"""/reseller/branding: the shop's look: a draft beside its previews, publishing, going back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from storefront.core.errors import Conflict, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller import branding_advertisement, branding_previews
from storefront.reseller.branding_form import LookForm
from storefront.web.guards import acts
from storefront.web.headers import POLICY
from storefront.web.rendering import done, page, say
from tenants.brand_colours import Brand, brand_from
from tenants.brand_pictures import logo_note, main_colour_of, older
from tenants.brand_repairs import derived_colours, repairs
from tenants.branding import (
    Look,
    discard_draft,
    draft_from,
    edition_of,
    find_draft,
    go_back_to,
    look_of,
    present_look,
    publish_draft,
    published_versions,
    save_draft,
)
from tenants.resellers import current_reseller

bp = Blueprint("branding", __name__, url_prefix="/branding")
bp.register_blueprint(branding_previews.bp)
bp.register_blueprint(branding_advertisement.bp)

# Three pictures of five megabytes, and the form around them.
LARGEST_REQUEST = 16 * 1024 * 1024


@bp.before_request
def let_pictures_in() -> None:
    """Take larger requests than other pages do."""
    request.max_content_length = LARGEST_REQUEST


@bp.route("/", methods=["GET", "POST"])
@acts(Permission.BRANDING_MANAGE, audit="brand.drafted")
def edit() -> Response:
    """The editor; on POST the draft is kept, and published if that was the button."""
    draft = find_draft(g.db)
    present = present_look(current_reseller(g.db))
    look = look_of(draft) if draft else present
    form = LookForm().offer(look, edition_of(draft))
    quicker: Conflict | None = None
    if form.submitted():
        try:
            if answer := _keep(form, look):
                return answer
        except Conflict as said:
            quicker = said
            g.refusal = said
    response = page(
        form=form,
        draft=draft,
        quicker=quicker,
        edition=edition_of(draft),
        status=409 if quicker else None,
        **_shown(form, look, present),
    )
    response.headers["Content-Security-Policy"] = f"{POLICY.format(gateways='')}; frame-src 'self'"
    return response


def _keep(form: LookForm, look: Look) -> Response | None:
    """Keep what was sent as the draft, and publish it if asked; ``None`` where something must be mended first."""
    pictures = form.take_pictures(g.db, look.pictures)
    if form.has_wrong_pictures:
        return None
    action = request.form.get("action", "preview")
    # Whoever has read that somebody was quicker may still put theirs over it.
    edition = request.form.get("over") or form.edition.data or ""
    answer: Response | None = None
    with form.blames_refusals():
        save_draft(g.db, Look(values=form.values(Brand(), pictures), pictures=pictures), edition=edition)
        if action == "publish":
            publish_draft(g.db)
            answer = done(_("Published. Your shop, panel, letters and documents look like this now."), ".edit")
        else:
            answer = done(_("The draft is kept. Only you and your colleagues see it."), ".edit", _anchor="previews")
    return None if form.was_refused else answer


def _shown(form: LookForm, look: Look, present: Look) -> dict[str, Any]:
    """Return what the editor shows beside its form."""
    try:
        brand = brand_from(form.values(Brand(), look.pictures))
    except Refused:
        brand = brand_from(look.values)
    versions = published_versions(g.db)
    return {
        "brand": brand,
        "pictures": form.kept_pictures(look.pictures),
        "older": older(look.pictures),
        "derived": derived_colours(brand),
        "proposed": main_colour_of(look.pictures),
        "note": logo_note(look.pictures),
        "repairs": repairs(brand),
        "versions": versions,
        "colours_of": lambda version: brand_from(version.values),
        "is_new": not (versions or present.pictures or form.was_refused or request.args.get("all")),
        "kinds": branding_previews.KINDS,
        "shown_scheme": branding_previews.shown_scheme(brand),
    }


@bp.post("/discard")
@acts(Permission.BRANDING_MANAGE, audit="brand.draft_discarded")
def discard() -> Response:
    """Throw the draft away."""
    try:
        discard_draft(g.db)
    except Refused as no:
        say(no.message, "danger")
        return redirect(url_for(".edit"), 303)
    return done(_("The draft is gone. Your shop looks as it did."), ".edit")


@bp.post("/<uuid:version_id>/back")
@acts(Permission.BRANDING_MANAGE, audit="brand.gone_back")
def back(version_id: UUID) -> Response:
    """Let the shop look as it once did."""
    try:
        version = go_back_to(g.db, version_id)
    except Refused as no:
        say(no.message, "danger")
        return redirect(url_for(".edit"), 303)
    return done(_("Your shop looks as it did then. This is version %(number)d.", number=version.number), ".edit")


@bp.post("/<uuid:version_id>/draft")
@acts(Permission.BRANDING_MANAGE, audit="brand.drafted")
def draft(version_id: UUID) -> Response:
    """Go on from an earlier state; a draft in work is never overwritten by this."""
    try:
        draft_from(g.db, version_id, edition=request.form.get("edition", ""))
    except Conflict as no:
        say(no.message, "danger")
        return redirect(url_for(".edit"), 303)
    return done(_("The draft is kept. Only you and your colleagues see it."), ".edit", _anchor="previews")
