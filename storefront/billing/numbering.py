"""The next number under a row lock, without gaps: taken when a document is issued, in the same transaction."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from storefront.billing.models import DocumentNumber
from storefront.billing.number_patterns import format_number, period_of
from storefront.core.db import Work
from storefront.core.ids import uuid7

# What a reseller's settings may replace under "numbers".
PATTERNS = {"proforma": "PF/{YYYY}/{MM}/{seq:04}", "invoice": "FV/{YYYY}/{MM}/{seq:04}"}


def take_number(db: Work, kind: str, pattern: str) -> tuple[str, date]:
    """Return the next number of a series and its date.

    The row lock makes others wait until this transaction ends; a rollback gives the number back, so there are no gaps
    (Directive 2006/112/EC art. 226 (2); stricter in some states). The date never runs behind the number before it.
    """
    period = period_of(pattern, db.today)
    start = insert(DocumentNumber).values(reseller_id=db.reseller_id, id=uuid7(), kind=kind, period=period, last=0)
    db.execute(start.on_conflict_do_nothing())
    counter = db.session.scalars(
        select(DocumentNumber)
        .where(DocumentNumber.kind == kind, DocumentNumber.period == period)
        .with_for_update()
        .execution_options(populate_existing=True),
    ).one()
    on = max(db.today, counter.last_on or db.today)
    counter.last, counter.last_on = counter.last + 1, on
    return format_number(pattern, sequence=counter.last, on=on), on
