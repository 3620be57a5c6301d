"""Which endings a shop proposes together, and in what order."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select

from storefront.catalog.models import TldGroup
from storefront.core.db import Work
from storefront.core.text import LocalizedText

# Without groups of its own a shop proposes this many of its endings for a bare word (domains.md, 1.2).
PROPOSED_MOST = 12
EVERYTHING = "all"


@dataclass(frozen=True, kw_only=True)
class EndingGroup:
    """A tab of the search page: endings (A-labels) in the order in which they are proposed.

    ``is_default``: a word without an ending is looked up here. ``is_for_others``: other names are proposed below these.
    """

    slug: str
    title: LocalizedText
    endings: tuple[str, ...]
    is_default: bool = False
    is_for_others: bool = False

    def only(self, sold: Collection[str]) -> "EndingGroup":
        """Leave out what cannot be sold."""
        return replace(self, endings=tuple(ending for ending in self.endings if ending in sold))


def groups(db: Work) -> tuple[EndingGroup, ...]:
    """Return the groups of a shop in their order. One query."""
    rows = db.scalars(select(TldGroup).order_by(TldGroup.position, TldGroup.slug))
    return tuple(
        EndingGroup(
            slug=row.slug,
            title=row.title,
            endings=tuple(row.endings),
            is_default=row.is_default,
            is_for_others=row.is_for_others,
        )
        for row in rows
    )


def proposed(found: Collection[EndingGroup], sold: Collection[str]) -> tuple[EndingGroup, ...]:
    """Return the groups that have something to sell, exactly one of them the default."""
    kept = [group for group in (each.only(sold) for each in found) if group.endings]
    if not kept:
        return (EndingGroup(slug="", title=LocalizedText(), endings=tuple(sold)[:PROPOSED_MOST], is_default=True),)
    default = next((group.slug for group in kept if group.is_default), kept[0].slug)
    return tuple(replace(group, is_default=group.slug == default) for group in kept)
