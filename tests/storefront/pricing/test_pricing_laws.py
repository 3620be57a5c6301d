"""Laws of prices that hold for every cart, promotion and code: found by trying thousands at random."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storefront.core.money import Money
from storefront.pricing.group_rules import GroupTerms, group_prices
from storefront.pricing.items import PriceKey
from storefront.pricing.margin import Ending
from storefront.pricing.margin_rules import METHODS as RULE_METHODS
from storefront.pricing.margin_rules import Rule
from storefront.pricing.promotion_rules import METHODS, BuyerFacts, CodeTerms, PromotionTerms
from storefront.pricing.quote import Item, PriceBook, Quote, quote

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SPACE = UUID("0c53a5d8-3f5b-4cf5-a1d0-9d1a7a2f7c11")
ENDINGS = ("com", "fr", "pl")
ROUNDINGS = (Ending(), Ending(step=100, digits=90), Ending(step=10, digits=9))
# Six laws: together more than twenty thousand examples in ./run proof.
FEW, MANY = 40, 3_500

minors = st.integers(0, 12_000)
percents = st.decimals(0, 100, places=1)


@st.composite
def books(draw: st.DrawFn) -> PriceBook:
    """A shop with prices of three endings, perhaps for a group, perhaps with an ending for reduced prices."""
    listed: dict[PriceKey, Money] = {
        (ending, "register", years): Money(draw(minors), "EUR") for ending in ENDINGS for years in (1, 2)
    }
    group = None
    if draw(st.booleans()):
        single: dict[PriceKey, Money] = {("com", "register", 1): Money(draw(minors), "EUR")}
        group = GroupTerms(
            id=SPACE, name="Partners", discount_percent=draw(percents), singles=single if draw(st.booleans()) else {}
        )
    return PriceBook(
        currency="EUR",
        prices=group_prices(listed, group.singles, group.discount_percent) if group else listed,
        listed=listed if group else {},
        group=group,
        amounts=draw(st.sampled_from(["net", "gross"])),
        vat_percent=Decimal("25.5"),
        rounding=draw(st.sampled_from(ROUNDINGS)),
    )


@st.composite
def promotions(draw: st.DrawFn, place: int) -> PromotionTerms:
    """Any promotion, with any of the conditions that do not depend on who buys."""
    method = draw(st.sampled_from(METHODS))
    is_percent = method == "percent"
    return PromotionTerms(
        id=uuid5(SPACE, str(place)),
        name=f"promotion {place}",
        title={},
        starts_at=NOW - timedelta(days=1),
        ends_at=None,
        method=method,
        percent=draw(percents) if is_percent else Decimal(0),
        amount=None if is_percent else Money(draw(minors), "EUR"),
        needs_code=draw(st.booleans()),
        endings=draw(st.sampled_from([None, None, frozenset({"com"}), frozenset({"com", "fr"})])),
        years=draw(st.sampled_from([None, None, frozenset({1})])),
        first_year_only=draw(st.booleans()),
        min_quantity=draw(st.sampled_from([0, 0, 2])),
        min_total=draw(st.sampled_from([None, None, Money(5_000, "EUR")])),
        combines=draw(st.booleans()),
    )


carts = st.lists(st.tuples(st.sampled_from((*ENDINGS, "eu")), st.sampled_from((1, 2, 3))), max_size=6).map(
    lambda wanted: [
        Item(key=f"{place}", ending=ending, action="register", years=years)
        for place, (ending, years) in enumerate(wanted)
    ]
)
several = st.integers(0, 4).flatmap(lambda count: st.tuples(*(promotions(place) for place in range(count))))
some = st.integers(1, 4).flatmap(lambda count: st.tuples(*(promotions(place) for place in range(count))))


def ask(items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...]) -> Quote:
    codes = [CodeTerms(code=each.name, promotion_id=each.id) for each in terms if each.needs_code]
    return quote(items, replace(book, promotions=terms), codes=codes, buyer=BuyerFacts(), now=NOW)


def add_up_whatever_is_bought(items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...]) -> None:
    answer = ask(items, book, terms)

    assert len(answer.items) + len(answer.refused) == len(items)
    assert answer.total.minor == sum(each.price.minor for each in answer.items)
    assert answer.saved.minor == sum(each.saved.minor for each in answer.items)
    for each in answer.items:
        assert each.price.minor == each.list_price.minor + sum(reason.change.minor for reason in each.reasons)
        assert each.regular == book.find(each.item)
        assert 0 <= each.price.minor <= each.regular.minor
        assert len(set(each.promotion_ids)) == len(each.promotion_ids)


def forget_the_order_of_the_lines(
    items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...], shuffled: list[Item]
) -> None:
    one, other = ask(items, book, terms), ask(shuffled, book, tuple(reversed(terms)))

    assert one.total == other.total
    assert {each.item.key: each.price for each in one.items} == {each.item.key: each.price for each in other.items}
    assert ask(items, book, terms) == one


def cost_no_more_with_one_promotion_more(items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...]) -> None:
    assert ask(items, book, terms).total <= ask(items, book, terms[:-1]).total


def cost_no_more_with_a_larger_reduction(
    items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...], more: Decimal
) -> None:
    first, *others = terms
    if first.method == "percent":
        larger = replace(first, percent=min(first.percent + more, Decimal(100)))
    else:
        assert first.amount is not None
        step = -int(more * 10) if first.method == "price" else int(more * 10)
        larger = replace(first, amount=Money(max(first.amount.minor + step, 0), "EUR"))

    assert ask(items, book, (larger, *others)).total <= ask(items, book, terms).total


def combine_only_where_all_say_so(items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...]) -> None:
    by_id = {each.id: each for each in terms}

    for each in ask(items, book, terms).items:
        counted = [by_id[promotion_id] for promotion_id in each.promotion_ids]
        assert len(counted) < 2 or all(one.combines for one in counted)
        assert len([one for one in counted if not one.needs_code and one.method != "order_amount"]) <= 1
        assert all(one.applies(each.item, BuyerFacts(), NOW) is None for one in counted)


def stay_above_cost_and_end_as_the_rule_says(rule: Rule, cost: int, vat: Decimal, amounts: str) -> None:
    made = rule.price(Money(cost, "EUR"), years=1, amounts=amounts, vat_percent=vat)  # type: ignore[arg-type]  # one of two words
    shown = made.price.gross if amounts == "gross" else made.price.net

    assert rule.may_lose or made.price.net.minor >= cost
    assert made.price.net + made.price.vat == made.price.gross
    assert rule.floor is None or shown.minor >= rule.floor
    assert rule.ceiling is None or shown.minor <= rule.ceiling or made.held == "cost"


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """Any margin rule."""
    method = draw(st.sampled_from(RULE_METHODS))
    floor = draw(st.none() | minors)
    return Rule(
        id=SPACE,
        name="rule",
        method=method,
        percent=draw(st.decimals(-50, 95, places=2)),
        amount=draw(minors),
        at_least=draw(st.sampled_from([0, 0, 250])),
        floor=floor,
        ceiling=draw(st.none() | st.integers(floor or 0, 20_000)),
        ending=replace(draw(st.sampled_from(ROUNDINGS)), amounts=draw(st.sampled_from(["net", "gross"]))),
        may_lose=draw(st.booleans()),
    )


LAWS: dict[str, tuple[Callable[..., None], tuple[st.SearchStrategy[Any], ...]]] = {
    "prices add up whatever is bought": (add_up_whatever_is_bought, (carts, books(), several)),
    "prices forget the order of the lines": (
        lambda items, book, terms, random: forget_the_order_of_the_lines(
            items, book, terms, random.sample(items, len(items))
        ),
        (carts, books(), several, st.randoms(use_true_random=False)),
    ),
    "one promotion more never costs more": (cost_no_more_with_one_promotion_more, (carts, books(), some)),
    "a larger reduction never costs more": (
        cost_no_more_with_a_larger_reduction,
        (carts, books(), some, st.decimals(0, 100, places=1)),
    ),
    "promotions combine only where all say so": (combine_only_where_all_say_so, (carts, books(), some)),
    "no rule falls below cost unawares": (
        stay_above_cost_and_end_as_the_rule_says,
        (rules(), minors, percents, st.sampled_from(["net", "gross"])),
    ),
}


def try_law(law: str, examples: int) -> None:
    """Try a law on so many examples."""
    check, strategies = LAWS[law]
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]

    @settings(max_examples=examples, deadline=None, suppress_health_check=slow, database=None)
    @given(st.tuples(*strategies))
    def every(drawn: tuple[Any, ...]) -> None:
        check(*drawn)

    every()


@pytest.mark.parametrize("law", LAWS)
def test_law_of_prices_holds(law: str) -> None:
    try_law(law, FEW)


@pytest.mark.proof
@pytest.mark.parametrize("law", LAWS)
def test_law_of_prices_holds_for_thousands(law: str) -> None:
    try_law(law, MANY)
