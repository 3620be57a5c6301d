"""Which margin rule makes a price, and rules that make no sense."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import pytest

from storefront.core.money import Money
from storefront.pricing.items import Action, Item
from storefront.pricing.margin import Ending
from storefront.pricing.margin_rules import Rule, first_fitting, read_rule

SPACE = UUID("7d1f1c06-0f9f-4a4e-8a32-5d1d7f2a9b40")
GROUPS = {"popular": ("com", "fr"), "national": ("fr", "pl")}


@dataclass(frozen=True, kw_only=True)
class Row:
    """Looks like a row of the table."""

    terms: dict[str, Any]
    id: UUID = SPACE
    name: str = "Popular names"
    position: int = 3


def rule(name: str, **terms: Any) -> Rule:
    return read_rule(
        Row(name=name, id=uuid5(SPACE, name), terms={"method": "markup", "percent": "20", **terms}), GROUPS
    )


def item(ending: str = "com", action: Action = "register", **change: Any) -> Item:
    return Item(key="1", ending=ending, action=action, years=1, **change)


@pytest.mark.parametrize(
    ("terms", "asked", "cost", "fits"),
    [
        ({}, item(), 900, True),
        ({"endings": ["fr"]}, item(), 900, False),
        ({"endings": ["fr", "com"]}, item(), 900, True),
        ({"tld_groups": ["popular"]}, item(), 900, True),
        ({"tld_groups": ["national"]}, item(), 900, False),
        ({"tld_groups": ["national"], "endings": ["com"]}, item(), 900, True),
        ({"tld_groups": ["gone"]}, item(), 900, False),
        ({"tld_groups": [], "endings": []}, item(), 900, True),
        ({"actions": ["renew", "transfer"]}, item(), 900, False),
        ({"actions": ["renew", "transfer"]}, item(action="transfer"), 900, True),
        ({"kinds": ["hosting"]}, item(), 900, False),
        ({"kinds": ["hosting"]}, item("small", "recurring", kind="hosting"), 900, True),
        ({"cost_from_minor": 900}, item(), 900, True),
        ({"cost_from_minor": 901}, item(), 900, False),
        ({"cost_to_minor": 900}, item(), 900, False),
        ({"cost_to_minor": 901}, item(), 900, True),
        ({"cost_from_minor": 500, "cost_to_minor": 1000}, item(), 900, True),
        ({"names": "premium"}, item(), 900, False),
        ({"names": "premium"}, item(premium=Money(900, "EUR")), 900, True),
        ({}, item(premium=Money(900, "EUR")), 900, False),
    ],
)
def test_rule_fits_what_its_conditions_name(terms: dict[str, Any], asked: Item, cost: int, fits: bool) -> None:
    assert rule("any", **terms).fits(asked, Money(cost, "EUR")) is fits


def test_first_rule_that_fits_wins() -> None:
    rules = [rule("only fr", endings=["fr"]), rule("dear", cost_from_minor=1000), rule("all"), rule("all again")]

    found = [first_fitting(rules, asked, Money(cost, "EUR")) for asked, cost in ((item("fr"), 1), (item(), 1000))]
    rest = first_fitting(rules, item(), Money(999, "EUR"))

    assert [each.name if each else None for each in (*found, rest)] == ["only fr", "dear", "all"]
    assert first_fitting(rules[:2], item(), Money(999, "EUR")) is None


def test_rule_is_read_whole() -> None:
    terms = {
        "kinds": ["domain"],
        "actions": ["register"],
        "endings": ["com"],
        "method": "plus",
        "amount_minor": 250,
        "per_year": True,
        "at_least_minor": 100,
        "floor_minor": 999,
        "ceiling_minor": 9999,
        "cost_from_minor": 1,
        "cost_to_minor": 5000,
        "step": 100,
        "digits": 99,
        "amounts": "net",
        "may_lose": True,
    }

    assert read_rule(Row(terms=terms)) == Rule(
        id=SPACE,
        name="Popular names",
        position=3,
        kinds=frozenset({"domain"}),
        actions=frozenset({"register"}),
        endings=frozenset({"com"}),
        method="plus",
        amount=250,
        per_year=True,
        at_least=100,
        floor=999,
        ceiling=9999,
        cost_from=1,
        cost_to=5000,
        ending=Ending(step=100, digits=99, amounts="net"),
        may_lose=True,
    )


@pytest.mark.parametrize(
    "terms",
    [
        {"method": "guess"},
        {"method": "margin", "percent": "100"},
        {"method": "markup", "percent": "-100"},
        {"method": "markup", "percent": "a fifth"},
        {"method": "markup", "percent": "NaN"},
        {"method": "markup", "percent": "Infinity"},
        {"method": "markup", "names": "odd"},
        {"method": "markup", "amounts": "both"},
        {"method": "markup", "step": 10, "digits": 99},
        {"method": "markup", "floor_minor": 10, "ceiling_minor": 9},
    ],
)
def test_rule_that_makes_no_sense_is_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_rule(Row(terms=terms))
