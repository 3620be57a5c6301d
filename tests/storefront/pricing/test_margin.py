"""From wholesale to retail: every method, every ending, never below cost."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import strategies as st

from storefront.core.money import Money
from storefront.pricing.amounts import price_of
from storefront.pricing.margin import (
    Ending,
    ExchangeRate,
    Margin,
    NoExchangeRate,
    convert,
    retail,
    tidy,
    with_margin,
)
from tests.laws import law

costs = st.integers(min_value=0, max_value=10**9).map(lambda minor: Money(minor, "EUR"))
percents = st.decimals(min_value=0, max_value=99, places=2)
endings = st.sampled_from([(1, 0), (10, 9), (100, 90), (100, 99), (100, 0), (1000, 999)])
amounts = st.sampled_from(["net", "gross"])


def euro(amount: str) -> Money:
    return Money.of(amount, "EUR")


def rate(**change: object) -> ExchangeRate:
    terms = {"base": "USD", "quoted": "EUR", "rate": Decimal("0.9"), "on": date(2025, 11, 21), "source": "ECB"}
    return ExchangeRate(**{**terms, **change})  # type: ignore[arg-type]  # a table of odd terms


@pytest.mark.parametrize(
    ("margin", "expected"),
    [
        (Margin(method="markup", percent=Decimal(25)), "12.50"),
        (Margin(method="margin", percent=Decimal(25)), "13.33"),
        (Margin(method="margin", percent=Decimal(20)), "12.50"),
        (Margin(method="plus", amount=Money(199, "EUR")), "11.99"),
        (Margin(method="markup", percent=Decimal(10), at_least=Money(300, "EUR")), "13.00"),
        (Margin(method="markup", percent=Decimal(-20)), "10.00"),
        (Margin(method="markup", percent=Decimal(-20), may_lose=True), "8.00"),
    ],
)
def test_margin_of_ten_euros(margin: Margin, expected: str) -> None:
    assert with_margin(euro("10.00"), margin) == euro(expected)


@pytest.mark.parametrize(
    ("amount", "step", "digits", "expected"),
    [
        ("11.32", 100, 99, "11.99"),
        ("11.99", 100, 99, "11.99"),
        ("12.00", 100, 99, "12.99"),
        ("11.32", 100, 90, "11.90"),
        ("11.91", 100, 90, "12.90"),
        ("11.32", 10, 9, "11.39"),
        ("11.32", 100, 0, "12.00"),
        ("11.32", 1, 0, "11.32"),
        ("0.00", 100, 99, "0.00"),
    ],
)
def test_tidy_raises_to_the_next_ending(amount: str, step: int, digits: int, expected: str) -> None:
    assert tidy(euro(amount), Ending(step=step, digits=digits)) == euro(expected)


def test_retail_with_a_gross_ending_freezes_the_gross_price() -> None:
    price = retail(
        Money.of("9.20", "PLN"), Margin(method="markup"), Ending(step=100, digits=99), vat_percent=Decimal(23)
    )

    assert (str(price.gross), str(price.net), str(price.vat)) == ("11.99 PLN", "9.75 PLN", "2.24 PLN")


def test_retail_with_a_net_ending_adds_vat_to_it() -> None:
    ending = Ending(step=100, digits=99, amounts="net")

    price = retail(Money.of("9.20", "PLN"), Margin(method="markup"), ending, vat_percent=Decimal(23))

    assert (str(price.net), str(price.gross)) == ("9.99 PLN", "12.29 PLN")


@law(cost=costs, percent=percents, vat=percents, ending=endings, basis=amounts)
def test_retail_never_falls_below_cost(
    cost: Money, percent: Decimal, vat: Decimal, ending: tuple[int, int], basis: str
) -> None:
    step, digits = ending

    price = retail(
        cost,
        Margin(method="margin", percent=percent),
        Ending(step=step, digits=digits, amounts=basis),  # type: ignore[arg-type]  # one of the two words
        vat_percent=vat,
    )

    frozen = price.net if basis == "net" else price.gross
    assert price.net >= cost
    assert price.net + price.vat == price.gross
    assert not frozen or frozen.minor % step == digits


@law(cost=costs, lower=percents, higher=percents)
def test_retail_grows_with_the_margin(cost: Money, lower: Decimal, higher: Decimal) -> None:
    lower, higher = sorted((lower, higher))

    cheap, dear = (with_margin(cost, Margin(method="margin", percent=percent)) for percent in (lower, higher))

    assert cheap <= dear


@law(gross=costs, vat=percents)
def test_price_says_the_frozen_amount_unchanged(gross: Money, vat: Decimal) -> None:
    assert price_of(gross, "gross", vat).gross == gross
    assert price_of(gross, "net", vat).net == gross


@pytest.mark.parametrize(
    ("amount", "terms", "expected"),
    [
        (Money.of("10.00", "USD"), {}, Money.of("9.00", "EUR")),
        (Money.of("10.00", "USD"), {"buffer_percent": Decimal(2)}, Money.of("9.18", "EUR")),
        (Money.of("10.01", "USD"), {"quoted": "JPY", "rate": Decimal("150.5")}, Money(1507, "JPY")),
        (Money(1507, "JPY"), {"base": "JPY", "quoted": "EUR", "rate": Decimal("0.0061")}, Money.of("9.19", "EUR")),
    ],
)
def test_convert_knows_the_digits_of_both_currencies(amount: Money, terms: dict[str, object], expected: Money) -> None:
    assert convert(amount, rate(**terms)) == expected


def test_convert_with_a_rate_for_another_currency_raises() -> None:
    with pytest.raises(NoExchangeRate):
        convert(euro("1.00"), rate())


@pytest.mark.parametrize(
    "terms",
    [
        {"method": "margin", "percent": Decimal(100)},
        {"method": "plus"},
        {"method": "markup", "amount": Money(1, "EUR")},
    ],
)
def test_margin_that_makes_no_sense_is_refused(terms: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"margin|amount"):
        Margin(**terms)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("terms", [{"rate": Decimal(0)}, {"buffer_percent": Decimal(-1)}])
def test_exchange_rate_that_makes_no_sense_is_refused(terms: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="exchange rate"):
        rate(**terms)


def test_ending_with_digits_beyond_its_step_is_refused() -> None:
    with pytest.raises(ValueError, match="ending"):
        Ending(step=10, digits=99)
