"""Orders in the panel: giving up what is not paid."""

from collections.abc import Callable
from uuid import UUID, uuid4

from sqlalchemy import select

from storefront.billing.models import Document
from storefront.billing.payments import CARD, start_payment
from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.customers.models import Customer
from storefront.orders.models import OrderItem, PurchaseOrder
from tests.fixtures_app import Shop
from tests.fixtures_sale import BuyerInBrowser
from tests.storefront.reseller.office import make_operation, make_order

ADDRESS = "/panel/orders/"


def ordered(buyer: BuyerInBrowser, known: Callable[..., None], database: Database) -> UUID:
    """Order a name by bank transfer; returns the order."""
    name = f"panel-{uuid4().hex[:12]}.com"
    known(name)
    buyer.add(name)
    assert buyer.order().status_code == 303
    with database.work(buyer.shop.id) as db:
        found = db.scalar(select(PurchaseOrder.id).where(PurchaseOrder.customer_id == buyer.customer_id))
    assert found is not None
    return found


def state_of(database: Database, buyer: BuyerInBrowser, order_id: UUID) -> tuple[str, str | None]:
    """The states of an order and of its proforma."""
    proforma = select(Document.state).where(Document.order_id == order_id, Document.kind == "proforma")
    with database.work(buyer.shop.id) as db:
        return db.require(PurchaseOrder, order_id).state, db.scalar(proforma)


def test_customer_cancels_an_unpaid_order(
    buyer: BuyerInBrowser, known: Callable[..., None], database: Database
) -> None:
    order_id = ordered(buyer, known, database)
    before = buyer.get(f"{ADDRESS}{order_id}").text

    answer = buyer.post(f"{ADDRESS}{order_id}/cancel")
    after = buyer.get(f"{ADDRESS}{order_id}").text

    assert f"{ADDRESS}{order_id}/cancel" in before
    assert (answer.status_code, answer.location) == (303, f"{ADDRESS}{order_id}")
    assert "is cancelled. There is nothing to pay." in after
    assert f"{ADDRESS}{order_id}/cancel" not in after
    assert state_of(database, buyer, order_id) == ("cancelled", "cancelled")
    with database.work(buyer.shop.id) as db:
        entry = select(AuditEntry.actor_kind).where(
            AuditEntry.subject_id == order_id, AuditEntry.action == "order.cancelled"
        )
        assert list(db.scalars(entry)) == ["customer"]


def test_card_payment_under_way_is_said_and_nothing_changes(
    buyer: BuyerInBrowser, known: Callable[..., None], database: Database
) -> None:
    order_id = ordered(buyer, known, database)
    with database.work(buyer.shop.id) as db:
        proforma = db.scalar(select(Document).where(Document.order_id == order_id))
        assert proforma is not None
        start_payment(db, proforma, CARD).state = "pending"
        db.commit()

    answer = buyer.post(f"{ADDRESS}{order_id}/cancel")

    assert answer.status_code == 422
    assert "A card payment for this order is under way." in answer.text
    assert state_of(database, buyer, order_id) == ("awaiting_payment", "issued")


def test_second_press_is_refused_in_words(
    buyer: BuyerInBrowser, known: Callable[..., None], database: Database
) -> None:
    order_id = ordered(buyer, known, database)
    buyer.post(f"{ADDRESS}{order_id}/cancel")

    answer = buyer.post(f"{ADDRESS}{order_id}/cancel")

    assert answer.status_code == 422
    assert "can no longer be cancelled" in answer.text


def test_stranger_cannot_cancel(
    buyer: BuyerInBrowser,
    buyer_in: Callable[..., BuyerInBrowser],
    known: Callable[..., None],
    database: Database,
    shops: dict[str, Shop],
) -> None:
    order_id = ordered(buyer, known, database)

    for stranger in (buyer_in(shops["north"]), buyer_in(shops["south"])):
        assert stranger.post(f"{ADDRESS}{order_id}/cancel").status_code == 404

    assert state_of(database, buyer, order_id) == ("awaiting_payment", "issued")


def test_nobody_cancels_from_another_page(
    buyer: BuyerInBrowser, known: Callable[..., None], database: Database
) -> None:
    order_id = ordered(buyer, known, database)

    answer = buyer.client.post(f"{ADDRESS}{order_id}/cancel", data={"csrf_token": "guessed"})

    assert answer.status_code >= 400
    assert state_of(database, buyer, order_id) == ("awaiting_payment", "issued")


def test_line_that_failed_says_why_and_what_becomes_of_its_money(buyer: BuyerInBrowser, database: Database) -> None:
    with database.work(buyer.shop.id) as db:
        customer = db.require(Customer, buyer.customer_id)
        order, item, _proforma = make_order(db, customer, state="failed", item_state="failed")
        make_operation(db, item, "failed", error_code="policy")
        db.commit()

    owed = buyer.get(f"{ADDRESS}{order.id}").text
    with database.work(buyer.shop.id) as db:
        db.require(OrderItem, item.id).refund_noted_at = db.now
        db.commit()
    paid_back = buyer.get(f"{ADDRESS}{order.id}").text

    assert "rules do not allow this registration." in owed
    assert "You get its price back." in owed
    assert "You get its price back." not in paid_back
    assert "Money back on" in paid_back


def test_order_shows_what_was_agreed_to_with_it_and_with_no_other(
    buyer: BuyerInBrowser, known: Callable[..., None], database: Database
) -> None:
    order_id = ordered(buyer, known, database)
    with database.work(buyer.shop.id) as db:
        other, _item, _proforma = make_order(db, db.require(Customer, buyer.customer_id))
        db.commit()

    assert "Knows about the right to withdraw" in buyer.get(f"{ADDRESS}{order_id}").text
    assert "Knows about the right to withdraw" not in buyer.get(f"{ADDRESS}{other.id}").text
