"""/reseller/announcements: what the platform told this reseller; noted as read by each of its people."""

from uuid import UUID

from flask import Blueprint, g
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.core.i18n import lazy_gettext as _
from storefront.reseller.announcement_rows import announcement_rows
from storefront.web.guards import SIGNED_IN, acts, reads
from storefront.web.rendering import done, page
from tenants.announcements import read_announcement, shown_announcements

bp = Blueprint("announcements", __name__, url_prefix="/announcements")


@bp.get("/")
@reads(SIGNED_IN)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Everything that was announced, the newest first."""
    return page(rows=announcement_rows(shown_announcements(g.db)))


@bp.post("/<uuid:announcement_id>/read")
@acts(SIGNED_IN, audit="announcement.read")
def read(announcement_id: UUID) -> Response:
    """Show it to this person no more."""
    read_announcement(g.db, announcement_id, current_user.user_id)
    return done(_("It is among the announcements from now on."), "reseller.overview.show")
