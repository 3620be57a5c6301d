"""Facts of a shop kept in this process: by its version, and no longer than they hold."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from storefront.core.db import Work
from storefront.core.memory import Memory

Facts = TypeVar("Facts")


class KeptFacts(Generic[Facts]):
    """Keeps what was loaded for the last shops seen, one entry each: a newer version or a later day loads again.

    A shop may have several ``parts``, such as the prices of each of its groups of customers: one entry each.
    """

    def __init__(self, load: Callable[..., tuple[Facts, datetime]], *, shops: int = 500) -> None:
        self._load = load
        self._memory: Memory[tuple[UUID, Hashable], tuple[int, datetime, Facts]] = Memory(shops)

    def of(self, db: Work, version: int | None, *parts: Hashable) -> Facts:
        """Return the facts of this Work's shop; without a version, as in jobs, they are loaded afresh."""
        if version is None:
            return self._load(db, *parts)[0]
        kept = self._memory.find((db.reseller_id, parts))
        if kept is not None and kept[0] == version and db.now < kept[1]:
            return kept[2]
        facts, holds_until = self._load(db, *parts)
        self._memory.keep((db.reseller_id, parts), (version, holds_until, facts))
        return facts


def end_of_day(db: Work, zone_name: str | None = None) -> datetime:
    """Return the moment at which the next day begins where the reseller keeps the books, whose zone may be known."""
    zone = ZoneInfo(zone_name or db.zone)
    tomorrow = db.now.astimezone(zone).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)
