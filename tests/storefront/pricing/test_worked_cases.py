"""Worked cases in tables that a person can read: every row of cases/*.md is tried."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from storefront.pricing.margin import ExchangeRate, NoExchangeRate, convert, find_rate
from storefront.pricing.quote import Item, Quote, quote
from tests.price_cases import NOW, Case, book, cases, ending, items, money, promotions, rule, shop

EVERY = {file: cases(file) for file in ("margins", "exchange", "prices", "carts", "moments")}


@pytest.mark.parametrize("case", EVERY["margins"], ids=str)
def test_margin_rule_makes_the_price(case: Case) -> None:
    currency, amounts, vat = shop(case)
    made = rule(case["rule"], currency, ending(case["ends in"], amounts)).price(
        money(case["cost"], currency), years=int(case["years"]), amounts=amounts, vat_percent=vat
    )

    held = made.held.replace("_", " ") or "-"
    assert (str(made.price.net.decimal), str(made.price.gross.decimal), held) == (
        case["net"],
        case["gross"],
        case["held by"],
    )


@pytest.mark.parametrize("case", EVERY["exchange"], ids=str)
def test_cost_is_exchanged_with_a_buffer_or_not_at_all(case: Case) -> None:
    base, _, quoted = case["rate"].partition(" ")
    rate = ExchangeRate(
        base=base,
        quoted=quoted.partition(" ")[2],
        rate=Decimal(quoted.partition(" ")[0]),
        on=date(2026, 11, 20),
        source="European Central Bank",
        buffer_percent=Decimal(case["buffer"].removesuffix(" %")),
        holds_until=date.fromisoformat(case["holds until"]) if case["holds until"] != "-" else None,
    )
    cost = money(case["cost"])

    try:
        came = str(convert(cost, find_rate([rate], cost.currency, case["into"], date.fromisoformat(case["on"]))))
    except NoExchangeRate:
        came = "refused"

    assert came == case["comes to"]


def asked(case: Case, now: datetime = NOW) -> Quote:
    terms, codes, buyer = promotions(case, now)
    wanted = items(case["items"])
    return quote(wanted, book(case, terms), codes=codes, buyer=buyer, now=now)


@pytest.mark.parametrize("case", EVERY["prices"], ids=str)
def test_price_of_one_item(case: Case) -> None:
    answer = asked(case)

    if case["pays"] == "not sold":
        assert (len(answer.items), len(answer.refused)) == (0, 1)
        return
    found = answer.items[0]
    why = ", ".join(f"{each.kind.replace('_', ' ')} {each.change.decimal}" for each in found.reasons[1:])
    renewal = str(found.renewal_per_year.decimal) if found.renewal_per_year is not None else "-"
    assert (str(found.list_price.decimal), str(found.price.decimal), renewal, why or "-") == (
        case["list"],
        case["pays"],
        case["then a year"],
        case["why"],
    )


@pytest.mark.parametrize("case", EVERY["carts"], ids=str)
def test_prices_in_a_cart(case: Case) -> None:
    answer = asked(case)

    parts = ", ".join(str(each.price.decimal) for each in answer.items)
    saved = ", ".join(str(each.saved.decimal) for each in answer.codes) or "-"
    assert (parts, str(answer.total.decimal), saved) == (case["pays"], case["in all"], case["by codes"])


@pytest.mark.parametrize("case", EVERY["moments"], ids=str)
def test_promotion_counts_from_its_start_until_just_before_its_end(case: Case) -> None:
    zone = ZoneInfo(case.facts["Zone"])
    (terms,), _codes, buyer = promotions(case)
    running = replace(
        terms,
        starts_at=datetime.fromisoformat(case["starts"]).replace(tzinfo=zone),
        ends_at=datetime.fromisoformat(case["ends"]).replace(tzinfo=zone) if case["ends"] != "-" else None,
    )
    at = datetime.fromisoformat(case["moment"])
    wanted = [Item(key="1", ending="com", action="register", years=1)]

    answer = quote(
        wanted,
        book(case, (running,)),
        buyer=buyer,
        now=at if at.tzinfo else at.replace(tzinfo=zone),
    )

    assert (str(answer.total.decimal), str(answer.quoted_on)) == (case["pays"], case["day"])


def test_there_are_more_than_three_hundred_worked_cases() -> None:
    assert sum(map(len, EVERY.values())) >= 300
