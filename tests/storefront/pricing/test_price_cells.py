"""Cells of a price list: amounts as people type them, margins, changes weighed, many set at once."""

from decimal import Decimal

import pytest
from hypothesis import strategies as st

from storefront.core.money import Money
from storefront.pricing.bulk_rules import BulkRule, bulk_changes, changed_price
from storefront.pricing.price_cells import (
    CellKey,
    Change,
    Terms,
    earning,
    is_loss,
    middle_margin,
    read_amount,
    weigh,
    write_amount,
)
from tests.laws import law

GROSS = Terms(currency="EUR", amounts="gross", vat_percent=Decimal("25.5"))
NET = Terms(currency="EUR", amounts="net", vat_percent=Decimal(20))
PLN = Terms(currency="PLN", amounts="gross", vat_percent=Decimal(23))
COM = CellKey("com", "register", 1)


def euro(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("10.90", 1090),
        ("10,90", 1090),
        ("10.9", 1090),
        ("10", 1000),
        (" 1 234,50 € ", 123450),
        ("1\u00a0234,50", 123450),
        ("1'234.50", 123450),
        ("1,234.50", 123450),
        ("1.234,50", 123450),
        ("EUR 12.90", 1290),
        ("12,90 EUR", 1290),
        ("12.900,00", 1290000),
        ("0", 0),
        ("12.9000", 1290),
        ("1000000", 100_000_000),
    ],
)
def test_amount_is_read_as_people_write_it(typed: str, minor: int) -> None:
    assert read_amount(typed, "EUR") == euro(minor)


@pytest.mark.parametrize("typed", ["", "  ", "-", "\u2013", "\u2014"])
def test_nothing_and_dashes_are_no_price(typed: str) -> None:
    assert read_amount(typed, "EUR") is None


@pytest.mark.parametrize(
    "typed",
    [
        "1,234",
        "1.234",
        "-5",
        "12.905",
        "1.2.3",
        "1,2,3",
        "abc",
        "=1+1",
        "1e3",
        "NaN",
        "١٢",
        "12.90.",
        "1000000.01",
        "9" * 40,
    ],
)
def test_what_is_no_amount_or_means_two_things_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_amount(typed, "EUR")


@pytest.mark.parametrize(
    ("minor", "currency", "point", "text"),
    [(1090, "EUR", ".", "10.90"), (5, "EUR", ",", "0,05"), (0, "EUR", ".", "0.00"), (1500, "JPY", ".", "1500")],
)
def test_amount_is_written_with_all_its_digits(minor: int, currency: str, point: str, text: str) -> None:
    assert write_amount(minor, currency, point) == text


@law(
    minor=st.integers(0, 100_000_000),
    currency=st.sampled_from(["EUR", "PLN", "JPY", "HUF"]),
    point=st.sampled_from(".,"),
)
def test_what_is_written_is_read_back(minor: int, currency: str, point: str) -> None:
    amount = Money(min(minor, 1_000_000), currency)

    assert read_amount(write_amount(amount.minor, currency, point), currency) == amount


@pytest.mark.parametrize(
    ("price", "cost", "terms", "left", "percent"),
    [
        (1090, 842, GROSS, 27, "3"),  # 8.69 net
        (3900, 3360, GROSS, -252, "-8"),
        (1390, 842, GROSS, 266, "24"),
        (1000, 800, NET, 200, "20"),
        (0, 0, NET, 0, "0"),
        (0, 100, NET, -100, "-100"),
    ],
)
def test_what_is_left_of_a_price(price: int, cost: int, terms: Terms, left: int, percent: str) -> None:
    found = earning(euro(price), euro(cost), terms)

    assert found is not None
    assert found.left == euro(left)
    assert round(found.percent) == Decimal(percent)


def test_loss_is_told_only_where_the_cost_is_known() -> None:
    assert is_loss(euro(100), euro(101), NET)
    assert not is_loss(euro(100), euro(100), NET)
    assert not is_loss(euro(0), None, NET)
    assert not is_loss(None, euro(5), NET)


