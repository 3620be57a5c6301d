"""Write down what somebody agreed to: the very words, their version, when, from where."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.i18n import Text, current_locale
from storefront.customers.models import Consent

KINDS = ("terms", "immediate_start", "withdrawal_waiver", "newsletter")


def record_consent(
    db: Work,
    customer_id: UUID,
    kind: str,
    *,
    version: str,
    wording: Text,
    order_id: UUID | None = None,
    text_id: UUID | None = None,
) -> Consent:
    """Add one consent, in the language it was given in; it is never changed (GDPR, article 7(1)).

    ``text_id`` names the words that were agreed to, where a page of the shop says them.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    row = Consent(
        customer_id=customer_id,
        order_id=order_id,
        kind=kind,
        version=version,
        wording=str(wording),
        locale=current_locale(),
        at=db.now,
        address=db.actor.address,
        text_id=text_id,
    )
    return db.add(row)


def consents_of(db: Work, customer_id: UUID) -> Sequence[Consent]:
    """List what a customer agreed to, the latest first."""
    statement = select(Consent).where(Consent.reseller_id == db.reseller_id, Consent.customer_id == customer_id)
    return db.scalars(statement.order_by(Consent.at.desc()))
