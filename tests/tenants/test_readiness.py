"""What a shop still needs: each fact settles its item and no other, and musts keep the shop closed."""

from dataclasses import replace
from typing import Any

import pytest

from tenants.readiness import ShopFacts, State, SupplierState, readiness

COMPLETE = ShopFacts(
    missing_company=(),
    is_vat_registered=True,
    vat_number="FI20774740",
    iban="FI2112345600000785",
    takes_cards=True,
    sender_email="post@nordhost.example",
    is_sender_confirmed=True,
    own_hosts=("nordhost.example",),
    waiting_host="",
    has_terms=True,
    terms_version="2026-01",
    has_privacy=True,
    has_prices=True,
    supplier=SupplierState.ACCEPTED,
    has_logo=True,
    has_colours=True,
    has_carried_out_an_order=True,
    owners=1,
    owners_without_second_factor=0,
)


def left(**more: Any) -> dict[str, State]:
    return {item.key: item.state for item in readiness(replace(COMPLETE, **more)).left}


def test_shop_that_lacks_nothing_has_nothing_to_do() -> None:
    found = readiness(COMPLETE)

    assert found.is_ready
    assert found.left == []
    assert len(found.done) == len(found.items) == 12


@pytest.mark.parametrize(
    ("lacks", "expected"),
    [
        ({"missing_company": ("street",)}, {"company": State.MUST}),
        ({"vat_number": ""}, {"company": State.MUST}),
        ({"vat_number": "", "is_vat_registered": False}, {}),
        ({"iban": ""}, {"bank": State.MUST}),
        ({"iban": "", "takes_cards": False}, {"bank": State.MUST, "payment": State.MUST}),
        ({"has_prices": False}, {"prices": State.MUST}),
        ({"has_terms": False}, {"terms": State.MUST}),
        ({"terms_version": ""}, {"terms": State.MUST}),
        ({"has_privacy": False}, {"privacy": State.MUST}),
        ({"supplier": SupplierState.NONE}, {"supplier": State.MUST}),
        ({"supplier": SupplierState.WAITING}, {"supplier": State.MUST}),
        ({"supplier": SupplierState.REFUSED}, {"supplier": State.MUST}),
        ({"supplier": SupplierState.FAILING}, {"supplier": State.MUST}),
        ({"own_hosts": ()}, {"host": State.OPEN}),
        ({"own_hosts": (), "waiting_host": "shop.example"}, {"host": State.OPEN}),
        ({"sender_email": ""}, {"sender": State.OPEN}),
        ({"is_sender_confirmed": False}, {"sender": State.OPEN}),
        ({"has_logo": False}, {"look": State.OPEN}),
        ({"has_colours": False}, {"look": State.OPEN}),
        ({"has_carried_out_an_order": False}, {"order": State.OPEN}),
        ({"owners_without_second_factor": 1}, {"second_factor": State.OPEN}),
        ({"owners": 0}, {"second_factor": State.OPEN}),
    ],
)
def test_missing_fact_opens_its_item_only(lacks: dict[str, Any], expected: dict[str, State]) -> None:
    found = left(**lacks)

    assert found == expected
    assert readiness(replace(COMPLETE, **lacks)).is_ready == (State.MUST not in expected.values())


def test_what_must_be_done_stands_first_and_says_why_and_where() -> None:
    found = readiness(replace(COMPLETE, own_hosts=(), has_privacy=False, sender_email="", has_prices=False))

    states = [item.state for item in found.items]
    assert states == sorted(states, key=[State.MUST, State.OPEN, State.DONE].index)
    assert all(item.why and item.action and item.endpoint for item in found.left)


def test_host_that_waits_is_named() -> None:
    found = readiness(replace(COMPLETE, own_hosts=(), waiting_host="shop.example"))

    assert "shop.example" in str(found.left[0].title)
