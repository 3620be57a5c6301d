"""Start a payment, keep notices, believe a receipt (twice is once), confirm a transfer."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from storefront.billing.events import PaymentNeedsPeople, ProformaPaid
from storefront.billing.models import Document, Payment, PaymentNotice
from storefront.core import jobs, stops
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.ids import uuid7
from storefront.core.money import Money
from storefront.core.outbox import publish

CARD, BANK = "card", "bank"
FREE = "free"


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a gateway says of one payment, after it was asked itself."""

    connection: str
    payment_id: UUID
    supplier_reference: str
    state: str  # captured, pending, failed, cancelled
    amount: Money
    reason: str = ""


def require_proforma(db: Work, document_id: UUID) -> Document:
    """Return a proforma; ``NotFound`` for anything else."""
    document = db.require(Document, document_id)
    if document.kind != "proforma":
        raise NotFound
    return document


def start_payment(db: Work, proforma: Document, connection: str) -> Payment:
    """Write down that somebody is about to pay; a payment that never leaves stays *started* and harms nobody."""
    # So that neither two presses make two payments nor one begins while the proforma ends.
    db.lock(proforma)
    if proforma.state != "issued":
        raise Refused(_("This proforma is already paid or no longer valid."))
    waiting = db.scalar(
        select(Payment)
        .where(Payment.proforma_id == proforma.id, Payment.connection == connection)
        .where(Payment.state.in_(("started", "pending")))
        .order_by(Payment.id.desc())
        .limit(1),
    )
    if waiting is not None:
        return waiting
    payment = db.add(
        Payment(
            proforma_id=proforma.id,
            connection=connection,
            amount_minor=proforma.gross_minor,
            currency=proforma.currency,
            started_at=db.now,
        ),
    )
    db.flush()
    record(db, "payment.started", payment, after={"proforma": proforma.number, "connection": connection})
    return payment


def note_departure(payment: Payment, *, supplier_reference: str, url: str) -> None:
    """Remember where the payer was sent, so that a second click goes to the same page."""
    payment.supplier_reference, payment.leave_url = supplier_reference, url
    payment.state = "pending" if payment.state == "started" else payment.state


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A signed message of a gateway: only a doorbell, the gateway is asked before anything is believed."""

    connection: str
    event_id: str
    payment_id: UUID | None
    supplier_reference: str
    payload: dict[str, Any]


def keep_notice(db: Work, notice: Notice) -> bool:
    """Keep a notice and have the gateway asked; returns whether it was new. The same one twice changes nothing.

    A notice about a payment that is not this shop's is kept too, for people to find, and leads to nothing.
    """
    payment = db.find(Payment, notice.payment_id)
    is_ours = payment is not None and payment.connection == notice.connection
    first = db.execute(
        insert(PaymentNotice)
        .values(
            reseller_id=db.reseller_id,
            id=uuid7(),
            connection=notice.connection,
            event_id=notice.event_id,
            payment_id=notice.payment_id,
            payload={**notice.payload, "supplier_reference": notice.supplier_reference},
            received_at=db.now,
            outcome="" if is_ours else "unknown_payment",
        )
        .on_conflict_do_nothing()
        .returning(PaymentNotice.id),
    ).scalar()
    stops.point("charge.noted")
    if first is None or not is_ours:
        return first is not None
    jobs.ask(db, "verify_payment", f"{notice.payment_id} {notice.event_id}")
    return True


def apply_receipt(db: Work, receipt: Receipt) -> str:
    """Believe what a gateway said when asked; twice, late or out of order changes nothing. Returns the outcome.

    Amount, currency and reference are compared with the payment; money is credited once, however many notices tell
    of it (CVE-2026-42341, security 5.5).
    """
    outcome = _apply(db, receipt)
    db.execute(
        update(PaymentNotice)
        .where(
            PaymentNotice.reseller_id == db.reseller_id,
            PaymentNotice.payment_id == receipt.payment_id,
            PaymentNotice.connection == receipt.connection,
            PaymentNotice.outcome == "",
        )
        .values(outcome=outcome),
    )
    stops.point("charge.applied")
    return outcome


def _apply(db: Work, receipt: Receipt) -> str:
    payment = db.find(Payment, receipt.payment_id)
    if payment is None or payment.connection != receipt.connection:
        return "unknown_payment"
    # Locks are taken in one order everywhere: the proforma before its payments.
    proforma = db.lock(db.require(Document, payment.proforma_id))
    db.lock(payment)
    if payment.supplier_reference not in ("", receipt.supplier_reference):
        return "other_reference"
    if payment.state == "captured":
        return "already_captured"
    if receipt.state != "captured":
        payment.supplier_reference = receipt.supplier_reference
        payment.state, payment.reason = receipt.state, receipt.reason[:200]
        return receipt.state
    if (receipt.amount.minor, receipt.amount.currency) != (payment.amount_minor, payment.currency):
        publish(db, PaymentNeedsPeople(payment_id=payment.id, reason="amount"))
        return "other_amount"
    payment.supplier_reference = receipt.supplier_reference
    return _capture(db, proforma, payment)


def _capture(db: Work, proforma: Document, payment: Payment) -> str:
    payment.state, payment.captured_at = "captured", db.now
    if proforma.state != "issued":
        publish(db, PaymentNeedsPeople(payment_id=payment.id, reason=proforma.state))
        return "late"
    proforma.state, proforma.paid_at = "paid", db.now
    record(
        db,
        "proforma.paid",
        proforma,
        before={"state": "issued"},
        after={"state": "paid", "by": payment.connection, "amount": str(proforma.total)},
    )
    publish(db, ProformaPaid(proforma_id=proforma.id, payment_id=payment.id))
    return "captured"


def confirm_transfer(db: Work, proforma: Document) -> Payment:
    """Confirm that a transfer has arrived: what staff do after a look at the bank account."""
    db.lock(proforma)
    if proforma.state == "paid":
        raise Refused(_("This proforma is already paid."))
    if proforma.state != "issued":
        raise Refused(_("This proforma is no longer valid. Issue a new one."))
    payment = db.add(
        Payment(
            proforma_id=proforma.id,
            connection=BANK,
            amount_minor=proforma.gross_minor,
            currency=proforma.currency,
            started_at=db.now,
        ),
    )
    db.flush()
    _capture(db, proforma, payment)
    return payment


def settle_free(db: Work, proforma: Document) -> None:
    """Take a proforma of nothing for paid, because nobody can pay nothing: a transfer may be free of charge."""
    if proforma.gross_minor or proforma.state != "issued":
        return
    payment = db.add(
        Payment(proforma_id=proforma.id, connection=FREE, amount_minor=0, currency=proforma.currency, started_at=db.now)
    )
    db.flush()
    _capture(db, proforma, payment)


def payments_of(db: Work, proforma_id: UUID) -> list[Payment]:
    """List the payments of a proforma, the latest first."""
    return list(db.scalars(select(Payment).where(Payment.proforma_id == proforma_id).order_by(Payment.id.desc())))
