"""Bring a site in: files, pages, menus, redirects, all in one transaction, so that it is there whole or not at all."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import func, select

from cms import media
from cms.arrivals import Arrival, ArrivingFile, ArrivingMenu, Choices, Notes
from cms.entering_pages import Settled, settle_pages
from cms.media_files import Kept, kept_again
from cms.menu_items import ADDRESS, HEADING, PAGE, PLACES, MenuLine, faults_of, lines_of
from cms.menus import kept_menu, write_menu
from cms.models import MediaFile, NewsCategory, Redirect
from cms.moved_links import leader
from cms.news_categories import LONGEST_TITLE, categories
from cms.news_categories import MOST as MOST_CATEGORIES
from cms.news_rules import LONGEST_SLUG, SLUG
from cms.redirect_files import read_redirects
from cms.redirects import MOST as MOST_REDIRECTS
from cms.redirects import hold_redirects, known_redirects, paths_of_pages
from storefront.core import files
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import LOCALES
from storefront.core.text import LocalizedText
from tenants.resellers import current_reseller

MOST_NAMED: Final = 200


@dataclass(frozen=True, kw_only=True)
class Entered:
    """What came: how many of each kind, by name."""

    counts: Mapping[str, int]


def enter_site(db: Work, arrival: Arrival, choices: Choices, *, only_look: bool = False) -> Entered:
    """Write all of an arrival; with ``only_look`` no bytes are kept, and the caller undoes everything else.

    What cannot come is said in the notes of the arrival. Raises nothing for single things.
    """
    _hold_tree(db)
    hold_redirects(db)
    counts = {"categories": _enter_categories(db, arrival)}
    came = _enter_files(db, arrival, only_look=only_look)
    settled = settle_pages(db, arrival, choices, came)
    _name_files(arrival)
    counts |= settled.counts
    counts["files"] = len(came)
    counts["menus"] = sum(_enter_menu(db, menu, settled, choices, arrival.notes) for menu in arrival.menus)
    counts["redirects"] = _enter_redirects(db, arrival, settled)
    db.flush()
    record(db, "site.entered", after=dict(counts))
    announce(db)
    return Entered(counts=counts)


def _hold_tree(db: Work) -> None:
    """Let nobody else change the tree of this shop meanwhile (cms/tree.py takes the same lock)."""
    db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"pages {db.reseller_id}", 0))))


def _name_files(arrival: Arrival) -> None:
    """Let the report call files by their names instead of their places in the archive."""
    names = {each.ref: each.name for each in arrival.files}
    arrival.notes.remarks = [
        replace(each, detail=names[each.detail]) if each.what == "picture" and each.detail in names else each
        for each in arrival.notes.remarks
    ]


def _enter_categories(db: Work, arrival: Arrival) -> int:
    """Make the categories of news that the shop has not; returns how many. One of the same address is the same."""
    rows = categories(db)
    known, last = {row.slug for row in rows}, max((row.position for row in rows), default=-1)
    count = 0
    for each in arrival.categories:
        titles = {locale: words[:LONGEST_TITLE] for locale, words in each.titles.items() if locale in LOCALES}
        if each.slug in known or not SLUG.fullmatch(each.slug) or len(each.slug) > LONGEST_SLUG or not titles:
            continue
        if len(known) >= MOST_CATEGORIES:
            arrival.notes.say("too_many", each.slug)
            continue
        known.add(each.slug)
        count += 1
        db.add(NewsCategory(slug=each.slug, title=LocalizedText(titles), position=last + count))
    db.flush()
    return count


def _enter_files(db: Work, arrival: Arrival, *, only_look: bool) -> dict[str, str]:
    """Put files into the library; returns their ids by ref. One that lies there already is used again."""
    media.hold_library(db)
    library = select(MediaFile.digest, MediaFile.id).where(
        MediaFile.reseller_id == db.reseller_id, MediaFile.trashed_at.is_(None)
    )
    known = {digest: str(row_id) for digest, row_id in db.execute(library.order_by(MediaFile.id.desc()))}
    found: dict[str, str] = {}
    for number, each in enumerate(arrival.files):
        if each.ref in found:
            continue
        try:
            kept = kept_again(each.name, each.fetch())
            digest = hashlib.sha256(kept.content).hexdigest()
            if digest in known:
                found[each.ref] = known[digest]
                arrival.notes.say("file_there", each.name)
                continue
            media.require_room(db, len(kept.content), is_new=True)
            row = _file_row(db, each, kept, digest, number, only_look=only_look)
        except NotFound:
            arrival.notes.say("file", each.name)
        except Refused as no:
            arrival.notes.say("file", each.name, str(no.message))
        else:
            found[each.ref] = str(row.id)
    return found


def _file_row(db: Work, each: ArrivingFile, kept: Kept, digest: str, number: int, *, only_look: bool) -> MediaFile:
    if not only_look:
        files.keep(db.config, db.reseller_id, kept.content, shelf=media.SHELF)
    row = db.add(
        MediaFile(
            name=kept.name,
            kind=kept.kind,
            digest=digest,
            size=len(kept.content),
            width=kept.width,
            height=kept.height,
            alt={locale: words[: media.LONGEST_ALT] for locale, words in each.alt.items() if locale in LOCALES},
            is_decorative=each.is_decorative,
            focal_x=each.focal_x,
            focal_y=each.focal_y,
            # Their order is kept: no two come at the same moment.
            created_at=db.now + timedelta(microseconds=number),
            created_by=db.actor.name,
        )
    )
    db.flush()
    if not only_look:
        media.ask_for_smaller(db, row)
    return row


def _enter_menu(db: Work, menu: ArrivingMenu, settled: Settled, choices: Choices, notes: Notes) -> bool:
    """Write a menu where the shop has none, or where it is to be replaced."""
    name = f"{menu.place} · {menu.locale}"
    if menu.place not in PLACES or menu.locale not in LOCALES:
        notes.say("menu", name)
        return False
    before = kept_menu(db, menu.place, menu.locale)
    if before is not None and before.items and not choices.replaces_menus:
        notes.say("menu_there", name)
        return False
    lead = leader(settled.came, menu.locale, current_reseller(db).default_locale)
    items = lines_of(_as_items(menu.items), [])
    lines = [line for item in items if (line := _settled(item, settled, lead)) is not None]
    targets = [line.to for line in lines if line.to.startswith(PAGE)]
    while faults := faults_of(lines, menu.place, targets):
        number = min(faults[-1].number, len(lines) - 1)
        notes.say("menu", name, f"{lines[number].label}: {faults[-1].message}")
        del lines[number]
    if before is not None and before.items:
        notes.say("menu_replaced", name)
    write_menu(db, menu.place, menu.locale, lines)
    return True


def _as_items(items: Sequence[Any]) -> list[dict[str, Any]]:
    """Return entries in the shape that menus have, two levels at most."""
    found: list[dict[str, Any]] = []
    for item in items[:MOST_NAMED]:
        inside = item.get("items")
        if isinstance(inside, list):
            links = [_as_link(each) for each in inside[:MOST_NAMED] if isinstance(each, Mapping)]
            found.append({"title": str(item.get("title") or ""), "items": links})
        else:
            found.append(_as_link(item))
    return found


def _as_link(item: Mapping[str, Any]) -> dict[str, Any]:
    label, page, url = (item.get(name) for name in ("label", "page", "url"))
    kept: dict[str, Any] = {"label": label if isinstance(label, str) else ""}
    if isinstance(page, str) and page:
        return {**kept, "page": page}
    return {**kept, "url": url if isinstance(url, str) else ""}


def _settled(line: MenuLine, settled: Settled, lead: Callable[[str], str]) -> MenuLine | None:
    if line.to == ADDRESS:
        return replace(line, url=lead(line.url))
    if line.to == HEADING or not line.to.startswith(PAGE):
        return line
    page = settled.pages.get(line.to.removeprefix(PAGE))
    return MenuLine(to=f"{PAGE}{page.id}", label=line.label) if page is not None else None


def _enter_redirects(db: Work, arrival: Arrival, settled: Settled) -> int:
    """Write the redirects that make sense beside those and the pages that are here; returns how many."""
    wanted = []
    default = current_reseller(db).default_locale
    lead = leader(settled.came, default, default)
    for each in arrival.redirects:
        target = settled.paths.get((each.page, each.locale), "") if each.page else lead(each.target)
        if target and target != each.path:
            wanted.append((each, target))
    known = known_redirects(db)
    rows = [(n, (each.path, target, "yes" if each.is_permanent else "no")) for n, (each, target) in enumerate(wanted)]
    # A line of names, so that no address is taken for one.
    lines = read_redirects([(-1, ("from", "to", "permanent")), *rows], known, paths_of_pages(db))
    count, seen = 0, set(known)
    for line in lines:
        if line.path in known:
            if line.kind != "same":
                arrival.notes.say("redirect_there", line.path, line.target)
        elif line.kind == "fault":
            arrival.notes.say("redirect", line.path, f"{line.target}: {line.why}")
        elif line.path not in seen:
            if len(seen) >= MOST_REDIRECTS:
                arrival.notes.say("too_many", line.path)
                continue
            seen.add(line.path)
            db.add(
                Redirect(
                    path=line.path,
                    target=line.target,
                    is_permanent=line.is_permanent,
                    is_automatic=wanted[line.number][0].is_automatic,
                    created_at=db.now,
                )
            )
            count += 1
    return count