def test_changes_are_weighed_against_what_they_change() -> None:
    changes = [
        Change(key=COM, before=euro(1000), after=euro(1201), cost=euro(100)),
        Change(key=COM, before=euro(1000), after=euro(1200), cost=euro(100)),
        Change(key=COM, before=euro(1000), after=euro(500), cost=euro(700)),
        Change(key=COM, before=None, after=euro(500), cost=None),
        Change(key=COM, before=euro(500), after=None, cost=euro(10)),
        Change(key=COM, before=euro(1), after=euro(1), cost=euro(10)),
    ]

    found = weigh(changes, NET)

    assert [len(each) for each in (found.changed, found.rises, found.falls, found.losses)] == [5, 1, 1, 1]
    assert (len(found.added), len(found.removed)) == (1, 1)


def test_middle_margin_is_of_what_is_registered_and_renewed() -> None:
    prices = {COM: 1000, CellKey("com", "renew", 1): 1000, CellKey("com", "restore", 1): 1}
    costs = {COM: euro(900), CellKey("com", "renew", 1): euro(700), CellKey("com", "restore", 1): euro(9000)}

    assert middle_margin(prices, costs, NET) == Decimal(20)
    assert middle_margin(prices, {}, NET) is None


@pytest.mark.parametrize(
    ("rule", "before", "cost", "terms", "after"),
    [
        (BulkRule(method="markup", percent=Decimal(25)), None, 800, NET, 1000),
        (BulkRule(method="margin", percent=Decimal(20)), None, 800, NET, 1000),
        (BulkRule(method="plus", amount=euro(200)), None, 800, NET, 1000),
        (BulkRule(method="markup", percent=Decimal(18), rounding="90"), 5400, 4480, GROSS, 6690),  # 66.34 gross
        (BulkRule(method="markup", percent=Decimal(0), rounding="99"), None, 920, GROSS, 1199),  # 11.55 gross
        (BulkRule(method="markup", percent=Decimal(25)), 700, None, NET, 700),  # no cost, nothing to say
        (BulkRule(method="markup", percent=Decimal(25), rounding="99"), 700, 0, NET, 0),  # free stays free
        (BulkRule(method="price_percent", percent=Decimal(10)), 1000, None, NET, 1100),
        (BulkRule(method="price_percent", percent=Decimal(-10), rounding="90"), 1000, None, NET, 990),
        (BulkRule(method="price_percent", percent=Decimal(10)), None, 800, NET, None),
        (BulkRule(method="price_plus", amount=-euro(2000)), 1000, None, NET, 0),
        (BulkRule(method="fixed", amount=euro(1290)), None, None, NET, 1290),
        (BulkRule(method="fixed", amount=euro(1290), rounding="99"), 5, None, NET, 1299),
        (BulkRule(method="none"), 1000, 800, NET, None),
    ],
)
def test_bulk_rule_makes_a_price(
    rule: BulkRule, before: int | None, cost: int | None, terms: Terms, after: int | None
) -> None:
    made = changed_price(rule, None if before is None else euro(before), None if cost is None else euro(cost), terms)

    assert made == (None if after is None else euro(after))


@law(
    cost=st.integers(0, 10_000_000),
    percent=st.decimals(0, 99, places=1),
    method=st.sampled_from(["markup", "margin"]),
    rounding=st.sampled_from(["", "99", "90", "00"]),
    terms=st.sampled_from([GROSS, NET]),
)
def test_no_rule_on_the_cost_ever_sells_below_it(
    cost: int, percent: Decimal, method: str, rounding: str, terms: Terms
) -> None:
    rule = BulkRule(method="markup" if method == "markup" else "margin", percent=percent, rounding=rounding)

    made = changed_price(rule, None, euro(cost), terms)

    assert made is not None
    assert made.minor in (0, 100_000_000) or not is_loss(made, euro(cost), terms)


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "fixed"},
        {"method": "margin", "percent": Decimal(100)},
        {"method": "markup", "percent": Decimal(-5)},
        {"method": "none", "rounding": "37"},
    ],
)
def test_rule_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".*"):
        BulkRule(**wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_going_back_to_the_live_price_takes_out_what_is_not_live() -> None:
    renew = CellKey("com", "renew", 1)

    found = bulk_changes(
        BulkRule(method="live"), [COM, renew], {COM: 900, renew: 800}, costs={}, live={COM: 1000}, terms=NET
    )

    assert [change.after for change in found] == [euro(1000), None]


def test_yen_have_no_cents_to_end_in() -> None:
    yen = Terms(currency="JPY", amounts="gross", vat_percent=Decimal(10))
    rule = BulkRule(method="markup", percent=Decimal(25), rounding="99")

    assert changed_price(rule, None, Money(1000, "JPY"), yen) == Money(1375, "JPY")
