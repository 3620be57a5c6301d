"""The published page at an address; menus."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select

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
