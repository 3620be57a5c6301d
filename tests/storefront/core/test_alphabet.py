"""The order that a reader looks for names in."""

import pytest

from storefront.core.alphabet import by_name, sort_key


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        (["Zypern", "Österreich", "Oman", "Pakistan"], ["Oman", "Österreich", "Pakistan", "Zypern"]),
        (["Macao", "Łotwa", "Luksemburg", "Litwa"], ["Litwa", "Luksemburg", "Łotwa", "Macao"]),
        (["Øland", "Ostland", "Đakovo", "Dakar"], ["Dakar", "Đakovo", "Øland", "Ostland"]),
    ],
)
def test_letters_with_marks_stand_among_their_plain_ones(names: list[str], ordered: list[str]) -> None:
    assert sorted(names, key=sort_key) == ordered


def test_names_that_differ_in_marks_only_have_one_order() -> None:
    pairs = [("2", "Málaga"), ("1", "Malaga")]

    assert by_name(pairs) == by_name(reversed(pairs)) == [("1", "Malaga"), ("2", "Málaga")]
