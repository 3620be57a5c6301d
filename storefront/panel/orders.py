"""/panel/orders: what was ordered, and giving up what is not paid."""

from uuid import UUID

from flask import Blueprint, g
from flask_login import current_user
from werkzeug.wrappers import Response

from cms.legal_consents import agreements_of
from storefront.billing.queries import find_document_for_order
from storefront.core.i18n import lazy_gettext as _
from storefront.orders.cancellation import cancel_order, may_cancel
from storefront.orders.queries import items_of_orders, orders_of, require_order_of
from storefront.panel.shown import order_row, order_rows, refusals
from storefront.web.guards import SIGNED_IN, acts, reads
from storefront.web.lists import after_of, paged
from storefront.web.rendering import done, page

bp = Blueprint("orders", __name__, url_prefix="/orders")


@bp.get("/")
@reads(SIGNED_IN)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All orders of the customer, the newest first."""
    found = orders_of(g.db, current_user.customer_id, after=after_of())
    return page(rows=order_rows(g.db, found.rows), pager=paged(found))


@bp.get("/<uuid:order_id>")
@reads(SIGNED_IN)
def show(order_id: UUID) -> Response:
    """One order: its lines, what is done, its papers."""
    order = require_order_of(g.db, current_user.customer_id, order_id)
    items = items_of_orders(g.db, [order.id])
    return page(
        row=order_row(order, items),
        agreements=agreements_of(g.db, order.customer_id, order_id=order.id),
        why=refusals(g.db, items),
        proforma=find_document_for_order(g.db, order.id, "proforma"),
        invoice=find_document_for_order(g.db, order.id, "invoice"),
        may_cancel=may_cancel(order, "customer"),
    )


@bp.post("/<uuid:order_id>/cancel")
@acts(SIGNED_IN, audit="order.cancelled")
def cancel(order_id: UUID) -> Response:
    """Give up an order that is not paid; the page asks before it sends this."""
    order = require_order_of(g.db, current_user.customer_id, order_id)
    cancel_order(g.db, order, "customer")
    return done(_("Order %(code)s is cancelled. There is nothing to pay.", code=order.code), ".show", order_id=order.id)
