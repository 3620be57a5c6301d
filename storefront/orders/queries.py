"""Orders for lists."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.core.paging import Page, newest_first
from storefront.orders.lifecycle import FINAL_ORDERS
from storefront.orders.models import OrderItem, PurchaseOrder


def orders_of(db: Work, customer_id: UUID, *, after: UUID | None = None) -> Page[PurchaseOrder]:
    """List a customer's orders, newest first."""
    statement = select(PurchaseOrder).where(PurchaseOrder.customer_id == customer_id)
    return newest_first(db, statement, PurchaseOrder.id, after)


def open_orders_of(db: Work, customer_id: UUID, limit: int = 5) -> Sequence[PurchaseOrder]:
    """List what is under way for a customer, newest first."""
    statement = select(PurchaseOrder).where(
        PurchaseOrder.customer_id == customer_id, PurchaseOrder.state.not_in([str(each) for each in FINAL_ORDERS])
    )
    return db.scalars(statement.order_by(PurchaseOrder.id.desc()).limit(limit))


def require_order_of(db: Work, customer_id: UUID, order_id: UUID) -> PurchaseOrder:
    """Return a customer's own order; ``NotFound`` for anybody else's."""
    order = db.require(PurchaseOrder, order_id)
    if order.customer_id != customer_id:
        raise NotFound
    return order


def orders(db: Work, *, states: Sequence[str] = (), after: UUID | None = None) -> Page[PurchaseOrder]:
    """List a shop's orders with their customers, newest first."""
    statement = select(PurchaseOrder).options(joinedload(PurchaseOrder.customer))
    if states:
        statement = statement.where(PurchaseOrder.state.in_(states))
    return newest_first(db, statement, PurchaseOrder.id, after)


def items_of_orders(db: Work, order_ids: Sequence[UUID]) -> Sequence[OrderItem]:
    """List the lines of some orders, as they were ordered."""
    if not order_ids:
        return []
    statement = select(OrderItem).where(OrderItem.order_id.in_(order_ids))
    return db.scalars(statement.order_by(OrderItem.order_id, OrderItem.position))
