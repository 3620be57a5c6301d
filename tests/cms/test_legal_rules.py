"""Which edition held at a moment, and what editions may be called."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from cms.legal_rules import (
    KINDS,
    edition_after,
    edition_at,
    edition_before,
    editions_to_come,
    label_problem,
    next_label,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


@dataclass
class Edition:
    label: str
    in_force_at: datetime
    cancelled_at: datetime | None = None


FIRST = Edition("1", NOON)
SECOND = Edition("2", NOON + timedelta(days=30))
CANCELLED = Edition("2", NOON + timedelta(days=10), cancelled_at=NOON + timedelta(days=1))
ALL = [SECOND, CANCELLED, FIRST]


@pytest.mark.parametrize(
    ("moment", "label"),
    [
        (NOON - timedelta(microseconds=1), None),
        (NOON, "1"),
        (NOON + timedelta(days=11), "1"),
        (SECOND.in_force_at - timedelta(microseconds=1), "1"),
        (SECOND.in_force_at, "2"),
        (NOON + timedelta(days=900), "2"),
    ],
)
def test_the_last_edition_that_came_into_force_holds(moment: datetime, label: str | None) -> None:
    found = edition_at(ALL, moment)

    assert (found.label if found else None) == label


def test_neighbours_leave_out_what_was_cancelled() -> None:
    assert edition_before(ALL, SECOND) is FIRST
    assert edition_before(ALL, FIRST) is None
    assert edition_after(ALL, FIRST) is SECOND
    assert edition_after(ALL, SECOND) is None
    assert editions_to_come(ALL, NOON) == [SECOND]
    assert editions_to_come(ALL, SECOND.in_force_at) == []


@pytest.mark.parametrize("label", ["3", "2026-12", "1.2", "2026-12-b", "A" * 20])
def test_label_stands_in_an_address(label: str) -> None:
    assert label_problem(label) is None


@pytest.mark.parametrize(
    "label", ["", " ", "A" * 21, "3/4", "-3", "3-", "3..4", "édition", "3\n", "../3", "3%2f", "<b>", "٣"]
)
def test_label_that_breaks_an_address_is_refused(label: str) -> None:
    assert label_problem(label)


@pytest.mark.parametrize(
    ("labels", "proposed"),
    [([], "2026-12"), (["3", "2"], "4"), (["2026-06"], "2026-12"), (["2026-12", "2026-12-2"], "2026-12-3")],
)
def test_next_label_is_counted_on_else_the_month(labels: list[str], proposed: str) -> None:
    assert next_label(labels, date(2026, 12, 24)) == proposed


def test_kinds_have_addresses_of_their_own() -> None:
    slugs = [kind.slug for kind in KINDS.values()]

    assert len(set(slugs)) == len(slugs)
    assert [key for key, kind in KINDS.items() if kind.needs_acceptance] == ["terms"]
