"""Orders for the lists of the office: by state, by what needs people, by code, by name."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from storefront.core.db import Work
from storefront.core.paging import Page, newest_first
from storefront.core.prefixes import begins_with
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.provisioning.models import Operation

STATES = {
    "awaiting_payment": ("placed", "awaiting_payment"),
    "processing": ("paid", "processing"),
    "completed": ("completed", "partially_completed"),
    "ended": ("failed", "cancelled", "expired"),
}


def orders_for_office(db: Work, *, state: str = "", name: str = "", after: UUID | None = None) -> Page[PurchaseOrder]:
    """List a shop's orders with their customers, newest first; ``name`` is the beginning of a domain in them."""
    statement = select(PurchaseOrder).options(joinedload(PurchaseOrder.customer))
    if state == "attention":
        held = select(Operation.order_item_id).where(Operation.state.in_(("on_hold", "manual")))
        waiting = select(OrderItem.order_id).where(OrderItem.id.in_(held))
        owed = select(OrderItem.order_id).where(OrderItem.state == "failed", OrderItem.refund_noted_at.is_(None))
        statement = statement.where(PurchaseOrder.id.in_(waiting.union(owed)))
    elif state in STATES:
        statement = statement.where(PurchaseOrder.state.in_(STATES[state]))
    if name:
        named = select(OrderItem.order_id).where(begins_with(OrderItem.name_ascii, name.lower()))
        statement = statement.where(PurchaseOrder.id.in_(named))
    return newest_first(db, statement, PurchaseOrder.id, after)


def find_order_by_code(db: Work, code: str) -> PurchaseOrder | None:
    """Return the order with a code such as ``A7K-3QF``."""
    statement = select(PurchaseOrder).where(PurchaseOrder.reseller_id == db.reseller_id)
    return db.scalar(statement.where(PurchaseOrder.code == code.strip().upper()))
