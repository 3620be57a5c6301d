"""What was seen before of the prices that an offer makes cheaper, kept with the book whose offers they are."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from storefront.core.db import Work
from storefront.core.kept import KIBIBYTE, KeptFacts, end_of_day
from storefront.pricing.history import price_history
from storefront.pricing.history_rules import History, key_of
from storefront.pricing.items import Item
from storefront.pricing.quote import PriceBook
from storefront.pricing.shown_prices import reduced

# What one row takes in memory, bytes: what was seen, its moment and its price.
ROW_BYTES = 320


class _Thing(NamedTuple):
    """What has a price, as ``key_of`` names it."""

    kind: str
    ending: str
    action: str
    years: int


def seen_before(db: Work, items: Iterable[Item], book: PriceBook, *, version: int | None) -> History | None:
    """Return what a group saw before of those items that an offer makes cheaper now; asks nothing where none does.

    Pages name the shop's version: whatever is noted raises it. What begins or ends by its moment makes another book,
    and with it another history.
    """
    cheaper = reduced(items, book, now=db.now)
    if not cheaper:
        return None
    things = tuple(dict.fromkeys(_Thing(*key_of(item)) for item in cheaper))
    return _KEPT.of(db, version, book.group.id if book.group else None, book.holds_until, things)


def _load(
    db: Work, group_id: UUID | None, holds_until: datetime | None, things: tuple[_Thing, ...]
) -> tuple[History, datetime]:
    ends = end_of_day(db)
    return price_history(db, group_id=group_id, items=things), min(ends, holds_until or ends)


def _size_of(history: History) -> int:
    return sum(KIBIBYTE // 2 + len(rows) * ROW_BYTES for rows in history.rows.values())


_KEPT = KeptFacts(_load, size=_size_of)
