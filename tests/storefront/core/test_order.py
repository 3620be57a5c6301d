"""Rows in an order that people choose."""

from dataclasses import dataclass

import pytest

from storefront.core.order import moved


@dataclass
class Row:
    """Something with a place."""

    name: str
    position: int = 7


@pytest.mark.parametrize(
    ("name", "by", "wanted", "places"),
    [
        ("a", 1, "bac", (1, 2)),
        ("c", -1, "acb", (3, 2)),
        ("a", -1, "abc", (1, 1)),
        ("c", 1, "abc", (3, 3)),
    ],
)
def test_row_moves_one_place_and_stops_at_the_ends(name: str, by: int, wanted: str, places: tuple[int, int]) -> None:
    rows = [Row(each) for each in "abc"]

    found = moved(rows, next(row for row in rows if row.name == name), by=by)

    assert found == places
    assert "".join(row.name for row in sorted(rows, key=lambda row: row.position)) == wanted
