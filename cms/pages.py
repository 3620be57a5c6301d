"""Write a page and publish it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from cms.block_base import Block
from cms.blocks import BadBlock, block_from, with_ids
from cms.drafts import BAD_PATH, source_of
from cms.legal import edition_to_publish
from cms.models import Menu, Page, PageVersion
from cms.paths import is_allowed
from cms.publishing import go_live
from cms.queries import find_page
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.resellers import current_reseller


@dataclass(frozen=True, kw_only=True)
class PageTerms:
    """What an editor says of a page in one language."""

    key: str
    locale: str
    path: str
    title: str
    description: str = ""
    blocks: Sequence[Block] = field(default_factory=tuple)


def publish_page(db: Work, terms: PageTerms) -> PageVersion:
    """Put a page in front of visitors; what stood there becomes a past version."""
    if not is_allowed(terms.path):
        raise Refused(BAD_PATH, field="path")
    page = find_page(db, terms.key) or db.add(Page(key=terms.key, created_at=db.now))
    db.flush()
    try:
        blocks = with_ids([block_from(block.to_json()).to_json() for block in terms.blocks])
    except BadBlock as error:
        raise Refused(_("One block of this page is incomplete."), field="blocks") from error
    edition = edition_to_publish(db, page)
    version = PageVersion(
        page_id=page.id,
        locale=terms.locale,
        path=terms.path,
        title=terms.title,
        description=terms.description,
        blocks=blocks,
        edited_at=db.now,
        translated_from=_source_blocks(db, page, terms.locale),
        edition_id=edition.id if edition is not None else None,
    )
    return go_live(db, page, version)


def _source_blocks(db: Work, page: Page, locale: str) -> list[dict[str, Any]] | None:
    """Return what a page says in the shop's first language: whoever publishes both at once has translated it."""
    source = source_of(db, page) if locale != current_reseller(db).default_locale else None
    return with_ids(source.blocks) if source is not None else None


def set_menu(db: Work, place: str, locale: str, items: list[dict[str, object]]) -> Menu:
    """Give a menu its links; every page of the shop shows them within a second."""
    menu = db.scalar(select(Menu).where(Menu.place == place, Menu.locale == locale))
    if menu is None:
        menu = db.add(Menu(place=place, locale=locale, items=items))
    menu.items = items
    announce(db)
    return menu
