"""The tree of pages as the office shows it: titles, states in words, and where a page can be put."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import select

from cms.models import Page, PageVersion
from cms.outline import branches, read_outline
from cms.page_states import Standing, standing_of
from cms.special_rules import is_special
from cms.tree import DEEPEST, KEPT_IN_BIN, Branch, branch_of, read_tree
from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.core.i18n import Text, gettext
from storefront.core.i18n import lazy_gettext as _
from storefront.reseller.shop_words import shop_locales
from storefront.web.locale import NATIVE_NAMES

# The word of a state, its tone and its sign.
STATES: Mapping[str, tuple[Text, str, str]] = {
    "published": (_("Published"), "success", "ok"),
    "changed": (_("Published"), "success", "ok"),
    "draft": (_("Draft"), "neutral", "pencil"),
    "waiting": (_("Waits"), "info", "clock"),
    "missing": (_("Not written"), "neutral", "minus"),
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in the tree: under which page, before which."""

    parent: Page | None
    before: Page | None


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """What lies around a page: those beside it as far as one step leads, what it lies under, and what follows that."""

    siblings: Sequence[Page]
    number: int
    parent: Page | None
    above: Page | None
    after_parent: Page | None

    def step(self, to: str | None) -> Place | None:
        """Return where one step leads, or nothing at the edge."""
        siblings, number = self.siblings, self.number
        if to == "up" and number > 0:
            return Place(parent=self.parent, before=siblings[number - 1])
        if to == "down" and number + 1 < len(siblings):
            return Place(parent=self.parent, before=siblings[number + 2] if number + 2 < len(siblings) else None)
        if to == "in" and number > 0:
            return Place(parent=siblings[number - 1], before=None)
        if to == "out" and self.parent is not None:
            return Place(parent=self.above, before=self.after_parent)
        return None


def require_page(db: Work, page_id: UUID) -> Page:
    """Return a page that is not in the bin; ``NotFound`` for any other."""
    row = db.require(Page, page_id)
    if row.trashed_at is not None:
        raise NotFound
    return row


def require_in_tree(db: Work, page_id: UUID) -> Page:
    """Return a page that lies in the tree; ``NotFound`` for one in the bin, and for one without an address."""
    row = require_page(db, page_id)
    if is_special(row.key):
        raise NotFound
    return row


def require_locale(locale: str) -> str:
    """Return a language of the shop; ``NotFound`` for any other."""
    if locale not in shop_locales():
        raise NotFound
    return locale


def editor_url(page_id: UUID, locale: str) -> str:
    """Return where a page is written in a language."""
    return url_for("reseller.page_editor.show", page_id=page_id, locale=locale)


def title_of(db: Work, row: Page) -> str:
    """Return what the office calls a page: its title in the first language that has one."""
    return branch_title(branch_of(db, row), shop_locales())


def branch_title(branch: Branch, locales: Sequence[str]) -> str:
    """Return the title of a page in the first of these languages that has one."""
    for locale in locales:
        version = branch.shown_in(locale)
        if version is not None and version.title:
            return version.title
    return gettext("Without a title")


def walk(branches: Sequence[Branch], line: tuple[Branch, ...] = ()) -> Iterator[tuple[Branch, tuple[Branch, ...]]]:
    """Go through a tree from the top: each page with those it lies under."""
    for branch in branches:
        yield branch, line
        yield from walk(branch.children, (*line, branch))


def row_of(
    branch: Branch,
    line: Sequence[str],
    locales: Sequence[str],
    place: tuple[int, int] = (1, 1),
    after: UUID | None = None,
) -> dict[str, Any]:
    """Return a page as the list shows it: ``line`` are the titles it lies under, ``place`` its number and of how many.

    ``after`` is the page that follows it in its level.
    """
    version = branch.shown_in(locales[0])
    live = {locale: found for locale in locales if (found := branch.versions.get((locale, "published")))}
    return {
        "page": branch.page,
        "title": branch_title(branch, locales),
        "path": version.path if version is not None else "",
        "url": editor_url(branch.page.id, version.locale if version is not None else locales[0]),
        "line": line,
        "number": place[0],
        "count": place[1],
        "after": after,
        "is_home": is_home(branch.versions.values()),
        "languages": [_language(branch, locale, locales[0]) for locale in locales],
        "live": [(locale, NATIVE_NAMES.get(locale, locale)) for locale in live],
        "children": [],
        "below": 0,
        "may_hold": len(line) + 1 < DEEPEST,
    }


