"""The starter site of a shop: its pages written as drafts or published, all at once or one by one, and its menus."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cms.blocks import block_from, with_ids
from cms.drafts import find_version, mark_translated, open_draft, put_aside, source_of
from cms.legal import document_of
from cms.menu_items import HEADING, MOST_COLUMNS, MOST_LINKS, PAGE, MenuLine, lines_of
from cms.menus import kept_menu, targets_of, write_menu
from cms.models import Menu, Page, PageVersion
from cms.pages import set_menu
from cms.publishing import publish_draft
from cms.queries import find_page
from cms.starter_texts import Facts, Group, StarterPage, menus_in, pages_of
from cms.tree import free_path, hold_tree, new_page, untrash_page
from storefront.catalog.labels import decode
from storefront.catalog.models import Offer, TldGroup
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.i18n import country_name, speaking
from storefront.customers.addresses import address_lines, address_of
from storefront.pricing.products import services_shown
from tenants.models import Reseller
from tenants.resellers import current_reseller

MOST_SHOWN = 6


def starter_pages(db: Work, locale: str) -> list[StarterPage]:
    """Return every page that this shop could begin with in a language, with what it says of itself.

    Pages that sell something beside domains are among them while visitors see a product of the kind with its price.
    """
    reseller = current_reseller(db)
    sold = list(db.scalars(select(Offer.ending).where(Offer.reseller_id == db.reseller_id).order_by(Offer.position)))
    rows = list(db.scalars(select(TldGroup).where(TldGroup.reseller_id == db.reseller_id).order_by(TldGroup.position)))
    groups = [_group(row, locale, sold) for row in rows]
    best = next((each.endings for row, each in zip(rows, groups, strict=True) if row.is_default), sold)
    best_endings = {"best_endings": list(best)[:MOST_SHOWN]}
    facts = Facts(words=_words(reseller, locale), endings=best_endings, services=services_shown(db))
    return pages_of(locale, facts, [each for each in groups if each.endings])


def _group(row: TldGroup, locale: str, sold: Sequence[str]) -> Group:
    endings = [ending for ending in row.endings if ending in sold]
    shown = ", ".join("." + ".".join(decode(label) for label in ending.split(".")) for ending in endings[:MOST_SHOWN])
    return Group(slug=row.slug, title=row.title.in_(locale), endings=endings, shown=shown)


def _words(reseller: Reseller, locale: str) -> Mapping[str, str]:
    with speaking(locale, reseller.zone):
        country = country_name(reseller.country) if reseller.country else ""
    lines = address_lines(address_of(reseller))
    return {
        "shop": reseller.name,
        "company": reseller.legal_name,
        "address": ", ".join(lines) if reseller.street and len(lines) > 1 else "",
        "country": country,
        "email": reseller.email,
        "numbers": ", ".join(reseller.legal_lines),
        "vat_number": reseller.vat_number or "",
    }


def write_site(db: Work, locale: str, *, publish: bool, menus: bool = True) -> list[StarterPage]:
    """Write every page of the starter site that the shop does not have in a language, and menus where it has none.

    Pages of the law stay drafts whatever is asked, and so do those in which something is to be completed: somebody must
    have read them first. Returns what was written.
    """
    hold_tree(db)
    written = []
    for starter in starter_pages(db, locale):
        page = find_page(db, starter.key)
        if page is not None and (page.trashed_at is not None or _has(db, page, locale)):
            continue
        write_page(db, starter, locale, publish=publish and not starter.is_legal and not starter.gaps)
        written.append(starter)
    if menus:
        write_menus(db, locale)
    return written


def write_page(db: Work, starter: StarterPage, locale: str, *, publish: bool) -> PageVersion:
    """Write a page of the starter site as a draft, or publish it; what was being written becomes a past version.

    What visitors see of the page stays until the draft is published. A page in the bin is taken out of it.
    """
    hold_tree(db)
    page = find_page(db, starter.key)
    if page is None:
        under = find_page(db, starter.under) if starter.under else None
        draft = new_page(db, starter.title, locale, parent=under, key=starter.key)
        page = db.require(Page, draft.page_id)
        draft.path = ""
        db.flush()
        draft.path = "/" if starter.path == "/" else free_path(db, starter.path, locale)
    else:
        if page.trashed_at is not None:
            untrash_page(db, page)
        draft = _draft_anew(db, page, starter, locale)
    draft.title, draft.description = starter.title, starter.description
    draft.blocks = with_ids([block_from(block).to_json() for block in starter.blocks])
    draft.edited_at, draft.edited_by = db.now, db.actor.name
    db.flush()
    if locale != current_reseller(db).default_locale and source_of(db, page) is not None:
        mark_translated(db, draft)
    document_of(db, page)
    record(db, "page.starter_written", page, after={"locale": locale, "title": starter.title})
    return publish_draft(db, draft, revision=draft.revision) if publish else draft


def _draft_anew(db: Work, page: Page, starter: StarterPage, locale: str) -> PageVersion:
    db.lock(page)
    before = put_aside(db, page, locale)
    is_new = find_version(db, page, locale, "published") is None
    draft = open_draft(db, page, locale)
    if is_new:
        draft.path = ""
        db.flush()
        draft.path = before.path if before is not None else free_path(db, starter.path, locale)
        if starter.path == "/":
            draft.path = "/"
    draft.revision = before.revision + 1 if before is not None else 0
    return draft


def write_menus(db: Work, locale: str) -> None:
    """Give a language the menus of its starter site, where it has none: the pages that there are, in their order."""
    titles = {starter.key: starter.menu for starter in starter_pages(db, locale)}
    ids = {row.key: row.id for row in db.scalars(select(Page).where(Page.key.in_(titles), Page.trashed_at.is_(None)))}

    def links(keys: Sequence[str]) -> list[dict[str, object]]:
        return [{"label": titles[key], "page": str(ids[key])} for key in keys if key in ids]

    wanted: Mapping[str, Any] = menus_in(locale)
    known = set(db.scalars(select(Menu.place).where(Menu.reseller_id == db.reseller_id, Menu.locale == locale)))
    if "header" not in known:
        set_menu(db, "header", locale, links(wanted["header"]))
    if "footer" not in known:
        columns = [{"title": each["title"], "items": links(each["pages"])} for each in wanted["footer"]]
        set_menu(db, "footer", locale, [dict(column) for column in columns if column["items"]])


def missing_in_menus(db: Work, locale: str) -> list[str]:
    """Return what starter pages are called that the shop has and no menu of a language of its own leads to."""
    return [line.label for _place, _title, line in _unled(db, locale)]


def add_to_menus(db: Work, locale: str) -> int:
    """Put starter pages that no menu leads to where the starter site has them; returns how many found room."""
    added = 0
    for place, title, line in _unled(db, locale):
        menu = kept_menu(db, place, locale)
        lines = lines_of(menu.items, ()) if menu is not None else []
        if sum(each.to != HEADING for each in lines) >= MOST_LINKS[place]:
            continue
        write_menu(db, place, locale, _with(lines, line, title))
        added += 1
    return added


def _unled(db: Work, locale: str) -> list[tuple[str, str, MenuLine]]:
    """Return (place, column, line) of each page of the starter's menus that the menus of a language leave out."""
    kept = {place: kept_menu(db, place, locale) for place in ("header", "footer")}
    titles = {starter.key: starter.menu for starter in starter_pages(db, locale)}
    ids = {row.key: row.id for row in db.scalars(select(Page).where(Page.key.in_(titles), Page.trashed_at.is_(None)))}
    lines = [line for menu in kept.values() if menu is not None for line in lines_of(menu.items, ())]
    led = {line.to for line in lines} | _by_address(db, {line.url for line in lines}, list(ids.values()), locale)
    wanted = menus_in(locale)
    places = [("header", "", key) for key in wanted["header"]]
    places += [("footer", column["title"], key) for column in wanted["footer"] for key in column["pages"]]
    found: dict[str, tuple[str, str, MenuLine]] = {}
    for place, title, key in places:
        if kept[place] is not None and key in ids and f"{PAGE}{ids[key]}" not in led:
            found.setdefault(key, (place, title, MenuLine(to=f"{PAGE}{ids[key]}", label=titles[key])))
    return list(found.values())


