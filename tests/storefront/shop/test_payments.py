"""Pay pages: whose they are, and every state a payment can be in."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from storefront.billing.models import Document, Payment
from storefront.billing.payments import confirm_transfer
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.fixtures_sale import BuyerInBrowser
from tests.storefront.shop.test_cart import name


@pytest.fixture
def proforma_id(buyer: BuyerInBrowser) -> str:
    buyer.add(name())
    return buyer.order().location.rpartition("/")[2]


def pay_by_card(buyer: BuyerInBrowser, proforma_id: str) -> str:
    return buyer.post(f"/pay/{proforma_id}/card").location.split("/")[2]


def put(
    database: Database, buyer: BuyerInBrowser, kind: type[Payment | Document], row_id: str, **values: object
) -> None:
    with database.work(buyer.shop.id) as db:
        row = db.require(kind, UUID(row_id))
        for column, value in values.items():
            setattr(row, column, value)
        db.commit()


def test_card_button_begins_one_payment_however_often_it_is_pressed(
    buyer: BuyerInBrowser, proforma_id: str, database: Database
) -> None:
    first, second = pay_by_card(buyer, proforma_id), pay_by_card(buyer, proforma_id)

    assert first == second
    with database.work(buyer.shop.id) as db:
        assert len(db.scalars(select(Payment).where(Payment.proforma_id == UUID(proforma_id)))) == 1


def test_page_leads_on_when_the_gateway_is_ready(buyer: BuyerInBrowser, proforma_id: str, database: Database) -> None:
    payment = pay_by_card(buyer, proforma_id)
    before = buyer.get(f"/pay/{payment}/leave")
    put(database, buyer, Payment, payment, leave_url="http://pay.localhost:8001/pay/pay_1", state="pending")

    after = buyer.get(f"/pay/{payment}/leave")

    assert (before.status_code, after.status_code) == (200, 303)
    assert after.location == "http://pay.localhost:8001/pay/pay_1"


def test_way_back_waits_for_the_notice(buyer: BuyerInBrowser, proforma_id: str, database: Database) -> None:
    payment = pay_by_card(buyer, proforma_id)

    waiting = buyer.get(f"/pay/{payment}/back")
    put(database, buyer, Payment, payment, state="captured")
    over = buyer.get(f"/pay/{payment}/back")

    assert "being confirmed" in waiting.text
    assert 'http-equiv="refresh"' in waiting.text
    assert over.location == f"/pay/{proforma_id}"


@pytest.mark.parametrize(
    ("state", "reason", "sentence"),
    [
        ("failed", "declined", "Your bank declined the card"),
        ("failed", "unreachable", "The gateway could not be reached"),
        ("cancelled", "", "You did not pay by card"),
        ("cancelled", "expired", "open for too long"),
    ],
)
def test_payment_that_failed_says_so_and_offers_both_ways(
    buyer: BuyerInBrowser, proforma_id: str, database: Database, state: str, reason: str, sentence: str
) -> None:
    put(database, buyer, Payment, pay_by_card(buyer, proforma_id), state=state, reason=reason)

    page = buyer.get(f"/pay/{proforma_id}").text

    assert sentence in page
    assert "by card" in page
    assert "IBAN" in page


def test_paid_proforma_says_what_happens_next(buyer: BuyerInBrowser, proforma_id: str, database: Database) -> None:
    with database.work(buyer.shop.id) as db:
        confirm_transfer(db, db.require(Document, UUID(proforma_id)))
        db.commit()

    page = buyer.get(f"/pay/{proforma_id}").text
    pressed = buyer.post(f"/pay/{proforma_id}/card")

    assert "€10.90 has arrived" in page
    assert "What happens now" in page
    assert "Awaiting payment" not in page
    assert pressed.location == f"/pay/{proforma_id}"


@pytest.mark.parametrize(("state", "sentence"), [("expired", "not paid in time"), ("cancelled", "was cancelled")])
def test_proforma_that_is_no_longer_good_says_so(
    buyer: BuyerInBrowser, proforma_id: str, database: Database, state: str, sentence: str
) -> None:
    put(database, buyer, Document, proforma_id, state=state)

    page = buyer.get(f"/pay/{proforma_id}").text

    assert sentence in page
    assert "IBAN" not in page


def test_pay_pages_are_nobody_elses(
    buyer: BuyerInBrowser, proforma_id: str, buyer_in: Callable[[Shop], BuyerInBrowser], shops: dict[str, Shop]
) -> None:
    payment = pay_by_card(buyer, proforma_id)

    for stranger in (buyer_in(shops["north"]), buyer_in(shops["south"])):
        for path in (f"/pay/{proforma_id}", f"/pay/{payment}/leave", f"/pay/{payment}/back", f"/pay/{uuid4()}"):
            assert stranger.get(path).status_code == 404, path
        assert stranger.post(f"/pay/{proforma_id}/card").status_code == 404


def test_pay_page_asks_who_is_there(client_of: Callable[..., object], shops: dict[str, Shop], proforma_id: str) -> None:
    answer = client_of(shops["north"]).get(f"/pay/{proforma_id}")  # type: ignore[attr-defined]  # a Flask client

    assert answer.status_code == 303
    assert "/account/sign-in" in answer.location


@pytest.mark.parametrize("path", ["/pay/x", "/pay/%00", "/pay/../..", f"/pay/{'9' * 400}"])
def test_hostile_address_is_not_found(buyer: BuyerInBrowser, path: str) -> None:
    assert buyer.get(path).status_code in {404, 422}
