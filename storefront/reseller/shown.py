"""What staff read: a state as a word and a tone, a day as "4 days late", a line of an order with its command."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from storefront.billing.models import Document
from storefront.core.db import Work
from storefront.core.i18n import Text, ngettext
from storefront.core.i18n import gettext as _
from storefront.core.i18n import lazy_gettext as _later
from storefront.core.money import Money
from storefront.orders.lifecycle import SHOWN_ITEMS, SHOWN_ORDERS, ItemState, OrderState, Shown
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.orders.queries import items_of_orders
from storefront.provisioning.models import Operation
from storefront.provisioning.queries import operations_of_items
from storefront.provisioning.transfers import expected_at
from storefront.web.operation_words import SHOWN_OPERATIONS, reason_words

# A customer reads "in progress"; staff read what the line waits for.
STAFF_ITEMS = {
    **SHOWN_ITEMS,
    ItemState.QUEUED: Shown(word=_later("Queued"), tone="info"),
    ItemState.ON_HOLD: Shown(word=_later("Waits for credit"), tone="danger"),
}
PROFORMA_WORDS: dict[str, tuple[Text, str]] = {
    "issued": (_later("Waits for money"), "warning"),
    "paid": (_later("Paid"), "success"),
    "cancelled": (_later("Cancelled"), "neutral"),
    "expired": (_later("Expired"), "neutral"),
}
PAYMENT_WORDS: dict[str, Text] = {
    "started": _later("begun, not finished"),
    "pending": _later("under way"),
    "captured": _later("received"),
    "failed": _later("failed"),
    "cancelled": _later("cancelled"),
}
SOON_DAYS = 2


def proforma_row(document: Document, today: date) -> dict[str, Any]:
    """Describe a proforma with the word for its state and for its day."""
    word, tone = PROFORMA_WORDS[document.state]
    return {"document": document, "word": word, "tone": tone, "due": due_words(document, today)}


def proforma_rows(documents: Sequence[Document], today: date) -> list[dict[str, Any]]:
    """Describe some proformas."""
    return [proforma_row(document, today) for document in documents]


def due_words(document: Document, today: date) -> tuple[str, str] | None:
    """Say when a proforma is due, with a tone; ``None`` for one that nobody pays any more."""
    if document.state != "issued" or document.due_on is None:
        return None
    days = (document.due_on - today).days
    if days < 0:
        return ngettext("%(num)s day late", "%(num)s days late", -days), "danger"
    if days == 0:
        return _("today"), "warning"
    return ngettext("in %(num)s day", "in %(num)s days", days), "warning" if days <= SOON_DAYS else "neutral"


def order_rows(db: Work, orders: Sequence[PurchaseOrder]) -> list[dict[str, Any]]:
    """Describe some orders with their lines: one question however many there are."""
    lines: dict[UUID, list[OrderItem]] = {order.id: [] for order in orders}
    for item in items_of_orders(db, [order.id for order in orders]):
        lines[item.order_id].append(item)
    return [_order_row(order, lines[order.id]) for order in orders]


def _order_row(order: PurchaseOrder, items: Sequence[OrderItem]) -> dict[str, Any]:
    return {
        "order": order,
        "names": ", ".join(item.name_unicode for item in items),
        "shown": _shown_order(order, items),
        "total": Money(order.total_minor, order.currency),
    }


def _shown_order(order: PurchaseOrder, items: Sequence[OrderItem]) -> Shown:
    if any(item.state == ItemState.ON_HOLD for item in items):
        return STAFF_ITEMS[ItemState.ON_HOLD]
    return SHOWN_ORDERS[OrderState(order.state)]


def order_in_full(db: Work, order: PurchaseOrder) -> dict[str, Any]:
    """Describe one order with each line's state and command."""
    items = items_of_orders(db, [order.id])
    commands = operations_of_items(db, [item.id for item in items])
    lines = [_line(order, item, commands.get(item.id)) for item in items]
    return {**_order_row(order, items), "lines": lines, "operations": list(commands.values())}


def _line(order: PurchaseOrder, item: OrderItem, operation: Operation | None) -> dict[str, Any]:
    return {
        "item": item,
        "shown": STAFF_ITEMS[ItemState(item.state)],
        "operation": operation,
        "operation_shown": SHOWN_OPERATIONS[operation.state] if operation else None,
        "reason": reason_words(operation.error_code, operation.kind) if operation and operation.error_code else "",
        "expected_at": expected_at(operation) if operation else None,
        "owes": order.paid_at is not None and item.state == ItemState.FAILED and item.refund_noted_at is None,
    }
