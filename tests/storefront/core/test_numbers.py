"""Whole numbers as they are sent: read within bounds, and nothing that breaks whoever reads them."""

import pytest

from storefront.core.numbers import read_whole


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("007", 7),
        ("0" * 9_000 + "10", 10),
        ("1", 1),
        ("0", None),
        ("11", None),
        ("", None),
        ("-1", None),
        ("+1", None),
        ("1.0", None),
        ("1_0", None),
        ("\u0663", None),
        ("\u00b2", None),
        ("9" * 5_000, None),
        ("1" + "9" * 5_000, None),
        ("001" + "9" * 5_000, None),
    ],
)
def test_number_is_read_only_within_its_bounds(typed: str, number: int | None) -> None:
    assert read_whole(typed, least=1, most=10) == number
