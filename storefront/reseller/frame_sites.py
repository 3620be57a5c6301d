"""/reseller/frame-sites: sites that may hold frames: named, proven by a record or by a host of the shop, removed."""

from uuid import UUID

from flask import Blueprint, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from frames.counts import foreign_tries
from frames.models import FrameSite
from frames.origins import MOST_SITES
from frames.sites import (
    add_site,
    ask_for_site_look,
    is_allowed,
    is_silent,
    prove_by_code,
    remove_site,
    sites,
    wanted_record,
)
from storefront.core.i18n import Text, lazy_words
from storefront.core.i18n import lazy_gettext as _
from storefront.identity.permissions import Permission
from storefront.reseller.frame_lines import DAYS, counting_since
from storefront.web.forms import Form, Line, require_token
from storefront.web.guards import acts, reads
from storefront.web.rendering import done, page

bp = Blueprint("frame_sites", __name__, url_prefix="/frame-sites")

PROOFS: dict[str, Text] = {
    "dns": _("by a record in its zone"),
    "host": _("by a host of your shop in the same domain"),
    "machine": _("as a name of this very machine, while you develop"),
}
# What the last look found, in words; everything else is silence, which counts neither for nor against.
FOUND: dict[str, Text] = {
    "code_found": _("The record was found."),
    "code_spreading": _("The record is there; not all of the world sees it yet."),
    "code_quoted": _("The record is there, but with quotation marks inside it. Enter it without them."),
    "code_with_more": _("The record says more than the code. Let it say the code alone."),
    "code_at_doubled_name": _("The record stands at a wrong name: the domain was added a second time."),
    "code_at_host": _("The record stands at the site's own name. It belongs at the name shown above."),
    "code_at_other_name": _("The record stands at another name. It belongs at the name shown above."),
    "code_missing": _("There is no such record yet."),
}
SILENT: Text = _("Nobody could be asked. That counts neither for nor against; we ask again by ourselves.")


class SiteForm(Form):
    """The address of a site."""

    origin = Line(lazy_words("Address of your site"), longest=300)


@bp.get("/")
@reads(Permission.SETTINGS_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All sites, and how each is proven."""
    rows = [
        {
            "site": site,
            "is_allowed": is_allowed(g.db, site),
            "is_silent": is_silent(g.db, site),
            "proof": PROOFS[site.proof],
        }
        for site in sites(g.db)
    ]
    return page(rows=rows, most=MOST_SITES, foreign=foreign_tries(g.db, since=counting_since()), days=DAYS)


@bp.route("/new", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="frame_site.added")
def new() -> AnyResponse:
    """Name a site; one in the domain of a host of the shop is proven at once."""
    form = SiteForm(data={"origin": request.args.get("origin", "")[:300]})
    if form.submitted():
        with form.blames_refusals():
            site = add_site(g.db, form.origin.data or "")
            words = (
                _("Frames may stand there from now on.")
                if site.state == "proven"
                else _("Enter this record, and we look for it by ourselves.")
            )
            return done(words, ".show", site_id=site.id)
    return page(form=form)


@bp.get("/<uuid:site_id>")
@reads(Permission.SETTINGS_READ)
def show(site_id: UUID) -> Response:
    """How it is proven, what is missing, and when it was looked for."""
    site = g.db.require(FrameSite, site_id)
    return page(
        site=site,
        record=wanted_record(g.db, site),
        is_allowed=is_allowed(g.db, site),
        is_silent=is_silent(g.db, site),
        proof=PROOFS[site.proof],
        seen=FOUND.get(site.finding, SILENT) if site.checked_at else None,
    )


@bp.post("/<uuid:site_id>/look")
@acts(Permission.SETTINGS_MANAGE, audit="frame_site.look_asked")
def look(site_id: UUID) -> AnyResponse:
    """Have its record looked for now."""
    require_token()
    site = g.db.require(FrameSite, site_id)
    if ask_for_site_look(g.db, site):
        return done(_("We look again. This takes a few seconds."), ".show", site_id=site.id)
    return redirect(url_for(".show", site_id=site.id), 303)


@bp.post("/<uuid:site_id>/code")
@acts(Permission.SETTINGS_MANAGE, audit="frame_site.code_made")
def code(site_id: UUID) -> AnyResponse:
    """Let it stand on a record of its own, no longer on a host of the shop."""
    require_token()
    site = g.db.require(FrameSite, site_id)
    prove_by_code(g.db, site)
    return done(_("Enter this record, and we look for it by ourselves."), ".show", site_id=site.id)


@bp.route("/<uuid:site_id>/remove", methods=["GET", "POST"])
@acts(Permission.SETTINGS_MANAGE, audit="frame_site.removed")
def remove(site_id: UUID) -> AnyResponse:
    """Say what comes of it, then let it hold no frame any more."""
    site = g.db.require(FrameSite, site_id)
    form = Form()
    if form.submitted():
        remove_site(g.db, site)
        return done(_("Frames no longer open on %(site)s.", site=site.origin), ".list")
    return page(form=form, site=site)
