"""OrderPlaced, OrderCompleted, OrderCancelled, OrderExpired."""

from dataclasses import dataclass
from uuid import UUID

from storefront.core.events import Event, event


@event("orders.order_placed")
@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event):
    """An order was placed and its proforma issued."""

    order_id: UUID
    proforma_id: UUID


@event("orders.order_completed")
@dataclass(frozen=True, kw_only=True)
class OrderCompleted(Event):
    """Every line of an order is settled: done, failed or cancelled."""

    order_id: UUID


@event("orders.order_cancelled")
@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event):
    """An unpaid order was given up."""

    order_id: UUID


@event("orders.order_expired")
@dataclass(frozen=True, kw_only=True)
class OrderExpired(Event):
    """An order was not paid in time."""

    order_id: UUID
