"""The list of pages, whole while a shop has few and by the level where it has many; and what a search finds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

from flask import request, url_for

from cms.outline import Outline, branches, pages_that_may_say, read_outline
from cms.page_states import found_in
from cms.tree import Branch
from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.core.i18n import gettext
from storefront.reseller.pages_shown import branch_title, row_of
from storefront.reseller.shop_words import shop_locales
from storefront.web.lists import Links

# So many pages are shown with all that lies below them; of more one level at a time, in parts.
WHOLE: Final = 50
A_TIME: Final = 40


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What the list shows: its rows, the way down to them as titles and addresses, and where it goes on."""

    rows: Sequence[Mapping[str, Any]]
    above: Sequence[tuple[str, str | None]]
    links: Links


def listed(db: Work, wanted: str) -> Listed:
    """Return the part of the list that the address asks for: a level, or what has certain words."""
    outline = read_outline(db)
    start = _start()
    if wanted:
        return _found(db, outline, wanted, start)
    if len(outline.parents) <= WHOLE:
        return Listed(rows=_whole(db, outline), above=(), links=_links(0, more=False))
    under = _under(outline)
    level = outline.levels.get(under, ())
    line = outline.line_of(under)
    shown = level[start : start + A_TIME]
    found = branches(db, [*shown, *line])
    titles = [branch_title(found[each], shop_locales()) for each in line]
    addresses = [url_for("reseller.pages.list", under=each or None) for each in (None, *line)]
    above = [*zip((gettext("All pages"), *titles), (*addresses[:-1], None), strict=True)] if line else []
    rows = _rows(outline, found, shown, titles)
    return Listed(rows=rows, above=above, links=_links(start, more=start + A_TIME < len(level)))


def where_listed(db: Work, page_id: UUID) -> dict[str, Any]:
    """Return what the address of the list says where a page stands: nothing while the list is whole."""
    outline = read_outline(db)
    if len(outline.parents) <= WHOLE or page_id not in outline.parents:
        return {}
    start = outline.level_of(page_id).index(page_id) // A_TIME * A_TIME
    return {"under": outline.parents[page_id], "start": start or None}


def _whole(db: Work, outline: Outline, under: UUID | None = None) -> list[dict[str, Any]]:
    found = branches(db, outline.parents)

    def rows_under(parent: UUID | None, titles: Sequence[str]) -> list[dict[str, Any]]:
        rows = _rows(outline, found, outline.levels.get(parent, ()), titles)
        for row in rows:
            row["children"] = rows_under(row["page"].id, (*titles, row["title"]))
            row["below"] = 0
        return rows

    return rows_under(under, ())


def _rows(
    outline: Outline, found: Mapping[UUID, Branch], ids: Sequence[UUID], titles: Sequence[str]
) -> list[dict[str, Any]]:
    locales = shop_locales()
    rows = []
    for page_id in ids:
        level = outline.level_of(page_id)
        number = level.index(page_id)
        after = next(iter(level[number + 1 : number + 2]), None)
        row = row_of(found[page_id], titles, locales, (number + 1, len(level)), after)
        rows.append({**row, "below": sum(1 for _each in outline.walk(page_id))})
    return rows


def _found(db: Work, outline: Outline, wanted: str, start: int) -> Listed:
    """Return what has certain words, wherever it lies, in the order of the tree."""
    locales = shop_locales()
    hits = [*islice(_hits(db, outline, wanted), start, start + A_TIME + 1)]
    above = branches(db, {each for hit in hits for each in outline.line_of(hit.page.id)[:-1]}, titles_only=True)
    rows = []
    for hit in hits[:A_TIME]:
        line = [branch_title(above[each], locales) for each in outline.line_of(hit.page.id)[:-1]]
        rows.append(row_of(hit, line, locales))
    return Listed(rows=rows, above=(), links=_links(start, more=len(hits) > A_TIME))


def _hits(db: Work, outline: Outline, wanted: str) -> Iterator[Branch]:
    may = pages_that_may_say(db, wanted)
    order = [each for each in outline.walk() if each in may]
    for first in range(0, len(order), A_TIME):
        some = order[first : first + A_TIME]
        read = branches(db, some)
        yield from (read[each] for each in some if found_in(read[each].versions.values(), wanted))


def _under(outline: Outline) -> UUID | None:
    """Read which level is asked for; raises ``NotFound`` for what is no page of the tree."""
    asked = request.args.get("under", "")
    if not asked:
        return None
    try:
        under = UUID(asked)
    except ValueError:
        raise NotFound from None
    if under not in outline.parents:
        raise NotFound
    return under


def _start() -> int:
    """Read where the part begins; nonsense begins at the top."""
    asked = request.args.get("start", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 4 else 0  # noqa: PLR2004 - thousands of pages


def _links(start: int, *, more: bool) -> Links:
    kept = request.args

    def at(place: int) -> str:
        return url_for("reseller.pages.list", q=kept.get("q"), under=kept.get("under"), start=place or None)

    return Links(
        earlier=at(max(0, start - A_TIME)) if start else None,
        later=at(start + A_TIME) if more else None,
    )
