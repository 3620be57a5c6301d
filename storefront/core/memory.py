"""Memory: a dictionary that never grows beyond its limit; what was not used lately goes first."""

from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(slots=True, eq=False)
class _Entry(Generic[Value]):
    """One object for a value: each that is visited on the way to a page costs its own look into slow memory."""

    value: Value
    cost: int
    was_used: bool = False


class Memory(Generic[Key, Value]):
    """Keeps values up to a limit of cost (bytes, or pieces), whatever is asked of it.

    Reading takes no lock and does not reorder: it marks the value as used, and a value so marked is passed over
    once when room is needed ("second chance"), which comes near least-recently-used at a fraction of the price.
    """

    __slots__ = ("_entries", "_lock", "cost", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.cost = 0
        # Not a plain dict: finding its first key again and again walks over all that were removed before it.
        self._entries: OrderedDict[Key, _Entry[Value]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Key) -> Value | None:
        """Return the value, if it is still here."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        entry.was_used = True
        return entry.value

    def keep(self, key: Key, value: Value, cost: int = 1) -> None:
        """Remember a value; one that is dearer than a quarter of the limit is not worth what it would push out."""
        if cost * 4 > self.limit:
            self.drop(key)
            return
        with self._lock:
            self._take_out(key)
            self._entries[key] = _Entry(value, cost)
            self.cost += cost
            while self.cost > self.limit:
                self._make_room()

    def drop(self, key: Key) -> None:
        """Forget one value."""
        with self._lock:
            self._take_out(key)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self.cost = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Key]:
        return iter(list(self._entries))

    def _take_out(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self.cost -= entry.cost

    def _make_room(self) -> None:
        oldest, entry = self._entries.popitem(last=False)
        if entry.was_used:
            entry.was_used = False
            self._entries[oldest] = entry
        else:
            self.cost -= entry.cost
