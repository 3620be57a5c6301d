"""/reseller/orders: what was ordered, what the registries say of it, what needs people."""

from uuid import UUID

from flask import Blueprint, g, redirect, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from cms.legal_consents import agreements_of
from storefront.billing.models import Document
from storefront.billing.payments import payments_of
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.models import Customer
from storefront.identity.permissions import Permission
from storefront.orders.cancellation import cancel_order, may_cancel
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.orders.office_queries import find_order_by_code, orders_for_office
from storefront.orders.refunds import note_refund
from storefront.reseller.shown import PAYMENT_WORDS, order_in_full, order_rows
from storefront.web.guards import acts, reads
from storefront.web.lists import after_of, paged, state_of, wanted_of
from storefront.web.rendering import done, page
from storefront.web.trail import trail

bp = Blueprint("orders", __name__, url_prefix="/orders")

FILTERS = {
    "": _("All"),
    "attention": _("Need attention"),
    "awaiting_payment": _("Awaiting payment"),
    "processing": _("Under way"),
    "completed": _("Completed"),
    "ended": _("Failed or cancelled"),
}


@bp.get("/")
@reads(Permission.ORDERS_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All orders, the newest first; by state, by code or by the beginning of a name."""
    wanted, state = wanted_of(), state_of(FILTERS)
    if wanted and (order := find_order_by_code(g.db, wanted)) is not None:
        return redirect(url_for(".show", order_id=order.id))
    found = orders_for_office(g.db, state=state, name=wanted, after=after_of())
    return page(rows=order_rows(g.db, found.rows), pager=paged(found), wanted=wanted, state=state, filters=FILTERS)


@bp.get("/<uuid:order_id>")
@reads(Permission.ORDERS_READ)
def show(order_id: UUID) -> Response:
    """One order: its lines and what the registry says, its papers and payments, its log."""
    order = g.db.require(PurchaseOrder, order_id)
    row = order_in_full(g.db, order)
    papers = g.db.scalars(select(Document).where(Document.order_id == order.id).order_by(Document.id))
    proforma = next((paper for paper in papers if paper.kind == "proforma"), None)
    payments = payments_of(g.db, proforma.id) if proforma else []
    subjects = [order.id, *(each.id for each in (*papers, *payments, *row["operations"]))]
    return page(
        row=row,
        customer=g.db.require(Customer, order.customer_id),
        agreements=agreements_of(g.db, order.customer_id, order_id=order.id),
        papers=papers,
        proforma=proforma,
        payments=payments,
        payment_words=PAYMENT_WORDS,
        trail=trail(g.db, subjects),
        may_cancel=may_cancel(order, "staff"),
    )


@bp.post("/<uuid:order_id>/cancel")
@acts(Permission.ORDERS_MANAGE, audit="order.cancelled")
def cancel(order_id: UUID) -> Response:
    """Give up an order that is not paid; the page asks before it sends this."""
    order = g.db.require(PurchaseOrder, order_id)
    cancel_order(g.db, order, "staff")
    return done(_("Order %(code)s is cancelled.", code=order.code), ".show", order_id=order.id)


@bp.post("/<uuid:order_id>/lines/<uuid:item_id>/refund")
@acts(Permission.BILLING_CONFIRM, audit="order_item.refund_noted")
def refund(order_id: UUID, item_id: UUID) -> Response:
    """Note that the customer has the money of a failed line back."""
    order, item = g.db.require(PurchaseOrder, order_id), g.db.require(OrderItem, item_id)
    note_refund(g.db, order, item)
    return done(_("Noted: the money for %(name)s is back.", name=item.name_unicode), ".show", order_id=order.id)
