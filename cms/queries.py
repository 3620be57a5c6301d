"""The published page at an address; menus."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from cms.models import Menu, Page, PageVersion
from cms.special_rules import MARK
from storefront.core.db import Work


def has_address() -> ColumnElement[bool]:
    """Leave out the pages without an address: what is said of errors, maintenance and parked names."""
    return ~PageVersion.path.startswith(MARK, autoescape=True)


def find_published_page(db: Work, path: str, locales: Sequence[str]) -> PageVersion | None:
    """Return the page at an address in the first of these languages that has it."""
    found = db.scalars(
        select(PageVersion).where(
            PageVersion.path == path,
            PageVersion.state == "published",
            PageVersion.locale.in_(locales),
        ),
    )
    by_locale = {version.locale: version for version in found}
    return next((by_locale[locale] for locale in locales if locale in by_locale), None)


def find_page(db: Work, key: str) -> Page | None:
    """Return a page by what it is: home, terms."""
    return db.scalar(select(Page).where(Page.key == key))


def find_published(db: Work, key: str, locales: Sequence[str]) -> PageVersion | None:
    """Return what stands on a page now, by what it is, in the first of these languages that has it."""
    found = db.scalars(
        select(PageVersion)
        .join(Page, (Page.reseller_id == PageVersion.reseller_id) & (Page.id == PageVersion.page_id))
        .where(Page.key == key, PageVersion.state == "published", PageVersion.locale.in_(locales)),
    )
    by_locale = {version.locale: version for version in found}
    return next((by_locale[locale] for locale in locales if locale in by_locale), None)


def menus(db: Work, locale: str) -> dict[str, Menu]:
    """Return the menus of a language by their place."""
    return {menu.place: menu for menu in db.scalars(select(Menu).where(Menu.locale == locale))}


def find_published_version(db: Work, page_id: UUID, locales: Sequence[str]) -> PageVersion | None:
    """Return what stands on a page now, by its id, in the first of these languages that has it."""
    found = db.scalars(
        select(PageVersion).where(
            PageVersion.page_id == page_id, PageVersion.state == "published", PageVersion.locale.in_(locales)
        )
    )
    by_locale = {version.locale: version for version in found}
    return next((by_locale[locale] for locale in locales if locale in by_locale), None)


def find_contact_form(db: Work, locales: Sequence[str]) -> tuple[PageVersion, Mapping[str, Any]] | None:
    """Return the first form by which visitors write to the shop, and the page it stands on; one query."""
    found = db.scalars(
        select(PageVersion)
        .where(
            has_address(),
            PageVersion.state == "published",
            PageVersion.locale.in_(locales),
            PageVersion.blocks.contains([{"kind": "contact_form"}]),
        )
        .order_by(PageVersion.path, PageVersion.id)
    )
    version = min(found, key=lambda each: locales.index(each.locale), default=None)
    if version is None:
        return None
    return version, next(block for block in version.blocks if block.get("kind") == "contact_form")


def pages_that_sell(db: Work, services: Collection[str]) -> Sequence[PageVersion]:
    """Return published pages with a block of products of one of these services, by address and language."""
    if not services:
        return ()
    wanted = [PageVersion.blocks.contains([{"kind": "products", "service": each}]) for each in sorted(services)]
    seen = select(PageVersion).where(has_address(), PageVersion.state == "published", or_(*wanted))
    return db.scalars(seen.order_by(PageVersion.path, PageVersion.locale))
