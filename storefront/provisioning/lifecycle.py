"""rule: states of an operation, when to try again, and when a human takes over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal


class OperationState(StrEnum):
    """Where one command to one supplier stands."""

    PENDING = "pending"  # to be sent, or, once sent, to be asked about again: the supplier is still working
    ON_HOLD = "on_hold"  # waits for credit, a price or a person
    SENDING = "sending"  # claimed by a worker until its lease ends
    UNKNOWN = "unknown"  # sent, but nobody knows what came of it
    AWAITING_CODE = "awaiting_code"  # the code of a transfer was wrong; its customer can give another
    DONE = "done"
    FAILED = "failed"
    MANUAL = "manual"  # a human finds out


FINAL = frozenset({OperationState.DONE, OperationState.FAILED})
# What no worker moves: it has ended, or somebody must act first.
STANDING = FINAL | {OperationState.MANUAL, OperationState.AWAITING_CODE}

# From where to where. Whatever may have reached the supplier never goes straight back to being sent: see first_step.
MOVES: Mapping[OperationState, frozenset[OperationState]] = {
    OperationState.PENDING: frozenset({OperationState.SENDING, OperationState.ON_HOLD, OperationState.FAILED}),
    OperationState.ON_HOLD: frozenset({OperationState.PENDING, OperationState.FAILED}),
    OperationState.SENDING: frozenset(set(OperationState) - {OperationState.SENDING}),
    OperationState.UNKNOWN: frozenset(
        {OperationState.SENDING, OperationState.DONE, OperationState.FAILED, OperationState.MANUAL},
    ),
    OperationState.AWAITING_CODE: frozenset({OperationState.PENDING, OperationState.FAILED}),
    OperationState.MANUAL: frozenset({OperationState.PENDING, OperationState.DONE, OperationState.FAILED}),
    OperationState.DONE: frozenset(),
    OperationState.FAILED: frozenset(),
}

# How long to wait after the first, second, third ... attempt that did not settle it; the last one repeats.
BACK_OFF = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
UNKNOWN_AT_MOST = timedelta(hours=24)


def may_move(before: OperationState, after: OperationState) -> bool:
    """Tell whether an operation may go from one state to another."""
    return after in MOVES[before]


def first_step(sent_at: datetime | None) -> Literal["send", "ask"]:
    """Say how an attempt begins: what was ever sent is asked about before it could be sent again.

    A registry does not promise to recognise a repeated command, so asking is the only guard against doing it twice.
    """
    return "send" if sent_at is None else "ask"


def next_attempt_at(attempts: int, now: datetime) -> datetime:
    """Say when to try again after so many attempts (at least one)."""
    return now + BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]


def manual_from(first_unknown_at: datetime) -> datetime:
    """Say from when on an operation that stays unknown is a human's business."""
    return first_unknown_at + UNKNOWN_AT_MOST


def after_no_answer(attempts: int, first_unknown_at: datetime, now: datetime) -> tuple[OperationState, datetime | None]:
    """Say what becomes of an operation that got no answer: unknown and when to ask again, or a human's business.

    The last question is asked at the very end of the allowed time, not left out because the next step of the back-off
    would come later.
    """
    limit = manual_from(first_unknown_at)
    if now >= limit:
        return OperationState.MANUAL, None
    return OperationState.UNKNOWN, min(next_attempt_at(attempts, now), limit)


def state_after_lost_lease(sent_at: datetime | None) -> OperationState:
    """Say what a worker that died left behind: unknown if it may have sent, else as if it had never begun."""
    return OperationState.PENDING if sent_at is None else OperationState.UNKNOWN
