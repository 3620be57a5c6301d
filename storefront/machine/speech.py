"""How ./run speaks to the person at the terminal: one calm line for each thing that takes time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class CannotGoOnError(Exception):
    """A sentence for the person at the terminal; ./run prints it and exits 1."""


def say(sentence: str) -> None:
    """Print one line at once, even into a pipe."""
    print(sentence, flush=True)


def warn(sentence: str) -> None:
    """Print one line for attention on the error stream."""
    print(sentence, file=sys.stderr, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Announce a step that may take seconds and tell how long it took."""
    begun = time.monotonic()
    say(f"· {what} …")
    yield
    seconds = time.monotonic() - begun
    if seconds >= 1:
        say(f"  done in {seconds:.1f} s")
