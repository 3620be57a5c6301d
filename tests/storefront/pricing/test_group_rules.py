"""What a group of customers pays."""

from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import strategies as st

from storefront.core.money import Money
from storefront.pricing.group_rules import GroupTerms, counted_as, discounts, group_prices
from tests.laws import law

SPACE = UUID("7d1f1c06-0f9f-4a4e-8a32-5d1d7f2a9b44")


@law(minor=st.integers(0, 10**9), percent=st.decimals(0, 100, places=3))
def test_discount_in_whole_numbers_is_the_one_in_decimals(minor: int, percent: Decimal) -> None:
    assert discounts(percent)(minor) == minor - Money(minor, "EUR").times(percent / 100).minor


@law(minor=st.integers(0, 10**6), lower=st.decimals(0, 100, places=3), higher=st.decimals(0, 100, places=3))
def test_larger_discount_never_costs_more(minor: int, lower: Decimal, higher: Decimal) -> None:
    lower, higher = sorted((lower, higher))

    assert 0 <= discounts(higher)(minor) <= discounts(lower)(minor) <= minor


def test_group_pays_single_prices_as_they_stand() -> None:
    listed = {("com", "register", 1): Money(1000, "EUR"), ("fr", "register", 1): Money(800, "EUR")}
    single = {("com", "register", 1): Money(1100, "EUR"), ("io", "register", 1): Money(1, "EUR")}

    found = group_prices(listed, single, Decimal(25))  # type: ignore[type-var]  # actions are words here

    assert {key[0]: price.minor for key, price in found.items()} == {"com": 1100, "fr": 600, "io": 1}


@pytest.mark.parametrize(
    ("own", "wanted", "minor"),
    [("gross", "gross", 1199), ("gross", "net", 975), ("net", "gross", 1475), ("net", "net", 1199)],
)
def test_price_of_a_list_that_counts_the_other_way_is_counted_anew(own: str, wanted: str, minor: int) -> None:
    assert counted_as(Money(1199, "PLN"), own, wanted, Decimal(23)) == Money(minor, "PLN")  # type: ignore[arg-type]  # words of a table


@pytest.mark.parametrize("percent", ["-0.1", "100.1"])
def test_discount_beyond_everything_is_refused(percent: str) -> None:
    with pytest.raises(ValueError, match="discount"):
        GroupTerms(id=SPACE, name="odd", discount_percent=Decimal(percent))
