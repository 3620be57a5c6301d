"""Facts of a shop kept in this process: by its version, no longer than they hold, and no more than fit."""

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from storefront.core.db import Work
from storefront.core.memory import Memory

Facts = TypeVar("Facts")

KIBIBYTE = 1024
# What all facts of all shops may take in one process: the price books of ten shops with five hundred endings each, or
# of two hundred with forty. What does not fit is loaded again when it is asked for.
ROOM = 8 * 1024 * KIBIBYTE


class KeptFacts(Generic[Facts]):
    """Keeps what was loaded for the shops seen last, one entry each: a newer version or a later day loads again.

    A shop may have several ``parts``, such as the prices of each of its groups of customers: one entry each. All
    facts of a process share one room; ``size`` estimates what one takes in it, bytes.
    """

    _shared: Memory[tuple[Hashable, UUID, Hashable], tuple[int, datetime, object]] = Memory(ROOM)

    def __init__(
        self,
        load: Callable[..., tuple[Facts, datetime]],
        *,
        size: Callable[[Facts], int],
        room: int | None = None,
    ) -> None:
        self._load = load
        self._size = size
        self._memory = Memory(room) if room is not None else self._shared

    @classmethod
    def forget(cls) -> None:
        """Forget what all kinds keep in their common room, as a process does that was just started."""
        cls._shared.clear()

    def of(self, db: Work, version: int | None, *parts: Hashable) -> Facts:
        """Return the facts of this Work's shop; without a version, as in jobs, they are loaded afresh."""
        if version is None:
            return self._load(db, *parts)[0]
        place = (self, db.reseller_id, parts)
        kept = self._memory.find(place)
        if kept is not None and kept[0] == version and db.now < kept[1]:
            return kept[2]  # type: ignore[return-value]  # what stands at a place of ours, we put there
        facts, holds_until = self._load(db, *parts)
        self._memory.keep(place, (version, holds_until, facts), KIBIBYTE + self._size(facts))
        return facts


def end_of_day(db: Work, zone_name: str | None = None) -> datetime:
    """Return the moment at which the next day begins where the reseller keeps the books, whose zone may be known."""
    zone = ZoneInfo(zone_name or db.zone)
    tomorrow = db.now.astimezone(zone).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)
