"""Giving up an unpaid order: everything ends together, nothing that is paid, and late money goes to people."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from storefront.billing.models import Document, Payment
from storefront.billing.payments import CARD, Receipt, apply_receipt, confirm_transfer, start_payment
from storefront.core.audit import AuditEntry
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.outbox import OutboxEvent
from storefront.orders.cancellation import cancel_order, may_cancel
from storefront.orders.fulfilment import items_of
from storefront.orders.models import PurchaseOrder
from tests import sale
from tests.fixtures_app import Shop
from tests.sale import Sale


@pytest.fixture
def placed(database: Database, shops: dict[str, Shop]) -> Sale:
    return sale.place(database, shops["north"].id, f"cancel-{uuid4().hex}.com")


@pytest.fixture
def db(database: Database, placed: Sale) -> Iterator[Work]:
    with database.work(placed.reseller_id) as work:
        yield work


def events(db: Work, subject: UUID, field: str) -> list[str]:
    return list(db.scalars(select(OutboxEvent.name).where(OutboxEvent.payload[field].astext == str(subject))))


def capture(db: Work, payment: Payment) -> str:
    receipt = Receipt(
        connection=CARD,
        payment_id=payment.id,
        supplier_reference=payment.supplier_reference or "pay_1",
        state="captured",
        amount=db.require(Document, payment.proforma_id).total,
    )
    return apply_receipt(db, receipt)


@pytest.mark.parametrize("mover", ["customer", "staff"])
def test_order_lines_and_proforma_end_together(db: Work, placed: Sale, mover: str) -> None:
    order = db.require(PurchaseOrder, placed.order_id)

    cancel_order(db, order, mover)  # type: ignore[arg-type]  # one of the movers

    db.flush()
    logged = db.scalars(select(AuditEntry.action).where(AuditEntry.subject_id.in_((order.id, placed.proforma_id))))
    assert (order.state, order.cancelled_at) == ("cancelled", db.now)
    assert [item.state for item in items_of(db, order.id)] == ["cancelled"]
    assert db.require(Document, placed.proforma_id).state == "cancelled"
    assert events(db, order.id, "order_id") == ["orders.order_cancelled"]
    assert {"order.cancelled", "proforma.cancelled"} <= set(logged)


def test_cancelled_order_is_not_cancelled_again(db: Work, placed: Sale) -> None:
    order = db.require(PurchaseOrder, placed.order_id)
    cancel_order(db, order, "customer")

    with pytest.raises(Refused):
        cancel_order(db, order, "customer")


def test_paid_order_is_not_cancelled_even_before_its_first_step(db: Work, placed: Sale) -> None:
    order = db.require(PurchaseOrder, placed.order_id)
    confirm_transfer(db, db.require(Document, placed.proforma_id))

    with pytest.raises(Refused):
        cancel_order(db, order, "customer")

    assert order.state == "awaiting_payment"


def test_card_payment_under_way_refuses(db: Work, placed: Sale) -> None:
    order = db.require(PurchaseOrder, placed.order_id)
    payment = start_payment(db, db.require(Document, placed.proforma_id), CARD)
    payment.state = "pending"

    with pytest.raises(Refused, match="under way"):
        cancel_order(db, order, "customer")

    assert order.state == "awaiting_payment"


def test_payment_that_never_left_ends_with_the_order(db: Work, placed: Sale) -> None:
    payment = start_payment(db, db.require(Document, placed.proforma_id), CARD)

    cancel_order(db, db.require(PurchaseOrder, placed.order_id), "customer")

    db.session.refresh(payment)
    assert (payment.state, payment.reason) == ("cancelled", "cancelled")


@pytest.mark.parametrize("state", ["paid", "processing", "completed", "failed", "cancelled", "expired"])
def test_only_an_order_awaiting_payment_may_be_cancelled(db: Work, placed: Sale, state: str) -> None:
    order = db.require(PurchaseOrder, placed.order_id)
    before = may_cancel(order, "customer")
    order.state = state

    assert before
    assert not may_cancel(order, "customer")
    assert not may_cancel(order, "staff")


@pytest.mark.parametrize("end", ["cancelled", "expired"])
def test_money_for_an_ended_proforma_goes_to_people(db: Work, placed: Sale, end: str) -> None:
    order, proforma = db.require(PurchaseOrder, placed.order_id), db.require(Document, placed.proforma_id)
    payment = start_payment(db, proforma, CARD)
    cancel_order(db, order, "customer")
    proforma.state = end

    outcome = capture(db, payment)

    db.flush()
    assert outcome == "late"
    assert (proforma.state, payment.state, order.state) == (end, "captured", "cancelled")
    assert events(db, payment.id, "payment_id") == ["billing.payment_needs_people"]


def test_transfer_for_a_cancelled_order_is_not_confirmed(db: Work, placed: Sale) -> None:
    cancel_order(db, db.require(PurchaseOrder, placed.order_id), "customer")

    with pytest.raises(Refused):
        confirm_transfer(db, db.require(Document, placed.proforma_id))


def test_money_and_cancelling_at_once_never_both_win(database: Database, placed: Sale) -> None:
    def cancel() -> str:
        with database.work(placed.reseller_id) as db:
            cancel_order(db, db.require(PurchaseOrder, placed.order_id), "customer")
            db.commit()
        return "cancelled"

    def confirm() -> str:
        with database.work(placed.reseller_id) as db:
            confirm_transfer(db, db.require(Document, placed.proforma_id))
            db.commit()
        return "paid"

    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(cancel), pool.submit(confirm)]
    won = [each.result() for each in tries if each.exception() is None]

    with database.work(placed.reseller_id) as db:
        state = db.require(Document, placed.proforma_id).state
    assert won == [state]
