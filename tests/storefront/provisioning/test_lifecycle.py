"""Operations: tried again in good time, never sent twice blindly, handed to a human after a day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.provisioning.lifecycle import (
    FINAL,
    MOVES,
    OperationState,
    after_no_answer,
    first_step,
    may_move,
    next_attempt_at,
    state_after_lost_lease,
)

NOW = datetime(2025, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (0, timedelta(seconds=10)),
        (1, timedelta(seconds=10)),
        (2, timedelta(minutes=1)),
        (3, timedelta(minutes=5)),
        (4, timedelta(minutes=30)),
        (5, timedelta(hours=2)),
        (6, timedelta(hours=6)),
        (1000, timedelta(hours=6)),
    ],
)
def test_next_attempt_waits_longer_each_time(attempts: int, wait: timedelta) -> None:
    assert next_attempt_at(attempts, NOW) - NOW == wait


@pytest.mark.parametrize(
    ("before", "after", "may"),
    [
        ("pending", "sending", True),
        ("sending", "done", True),
        ("sending", "unknown", True),
        ("sending", "pending", True),
        ("unknown", "pending", False),
        ("unknown", "sending", True),
        ("manual", "done", True),
        ("on_hold", "sending", False),
        ("on_hold", "pending", True),
        ("done", "pending", False),
        ("failed", "pending", False),
        ("pending", "done", False),
    ],
)
def test_operation_moves_only_as_allowed(before: str, after: str, may: bool) -> None:
    assert may_move(OperationState(before), OperationState(after)) is may


def test_operation_that_is_settled_stays_so() -> None:
    assert {state for state in OperationState if not MOVES[state]} == FINAL


def test_attempt_asks_first_once_something_was_sent() -> None:
    assert (first_step(None), first_step(NOW)) == ("send", "ask")


def test_lost_lease_is_unknown_once_something_was_sent() -> None:
    assert state_after_lost_lease(None) is OperationState.PENDING
    assert state_after_lost_lease(NOW) is OperationState.UNKNOWN


@pytest.mark.parametrize(
    ("attempts", "age", "state", "wait"),
    [
        (1, timedelta(0), OperationState.UNKNOWN, timedelta(seconds=10)),
        (3, timedelta(hours=1), OperationState.UNKNOWN, timedelta(minutes=5)),
        (9, timedelta(hours=23), OperationState.UNKNOWN, timedelta(hours=1)),
        (9, timedelta(hours=24), OperationState.MANUAL, None),
        (9, timedelta(days=9), OperationState.MANUAL, None),
    ],
)
def test_operation_without_answer_is_asked_about_for_a_day(
    attempts: int, age: timedelta, state: OperationState, wait: timedelta | None
) -> None:
    answer = after_no_answer(attempts, NOW - age, NOW)

    assert answer == (state, None if wait is None else NOW + wait)


@given(delays=st.lists(st.integers(0, 3600), min_size=60, max_size=60))
def test_operation_without_answer_ends_with_a_human_within_a_day(delays: list[int]) -> None:
    now, state, turns = NOW, OperationState.UNKNOWN, 0

    for turns, delay in enumerate(delays, start=1):
        state, again_at = after_no_answer(turns, NOW, now)
        if again_at is None:
            break
        assert now < again_at <= NOW + timedelta(hours=24)
        now = again_at + timedelta(seconds=delay)

    assert state is OperationState.MANUAL
    assert turns <= 13
