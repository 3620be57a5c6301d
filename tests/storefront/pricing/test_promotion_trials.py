"""Trials of offers: what they leave aside to be quick never hides a loss."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from storefront.core.money import Money
from storefront.pricing.items import Item
from storefront.pricing.margin import Ending
from storefront.pricing.promotion_rules import CodeTerms, PromotionTerms
from storefront.pricing.promotion_trials import Trial, at_the_same_time
from storefront.pricing.quote import PriceBook, quote

NOW = datetime(2026, 3, 1, tzinfo=UTC)
METHODS: tuple[Any, ...] = ("percent", "amount", "order_amount", "price")


def offer(number: int, **more: Any) -> PromotionTerms:
    facts = {"name": str(number), "title": {}, "starts_at": NOW, "ends_at": None, "method": "percent"}
    return PromotionTerms(id=UUID(int=number), **{**facts, "percent": Decimal(0), "combines": True, **more})


def some_offers(dice: random.Random) -> tuple[PromotionTerms, ...]:
    found = []
    for number in range(1, dice.randint(2, 5)):
        method = dice.choice(METHODS)
        reward = {"percent": Decimal(dice.randint(1, 60))}
        if method != "percent":
            reward = {"amount": Money(dice.randint(1, 900), "EUR")}  # type: ignore[dict-item]  # the other methods
        more = {"needs_code": number > 1, "first_year_only": dice.random() < 0.3, "combines": dice.random() < 0.8}
        found.append(offer(number, method=method, **reward, **more))
    return tuple(found)


def some_book(dice: random.Random) -> PriceBook:
    prices: dict[Any, Money] = {}
    for ending in ("aa", "bb", "cc"):
        year = dice.randint(300, 2000)
        for years in (1, 2, 5):
            prices[ending, "register", years] = Money(year * years - dice.randint(0, 99), "EUR")
    costs = {("domain", *key): Money(price.minor * dice.randint(2, 9) // 10, "EUR") for key, price in prices.items()}
    return PriceBook(
        currency="EUR",
        prices=prices,
        amounts=dice.choice(("net", "gross")),
        vat_percent=Decimal("25.5"),
        costs=costs,
        rounding=dice.choice((Ending(), Ending(step=100, digits=90))),
    )


def test_everything_below_cost_is_found() -> None:
    dice = random.Random(41)
    lost = 0
    for _round in range(150):
        offers, book = some_offers(dice), some_book(dice)
        codes = [CodeTerms(code=str(each.id), promotion_id=each.id) for each in offers if each.needs_code]
        tried, wanted = replace(book, promotions=offers), {}
        for ending, action, years in book.prices:
            item = Item(key="1", ending=ending, action=action, years=years)
            price, cost = quote([item], tried, codes=codes, now=NOW).items[0].price, book.find_cost(item)
            if cost is not None and book.both(price).net < cost:
                wanted[ending, years] = price
        found = {(each.item.ending, each.item.years): each.after for each in Trial(offers=offers, now=NOW).losing(book)}
        assert found == wanted
        lost += len(found)
    assert lost > 200


def test_price_of_a_single_offer_is_that_of_a_cart() -> None:
    dice = random.Random(42)
    for _round in range(100):
        book, own = some_book(dice), replace(some_offers(dice)[0], needs_code=False)
        tried = replace(book, promotions=(own,))
        items = [Item(key="1", ending=ending, action=action, years=years) for ending, action, years in book.prices]
        wanted = {
            (each.item.ending, each.item.years): (each.regular, each.price)
            for item in items
            for each in quote([item], tried, now=NOW).items
            if each.saved
        }
        found = Trial(offers=(own,), now=NOW).lowered(book)
        assert {(each.item.ending, each.item.years): (each.before, each.after) for each in found} == wanted


def test_largest_sets_of_what_runs_together() -> None:
    days = [(0, 10), (5, 15), (12, None), (20, 30), (-9, -1)]
    offers = [
        offer(
            number,
            starts_at=NOW + timedelta(days=start),
            ends_at=None if end is None else NOW + timedelta(days=end),
        )
        for number, (start, end) in enumerate(days)
    ]

    sets = [[each.name for each in some] for some in at_the_same_time(offers, NOW)]

    assert sets == [["0", "1"], ["1", "2"], ["2", "3"]]
