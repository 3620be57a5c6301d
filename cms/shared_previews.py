"""/drafts/<token>: a draft for whoever was sent the link: read-only, found by no search, until it is withdrawn."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, url_for
from sqlalchemy import Select, delete, func, select

from cms.drafts import find_version
from cms.models import DraftLink, Page, PageVersion
from cms.render import shown
from storefront.core.audit import record
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import speaking
from storefront.core.sealing import Unsealable, seal, unseal
from storefront.web.guards import PUBLIC, reads
from storefront.web.house import house
from storefront.web.rendering import page
from storefront.web.site import site

LASTS = timedelta(days=7)
PURPOSE = "page-preview"
MOST_LINKS = 200

bp = Blueprint("drafts", __name__, url_prefix="/drafts")


def shared_preview(row: Page, locale: str) -> dict[str, Any]:
    """Make a link that shows the draft of a page for a week: ``url`` and ``until``. Raises ``Refused`` at too many.

    Those that are over are forgotten on the way.
    """
    g.db.execute(delete(DraftLink).where(DraftLink.reseller_id == g.db.reseller_id, DraftLink.until < g.db.now))
    living = g.db.scalar(_living().with_only_columns(func.count())) or 0
    if living >= MOST_LINKS:
        raise Refused(_("%(num)s links are alive already. Withdraw some of them first.", num=MOST_LINKS))
    link = g.db.add(
        DraftLink(page_id=row.id, locale=locale, made_at=g.db.now, made_by=g.db.actor.name, until=g.db.now + LASTS)
    )
    g.db.flush()
    record(g.db, "page.draft_shared", row, after={"locale": locale, "until": link.until.isoformat()})
    return {"url": address_of(link), "until": link.until}


def living_links() -> Sequence[DraftLink]:
    """List the links that are alive, the newest first."""
    links: Sequence[DraftLink] = g.db.scalars(_living().order_by(DraftLink.made_at.desc(), DraftLink.id))
    return links


def withdraw_links(link_id: UUID | None = None) -> int:
    """Let a link show nothing any more, or all of them; returns how many it were."""
    found = [each for each in g.db.scalars(_living()) if link_id in {None, each.id}]
    for link in found:
        record(g.db, "page.draft_link_withdrawn", g.db.require(Page, link.page_id), before={"locale": link.locale})
        g.db.session.delete(link)
    g.db.flush()
    return len(found)


def address_of(link: DraftLink) -> str:
    """Return the address of a link: it names the link and nothing of the page."""
    token = seal(house().config, str(link.id), purpose=PURPOSE, owner=g.place.reseller_id)
    return house().config.origin(g.place.canonical) + url_for("drafts.show", token=token)


def _living() -> Select[DraftLink]:
    return select(DraftLink).where(DraftLink.reseller_id == g.db.reseller_id, DraftLink.until >= g.db.now)


@bp.get("/<token>")
@reads(PUBLIC)
def show(token: str) -> Response:
    """The draft as it is now, in the shop's theme; what is published where no draft is left."""
    version = _version(token)
    g.locale = version.locale
    with speaking(version.locale, g.zone):
        told = {**shown(g.db, version, site()["prices_line"]), "preview": True}
        response = page("cms/page.html", page=told, visitor={"signed_in": False}, messages=[])
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _version(token: str) -> PageVersion:
    """Open a link; raises ``NotFound`` for one that is over, withdrawn, altered, or of another shop."""
    try:
        link_id = UUID(unseal(house().config, token, purpose=PURPOSE, owner=g.place.reseller_id))
    except (Unsealable, ValueError) as error:
        raise NotFound from error
    link = g.db.find(DraftLink, link_id)
    row = g.db.find(Page, link.page_id) if link is not None else None
    if link is None or row is None or row.trashed_at is not None or link.until < g.db.now:
        raise NotFound
    states = ("draft", "published")
    found = next((each for state in states if (each := find_version(g.db, row, link.locale, state))), None)
    if found is None:
        raise NotFound
    return found
