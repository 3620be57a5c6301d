"""Let orders expire whose proforma nobody paid in time; the gateway is asked a last time before."""

from sqlalchemy import select

from storefront.billing.card_payments import ASK_FOR
from storefront.billing.closing import close_proforma, overdue_proformas
from storefront.billing.models import Document, Payment
from storefront.billing.payments import CARD, payments_of
from storefront.core import jobs
from storefront.core.db import Work
from storefront.core.outbox import publish
from storefront.orders.cancellation import end_unpaid
from storefront.orders.events import OrderExpired
from storefront.orders.lifecycle import OrderState, may_move_order
from storefront.orders.models import PurchaseOrder

BATCH = 100


def expire_overdue_orders(db: Work) -> None:
    """End the proformas past their last day, with their orders; one that may have been paid waits for the answer."""
    after = None
    while found := overdue_proformas(db, BATCH, after=after):
        for proforma in found:
            _expire(db, proforma)
        after = found[-1].id


def _expire(db: Work, proforma: Document) -> None:
    # Locks are taken in one order everywhere: the order, its proforma, the payments.
    order = db.find(PurchaseOrder, proforma.order_id)
    if order is not None:
        db.lock(order)
    db.lock(proforma)
    if proforma.state != "issued" or not _is_surely_unpaid(db, proforma):
        return
    close_proforma(db, proforma, "expired")
    if order is not None and may_move_order(OrderState(order.state), OrderState.EXPIRED, "system"):
        end_unpaid(db, order, "expired")
        publish(db, OrderExpired(order_id=order.id))


def _is_surely_unpaid(db: Work, proforma: Document) -> bool:
    """Whether no money came and the gateway, asked a last time about every open payment, knows of none."""
    payments = payments_of(db, proforma.id)
    if any(payment.state == "captured" for payment in payments):
        return False
    under_way = [payment for payment in payments if payment.state in ("started", "pending")]
    if any(payment.started_at > db.now - ASK_FOR for payment in under_way):
        return False
    return all([_is_asked(db, payment) for payment in under_way if payment.connection == CARD])  # noqa: C419 - ask about every one, not only the first


def _is_asked(db: Work, payment: Payment) -> bool:
    """Whether the gateway has answered the last question; asks it if nobody has yet."""
    argument = f"{payment.id} before_expiry"
    state = db.scalar(
        select(jobs.Job.state).where(
            jobs.Job.reseller_id == db.reseller_id,
            jobs.Job.name == "verify_payment",
            jobs.Job.argument == argument,
        )
    )
    if state is None:
        jobs.ask(db, "verify_payment", argument)
    return state == "done"
