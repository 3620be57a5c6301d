"""rule: rows in an order that people choose."""

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Placed(Protocol):
    """A row that knows its place."""

    position: int


Row = TypeVar("Row", bound=Placed)


def moved(rows: Sequence[Row], row: Row, *, by: int) -> tuple[int, int]:
    """Move a row up (-1) or down (1) among all of them; at the ends nothing happens.

    Returns its place before and its place now, counted from one.
    """
    ordered = list(rows)
    before = ordered.index(row)
    ordered.insert(min(max(before + by, 0), len(ordered) - 1), ordered.pop(before))
    for position, each in enumerate(ordered):
        each.position = position
    return before + 1, row.position + 1