def is_home(versions: Any) -> bool:
    """Whether a page is the home page, which can neither go nor be taken from view."""
    return any(version.path == "/" for version in versions)


def _language(branch: Branch, locale: str, first: str) -> dict[str, Any]:
    standing = standing_of(branch.versions, locale, first)
    return {
        "locale": locale,
        "name": NATIVE_NAMES.get(locale, locale),
        "url": editor_url(branch.page.id, locale),
        "state": STATES[standing.state],
        "is_missing": standing.state == "missing",
        "notes": [*notes_of(standing)],
    }


def notes_of(standing: Standing) -> Iterator[tuple[str, datetime | None]]:
    """Say what else there is to know of a page in a language: (what, when)."""
    if standing.state == "changed":
        yield "newer", None
    if standing.starts_at is not None:
        yield "starts", standing.starts_at
    if standing.ends_at is not None:
        yield "ends", standing.ends_at
    if standing.is_stale:
        yield "stale", None


def bin_rows(db: Work) -> list[dict[str, Any]]:
    """Return what lies in the bin: what was thrown away as one stands as one, with how much lies below it."""
    locales = shop_locales()
    return [
        {
            "page": branch.page,
            "title": branch_title(branch, locales),
            "path": version.path if (version := branch.shown_in(locales[0])) is not None else "",
            "below": len([*walk(branch.children)]),
            "ends_at": branch.page.trashed_at + KEPT_IN_BIN if branch.page.trashed_at else None,
        }
        for branch in sorted(read_tree(db, in_bin=True), key=lambda each: str(each.page.trashed_at), reverse=True)
    ]


def binned_below(db: Work, row: Page) -> list[str]:
    """Return what the pages are called that went into the bin with one, because they lie below it."""
    branch = next((each for each in read_tree(db, in_bin=True) if each.page.id == row.id), None)
    return [branch_title(each, shop_locales()) for each, _line in walk(branch.children)] if branch is not None else []


def places_for(db: Work, row: Page | None) -> list[tuple[str, Text]]:
    """Return the pages under which one can lie, or a new one, indented as they lie themselves."""
    outline = read_outline(db)
    found = branches(db, outline.parents, titles_only=True)
    locales = shop_locales()
    own: set[UUID] = {row.id, *outline.walk(row.id)} if row is not None else set()
    depths = {page_id: len(outline.line_of(page_id)) for page_id in outline.parents}
    depth = max((depths[page_id] for page_id in own), default=0) - (depths[row.id] if row is not None else 0) + 1
    places: list[tuple[str, Text]] = [("", _("No page: at the top"))]
    for page_id in outline.walk():
        if page_id not in own and depths[page_id] + depth <= DEEPEST:
            indent = "\N{EM SPACE}" * (depths[page_id] - 1)
            places.append((str(page_id), indent + branch_title(found[page_id], locales)))
    return places


def neighbours_of(db: Work, row: Page) -> Neighbours:
    """Read what lies around a page."""
    outline = read_outline(db)
    level, line = outline.level_of(row.id), outline.line_of(row.id)
    number = level.index(row.id)
    parent = line[-2] if len(line) > 1 else None
    around = outline.level_of(parent) if parent is not None else ()
    after_parent = around[around.index(parent) + 1 :][:1] if parent is not None else ()
    above = line[-3] if len(line) > 2 else None  # noqa: PLR2004 - the page itself, what it lies under, what that lies under
    wanted = {*level[max(0, number - 1) : number + 3], *after_parent, *(each for each in (parent, above) if each)}
    pages = {page.id: page for page in db.scalars(select(Page).where(Page.id.in_(wanted)))}
    near = level[max(0, number - 1) : number + 3]
    return Neighbours(
        siblings=[pages[each] for each in near],
        number=near.index(row.id),
        parent=pages[parent] if parent else None,
        above=pages[above] if above else None,
        after_parent=pages[after_parent[0]] if after_parent else None,
    )


def version_title(version: PageVersion) -> str:
    """Return what the office calls a version."""
    return version.title or gettext("Without a title")
