"""rule: states of an order and of its items, who may move them, and how they are shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

Mover = Literal["customer", "staff", "system"]
Tone = Literal["success", "warning", "danger", "info", "neutral"]


class OrderState(StrEnum):
    """Where an order stands, seen from outside."""

    PLACED = "placed"
    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    PROCESSING = "processing"
    COMPLETED = "completed"
    PARTIALLY_COMPLETED = "partially_completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class ItemState(StrEnum):
    """Where one line of an order stands."""

    PENDING_PAYMENT = "pending_payment"
    QUEUED = "queued"
    PROCESSING = "processing"
    ON_HOLD = "on_hold"
    ACTIVE = "active"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINAL_ITEMS = frozenset({ItemState.ACTIVE, ItemState.FAILED, ItemState.CANCELLED})
FINAL_ORDERS = frozenset(
    {
        OrderState.COMPLETED,
        OrderState.PARTIALLY_COMPLETED,
        OrderState.FAILED,
        OrderState.CANCELLED,
        OrderState.EXPIRED,
    },
)

_SYSTEM: frozenset[Mover] = frozenset({"system"})
_OFFICE: frozenset[Mover] = frozenset({"system", "staff"})
_ANYBODY: frozenset[Mover] = frozenset({"system", "staff", "customer"})

# Every move there is, and who may cause it. Staff confirm transfers and give up on items; a customer may only cancel
# what is not paid. Money that comes for a cancelled or expired order goes to the balance and moves nothing.
ORDER_MOVES: Mapping[tuple[OrderState, OrderState], frozenset[Mover]] = {
    (OrderState.PLACED, OrderState.AWAITING_PAYMENT): _SYSTEM,
    (OrderState.PLACED, OrderState.PAID): _SYSTEM,
    (OrderState.PLACED, OrderState.CANCELLED): _ANYBODY,
    (OrderState.AWAITING_PAYMENT, OrderState.PAID): _OFFICE,
    (OrderState.AWAITING_PAYMENT, OrderState.CANCELLED): _ANYBODY,
    (OrderState.AWAITING_PAYMENT, OrderState.EXPIRED): _SYSTEM,
    (OrderState.PAID, OrderState.PROCESSING): _SYSTEM,
    (OrderState.PAID, OrderState.CANCELLED): _OFFICE,
    (OrderState.PAID, OrderState.COMPLETED): _SYSTEM,
    (OrderState.PROCESSING, OrderState.COMPLETED): _SYSTEM,
    (OrderState.PROCESSING, OrderState.PARTIALLY_COMPLETED): _OFFICE,
    (OrderState.PROCESSING, OrderState.FAILED): _OFFICE,
    (OrderState.PROCESSING, OrderState.CANCELLED): _OFFICE,
}

ITEM_MOVES: Mapping[tuple[ItemState, ItemState], frozenset[Mover]] = {
    (ItemState.PENDING_PAYMENT, ItemState.QUEUED): _OFFICE,
    (ItemState.PENDING_PAYMENT, ItemState.CANCELLED): _ANYBODY,
    (ItemState.QUEUED, ItemState.PROCESSING): _SYSTEM,
    (ItemState.QUEUED, ItemState.ON_HOLD): _OFFICE,
    (ItemState.QUEUED, ItemState.ACTIVE): _SYSTEM,
    (ItemState.QUEUED, ItemState.FAILED): _OFFICE,
    (ItemState.QUEUED, ItemState.CANCELLED): _OFFICE,
    (ItemState.PROCESSING, ItemState.ON_HOLD): _OFFICE,
    (ItemState.PROCESSING, ItemState.ACTIVE): _SYSTEM,
    (ItemState.PROCESSING, ItemState.FAILED): _OFFICE,
    (ItemState.ON_HOLD, ItemState.QUEUED): _OFFICE,
    (ItemState.ON_HOLD, ItemState.PROCESSING): _SYSTEM,
    (ItemState.ON_HOLD, ItemState.ACTIVE): _SYSTEM,
    (ItemState.ON_HOLD, ItemState.FAILED): _OFFICE,
    (ItemState.ON_HOLD, ItemState.CANCELLED): _OFFICE,
}


def may_move_order(before: OrderState, after: OrderState, mover: Mover) -> bool:
    """Tell whether somebody may bring an order from one state to another; staying put is always allowed."""
    return before == after or mover in ORDER_MOVES.get((before, after), frozenset())


@dataclass(frozen=True, kw_only=True)
class OrderFacts:
    """What the state of an order follows from."""

    items: tuple[ItemState, ...]
    has_proforma: bool = False
    is_paid: bool = False
    is_cancelled: bool = False
    is_expired: bool = False


def _state_of_paid(items: Iterable[ItemState]) -> OrderState:
    states = set(items)
    if states <= {ItemState.PENDING_PAYMENT}:
        return OrderState.PAID
    if not states <= FINAL_ITEMS:
        return OrderState.PROCESSING
    if states == {ItemState.CANCELLED}:
        return OrderState.CANCELLED
    if ItemState.ACTIVE not in states:
        return OrderState.FAILED
    return OrderState.COMPLETED if states == {ItemState.ACTIVE} else OrderState.PARTIALLY_COMPLETED


def state_of(facts: OrderFacts) -> OrderState:
    """Derive the state of an order. Cancelled and expired are final, whatever is paid afterwards."""
    if facts.is_cancelled:
        return OrderState.CANCELLED
    if facts.is_expired:
        return OrderState.EXPIRED
    if facts.is_paid:
        return _state_of_paid(facts.items)
    return OrderState.AWAITING_PAYMENT if facts.has_proforma else OrderState.PLACED


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A state as a person sees it: a word and a tone, never one without the other."""

    word: Text
    tone: Tone


SHOWN_ORDERS: Mapping[OrderState, Shown] = {
    OrderState.PLACED: Shown(word=_("Placed"), tone="info"),
    OrderState.AWAITING_PAYMENT: Shown(word=_("Awaiting payment"), tone="warning"),
    OrderState.PAID: Shown(word=_("Paid"), tone="success"),
    OrderState.PROCESSING: Shown(word=_("In progress"), tone="info"),
    OrderState.COMPLETED: Shown(word=_("Completed"), tone="success"),
    OrderState.PARTIALLY_COMPLETED: Shown(word=_("Partly completed"), tone="warning"),
    OrderState.FAILED: Shown(word=_("Failed"), tone="danger"),
    OrderState.CANCELLED: Shown(word=_("Cancelled"), tone="neutral"),
    OrderState.EXPIRED: Shown(word=_("Expired"), tone="neutral"),
}

# A customer is not told why something is on hold: that is between the reseller and the supplier.
SHOWN_ITEMS: Mapping[ItemState, Shown] = {
    ItemState.PENDING_PAYMENT: Shown(word=_("Awaiting payment"), tone="warning"),
    ItemState.QUEUED: Shown(word=_("In progress"), tone="info"),
    ItemState.PROCESSING: Shown(word=_("In progress"), tone="info"),
    ItemState.ON_HOLD: Shown(word=_("In progress"), tone="info"),
    ItemState.ACTIVE: Shown(word=_("Done"), tone="success"),
    ItemState.FAILED: Shown(word=_("Failed"), tone="danger"),
    ItemState.CANCELLED: Shown(word=_("Cancelled"), tone="neutral"),
}
