"""How the pages of a shop lie, read without their words: what lists of many pages show a part of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, or_, select
from sqlalchemy.orm import load_only

from cms.models import Page, PageVersion
from cms.special_rules import MARK
from cms.tree import LIVING, Branch
from storefront.core.db import Work

# What markup writes in another way than people read it.
_WRITTEN_OTHERWISE = frozenset("&<>\"'\\")


@dataclass(frozen=True)
class Outline:
    """The pages outside the bin: each with what it lies under, in the order of their level."""

    parents: Mapping[UUID, UUID | None]

    @cached_property
    def levels(self) -> Mapping[UUID | None, Sequence[UUID]]:
        """The pages of each level, by what they lie under."""
        found: dict[UUID | None, list[UUID]] = {}
        for page_id, parent_id in self.parents.items():
            found.setdefault(parent_id, []).append(page_id)
        return found

    def level_of(self, page_id: UUID) -> Sequence[UUID]:
        """Return the pages beside a page, itself among them."""
        return self.levels[self.parents[page_id]]

    def line_of(self, page_id: UUID | None) -> list[UUID]:
        """Return a page and all it lies under, from the top down."""
        line: list[UUID] = []
        while page_id is not None:
            line.insert(0, page_id)
            page_id = self.parents[page_id]
        return line

    def walk(self, top: UUID | None = None) -> Iterator[UUID]:
        """Go through all that lies below a page, in its order; through all pages without one."""
        for page_id in self.levels.get(top, ()):
            yield page_id
            yield from self.walk(page_id)


def read_outline(db: Work) -> Outline:
    """Read how the pages lie, in one query; what lies under a page in the bin lies at the top."""
    own = select(Page.id, Page.parent_id).where(Page.reseller_id == db.reseller_id, Page.trashed_at.is_(None))
    own = own.where(~Page.key.startswith(MARK, autoescape=True)).order_by(Page.position, Page.created_at, Page.id)
    found = {row.id: row.parent_id for row in db.execute(own)}
    return Outline({page_id: parent_id if parent_id in found else None for page_id, parent_id in found.items()})


def branches(db: Work, ids: Iterable[UUID], *, titles_only: bool = False) -> dict[UUID, Branch]:
    """Read pages with their versions that count, without what lies below them: in two queries.

    With ``titles_only`` their blocks are left where they are, and asking for them would ask the database.
    """
    wanted = [*ids]
    pages = select(Page).where(Page.reseller_id == db.reseller_id, Page.id.in_(wanted))
    found = {page.id: Branch(page=page) for page in db.scalars(pages)}
    own = select(PageVersion).where(PageVersion.reseller_id == db.reseller_id, PageVersion.page_id.in_(wanted))
    if titles_only:
        own = own.options(
            load_only(PageVersion.page_id, PageVersion.locale, PageVersion.state, PageVersion.title, PageVersion.path)
        )
    for version in db.scalars(own.where(PageVersion.state.in_(LIVING))):
        found[version.page_id].versions[version.locale, version.state] = version
    return found


def pages_that_may_say(db: Work, words: str) -> set[UUID]:
    """Name the pages that may have words in a title, an address or a text; whoever reads them knows."""
    own = select(PageVersion.page_id).where(PageVersion.reseller_id == db.reseller_id, PageVersion.state.in_(LIVING))
    text = func.regexp_replace(cast(PageVersion.blocks, Text), "<[^>]*>", "", "g")
    return set(db.scalars(own.where(*(_may_say(text, word) for word in _plain_words(words))).distinct()))


def _may_say(text: ColumnElement[str], word: str) -> ColumnElement[bool]:
    named = (each.icontains(word, autoescape=True) for each in (PageVersion.title, PageVersion.path))
    return or_(*named, text.icontains(word, autoescape=True))


def _plain_words(words: str) -> list[str]:
    """Return the words that stand in the database as they are read: without markup, and as long in either case."""
    return [word for word in words.split() if not _WRITTEN_OTHERWISE & set(word) and len(word.casefold()) == len(word)]
