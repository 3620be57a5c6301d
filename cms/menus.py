"""Menus as the layout wants them: links to pages follow the pages, links to what nobody sees are left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy import select

from cms.menu_items import MenuLine, items_of
from cms.models import Menu, Page, PageVersion
from cms.pages import set_menu
from storefront.core.audit import record
from storefront.core.db import Work
from tenants.resellers import current_reseller


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a page is in a language, and what it is called there."""

    path: str
    title: str


def links_of(db: Work, locale: str) -> dict[str, Any]:
    """Return the links of header and panel and the columns of the footer in a language, with addresses that keep it.

    A language without a menu of its own has that of the shop's first language.
    """
    reseller = current_reseller(db)
    wanted = (locale, reseller.default_locale)
    rows = list(db.scalars(select(Menu).where(Menu.reseller_id == db.reseller_id, Menu.locale.in_(wanted))))
    found = {menu.place: menu.items for menu in sorted(rows, key=lambda menu: menu.locale == locale)}
    targets = targets_of(db, list(_ids(found.values())), [locale, *reseller.locales])
    columns = [
        {"title": column["title"], "items": _links(column["items"], targets)} for column in found.get("footer", [])
    ]
    return {
        "header": _links(found.get("header", []), targets),
        "footer": [column for column in columns if column["items"]],
        "panel": _links(found.get("panel", []), targets),
    }


def kept_menu(db: Work, place: str, locale: str) -> Menu | None:
    """Return a menu as it is kept, or nothing where a language has none of its own."""
    own = select(Menu).where(Menu.reseller_id == db.reseller_id, Menu.place == place)
    return db.scalar(own.where(Menu.locale == locale))


def write_menu(db: Work, place: str, locale: str, lines: Sequence[MenuLine]) -> Menu:
    """Keep the lines of a menu that has no faults; visitors see them within a second."""
    before = kept_menu(db, place, locale)
    was = list(before.items) if before is not None else None
    menu = set_menu(db, place, locale, items_of(lines, place))
    db.flush()
    record(
        db, "menu.changed", menu, before={"items": was}, after={"place": place, "locale": locale, "items": menu.items}
    )
    return menu


def targets_of(db: Work, ids: Sequence[str], locales: Sequence[str]) -> dict[str, Target]:
    """Return where published pages are, by their id, each in the first of these languages that has it."""
    if not ids:
        return {}
    seen = (
        select(PageVersion.page_id, PageVersion.locale, PageVersion.path, PageVersion.title)
        .join(Page, (Page.reseller_id == PageVersion.reseller_id) & (Page.id == PageVersion.page_id))
        .where(PageVersion.reseller_id == db.reseller_id, PageVersion.state == "published", Page.trashed_at.is_(None))
        .where(PageVersion.page_id.in_([UUID(each) for each in ids]), PageVersion.locale.in_(locales))
    )
    order = {locale: place for place, locale in reversed(list(enumerate(locales)))}
    versions = sorted(db.execute(seen), key=lambda version: -order[version.locale])
    return {str(version.page_id): Target(path=version.path, title=version.title) for version in versions}


def _ids(menus: Any) -> Iterator[str]:
    for items in menus:
        for item in items:
            yield from (str(each["page"]) for each in item.get("items", [item]) if each.get("page"))


def _links(items: Sequence[Mapping[str, Any]], targets: Mapping[str, Target]) -> list[dict[str, str]]:
    found = []
    for item in items:
        target = targets.get(str(item.get("page", "")))
        if target is not None:
            found.append(_link(item.get("label") or target.title, target.path))
        elif not item.get("page"):
            found.append(_link(item["label"], item["url"]))
    return found


def _link(label: str, url: str) -> dict[str, str]:
    return {"label": label, "url": f"{request.script_root}{url}" if url.startswith("/") else url}
