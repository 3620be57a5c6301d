"""/reseller/pages/shared: the links that show drafts to others, and how they are withdrawn."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g
from werkzeug.wrappers import Response

from cms.models import DraftLink, Page
from cms.outline import branches
from cms.shared_previews import address_of, living_links, withdraw_links
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import ngettext
from storefront.identity.permissions import Permission
from storefront.reseller.pages_shown import branch_title, editor_url
from storefront.web.forms import require_token
from storefront.web.guards import acts, reads
from storefront.web.locale import NATIVE_NAMES
from storefront.web.rendering import done, page

bp = Blueprint("shared", __name__, url_prefix="/shared")


@bp.get("/")
@reads(Permission.PAGES_MANAGE)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Every link that shows something, the newest first."""
    links = [*living_links()]
    pages = branches(g.db, {link.page_id for link in links}, titles_only=True)
    return page(rows=[_row(link, branch_title(pages[link.page_id], [link.locale])) for link in links])


@bp.post("/<uuid:link_id>/withdraw")
@acts(Permission.PAGES_MANAGE, audit="page.draft_link_withdrawn")
def withdraw(link_id: UUID) -> Response:
    """Let one link show nothing any more."""
    require_token()
    g.db.require(DraftLink, link_id)
    withdraw_links(link_id)
    return done(_("The link shows nothing any more."), ".list")


@bp.post("/withdraw-all")
@acts(Permission.PAGES_MANAGE, audit="page.draft_link_withdrawn")
def withdraw_all() -> Response:
    """Let no link show anything any more."""
    require_token()
    count = withdraw_links()
    words = ngettext("%(num)s link shows nothing any more.", "%(num)s links show nothing any more.", count)
    return done(words, ".list")


def _row(link: DraftLink, title: str) -> dict[str, Any]:
    return {
        "link": link,
        "title": title,
        "language": NATIVE_NAMES.get(link.locale, link.locale),
        "editor": editor_url(link.page_id, link.locale),
        "url": address_of(link),
        "is_in_bin": g.db.require(Page, link.page_id).trashed_at is not None,
    }
