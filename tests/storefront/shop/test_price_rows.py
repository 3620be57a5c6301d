"""The complete price list as a rule: what the registry does not sell is not shown, whatever the list prices."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from storefront.catalog.offers import OfferedEnding
from storefront.catalog.tld_groups import EndingGroup
from storefront.catalog.tld_records import shipped_rules
from storefront.core.money import Money
from storefront.core.text import LocalizedText
from storefront.pricing.history_rules import History, Seen
from storefront.pricing.promotion_rules import PromotionTerms
from storefront.pricing.queries import Shelf
from storefront.pricing.quote import PriceBook
from storefront.shop.price_rows import ending_prices, periods, price_rows

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULES = shipped_rules(date(2026, 11, 22))


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def shelf(**more: Any) -> Shelf:
    prices: dict[Any, Money] = {}
    for ending in ("com", "de"):
        for years in (1, 2, 10):
            prices[ending, "register", years] = euros("10.00").times(years)
            prices[ending, "renew", years] = euros("12.00").times(years)
        prices[ending, "transfer", 1] = euros("9.00")
        prices[ending, "restore", 1] = euros("80.00")
    endings = {
        ending: OfferedEnding(ending=ending, rules=RULES[ending], badge=LocalizedText()) for ending in ("com", "de")
    }
    group = EndingGroup(slug="known", title=LocalizedText(en="Known"), endings=("com",), is_default=True)
    book = PriceBook(currency="EUR", prices=prices, amounts="gross", vat_percent=Decimal(20), **more)
    return Shelf(book=book, endings=endings, label_rules={}, groups=(group,))


def test_first_period_has_every_ending_in_the_shops_order() -> None:
    rows = price_rows(shelf(), 1, now=NOW)

    assert [row.shown for row in rows] == [".com", ".de"]
    assert [row.groups for row in rows] == ["known", ""]
    assert rows[0].prices.register is not None
    assert (rows[0].prices.register.price, rows[0].prices.register.per_year) == (euros("10.00"), None)


def test_longer_period_leaves_out_what_no_registry_sells() -> None:
    rows = price_rows(shelf(), 2, now=NOW)

    assert [row.shown for row in rows] == [".com"]
    assert rows[0].prices.renew is not None
    assert (rows[0].prices.renew.price, rows[0].prices.renew.per_year) == (euros("24.00"), euros("12.00"))


def test_ten_years_cannot_be_renewed() -> None:
    (row,) = price_rows(shelf(), 10, now=NOW)

    assert row.prices.register is not None
    assert row.prices.renew is None


def test_periods_are_those_of_the_list() -> None:
    assert periods(shelf()) == (1, 2, 10)


@pytest.mark.parametrize("ending", ["com", "de"])
def test_page_of_an_ending_has_all_that_is_sold(ending: str) -> None:
    found = ending_prices(shelf(), ending, now=NOW)

    shown = [(years, register is not None, renew is not None) for years, register, renew in found.periods]
    expected = {"com": [(1, True, True), (2, True, True), (10, True, False)], "de": [(1, True, True)]}
    assert shown == expected[ending]
    assert list(found.once) == ["transfer", "restore"]


def test_reduction_shows_what_comes_after_and_strikes_only_what_was_seen() -> None:
    promotion = PromotionTerms(
        id=UUID(int=1),
        name="autumn",
        title={"en": "Autumn"},
        starts_at=NOW - timedelta(days=1),
        ends_at=NOW + timedelta(days=3),
        method="percent",
        percent=Decimal(30),
        actions=frozenset({"register"}),
        years=frozenset({1}),
    )
    shop = shelf(promotions=(promotion,))
    before = [
        Seen(from_at=NOW - timedelta(days=60), price=euros("10.00"), amounts="gross"),
        Seen(from_at=NOW - timedelta(days=1), price=euros("7.00"), amounts="gross", is_reduced=True),
    ]
    seen = History(currency="EUR", amounts="gross", rows={("domain", "com", "register", 1): before})

    lawful, unknown = (price_rows(shop, 1, now=NOW, seen=each)[0].prices.register for each in (seen, None))

    assert lawful is not None
    assert (lawful.price, lawful.struck, lawful.then) == (euros("7.00"), euros("10.00"), euros("12.00"))
    assert lawful.ends_at == promotion.ends_at
    assert unknown is not None
    assert unknown.struck is None


@pytest.mark.parametrize(("title", "shown"), [("30 % off", "30 % off"), ("31 % off", "Special price")])
def test_title_never_says_more_than_has_become_of_a_price(title: str, shown: str) -> None:
    promotion = PromotionTerms(
        id=UUID(int=1),
        name="autumn",
        title={"en": title},
        starts_at=NOW - timedelta(days=1),
        ends_at=None,
        method="percent",
        percent=Decimal(30),
        actions=frozenset({"register"}),
    )
    before = [
        Seen(from_at=NOW - timedelta(days=60), price=euros("10.00"), amounts="gross"),
        Seen(from_at=NOW - timedelta(days=1), price=euros("7.00"), amounts="gross", is_reduced=True),
    ]
    seen = History(currency="EUR", amounts="gross", rows={("domain", "com", "register", 1): before})

    register = price_rows(shelf(promotions=(promotion,)), 1, now=NOW, seen=seen)[0].prices.register

    assert register is not None
    assert str(register.offer) == shown


def test_rows_of_equal_prices_are_written_once_but_never_an_offer() -> None:
    promotion = PromotionTerms(
        id=UUID(int=1),
        name="autumn",
        title={"en": "Autumn"},
        starts_at=NOW - timedelta(days=1),
        ends_at=None,
        method="percent",
        percent=Decimal(30),
    )

    plain, in_offer = (price_rows(shelf(promotions=each), 1, now=NOW) for each in ((), (promotion,)))
    one = price_rows(shelf(), 1, now=NOW, listed={"de": {"register": 1}})

    assert plain[0].alike == plain[1].alike
    assert in_offer[0].alike != in_offer[1].alike
    assert [(row.ending, row.prices.renew, row.alike != plain[0].alike) for row in one] == [("de", None, True)]
