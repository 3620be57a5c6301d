"""/reseller/proformas: what is awaited, and the confirmation that it has arrived."""

from uuid import UUID

from flask import Blueprint, g, redirect, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from storefront.billing.models import Document
from storefront.billing.payments import confirm_transfer, payments_of, require_proforma
from storefront.billing.queries import documents, find_document_for_order
from storefront.core import clock
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.models import Customer
from storefront.identity.permissions import Permission
from storefront.orders.models import PurchaseOrder
from storefront.reseller.shown import PAYMENT_WORDS, proforma_row, proforma_rows
from storefront.web.downloads import document_pdf
from storefront.web.forms import Form
from storefront.web.guards import acts, reads
from storefront.web.lists import after_of, paged, state_of, wanted_of
from storefront.web.rendering import done, page
from storefront.web.trail import trail

bp = Blueprint("proformas", __name__, url_prefix="/proformas")

STATES = {"issued": ("issued",), "late": ("issued",), "paid": ("paid",), "ended": ("cancelled", "expired"), "all": ()}
FILTERS = {
    "issued": _("Waiting for money"),
    "late": _("Late"),
    "paid": _("Paid"),
    "ended": _("No longer valid"),
    "all": _("All"),
}


@bp.get("/")
@reads(Permission.BILLING_READ)
def list() -> Response:  # noqa: A001 - the verb of every list
    """Proformas, the newest first; those that wait for money unless asked otherwise; one by its number."""
    today, wanted, state = clock.today(g.zone), wanted_of(), state_of(STATES, "issued")
    if wanted and (document := _by_number(wanted)) is not None:
        return redirect(url_for(".show", document_id=document.id))
    found = documents(
        g.db,
        "proforma",
        states=STATES[state],
        due_before=today if state == "late" else None,
        after=after_of(),
    )
    rows = [] if wanted else proforma_rows(found.rows, today)
    return page(rows=rows, pager=paged(found), wanted=wanted, state=state, filters=FILTERS)


def _by_number(number: str) -> Document | None:
    known = select(Document).where(Document.kind == "proforma", Document.number == number)
    found: Document | None = g.db.scalar(known)
    return found


@bp.get("/<uuid:document_id>")
@reads(Permission.BILLING_READ)
def show(document_id: UUID) -> Response:
    """One proforma: to whom, for what, and what was paid."""
    proforma = require_proforma(g.db, document_id)
    invoice = find_document_for_order(g.db, proforma.order_id, "invoice") if proforma.order_id else None
    payments = payments_of(g.db, proforma.id)
    return page(
        row=proforma_row(proforma, clock.today(g.zone)),
        document=proforma,
        customer=g.db.require(Customer, proforma.customer_id),
        order=g.db.find(PurchaseOrder, proforma.order_id),
        invoice=invoice,
        payments=payments,
        payment_words=PAYMENT_WORDS,
        trail=trail(g.db, [proforma.id, *(payment.id for payment in payments)]),
    )


@bp.route("/<uuid:document_id>/confirm", methods=["GET", "POST"])
@acts(Permission.BILLING_CONFIRM, audit="proforma.paid")
def confirm(document_id: UUID) -> Response:
    """Confirm that a transfer has arrived; the page names the number and the amount first."""
    proforma = require_proforma(g.db, document_id)
    form = Form()
    if form.submitted():
        with form.blames_refusals():
            confirm_transfer(g.db, proforma)
            return done(
                _("Proforma %(number)s is paid. Its order is on its way.", number=proforma.number),
                ".show",
                document_id=proforma.id,
            )
    customer = g.db.require(Customer, proforma.customer_id)
    return page(form=form, document=proforma, customer=customer, is_open=proforma.state == "issued")


@bp.get("/<uuid:document_id>/pdf")
@reads(Permission.BILLING_READ)
def download(document_id: UUID) -> Response:
    """The paper itself."""
    return document_pdf(require_proforma(g.db, document_id))
