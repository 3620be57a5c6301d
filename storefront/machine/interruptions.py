"""Ctrl-C, a closed terminal and a polite kill are the same wish; some moments must end before it is granted."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

WISHES = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_waiting: list[bool] = []  # one entry for each moment that must not be interrupted
_wished: list[int] = []


def listen() -> None:
    """From now on every such wish arrives as KeyboardInterrupt."""
    for wish in WISHES:
        signal.signal(wish, _arrive)


def _arrive(number: int, _frame: FrameType | None) -> None:
    if _waiting:
        _wished.append(number)
        return
    raise KeyboardInterrupt


@contextmanager
def undisturbed(*, then_forget: bool = False) -> Iterator[None]:
    """Do not let a wish to stop interrupt this block; it is granted after it, or forgotten."""
    _waiting.append(True)
    try:
        yield
    finally:
        _waiting.pop()
    if _wished and not _waiting:
        _wished.clear()
        if not then_forget:
            raise KeyboardInterrupt
