"""Why something costs what it costs: every step in order, ready to be read."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import pytest

from storefront.core.i18n import speaking
from storefront.core.money import Money
from storefront.pricing.explain import Explanation, explain
from storefront.pricing.items import PriceKey
from storefront.pricing.margin import Ending, ExchangeRate, Margin
from storefront.pricing.margin_rules import Rule
from storefront.pricing.promotion_rules import BuyerFacts, CodeTerms, PromotionTerms
from storefront.pricing.quote import GroupTerms, Item, PremiumTerms, PriceBook

SPACE = UUID("7d1f1c06-0f9f-4a4e-8a32-5d1d7f2a9b43")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
COM = Item(key="1", ending="com", action="register", years=1)
PARTNERS = uuid5(SPACE, "partners")


def euro(amount: str) -> Money:
    return Money.of(amount, "EUR")


def promotion(name: str, **terms: Any) -> PromotionTerms:
    return PromotionTerms(
        id=uuid5(SPACE, name), name=name, title={"en": name}, starts_at=NOW - timedelta(days=1), ends_at=None,
        **{"method": "percent", "percent": Decimal(20), **terms},
    )  # fmt: skip


LISTED: dict[PriceKey, Money] = {("com", "register", 1): euro("14.99"), ("com", "renew", 1): euro("16.99")}
BOOK = PriceBook(
    currency="EUR", prices=LISTED, amounts="gross", vat_percent=Decimal("25.5"), list_name="Autumn 2026",
    zone="Europe/Helsinki",
)  # fmt: skip
RATE = ExchangeRate(
    base="USD", quoted="EUR", rate=Decimal("0.9"), on=date(2026, 11, 19), source="European Central Bank",
    buffer_percent=Decimal(2), holds_until=date(2026, 11, 26),
)  # fmt: skip
RULE = Rule(
    id=SPACE, name="Popular", method="markup", percent=Decimal(25), at_least=100, ending=Ending(step=100, digits=99)
)


def told(book: PriceBook = BOOK, **change: Any) -> Explanation:
    asked: dict[str, Any] = {"cost": Money.of("10.00", "USD"), "rates": [RATE], "rules": [RULE], "now": NOW, **change}
    return explain(asked.pop("item", COM), book=book, **asked)


def lines(answer: Explanation) -> list[tuple[str, str, str]]:
    return [(step.kind, str(step.text), str(step.amount)) for step in answer.steps]


def test_price_is_told_from_its_cost_to_what_the_customer_pays() -> None:
    group = GroupTerms(id=PARTNERS, name="Partners", discount_percent=Decimal(10))
    book = replace(
        BOOK,
        listed=LISTED,
        prices={**LISTED, ("com", "register", 1): euro("13.49")},
        group=group,
        promotions=(promotion("Black week", combines=True), promotion("Welcome", needs_code=True, combines=True)),
        rounding=Ending(step=10, digits=9),
    )

    answer = told(book, codes=[CodeTerms(code="HELLO", promotion_id=uuid5(SPACE, "Welcome"))])

    assert lines(answer) == [
        ("cost", "Purchase price, without VAT", "10.00 USD"),
        ("exchange", "Exchanged at 0.9, plus 2\N{NO-BREAK SPACE}%", "9.18 EUR"),
        ("rule", "Margin rule “Popular”: 25\N{NO-BREAK SPACE}% on top of the cost", "14.99 EUR"),
        ("price_list", "Price list", "14.99 EUR"),
        ("group", "Price group", "13.49 EUR"),
        ("promotion", "Black week", "10.79 EUR"),
        ("code", "Welcome", "8.63 EUR"),
        ("rounding", "Rounded down", "8.59 EUR"),
        ("vat", "VAT of 25.5\N{NO-BREAK SPACE}% is in it", "8.59 EUR"),
        ("earnings", "Lost with every sale", "-2.34 EUR"),
    ]
    assert [str(step.detail) for step in answer.steps] == [
        "",
        "European Central Bank, 19 November 2026",
        "",
        "Autumn 2026",
        "Partners",
        "20\N{NO-BREAK SPACE}% less",
        "HELLO",
        "",
        "€6.84 without VAT",
        "\N{MINUS SIGN}34.2\N{NO-BREAK SPACE}% of the net price",
    ]
    assert (answer.earned, str(answer.warning)) == (euro("-2.34"), "This price is below cost: every sale loses €2.34.")
    assert answer.quoted is not None
    assert answer.quoted.price == euro("8.59")


def test_price_above_cost_leaves_something_and_warns_of_nothing() -> None:
    answer = told()

    assert (answer.earned, answer.warning) == (euro("2.76"), None)
    assert [step.kind for step in answer.steps if step.is_warning] == []
    assert lines(answer)[-1] == ("earnings", "Left for you, without VAT", "2.76 EUR")


@pytest.mark.parametrize(
    ("percent", "net", "gross"), [("25.5", "11.94", "14.99"), ("20", "11.94", "14.33"), ("0", "11.94", "11.94")]
)
def test_another_vat_leaves_the_net_price_as_it_is(percent: str, net: str, gross: str) -> None:
    answer = told(buyer=BuyerFacts(vat_percent=Decimal(percent)))

    assert answer.paid is not None
    assert (answer.paid.net, answer.paid.gross, answer.earned) == (euro(net), euro(gross), euro("2.76"))


@pytest.mark.parametrize(
    ("change", "kinds", "warned"),
    [
        ({"cost": None}, ["cost", "price_list", "vat"], "The purchase price is not known"),
        ({"rates": []}, ["cost", "exchange", "price_list", "vat"], "No exchange rate from USD that still holds"),
        (
            {"now": NOW + timedelta(days=7)},
            ["cost", "exchange", "price_list", "vat"],
            "No exchange rate from USD that still holds",
        ),
    ],
)
def test_what_is_not_known_is_said_and_not_guessed(change: dict[str, Any], kinds: list[str], warned: str) -> None:
    answer = told(**change)

    assert [step.kind for step in answer.steps] == kinds
    assert [str(step.text) for step in answer.steps if step.is_warning] == [warned]
    assert answer.earned is None


def test_cost_in_the_currency_of_the_list_is_not_exchanged_and_without_a_rule_none_is_named() -> None:
    answer = told(cost=euro("9.00"), rules=[])

    assert [step.kind for step in answer.steps] == ["cost", "price_list", "vat", "earnings"]


def test_price_that_is_not_what_the_rule_says_is_told_so() -> None:
    by_hand = replace(BOOK, prices={**LISTED, ("com", "register", 1): euro("19.99")})

    assert [str(step.detail) for step in told(by_hand).steps if step.kind == "price_list"] == [
        "Autumn 2026; not what the rule says"
    ]
    assert [str(step.detail) for step in told().steps if step.kind == "price_list"] == ["Autumn 2026"]


@pytest.mark.parametrize(
    ("terms", "cost", "detail"),
    [
        ({"percent": Decimal(1)}, "9.00", "Raised to the smallest margin of the rule."),
        ({"percent": Decimal(-10), "at_least": 0}, "9.00", "Raised to the cost: the rule may not lose."),
        ({"floor": 2999}, "9.00", "Raised to the floor of the rule."),
        ({"ceiling": 1299}, "9.00", "Held at the ceiling of the rule."),
    ],
)
def test_what_held_the_price_of_a_rule_is_said(terms: dict[str, Any], cost: str, detail: str) -> None:
    answer = told(cost=euro(cost), rules=[replace(RULE, **terms)])

    assert [str(step.detail) for step in answer.steps if step.kind == "rule"] == [detail]


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"method": "margin"}, "25\N{NO-BREAK SPACE}% of the net price is margin"),
        ({"method": "plus", "amount": 250}, "€2.50 on top of the cost"),
        ({"method": "fixed", "amount": 1500}, "always €15.00"),
    ],
)
def test_every_method_is_said_in_words(terms: dict[str, Any], words: str) -> None:
    answer = told(rules=[replace(RULE, **terms)])

    assert [str(step.text) for step in answer.steps if step.kind == "rule"] == [f"Margin rule “Popular”: {words}"]


def test_promotion_that_does_not_count_is_named_with_its_reason() -> None:
    book = replace(
        BOOK,
        promotions=(
            promotion("Half", percent=Decimal(50)),
            promotion("Tenth", percent=Decimal(10)),
            promotion("French", endings=frozenset({"fr"})),
            promotion("Hidden", needs_code=True),
        ),
    )

    assert [(str(name), str(why)) for name, why in told(book).not_counted] == [
        ("Tenth", "Another promotion saves more, or more has to be in the cart."),
        ("French", "This promotion is for other endings or products."),
    ]


def test_price_that_is_not_for_sale_is_told_with_what_it_costs() -> None:
    answer = told(item=replace(COM, years=9))

    assert str(answer.refused) == "There is no price for this ending and term."
    assert ([step.kind for step in answer.steps], answer.paid) == (["cost", "exchange", "rule"], None)


def test_net_shop_adds_the_vat() -> None:
    answer = told(replace(BOOK, amounts="net"))

    assert ("vat", "VAT of 25.5\N{NO-BREAK SPACE}% is added", "18.81 EUR") in lines(answer)


def test_premium_name_begins_with_its_registrys_price() -> None:
    terms = PremiumTerms(margin=Margin(method="markup", percent=Decimal(20)), exchange_rates=(RATE,))

    answer = told(replace(BOOK, premium=terms), item=replace(COM, premium=Money.of("100.00", "USD")), cost=None)

    added = "No margin rule fits, so 20\N{NO-BREAK SPACE}% is added as to every name with a price of its own"
    assert lines(answer)[:4] == [
        ("cost", "The registry's own price for this name", "100.00 USD"),
        ("exchange", "Exchanged at 0.9, plus 2\N{NO-BREAK SPACE}%", "91.80 EUR"),
        ("rule", added, "91.80 EUR"),
        ("premium", "The registry has set a price of its own for this name.", "138.25 EUR"),
    ]


def test_explanation_speaks_the_language_of_the_reader() -> None:
    with speaking("de"):
        said = [str(step.text) for step in told().steps if step.kind == "exchange"]

    assert "0,9" in said[0]
