"""The two jobs that speak to a card gateway: open a payment there, and ask what became of it."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from sqlalchemy import select

from storefront.billing.models import Document, Payment, PaymentNotice
from storefront.billing.payments import CARD, Receipt, apply_receipt, note_departure
from storefront.core import jobs, stops
from storefront.core.db import Database, Work
from storefront.core.i18n import gettext, speaking
from storefront.core.money import Money
from storefront.providers.connections import open_gateway
from storefront.providers.outcomes import Misconfigured, NotSent, SupplierError, Unknown
from storefront.providers.ports.payment_gateway import PaymentFacts, PaymentStart, PaymentStatus
from tenants.resellers import current_reseller

log = structlog.get_logger()

# How long a gateway that does not answer is asked to open a payment, and how often; the payer waits meanwhile.
START_FOR = timedelta(seconds=20)
START_EVERY = timedelta(seconds=3)
# A payment whose notice was lost is asked about all the same, until the gateway has certainly given it up.
ASK_FIRST = timedelta(minutes=10)
ASK_EVERY = timedelta(minutes=30)
ASK_AGAIN = timedelta(seconds=10)
ASK_FOR = timedelta(hours=26)
ENDED = ("captured", "failed", "cancelled")
STATES = {
    PaymentStatus.PAID: "captured",
    PaymentStatus.FAILED: "failed",
    PaymentStatus.CANCELLED: "cancelled",
    PaymentStatus.EXPIRED: "cancelled",
    PaymentStatus.OPEN: "pending",
}


def ask_gateway_to_start(db: Work, payment: Payment, *, address: str) -> None:
    """Have the gateway open a payment; ``address`` is origin and language prefix of the pages to come back to."""
    if payment.state == "started":
        jobs.ask(db, "run_payment_start", f"{payment.id} {address}")


@jobs.job(queue="now", opens_own_work=True)
def run_payment_start(database: Database, reseller_id: UUID, argument: str) -> None:
    """Open a payment at the gateway; the same payment again is the same page there."""
    payment_id, _, address = argument.partition(" ")
    with database.work(reseller_id) as db:
        payment = db.require(Payment, UUID(payment_id))
        if payment.state != "started":
            return
        start, begun_at = _start_of(db, payment, address), payment.started_at
    try:
        leave = open_gateway(database.config, CARD).start(start)
    except (NotSent, Unknown) as error:
        _give_up_or_wait(database, reseller_id, UUID(payment_id), begun_at, error)
        return
    except Misconfigured as error:
        _give_up(database, reseller_id, UUID(payment_id), "misconfigured", error)
        return
    stops.point("pay.opened")
    with database.work(reseller_id) as db:
        payment = db.lock(db.require(Payment, UUID(payment_id)))
        if payment.supplier_reference in ("", leave.supplier_reference):
            note_departure(payment, supplier_reference=leave.supplier_reference, url=leave.url)
            jobs.ask(db, "verify_payment", payment_id, at=db.now + ASK_FIRST)
        db.commit()


def _start_of(db: Work, payment: Payment, address: str) -> PaymentStart:
    proforma = db.require(Document, payment.proforma_id)
    reseller = current_reseller(db)
    parts = urlsplit(address)
    with speaking(proforma.locale, reseller.zone):
        description = gettext("Proforma %(number)s", number=proforma.number)
    return PaymentStart(
        reference=str(payment.id),
        amount=Money(payment.amount_minor, payment.currency),
        description=description,
        return_url=f"{address}/pay/{payment.id}/back",
        notify_url=f"{parts.scheme}://{parts.netloc}/hooks/payments/{payment.connection}",
        locale=proforma.locale,
        shop_name=reseller.name,
    )


def _give_up_or_wait(
    database: Database, reseller_id: UUID, payment_id: UUID, begun_at: datetime, error: SupplierError
) -> None:
    with database.work(reseller_id) as db:
        again_at = db.now + START_EVERY
    if again_at - begun_at < START_FOR:
        raise jobs.Later(again_at)
    _give_up(database, reseller_id, payment_id, "unreachable", error)


def _give_up(database: Database, reseller_id: UUID, payment_id: UUID, reason: str, error: SupplierError) -> None:
    log.warning("payment.not_opened", payment_id=str(payment_id), reason=reason, error=str(error)[:200])
    with database.work(reseller_id) as db:
        payment = db.lock(db.require(Payment, payment_id))
        if payment.state == "started":
            payment.state, payment.reason = "failed", reason
        db.commit()


@jobs.job(queue="now", opens_own_work=True)
def verify_payment(database: Database, reseller_id: UUID, argument: str) -> None:
    """Ask the gateway what became of a payment and write it down, once however often this runs.

    The argument is the payment, and the notice if one asks for it: without one the payment is watched until it ends.
    """
    payment_id, _, event_id = argument.partition(" ")
    with database.work(reseller_id) as db:
        payment = db.require(Payment, UUID(payment_id))
        reference, begun_at = payment.supplier_reference or _noticed_reference(db, payment), payment.started_at
    if not reference:
        return
    try:
        facts = open_gateway(database.config, CARD).fetch(reference)
    except NotSent as error:
        with database.work(reseller_id) as db:
            raise jobs.Later(db.now + ASK_AGAIN) from error
    stops.point("charge.fetched")
    receipt = _receipt(UUID(payment_id), reference, facts)
    with database.work(reseller_id) as db:
        if receipt is not None:
            apply_receipt(db, receipt)
        stops.point("charge.before_commit")
        db.commit()
        now = db.now
    stops.point("charge.committed")
    if not event_id and receipt is not None and receipt.state not in ENDED and now - begun_at < ASK_FOR:
        raise jobs.Later(now + ASK_EVERY)


def _noticed_reference(db: Work, payment: Payment) -> str:
    """Return the gateway's own number from a notice: it may come before the answer that told us of it."""
    payload = db.scalar(
        select(PaymentNotice.payload)
        .where(PaymentNotice.payment_id == payment.id, PaymentNotice.connection == payment.connection)
        .order_by(PaymentNotice.id.desc())
        .limit(1),
    )
    return str((payload or {}).get("supplier_reference", ""))


def _receipt(payment_id: UUID, reference: str, facts: PaymentFacts | None) -> Receipt | None:
    """Read the gateway's answer; one about another payment is none."""
    if facts is None or facts.reference != str(payment_id) or facts.supplier_reference != reference:
        log.error("payment.other_reference", payment_id=str(payment_id))
        return None
    return Receipt(
        connection=CARD,
        payment_id=payment_id,
        supplier_reference=reference,
        state=STATES[facts.status],
        amount=facts.amount,
        reason="expired" if facts.status is PaymentStatus.EXPIRED else facts.failure,
    )
