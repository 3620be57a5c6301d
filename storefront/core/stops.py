"""Labelled points at which a test may stop a process: between any two steps of a supplier's command."""

import os
import signal
from collections.abc import Callable

_listeners: list[Callable[[str], None]] = []
# "label" or "label:n": kill this very process, as the kernel would, the n-th time it comes by.
_kill_at, _, _times = os.environ.get("VITRINE_KILL_AT", "").partition(":")
_left = [int(_times or "1")]


class Stopped(BaseException):
    """A process ended here, as far as this test is concerned: nothing after it may run, not even a rollback's care."""


def point(label: str) -> None:
    """Come by a labelled point; does nothing outside tests."""
    if _kill_at and label == _kill_at:
        _left[0] -= 1
        if _left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
    for listener in _listeners:
        listener(label)


def listen(listener: Callable[[str], None]) -> Callable[[], None]:
    """Call ``listener`` at every point; returns the function that ends it."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)
