"""/panel/orders: what was ordered."""

from uuid import UUID

from flask import Blueprint, Response, g
from flask_login import current_user

from storefront.billing.queries import find_document_for_order
from storefront.orders.queries import items_of_orders, orders_of, require_order_of
from storefront.panel.shown import order_row, order_rows
from storefront.web.guards import SIGNED_IN, reads
from storefront.web.lists import after_of, paged
from storefront.web.rendering import page

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
    return page(
        row=order_row(order, items_of_orders(g.db, [order.id])),
        proforma=find_document_for_order(g.db, order.id, "proforma"),
        invoice=find_document_for_order(g.db, order.id, "invoice"),
    )
