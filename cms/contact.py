"""/write: what a form of a page sends, and the form by itself where something is to be mended."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, g, redirect, url_for
from werkzeug.wrappers import Response

from cms.blocks import whole
from cms.contact_form import MessageForm, fresh_stamp, has_form, is_good_stamp
from cms.models import PageVersion
from cms.queries import find_published_version
from cms.visitor_messages import leave_message
from storefront.core.i18n import gettext as _
from storefront.core.limits import spend
from storefront.web.guards import PUBLIC, acts, reads
from storefront.web.rendering import page
from storefront.web.site import site

bp = Blueprint("contact", __name__, url_prefix="/write")

# Beside what one visitor may send: so much reaches a shop in an hour, from however many addresses it comes.
SHOP_RATE = "120/hour"


@bp.route("/<uuid:page_id>/<block_id>", methods=["GET", "POST"])
@acts(PUBLIC, audit="visitor_message.sent", rate="mail_rate")
def write(page_id: UUID, block_id: str) -> Response:
    """Send what was written; or show the form by itself, with everything that was typed."""
    version, block = _found(page_id, block_id)
    form = MessageForm(block)
    if form.submitted():
        thanks = redirect(url_for(".sent", page_id=page_id, block_id=block_id), 303)
        if form.is_from_a_machine:
            g.refusal = True
            return thanks
        if is_good_stamp(g.db, form.stamp.data or ""):
            spend(g.db.config, SHOP_RATE, "visitor_messages", str(g.place.reseller_id))
            leave_message(g.db, version, block_id, form.said())
            return thanks
        form.form_errors.append(
            _("Please read your message once more, then send it. We ask because machines do not read.")
        )
    form.stamp.data = fresh_stamp(g.db)
    return page(
        "cms/contact/write.html",
        form=form,
        action=url_for(".write", page_id=page_id, block_id=block_id),
        block=block,
        back=version,
    )


@bp.get("/<uuid:page_id>/<block_id>/sent")
@reads(PUBLIC)
def sent(page_id: UUID, block_id: str) -> Response:
    """Say that it arrived and what happens next."""
    version, block = _found(page_id, block_id)
    return page("cms/contact/sent.html", block=block, back=version)


def _found(page_id: UUID, block_id: str) -> tuple[PageVersion, dict[str, Any]]:
    version = find_published_version(g.db, page_id, list(dict.fromkeys([g.locale, *site()["languages"]])))
    found = next((each for each in version.blocks if has_form(each, block_id)), None) if version else None
    if version is None or found is None:
        abort(404)
    return version, whole(found)