def _by_address(db: Work, urls: set[str], ids: Sequence[UUID], locale: str) -> set[str]:
    """Return the pages to which links lead that name an address of the shop instead of a page."""
    paths = {url.partition("#")[0].partition("?")[0] for url in urls if url.startswith("/")}
    targets = targets_of(db, [str(each) for each in ids], [locale])
    return {f"{PAGE}{page_id}" for page_id, target in targets.items() if target.path in paths}


def _with(lines: list[MenuLine], line: MenuLine, title: str) -> list[MenuLine]:
    """Return lines with one more: at the end, or in the column of this title, which begins where there is room."""
    columns = [number for number, each in enumerate(lines) if each.to == HEADING]
    own = next((number for number in columns if lines[number].label == title), None)
    if not title or (own is None and len(columns) >= MOST_COLUMNS):
        return [*lines, line]
    if own is None:
        return [*lines, MenuLine(to=HEADING, label=title), line]
    end = next((number for number in columns if number > own), len(lines))
    return [*lines[:end], line, *lines[end:]]


def _has(db: Work, page: Page, locale: str) -> bool:
    states = ("draft", "waiting", "published")
    own = select(PageVersion.id).where(PageVersion.reseller_id == db.reseller_id, PageVersion.page_id == page.id)
    return db.scalar(own.where(PageVersion.locale == locale, PageVersion.state.in_(states)).limit(1)) is not None
