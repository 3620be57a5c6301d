"""Close a proforma that nobody will pay any more, and card payments that never left for the gateway."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from storefront.billing.models import Document, Payment
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.resellers import current_reseller

EXPIRES_AFTER_DAYS = 7
# The gateway is asked for twenty seconds at most to open a payment; a day later nobody waits for it.
STARTED_FOR = timedelta(days=1)


def expires_after(db: Work) -> timedelta:
    """Return for how long after its due date a proforma of this shop can still be paid; the shop may set the days."""
    days = current_reseller(db).settings.get("expires_after_days", EXPIRES_AFTER_DAYS)
    return timedelta(days=days if isinstance(days, int) and days >= 0 else EXPIRES_AFTER_DAYS)


def shops_with_overdue_proformas(db: Work) -> Sequence[UUID]:
    """List, in an office Work, the shops that wait for money after the day it was due."""
    waits = select(Document.reseller_id).where(Document.kind == "proforma", Document.state == "issued")
    return db.scalars(waits.group_by(Document.reseller_id).having(func.min(Document.due_on) < db.now.date()))


def overdue_proformas(db: Work, limit: int, *, after: UUID | None = None) -> Sequence[Document]:
    """List the proformas that are past their last day, the oldest first, from the one after ``after``."""
    statement = select(Document).where(
        Document.reseller_id == db.reseller_id,
        Document.kind == "proforma",
        Document.state == "issued",
        Document.due_on < db.today - expires_after(db),
    )
    if after is not None:
        statement = statement.where(Document.id > after)
    return db.scalars(statement.order_by(Document.id).limit(limit))


def close_proforma(db: Work, proforma: Document, state: Literal["cancelled", "expired"]) -> None:
    """End a proforma whose row is locked; payments that have not left yet end with it.

    Money that comes all the same is kept and shown to people. Raises ``Refused`` for one that does not wait.
    """
    if proforma.state != "issued":
        raise Refused(_("This proforma is already paid or no longer valid."))
    proforma.state = state
    started = (Payment.reseller_id == db.reseller_id, Payment.proforma_id == proforma.id, Payment.state == "started")
    db.execute(update(Payment).where(*started).values(state="cancelled", reason=state))
    record(db, f"proforma.{state}", proforma, before={"state": "issued"}, after={"state": state})


def _abandoned(db: Work) -> ColumnElement[bool]:
    return (Payment.state == "started") & (Payment.started_at < db.now - STARTED_FOR)


def shops_with_abandoned_payments(db: Work) -> Sequence[UUID]:
    """List, in an office Work, the shops with payments that were begun and never left."""
    return db.scalars(select(Payment.reseller_id).where(_abandoned(db)).distinct())


def cancel_abandoned_payments(db: Work) -> None:
    """End the payments that were begun more than a day ago and never left for the gateway."""
    statement = update(Payment).where(Payment.reseller_id == db.reseller_id, _abandoned(db))
    db.execute(statement.values(state="cancelled", reason="abandoned"))
