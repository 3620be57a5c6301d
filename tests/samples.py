"""What is tried where a whole matrix would be too long: some of it in ``./run test``, all of it in ``./run proof``."""

import os
from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

import pytest

Thing = TypeVar("Thing")
WHOLE = bool(os.environ.get("TEST_PROOF"))
# On a test that asks for ``some`` or ``share``: ./run proof runs it, too, and then these are all.
sampled = pytest.mark.law


def some(things: Sequence[Thing], number: int, whose: object) -> list[Thing]:
    """So many of the things, one after another, others for each that asks: together they see all of them."""
    if WHOLE or number >= len(things):
        return list(things)
    first = crc32(str(whose).encode("utf-8", "surrogatepass"))
    return [things[(first + each) % len(things)] for each in range(number)]


def share(things: Sequence[Thing], turn: int, turns: int) -> list[Thing]:
    """Every so-manieth of the things: who ask in so many turns see each of them once."""
    return list(things) if WHOLE else list(things[turn % turns :: turns])
