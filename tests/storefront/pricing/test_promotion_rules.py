"""What a promotion's row says, for whom it counts, and why it does not."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from storefront.core.i18n import speaking
from storefront.core.money import Money
from storefront.pricing.items import Item
from storefront.pricing.promotion_rules import BuyerFacts, CodeTerms, PromotionTerms, read_terms
from storefront.pricing.quote import PriceBook, quote

SPACE = UUID("7d1f1c06-0f9f-4a4e-8a32-5d1d7f2a9b41")
PARTNERS = UUID("7d1f1c06-0f9f-4a4e-8a32-5d1d7f2a9b42")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ITEM = Item(key="1", ending="com", action="register", years=1)


@dataclass(frozen=True, kw_only=True)
class Row:
    """Looks like a row of the table."""

    terms: dict[str, Any]
    id: UUID = SPACE
    name: str = "Black week"
    title: dict[str, str] = field(default_factory=lambda: {"en": "Black week", "fr": "Semaine noire"})
    needs_code: bool = False
    starts_at: datetime = NOW
    ends_at: datetime | None = NOW + timedelta(days=7)
    currency: str = "EUR"
    max_per_customer: int | None = None


def promotion(**terms: Any) -> PromotionTerms:
    return read_terms(Row(terms={"method": "percent", "percent": "20", **terms}), {"popular": ["com", "fr"]})


def test_promotion_is_read_whole() -> None:
    terms = {
        "method": "order_amount",
        "amount_minor": 500,
        "kinds": ["domain"],
        "endings": ["pl"],
        "tld_groups": ["popular", "gone"],
        "actions": ["register"],
        "years": [1, "2"],
        "price_groups": [str(PARTNERS)],
        "first_year_only": True,
        "new_customers_only": True,
        "with_premium": True,
        "combines": True,
        "min_quantity": 3,
        "min_total_minor": 2500,
    }

    assert read_terms(Row(terms=terms, max_per_customer=1), {"popular": ["com", "fr"]}) == PromotionTerms(
        id=SPACE,
        name="Black week",
        title={"en": "Black week", "fr": "Semaine noire"},
        starts_at=NOW,
        ends_at=NOW + timedelta(days=7),
        method="order_amount",
        amount=Money(500, "EUR"),
        kinds=frozenset({"domain"}),
        endings=frozenset({"com", "fr", "pl"}),
        actions=frozenset({"register"}),
        years=frozenset({1, 2}),
        groups=frozenset({PARTNERS}),
        first_year_only=True,
        new_customers_only=True,
        min_quantity=3,
        min_total=Money(2500, "EUR"),
        max_per_customer=1,
        with_premium=True,
        combines=True,
    )


@pytest.mark.parametrize(
    "terms",
    [
        {"method": "gift"},
        {"method": "percent", "percent": "101"},
        {"method": "percent", "percent": "-1"},
        {"method": "percent", "percent": "a lot"},
        {"method": "amount", "amount_minor": -1},
        {"method": "percent", "percent": "1", "price_groups": ["partners"]},
        {"method": "percent", "percent": "1", "years": ["one"]},
    ],
)
def test_promotion_that_makes_no_sense_is_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_terms(Row(terms=terms))


@pytest.mark.parametrize(
    ("terms", "item", "buyer", "now", "why"),
    [
        ({}, ITEM, BuyerFacts(), NOW, None),
        ({}, ITEM, BuyerFacts(), NOW - timedelta(seconds=1), "This promotion has not begun yet."),
        ({}, ITEM, BuyerFacts(), NOW + timedelta(days=7), "This promotion has ended."),
        ({"price_groups": [str(PARTNERS)]}, ITEM, BuyerFacts(), NOW, "This promotion is for other customers."),
        ({"price_groups": [str(PARTNERS)]}, ITEM, BuyerFacts(group_id=PARTNERS), NOW, None),
        ({"new_customers_only": True}, ITEM, BuyerFacts(is_new=False), NOW, "This promotion is for new customers."),
        ({"tld_groups": ["gone"]}, ITEM, BuyerFacts(), NOW, "This promotion is for other endings or products."),
        ({"tld_groups": ["popular"]}, ITEM, BuyerFacts(), NOW, None),
        ({"kinds": ["hosting"]}, ITEM, BuyerFacts(), NOW, "This promotion is for other endings or products."),
        ({"years": [2]}, ITEM, BuyerFacts(), NOW, "This promotion is for other terms."),
    ],
)
def test_promotion_says_why_it_does_not_count(
    terms: dict[str, Any], item: Item, buyer: BuyerFacts, now: datetime, why: str | None
) -> None:
    answer = promotion(**terms).applies(item, buyer, now)

    assert (None if answer is None else str(answer)) == why


@pytest.mark.parametrize(
    "terms",
    [{}, {"tld_groups": ["gone"]}, {"tld_groups": ["popular"]}, {"kinds": ["hosting"]}, {"years": [2]}],
)
def test_promotion_is_about_what_it_has_no_word_against(terms: dict[str, Any]) -> None:
    read = promotion(**terms)

    assert read.is_about(ITEM) == (read.why_not_on(ITEM) is None)


def test_promotion_counts_once_for_a_customer() -> None:
    once = read_terms(Row(terms={"method": "percent", "percent": "20"}, max_per_customer=1))

    assert str(once.why_not_for(BuyerFacts(promotion_uses={SPACE: 1}))) == "You have used this promotion already."
    assert once.why_not_for(BuyerFacts(promotion_uses={PARTNERS: 1})) is None


@pytest.mark.parametrize(
    ("terms", "locale", "words"),
    [
        ({}, "en", "20\N{NO-BREAK SPACE}% less"),
        ({"percent": "12.5"}, "de", "12,5\N{NO-BREAK SPACE}%"),
        ({"first_year_only": True}, "en", "20\N{NO-BREAK SPACE}% less in the first year"),
        ({"method": "amount", "amount_minor": 300}, "en", "€3.00 less"),
        ({"method": "order_amount", "amount_minor": 300}, "en", "€3.00 off the whole order, shared out"),
        ({"method": "price", "amount_minor": 300, "first_year_only": True}, "en", "€3.00 in the first year"),
    ],
)
def test_promotion_says_what_it_takes_off(terms: dict[str, Any], locale: str, words: str) -> None:
    with speaking(locale):
        assert words in str(promotion(**terms).reward)


@pytest.mark.parametrize(("locale", "words"), [("en", "Black week"), ("fr", "Semaine noire"), ("pl", "Black week")])
def test_promotion_has_a_title_in_the_language_of_the_reader(locale: str, words: str) -> None:
    with speaking(locale):
        assert str(promotion().shown) == words


@pytest.mark.parametrize(
    ("code", "buyer", "why"),
    [
        ({}, BuyerFacts(), None),
        ({"customer_id": PARTNERS}, BuyerFacts(customer_id=PARTNERS), None),
        ({"customer_id": PARTNERS}, BuyerFacts(), "This code is meant for another customer."),
        ({"uses_left": 1}, BuyerFacts(), None),
        ({"uses_left": 0}, BuyerFacts(), "This code has been used up."),
    ],
)
def test_code_says_why_it_does_not_count(code: dict[str, Any], buyer: BuyerFacts, why: str | None) -> None:
    answer = CodeTerms(code="BLACK", promotion_id=SPACE, **code).counts_for(buyer)

    assert (None if answer is None else str(answer)) == why


def answers(terms: PromotionTerms, *codes: CodeTerms, items: tuple[Item, ...] = (ITEM,)) -> list[str]:
    book = PriceBook(
        currency="EUR",
        prices={("com", "register", 1): Money(1000, "EUR")},
        amounts="gross",
        vat_percent=Decimal(20),
        promotions=(terms,),
    )
    return [str(each.why or each.saved) for each in quote(items, book, codes=codes, now=NOW).codes]


BLACK = CodeTerms(code="BLACK", promotion_id=SPACE)


@pytest.mark.parametrize(
    ("row", "codes", "said"),
    [
        ({}, (BLACK,), ["2.00 EUR"]),
        ({}, (BLACK, CodeTerms(code="OTHER", promotion_id=PARTNERS)),
         ["2.00 EUR", "This code does not count at the moment."]),
        ({}, (BLACK, CodeTerms(code="NOIR", promotion_id=SPACE)),
         ["2.00 EUR", "This promotion counts already; the code adds nothing to it."]),
        ({"needs_code": False}, (BLACK,), ["This promotion counts already; the code adds nothing to it."]),
        ({"terms": {"method": "percent", "percent": "20", "min_quantity": 2}}, (BLACK,),
         ["This promotion counts from 2 items on."]),
        ({"terms": {"method": "percent", "percent": "20", "min_total_minor": 2000}}, (BLACK,),
         ["This promotion counts from a total of €20.00 on."]),
        ({"terms": {"method": "percent", "percent": "20", "endings": ["fr"]}}, (BLACK,),
         ["This promotion is for other endings or products."]),
        ({"terms": {"method": "amount", "amount_minor": 100}, "currency": "PLN"}, (BLACK,),
         ["This promotion is in another currency."]),
        ({"terms": {"method": "percent", "percent": "0"}}, (BLACK,),
         ["This code takes nothing off what is in your cart."]),
    ],
)  # fmt: skip
def test_every_code_is_answered(row: dict[str, Any], codes: tuple[CodeTerms, ...], said: list[str]) -> None:
    whole = {"needs_code": True, "terms": {"method": "percent", "percent": "20"}, **row}

    assert sorted(answers(read_terms(Row(**whole)), *codes)) == sorted(said)


def test_promotion_that_was_promised_counts_for_nothing_else() -> None:
    owed = replace(promotion(), only_for=frozenset({"mine"}))
    mine, other = replace(ITEM, key="mine"), replace(ITEM, key="other")

    assert [owed.is_about(mine), owed.is_about(other)] == [True, False]
    assert [owed.why_not_on(mine), str(owed.why_not_on(other))] == [None, "This promotion has ended."]
