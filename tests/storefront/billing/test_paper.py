"""Frozen facts: what goes into the database comes out again, and nothing crooked gets in."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.billing.paper import DocumentFacts, Party
from storefront.core.money import Money
from tests.storefront.billing.papers import BUYER, NORDHOST, line, make_invoice, make_proforma


@pytest.mark.parametrize(
    "facts",
    [
        make_proforma(),
        make_invoice(payer=BUYER, notes=("A sentence.",)),
        make_proforma([line(price="-1", currency="JPY", percent="8")], currency="JPY", amounts="net", due_on=None),
    ],
)
def test_facts_come_back_from_json_as_they_were(facts: DocumentFacts) -> None:
    stored = json.dumps(facts.to_json())

    assert DocumentFacts.from_json(json.loads(stored)) == facts


words = st.text(max_size=40)


@given(name=words, notes=st.lists(words, max_size=3).map(tuple), minor=st.integers(-(10**12), 10**12), on=st.dates())
def test_facts_of_any_words_come_back_from_json(name: str, notes: tuple[str, ...], minor: int, on: date) -> None:
    priced = line(name, percent="20")[1]
    lines = [(name, replace(priced, unit=Money(minor, "EUR")))]
    facts = make_proforma(lines, payment=None, notes=notes, issued_on=on, payer=Party(name=name, lines=notes))

    assert DocumentFacts.from_json(json.loads(json.dumps(facts.to_json()))) == facts


def test_facts_in_json_hold_numbers_without_fractions() -> None:
    stored = make_proforma().to_json()

    assert (stored["form"], stored["gross"], stored["lines"][0]["vat_percent"]) == (2, 4235, "25.5")
    assert stored["issued_on"] == "2025-11-21"


@pytest.mark.parametrize(
    "change",
    [
        {"form": 3},
        {"form": None},
        {"gross": "4235"},
        {"gross": 42.35},
        {"gross": True},
        {"kind": "love letter"},
        {"issued_on": 20251121},
        {"issued_on": "yesterday"},
        {"brand": None},
        {"seller": "Nordhost"},
        {"surprise": 1},
    ],
)
def test_json_that_is_no_document_is_refused(change: dict[str, object]) -> None:
    stored = {**make_proforma().to_json(), **change}

    with pytest.raises(ValueError):  # noqa: PT011 - each fault has words of its own
        DocumentFacts.from_json(stored)


def test_json_with_a_claim_for_an_amount_is_refused() -> None:
    stored = {**make_proforma([]).to_json(), "vat": False}

    with pytest.raises(ValueError, match="False is not"):
        DocumentFacts.from_json(stored)


def test_json_without_a_field_is_refused() -> None:
    stored = make_proforma().to_json()

    del stored["number"]

    with pytest.raises(ValueError, match="fields of a DocumentFacts"):
        DocumentFacts.from_json(stored)


@pytest.mark.parametrize("part", ["net", "vat", "gross"])
def test_facts_whose_amounts_disagree_are_refused(part: str) -> None:
    facts = make_proforma()

    with pytest.raises(ValueError, match=f"{part} amounts"):
        replace(facts, **{part: getattr(facts, part) + Money(1, "EUR")})


def test_facts_in_a_foreign_currency_are_refused() -> None:
    with pytest.raises(ValueError, match="disagree"):
        replace(make_proforma(), currency="PLN")


@pytest.mark.parametrize(
    "change",
    [
        {"fill": "red"},
        {"fill": "#FFF"},
        {"ink": "#101a24;}*{background:url(x)"},
        {"ink": "#101a24\n"},
        {"font": "Comic Sans"},
        {"radius": "10px}"},
        {"radius": "99px"},
    ],
)
def test_brand_with_css_of_its_own_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="paper"):
        replace(NORDHOST, **change)  # type: ignore[arg-type]  # wrong on purpose


def test_facts_are_exempt_only_if_every_rate_is() -> None:
    exempt = replace(line(percent="0")[1], category="E", vat_percent=Decimal(0))

    assert make_proforma([("a", exempt)]).is_exempt
    assert not make_proforma([("a", exempt), line()]).is_exempt
