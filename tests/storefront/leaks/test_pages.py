"""The walk looks at enough pages of one kind, and at every page of the reseller's own."""

import pytest
from flask import Flask

from storefront.leaks.pages import ALIKE, _Alike


@pytest.fixture
def alike(app: Flask) -> _Alike:
    return _Alike(app, "north.localhost")


@pytest.mark.parametrize(
    "address",
    [
        "/price-list/e{}",
        "/fr/price-list/e{}",
        "/price-list?years={}",
        "/panel/domains/0199aaaa-0000-7000-8000-00000000000{}",
    ],
)
def test_some_pages_of_a_kind_are_enough(alike: _Alike, address: str) -> None:
    found = [alike.have_enough(address.format(number)) for number in range(ALIKE + 2)]

    assert found == [False] * ALIKE + [True] * 2


@pytest.mark.parametrize("address", ["/about-{}", "/pl/about-{}", "/assets/default/0a1b2c/{}.css"])
def test_every_page_and_file_of_the_resellers_own_is_looked_at(alike: _Alike, address: str) -> None:
    assert not any(alike.have_enough(address.format(number)) for number in range(5 * ALIKE))


def test_languages_and_questions_are_kinds_of_their_own(alike: _Alike) -> None:
    for number in range(ALIKE):
        alike.have_enough(f"/price-list/e{number}")

    assert alike.have_enough("/price-list/more")
    assert not alike.have_enough("/de/price-list/more")
    assert not alike.have_enough("/price-list/more?years=2")
