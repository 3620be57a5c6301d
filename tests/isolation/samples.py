"""Routes by the part they belong to: one look at everything owned is enough for a part."""

from collections.abc import Sequence
from itertools import groupby

from tests.isolation.routes import Route


def parts(routes: Sequence[Route]) -> list[list[Route]]:
    """Routes by the part of an office or shop they belong to."""
    ordered = sorted(routes, key=part_of)
    return [list(each) for _part, each in groupby(ordered, key=part_of)]


def part_of(route: Route) -> str:
    """The part that a route belongs to: where its view stands."""
    return route.endpoint.rpartition(".")[0]


def name_of_part(several: Sequence[Route]) -> str:
    """The name of a part, for a test."""
    return part_of(several[0])
