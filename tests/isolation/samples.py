"""What is tried where a whole matrix would be too long: some of it in ``./run test``, all of it in ``./run proof``."""

import os
from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar
from zlib import crc32

import pytest

from tests.isolation.routes import Route

Thing = TypeVar("Thing")
WHOLE = bool(os.environ.get("TEST_PROOF"))
# On a test that asks for ``some``: ./run proof runs it, too, and then ``some`` are all.
sampled = pytest.mark.law


def some(things: Sequence[Thing], number: int, whose: object) -> list[Thing]:
    """So many of the things, one after another, others for each route: together the routes see all of them."""
    if WHOLE or number >= len(things):
        return list(things)
    first = crc32(str(whose).encode())
    return [things[(first + each) % len(things)] for each in range(number)]


def parts(routes: Sequence[Route]) -> list[list[Route]]:
    """Routes by the part of an office or shop they belong to: one look at everything owned is enough for a part."""
    ordered = sorted(routes, key=part_of)
    return [list(each) for _part, each in groupby(ordered, key=part_of)]


def part_of(route: Route) -> str:
    """The part that a route belongs to: where its view stands."""
    return route.endpoint.rpartition(".")[0]


def name_of_part(several: Sequence[Route]) -> str:
    """The name of a part, for a test."""
    return part_of(several[0])
