"""Failed lines of paid orders: whose money is to go back, and that it went."""

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.orders.lifecycle import ItemState
from storefront.orders.models import OrderItem, PurchaseOrder


def note_refund(db: Work, order: PurchaseOrder, item: OrderItem) -> None:
    """Note that the customer has the money of a failed line back. Raises ``Refused`` where nothing is owed."""
    if item.order_id != order.id:
        raise NotFound
    db.lock(item)
    if order.paid_at is None or item.state != ItemState.FAILED:
        raise Refused(_("Nothing is owed for this line."))
    if item.refund_noted_at is not None:
        raise Refused(_("This money has gone back already."))
    item.refund_noted_at = db.now
    after = {"name": item.name_ascii, "amount": str(item.price)}
    record(db, "order_item.refund_noted", order, after=after)
