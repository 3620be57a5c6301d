"""Facts of a shop that a process keeps, and how much of its memory they may take."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast
from uuid import UUID, uuid4

import pytest

from storefront.core.db import Work
from storefront.core.kept import KIBIBYTE, ROOM, KeptFacts

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Loader:
    """Loads facts of a given size, and counts how often it was asked."""

    size: int = 0
    asked: list[UUID] = field(default_factory=list)

    def load(self, db: Work, *parts: str) -> tuple[str, datetime]:
        self.asked.append(db.reseller_id)
        return f"{db.reseller_id}{parts}", db.now + timedelta(hours=1)

    def kept(self, room: int) -> KeptFacts[str]:
        return KeptFacts(self.load, size=lambda _facts: self.size, room=room)


def shop(number: int = 0, *, later: timedelta = timedelta()) -> Work:
    """A Work as far as it is looked at here: whose, and when."""
    return cast("Work", SimpleNamespace(reseller_id=UUID(int=number), now=NOW + later))


def test_facts_are_loaded_once_a_version() -> None:
    loader = Loader()
    kept = loader.kept(10 * KIBIBYTE)

    found = {kept.of(shop(), version) for version in (1, 1, 2, 2)}

    assert (len(found), len(loader.asked)) == (1, 2)


def test_facts_are_loaded_again_when_they_hold_no_longer() -> None:
    loader = Loader()
    kept = loader.kept(10 * KIBIBYTE)

    for minutes in (0, 59, 60):
        kept.of(shop(later=timedelta(minutes=minutes)), 1)

    assert len(loader.asked) == 2


def test_facts_without_a_version_are_loaded_afresh_and_not_kept() -> None:
    loader = Loader()
    kept = loader.kept(10 * KIBIBYTE)

    for version in (None, None, 1):
        kept.of(shop(), version)

    assert len(loader.asked) == 3


def test_parts_and_kinds_of_facts_do_not_meet() -> None:
    one, other = Loader(), Loader()
    first, second = KeptFacts(one.load, size=len), KeptFacts(other.load, size=len)
    mine = shop(uuid4().int)

    found = [first.of(mine, 1, "a"), first.of(mine, 1, "b"), second.of(mine, 1, "a"), first.of(mine, 1, "a")]

    assert [found[0], found[1]] == [f"{mine.reseller_id}('a',)", f"{mine.reseller_id}('b',)"]
    assert (len(one.asked), len(other.asked)) == (2, 1)


@pytest.mark.parametrize(("size", "fit"), [(KIBIBYTE, 50), (4 * KIBIBYTE, 20), (19 * KIBIBYTE, 5)])
def test_no_more_shops_are_kept_than_fit(size: int, fit: int) -> None:
    """However many shops come by: with what is said of each entry, a hundred KiB are never exceeded."""
    loader = Loader(size)
    kept = loader.kept(100 * KIBIBYTE)
    for number in range(200):
        kept.of(shop(number), 1)
    loader.asked.clear()

    for number in reversed(range(200)):
        kept.of(shop(number), 1)
    again = len(loader.asked)

    assert 200 - again == fit


def test_facts_larger_than_a_quarter_of_the_room_are_not_kept() -> None:
    loader = Loader(30 * KIBIBYTE)
    kept = loader.kept(100 * KIBIBYTE)

    for _ in range(3):
        kept.of(shop(), 1)

    assert len(loader.asked) == 3


def test_all_facts_of_a_process_share_one_room() -> None:
    """Shops may come with a book for every group: whatever they have, a worker holds eight MiB of it at most."""
    loader = Loader(ROOM // 8)
    kinds = [KeptFacts(loader.load, size=lambda _facts: loader.size) for _ in range(4)]
    shops = [uuid4().int for _ in range(8)]

    for kind in kinds:
        for number in shops:
            kind.of(shop(number), 1)
    loader.asked.clear()
    for kind in reversed(kinds):
        for number in reversed(shops):
            kind.of(shop(number), 1)

    assert len(loader.asked) >= 32 - 8
