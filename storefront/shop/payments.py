"""/pay: what is to be paid and how, the way to the gateway and back."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, g, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from frames.handoff import is_told, issue_ticket
from frames.way_back import forget, remembered
from storefront.billing.card_payments import ENDED, ask_gateway_to_start
from storefront.billing.iban import group_iban
from storefront.billing.issue import facts_of
from storefront.billing.models import Document, Payment
from storefront.billing.payment_qr import qr_path
from storefront.billing.payments import CARD, payments_of, require_proforma, start_payment
from storefront.core.errors import NotFound
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.orders.fulfilment import items_of
from storefront.orders.lifecycle import SHOWN_ITEMS, ItemState, Shown
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.shop.buyer import press_token
from storefront.shop.checkout import here
from storefront.shop.forms.cart import Press
from storefront.web.guards import SIGNED_IN, acts, reads
from storefront.web.rendering import page, say

bp = Blueprint("payments", __name__, url_prefix="/pay")

# How long the pages wait by themselves before they say what else can be done.
OPENING_S = 8


@bp.get("/<uuid:proforma_id>")
@reads(SIGNED_IN)
def show(proforma_id: UUID) -> Response:
    """How to pay a proforma; what happens next once it is paid; what to do if it is no longer good."""
    proforma = _own_proforma(proforma_id)
    g.leaves_to_gateway = True
    order = g.db.find(PurchaseOrder, proforma.order_id) if proforma.order_id else None
    items = items_of(g.db, order.id) if order else []
    last = next((payment for payment in payments_of(g.db, proforma.id) if payment.connection == CARD), None)
    facts = facts_of(proforma)
    code = qr_path(facts.payment.qr_payload) if facts.payment and facts.payment.qr_payload else None
    settled = {ItemState.ACTIVE, ItemState.FAILED, ItemState.CANCELLED}
    return page(
        "shop/payments/show.html",
        proforma=proforma,
        facts=facts,
        order=order,
        items=[(item, _shown(proforma, item)) for item in items],
        waits=proforma.state == "paid" and any(item.state not in settled for item in items),
        last=last,
        amount=Money(proforma.gross_minor, proforma.currency),
        code=code,
        iban=group_iban(facts.payment.iban) if facts.payment else "",
        token=press_token(),
        way=remembered(g.db, ended_at=order.placed_at) if order is not None else None,
    )


@bp.post("/<uuid:proforma_id>/way-back")
@acts(SIGNED_IN, audit="order.told_to_site")
def way_back(proforma_id: UUID) -> Response:
    """Go back to the page whose window the order came from; it is told what was ordered, once and about nobody."""
    form, proforma = Press(), _own_proforma(proforma_id)
    order = g.db.find(PurchaseOrder, proforma.order_id) if proforma.order_id else None
    way = remembered(g.db, ended_at=order.placed_at) if order is not None else None
    if order is None or way is None or not form.submitted():
        g.refusal = True
        return redirect(url_for(".show", proforma_id=proforma.id), 303)
    amount = Money(proforma.gross_minor, proforma.currency)
    paid = {"value": f"{amount.decimal:f}", "currency": amount.currency}
    told = {"type": "ordered", "order": order.code, **paid, "campaign": way.campaign}
    g.db.lock(order)
    # Who kept the cookie is led back again, and the site is told nothing twice.
    ticket = "" if is_told(g.db, order.code) else issue_ticket(g.db, frame=way.frame, origin=way.origin, event=told)
    forget()
    # No redirect: it would belong to the form, and forms of the shop lead to nobody else (CSP).
    return page(way=way, address=way.address(ticket))


def _shown(proforma: Document, item: OrderItem) -> Shown:
    """Say how far a line is; between the payment and its first step it is under way already."""
    state = ItemState(item.state)
    is_paid_for = proforma.state == "paid" and state is ItemState.PENDING_PAYMENT
    return SHOWN_ITEMS[ItemState.QUEUED if is_paid_for else state]


@bp.post("/<uuid:proforma_id>/card")
@acts(SIGNED_IN, audit="payment.started")
def card(proforma_id: UUID) -> Response:
    """Begin to pay by card; pressing twice leads to the same page of the gateway."""
    form, proforma = Press(), _own_proforma(proforma_id)
    if not form.submitted():
        g.refusal = True
        say(_("This page was open for too long. Please press once more."), "warning")
        return redirect(url_for(".show", proforma_id=proforma.id), 303)
    if proforma.state != "issued":
        return redirect(url_for(".show", proforma_id=proforma.id), 303)
    payment = start_payment(g.db, proforma, CARD)
    ask_gateway_to_start(g.db, payment, address=here())
    return redirect(url_for(".leave", payment_id=payment.id), 303)


@bp.get("/<uuid:payment_id>/leave")
@reads(SIGNED_IN)
def leave(payment_id: UUID) -> Response:
    """Wait for the gateway's page and lead there; nothing is written, so it can be opened as often as one likes."""
    payment, proforma = _own_payment(payment_id)
    if payment.state in ENDED or proforma.state != "issued":
        return redirect(url_for(".show", proforma_id=proforma.id), 303)
    if payment.leave_url:
        return redirect(payment.leave_url, 303)
    g.leaves_to_gateway = True
    is_slow = g.db.now - payment.started_at > timedelta(seconds=OPENING_S)
    return page(
        "shop/payments/leave.html",
        payment=payment,
        proforma=proforma,
        is_slow=is_slow,
        has_account=facts_of(proforma).payment is not None,
        amount=Money(proforma.gross_minor, proforma.currency),
        token=press_token(),
    )


@bp.get("/<uuid:payment_id>/back")
@reads(SIGNED_IN)
def back(payment_id: UUID) -> Response:
    """Where the gateway leads back to: only reads, and waits for the notice that tells the truth."""
    payment, proforma = _own_payment(payment_id)
    if payment.state in ENDED or proforma.state != "issued":
        return redirect(url_for(".show", proforma_id=proforma.id), 303)
    return page(
        "shop/payments/back.html",
        payment=payment,
        proforma=proforma,
        amount=Money(proforma.gross_minor, proforma.currency),
        email=current_user.email,
    )


def _own_proforma(proforma_id: UUID) -> Document:
    proforma = require_proforma(g.db, proforma_id)
    if current_user.customer_id is None or proforma.customer_id != current_user.customer_id:
        raise NotFound
    return proforma


def _own_payment(payment_id: UUID) -> tuple[Payment, Document]:
    payment: Payment = g.db.require(Payment, payment_id)
    if payment.connection != CARD:
        raise NotFound
    return payment, _own_proforma(payment.proforma_id)
