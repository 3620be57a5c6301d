"""Laws of prices that hold for every cart, promotion and code: found by trying thousands at random."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID, uuid5

from hypothesis import strategies as st

from storefront.billing.parties import unit_for
from storefront.billing.totals import PricedLine, Totals, add_up
from storefront.billing.vat import VatDecision
from storefront.core.money import Money, total
from storefront.pricing.amounts import net_of
from storefront.pricing.explain import explain
from storefront.pricing.group_rules import GroupTerms, group_prices
from storefront.pricing.items import PriceKey
from storefront.pricing.margin import Ending
from storefront.pricing.margin_rules import METHODS as RULE_METHODS
from storefront.pricing.margin_rules import Rule
from storefront.pricing.promotion_rules import METHODS, BuyerFacts, CodeTerms, PromotionTerms
from storefront.pricing.quote import Item, PriceBook, Quote, quote
from tests.laws import law

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SPACE = UUID("0c53a5d8-3f5b-4cf5-a1d0-9d1a7a2f7c11")
ENDINGS = ("com", "fr", "pl")
ROUNDINGS = (Ending(), Ending(step=100, digits=90), Ending(step=10, digits=9))
# Together more than twenty thousand carts in ./run proof.
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


def codes_of(terms: tuple[PromotionTerms, ...]) -> list[CodeTerms]:
    return [CodeTerms(code=each.name, promotion_id=each.id) for each in terms if each.needs_code]


def ask(items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...]) -> Quote:
    return quote(items, replace(book, promotions=terms), codes=codes_of(terms), buyer=BuyerFacts(), now=NOW)


@law(carts, books(), several, few=FEW, many=MANY)
def test_prices_add_up_whatever_is_bought(
    items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...]
) -> None:
    answer = ask(items, book, terms)

    assert len(answer.items) + len(answer.refused) == len(items)
    assert answer.total.minor == sum(each.price.minor for each in answer.items)
    assert answer.saved.minor == sum(each.saved.minor for each in answer.items)
    for each in answer.items:
        assert each.price.minor == each.list_price.minor + sum(reason.change.minor for reason in each.reasons)
        assert each.regular == book.find(each.item)
        assert 0 <= each.price.minor <= each.regular.minor
        assert len(set(each.promotion_ids)) == len(each.promotion_ids)


@law(carts, books(), several, st.randoms(use_true_random=False), few=FEW, many=MANY)
def test_order_of_the_lines_decides_nothing(
    items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...], random: Random
) -> None:
    shuffled = random.sample(items, len(items))

    one, other = ask(items, book, terms), ask(shuffled, book, tuple(reversed(terms)))

    assert one.total == other.total
    assert {each.item.key: each.price for each in one.items} == {each.item.key: each.price for each in other.items}
    assert ask(items, book, terms) == one


@law(carts, books(), some, few=FEW, many=MANY)
def test_one_promotion_more_never_costs_more(
    items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...]
) -> None:
    assert ask(items, book, terms).total <= ask(items, book, terms[:-1]).total


@law(carts, books(), some, st.decimals(0, 100, places=1), few=FEW, many=MANY)
def test_larger_reduction_never_costs_more(
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


@law(carts, books(), some, few=FEW, many=MANY)
def test_promotions_combine_only_where_all_say_so(
    items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...]
) -> None:
    by_id = {each.id: each for each in terms}

    for each in ask(items, book, terms).items:
        counted = [by_id[promotion_id] for promotion_id in each.promotion_ids]
        assert len(counted) < 2 or all(one.combines for one in counted)
        assert len([one for one in counted if not one.needs_code and one.method != "order_amount"]) <= 1
        assert all(one.applies(each.item, BuyerFacts(), NOW) is None for one in counted)


def charge(prices: list[Money], book: PriceBook, percent: Decimal) -> Totals:
    """Add up prices as a proforma does, for a buyer who owes this VAT."""
    decision = VatDecision(
        row=1, percent=percent, category="S" if percent else "E", country="FI", mention="", report="none", evidence=()
    )
    units = [unit_for(price, book.amounts, book.vat_percent, decision) for price in prices]
    lines = [PricedLine(unit=unit, category=decision.category, vat_percent=percent) for unit, _ in units]
    return add_up(lines, amounts=units[0][1] if units else book.amounts, currency=book.currency)  # type: ignore[arg-type]  # net or gross


owed = st.sampled_from([Decimal("25.5"), Decimal(20), Decimal(0)])


@law(carts, books(), several, owed, few=FEW, many=MANY)
def test_promised_price_is_the_charged_price(
    items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...], percent: Decimal
) -> None:
    promised = ask(items, book, terms)

    charged = charge([each.price for each in promised.items], book, percent)

    assert charged.net + charged.vat == charged.gross
    assert total((line.gross for line in charged.lines), book.currency) == charged.gross
    if book.amounts == "net":
        assert [line.net for line in charged.lines] == [each.price for each in promised.items]
        assert charged.net == promised.total
    elif percent == book.vat_percent:
        assert [line.gross for line in charged.lines] == [each.price for each in promised.items]
        assert charged.gross == promised.total
    else:
        assert [line.net for line in charged.lines] == [net_of(each.price, book.vat_percent) for each in promised.items]


@law(carts.filter(bool), books(), several, owed, few=FEW, many=MANY)
def test_office_tells_what_the_shop_asks(
    items: list[Item], book: PriceBook, terms: tuple[PromotionTerms, ...], percent: Decimal
) -> None:
    item, buyer = items[0], BuyerFacts(vat_percent=percent)
    asked = ask([item], book, terms).find(item.key)

    told = explain(
        item, cost=None, rates=(), rules=(), book=replace(book, promotions=terms), codes=codes_of(terms), buyer=buyer,
        now=NOW,
    )  # fmt: skip

    assert told.quoted == asked
    if asked is None or told.paid is None:
        assert told.refused
        return
    moved = [step.change for step in told.steps if step.change is not None and step.kind != "vat"]
    assert asked.list_price + total(moved, book.currency) == asked.price
    assert [step.amount for step in told.steps if step.kind != "vat"][-1] == asked.price
    charged = charge([asked.price], book, percent)
    assert (told.paid.net, told.paid.vat, told.paid.gross) == (charged.net, charged.vat, charged.gross)


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


@law(rules(), minors, percents, st.sampled_from(["net", "gross"]), few=FEW, many=MANY)
def test_no_rule_falls_below_cost_unawares(rule: Rule, cost: int, vat: Decimal, amounts: str) -> None:
    made = rule.price(Money(cost, "EUR"), years=1, amounts=amounts, vat_percent=vat)  # type: ignore[arg-type]  # one of two words
    shown = made.price.gross if amounts == "gross" else made.price.net

    assert rule.may_lose or made.price.net.minor >= cost
    assert made.price.net + made.price.vat == made.price.gross
    assert rule.floor is None or shown.minor >= rule.floor
    assert rule.ceiling is None or shown.minor <= rule.ceiling or made.held == "cost"
