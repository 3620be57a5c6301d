"""Purchase prices read from tables: both shapes, every fault by its cell, and what would change."""

import pytest
from hypothesis import strategies as st

from storefront.core.money import Money
from storefront.pricing.history_rules import SeenKey
from storefront.pricing.items import DOMAIN_ACTIONS
from storefront.pricing.sheets import read_sheet, write_csv, write_xlsx
from storefront.pricing.wholesale_files import MOST_FAULTS, Change, ReadCosts, compare, cost_table, read_costs
from tests.laws import law

KNOWN = ("com", "net", "co.uk", "भारत")


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def key(ending: str, action: str = "register", years: int = 1, kind: str = "domain") -> SeenKey:
    return (kind, ending, action, years)


def read(text: str, currency: str = "EUR") -> ReadCosts:
    return read_costs(read_sheet(text.encode(), "x.csv"), currency=currency, known=KNOWN)


@pytest.mark.parametrize(
    ("text", "costs"),
    [
        ("ending;action;years;price\ncom;register;2;18,80", {key("com", "register", 2): eur(1880)}),
        ("TLD;Operation;Price\n.COM;Renewal;9.4", {key("com", "renew"): eur(940)}),
        ("extension;action;currency;cost\nco.uk;transfer;gbp;5", {key("co.uk", "transfer"): Money(500, "GBP")}),
        ("ending;action;price\nभारत;redemption;1 000,50", {key("भारत", "restore"): eur(100050)}),
        ("ending;action;price\ncom;owner change;0", {key("com", "trade"): eur(0)}),
        (
            "kind;code;action;years;price\nhosting;plan-s;recurring;1;24\nhosting;plan-s;setup;;5",
            {key("plan-s", "recurring", 1, "hosting"): eur(2400), key("plan-s", "setup", 1, "hosting"): eur(500)},
        ),
        (
            "ending;register;renew;renew 2;trade;backorder\ncom;9;9.40;18;;39\nnet;;10;;;",
            {
                key("com"): eur(900),
                key("com", "renew"): eur(940),
                key("com", "renew", 2): eur(1800),
                key("com", "backorder"): eur(3900),
                key("net", "renew"): eur(1000),
            },
        ),
    ],
)
def test_table_is_read_in_both_shapes(text: str, costs: dict[SeenKey, Money]) -> None:
    assert read(text) == ReadCosts(costs=costs)


def test_currency_without_decimals_is_read() -> None:
    assert read("ending;register\ncom;1200", currency="JPY").costs == {key("com"): Money(1200, "JPY")}


@pytest.mark.parametrize(
    ("text", "cell", "words"),
    [
        ("name;price\ncom;9", "A1", "no column called “ending”"),
        ("ending;action\ncom;register", "A1", "no column called “price”"),
        ("ending;tld;register\ncom;com;9", "A1", "same name"),
        ("ending;action;price;colour\ncom;register;9;red", "D1", "“colour”"),
        ("ending;register;gift\ncom;9;9", "C1", "“gift”"),
        ("ending;transfer 2\ncom;9", "B1", "“transfer 2”"),
        ("ending;register 11\ncom;9", "B1", "“register 11”"),
        ("ending;register\ncom;", "A2", "no price in this file"),
        ("ending;action;price\n;register;9", "A2", "ending is missing"),
        ("ending;action;price\n=1+1;register;9", "A2", "cannot be an ending"),
        ("ending;action;price\nnowhere;register;9", "A2", "no rules for the ending .nowhere"),
        ("ending;action;price\ncom;dance;9", "B2", "“dance”"),
        ("ending;action;price\ncom;setup;9", "B2", "“setup”"),
        ("kind;ending;action;price\nboat;com;register;9", "A2", "“boat”"),
        ("ending;action;years;price\ncom;register;0;9", "C2", "from 1 to 10"),
        ("ending;action;years;price\ncom;register;²;9", "C2", "from 1 to 10"),
        ("ending;action;years;price\ncom;register;1.5;9", "C2", "from 1 to 10"),
        ("ending;action;years;price\ncom;transfer;2;9", "C2", "paid once"),
        ("ending;action;price\ncom;register;", "C2", "price is missing"),
        ("ending;action;price\ncom;register;-9", "C2", "below zero"),
        ("ending;action;price\ncom;register;9.4.0", "C2", "no amount"),
        ("ending;action;price\ncom;register;1e3", "C2", "no amount"),
        ("ending;action;price\ncom;register;9.405", "C2", "more decimals"),
        ("ending;action;price\ncom;register;999999", "C2", "far too much"),
        ("ending;action;price\ncom;register;99999999999999", "C2", "no amount"),
        ("ending;action;currency;price\ncom;register;euro;9", "C2", "three letters"),
        ("ending;action;price\ncom;register;9\n\ncom;create;9", "C4", "stands in C2 already"),
    ],
)
def test_fault_is_named_by_its_cell(text: str, cell: str, words: str) -> None:
    found = read(text).faults

    assert [fault.cell for fault in found] == [cell]
    assert words in str(found[0].text)


def test_faults_are_many_but_not_endless() -> None:
    found = read("ending;register\n" + "nowhere;9\n" * 500)

    assert len(found.faults) == MOST_FAULTS
    assert found.is_cut


COSTS = st.dictionaries(
    st.tuples(st.just("domain"), st.sampled_from(KNOWN), st.sampled_from(DOMAIN_ACTIONS), st.just(1)),
    st.integers(0, 1_000_000).map(eur),
    min_size=1,
    max_size=12,
)


@law(COSTS, few=25, many=500)
def test_what_is_downloaded_is_read_back(costs: dict[SeenKey, Money]) -> None:
    for written in (write_csv(cost_table(costs)), write_xlsx(cost_table(costs))):
        assert read_costs(read_sheet(written, "x"), currency="PLN", known=KNOWN) == ReadCosts(costs=costs)


@law(COSTS, COSTS, few=50)
def test_what_would_change_leads_from_one_to_the_other(
    present: dict[SeenKey, Money], costs: dict[SeenKey, Money]
) -> None:
    found = compare(costs, present)

    assert present | {change.key: change.after for change in found.changes} == present | costs
    assert found.new + found.rises + found.falls == len(found.changes)
    assert found.same + len(found.changes) == len(costs)
    assert found.untouched == len(present.keys() - costs.keys())
    assert compare(costs, present | costs).changes == ()


@pytest.mark.parametrize(
    ("before", "after", "percent", "is_far", "is_rise"),
    [
        (eur(1000), eur(1200), 20, False, True),
        (eur(1000), eur(1210), 21, True, True),
        (eur(1000), eur(790), -21, True, False),
        (eur(1000), eur(1), -100, True, False),
        (None, eur(1000), None, False, False),
        (eur(0), eur(1000), None, False, True),
        (Money(1000, "PLN"), eur(1000), None, False, False),
    ],
)
def test_far_movements_are_seen(
    before: Money | None, after: Money, percent: int | None, is_far: bool, is_rise: bool
) -> None:
    change = Change(key=key("com"), before=before, after=after)

    assert (change.percent, change.is_far, change.is_rise) == (percent, is_far, is_rise)
