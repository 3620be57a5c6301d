"""What the endings cost the platform."""

from datetime import date

import pytest

from storefront.catalog.tld_records import shipped_rules
from storefront.catalog.wholesale_prices import load_wholesale, shipped_wholesale
from storefront.core.money import Money

DAY = date(2026, 11, 21)
SMALL = """
currency = "EUR"
[[prices]]
from = 2026-01-01
rows = [{ ending = "aa", register = "4.00", renew = "10.00", transfer = "0.00", restore = "30.00", trade = "5.00" }]
[[prices]]
from = 2026-12-01
rows = [{ ending = "aa", register = "5.00", renew = "11.00", transfer = "0.00", restore = "30.00", trade = "5.00" }]
[[tiers]]
ending = "aa"
action = "renew"
from_years = 5
price = "8.00"
[[tiers]]
ending = "aa"
action = "renew"
from_years = 3
price = "9.00"
[[promotions]]
endings = ["aa"]
price = "1.00"
first_day = 2026-02-01
last_day = 2026-02-28
"""


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


@pytest.mark.parametrize(
    ("action", "years", "on", "expected"),
    [
        ("register", 1, DAY, "4.00"),
        ("register", 2, DAY, "14.00"),
        ("register", 4, DAY, "31.00"),
        ("register", 1, date(2026, 2, 1), "1.00"),
        ("register", 3, date(2026, 2, 28), "21.00"),
        ("register", 1, date(2026, 3, 1), "4.00"),
        ("renew", 1, date(2026, 2, 1), "10.00"),
        ("renew", 2, DAY, "20.00"),
        ("renew", 3, DAY, "27.00"),
        ("renew", 5, DAY, "40.00"),
        ("renew", 1, date(2026, 12, 1), "11.00"),
        ("transfer", 1, DAY, "0.00"),
        ("restore", 1, DAY, "30.00"),
        ("trade", 3, DAY, "5.00"),
    ],
)
def test_total_of_an_action(action: str, years: int, on: date, expected: str) -> None:
    assert load_wholesale(SMALL, on)["aa"].total(action, years) == eur(expected)


def test_price_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="aa: a price below zero"):
        load_wholesale(SMALL.replace("4.00", "-4.00"), DAY)


def test_every_ending_with_rules_has_prices_and_the_other_way_round() -> None:
    assert sorted(shipped_wholesale(DAY)) == sorted(shipped_rules(DAY))


def test_shipped_promotions_are_cheaper_than_the_normal_price() -> None:
    promoted = {ending: price for ending, price in shipped_wholesale(DAY).items() if price.first_year}

    assert sorted(promoted) == ["eu", "online", "shop", "site", "store", "tech", "xyz"]
    assert all(price.total("register") < price.prices["register"] for price in promoted.values())


def test_longer_terms_never_cost_less() -> None:
    for price in shipped_wholesale(DAY).values():
        for action in ("register", "renew"):
            totals = [price.total(action, years) for years in range(1, 11)]
            assert totals == sorted(totals)


def test_transfer_that_adds_nothing_and_is_free_costs_nothing() -> None:
    assert shipped_wholesale(DAY)["pl"].total("transfer") == eur("0.00")
