"""Give up an order that is not paid: by its customer, by staff, or because its time is over."""

from typing import Literal

from sqlalchemy import select

from storefront.billing.closing import close_proforma
from storefront.billing.models import Document
from storefront.billing.payments import payments_of
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import publish
from storefront.orders.events import OrderCancelled
from storefront.orders.fulfilment import items_of
from storefront.orders.lifecycle import ItemState, Mover, OrderFacts, OrderState, may_move_order, state_of
from storefront.orders.models import PurchaseOrder
from storefront.pricing.promotion_uses import release_uses


def may_cancel(order: PurchaseOrder, mover: Mover) -> bool:
    """Tell whether somebody may give an order up; what is paid has other ways back."""
    return order.state == OrderState.AWAITING_PAYMENT and may_move_order(
        OrderState(order.state), OrderState.CANCELLED, mover
    )


def cancel_order(db: Work, order: PurchaseOrder, mover: Mover) -> None:
    """Cancel an unpaid order with its lines and its proforma.

    Raises ``Refused`` once it is paid or ended, and while a card payment for it is under way at the gateway.
    """
    # Locks are taken in one order everywhere: the order, its proforma, the payments.
    db.lock(order)
    proforma = lock_proforma_of(db, order)
    if not may_cancel(order, mover) or (proforma is not None and proforma.state != "issued"):
        raise Refused(_("This order is paid or has ended. It can no longer be cancelled."))
    if proforma is not None:
        if any(payment.state == "pending" for payment in payments_of(db, proforma.id)):
            raise Refused(_("A card payment for this order is under way. Cancel it on the card page first, or wait."))
        close_proforma(db, proforma, "cancelled")
    order.cancelled_at = db.now
    end_unpaid(db, order, "cancelled")
    publish(db, OrderCancelled(order_id=order.id))


def lock_proforma_of(db: Work, order: PurchaseOrder) -> Document | None:
    """Hold the proforma of an order, if it has one."""
    statement = select(Document).where(
        Document.reseller_id == db.reseller_id, Document.kind == "proforma", Document.order_id == order.id
    )
    found = db.scalar(statement)
    return db.lock(found) if found is not None else None


def end_unpaid(db: Work, order: PurchaseOrder, end: Literal["cancelled", "expired"]) -> None:
    """Cancel the lines of an order whose row is locked, give its promotions back, and let its state follow."""
    items = items_of(db, order.id)
    for item in items:
        item.state, item.auth_code_sealed = ItemState.CANCELLED, ""
    release_uses(db, order.id)
    facts = OrderFacts(
        items=tuple(ItemState(item.state) for item in items),
        has_proforma=True,
        is_cancelled=end == "cancelled",
        is_expired=end == "expired",
    )
    before, order.state = order.state, state_of(facts)
    record(db, f"order.{end}", order, before={"state": str(before)}, after={"state": str(order.state)})
