"""What a line of the cart costs, as a table."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from storefront.core.money import Money
from storefront.orders.cart_offers import PROMISE, Offer, Wish, offer_for
from storefront.pricing.book import premium_terms
from storefront.pricing.quote import PriceBook
from storefront.providers.ports.registrar import Action, Availability, CheckResult

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def book(register: int = 1000, amounts: str = "gross") -> PriceBook:
    return PriceBook(
        currency="EUR",
        prices={
            ("com", "register", 1): euros(register),
            ("com", "register", 2): euros(1900),
            ("com", "renew", 1): euros(1200),
        },
        amounts=amounts,  # type: ignore[arg-type]  # the table says net once
        vat_percent=Decimal(20),
        premium=premium_terms({}),
    )


def wish(minutes_left: int = 10, price: int = 1000, **more: object) -> Wish:
    values: dict[str, object] = {
        "key": "1",
        "ending": "com",
        "years": 1,
        "price": euros(price),
        "renewal": euros(1200),
        "amounts": "gross",
        "promised_until": NOW + timedelta(minutes=minutes_left),
    }
    return Wish(**{**values, **more})  # type: ignore[arg-type]  # a table of cases


def said(availability: Availability, cost: int = 0) -> CheckResult:
    costs = {Action.REGISTER: {1: euros(cost)}, Action.RENEW: {1: euros(cost)}} if cost else {}
    return CheckResult(name="a.com", availability=availability, checked_at=NOW, costs=costs)


def look(wanted: Wish, answer: CheckResult | None, prices: PriceBook | None = None) -> Offer:
    return offer_for(wanted, answer, prices or book(), NOW, date(2026, 11, 21))


def test_promise_is_half_an_hour() -> None:
    assert timedelta(minutes=30) == PROMISE


@pytest.mark.parametrize(
    ("wanted", "answer", "list_price", "state", "price"),
    [
        (wish(), None, 1000, "ok", 1000),
        (wish(), said(Availability.AVAILABLE), 1000, "ok", 1000),
        (wish(), said(Availability.UNKNOWN), 1000, "ok", 1000),
        # The list changed: the promise holds, then the new price must be agreed to.
        (wish(1), None, 1500, "ok", 1000),
        (wish(0), None, 1500, "agree", 1500),
        (wish(-1), None, 700, "agree", 700),
        (wish(-1), None, 1000, "ok", 1000),
        # What the registry says of the name.
        (wish(), said(Availability.TAKEN), 1000, "taken", 1000),
        (wish(), said(Availability.RESERVED), 1000, "taken", 1000),
        (wish(), said(Availability.PREMIUM, 10_000), 1000, "agree", 14_400),
        # Another way of counting, or another currency, ends a promise.
        (wish(amounts="net"), None, 1000, "agree", 1000),
        (wish(price=5000, years=9), None, 1000, "ok", 5000),
        (wish(-1, years=9), None, 1000, "not_sold", 1000),
    ],
)
def test_offer(wanted: Wish, answer: CheckResult | None, list_price: int, state: str, price: int) -> None:
    offer = look(wanted, answer, book(list_price))

    assert (offer.state, offer.price.minor) == (state, price)


def test_premium_that_was_agreed_to_is_bought_at_its_price() -> None:
    agreed = {"class": "", "cost": {"minor": 10_000, "currency": "EUR"}, "renewal": None, "agreed": True}

    offer = look(wish(price=14_400, premium=agreed), said(Availability.PREMIUM, 10_000))

    assert (offer.state, offer.is_promised) == ("ok", True)


def test_premium_whose_cost_changed_must_be_agreed_to_again() -> None:
    agreed = {"class": "", "cost": {"minor": 9_000, "currency": "EUR"}, "renewal": None, "agreed": True}

    offer = look(wish(price=12_960, premium=agreed), said(Availability.PREMIUM, 10_000))

    assert (offer.state, offer.price.minor) == ("agree", 14_400)


def test_premium_nobody_can_say_more_about_keeps_its_own_price() -> None:
    agreed = {"class": "", "cost": {"minor": 10_000, "currency": "EUR"}, "renewal": None, "agreed": True}

    offer = look(wish(-5, price=14_400, premium=agreed), None)

    assert (offer.state, offer.price.minor) == ("ok", 14_400)


def test_terms_of_a_premium_name_are_those_its_registry_priced() -> None:
    assert look(wish(), said(Availability.PREMIUM, 10_000)).terms == ((1, euros(14_400)),)
    assert look(wish(), None).terms == ((1, euros(1000)), (2, euros(1900)))
