"""What somebody agreed to when ordering, in the words they saw: kept with the order and as consents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text, current_locale
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.consents import record_consent
from storefront.customers.models import Customer
from storefront.orders.models import PurchaseOrder
from storefront.orders.withdrawal import (
    IMMEDIATE_PERFORMANCE,
    PAYS_FOR_DAYS_USED,
    RIGHT_LOST_WHEN_DONE,
    LegalText,
    missing_boxes,
    required_boxes,
)

# What to say beside a box that was left empty.
MISSING: Mapping[str, Text] = {
    IMMEDIATE_PERFORMANCE.key: _("Please ask us to begin at once: we register or move a name as soon as it is paid."),
    RIGHT_LOST_WHEN_DONE.key: _("Please confirm that you know about the right to withdraw."),
    PAYS_FOR_DAYS_USED.key: _("Please confirm that you know what a withdrawal costs."),
}
CONSENT_OF: Mapping[str, str] = {IMMEDIATE_PERFORMANCE.key: "immediate_start"}


@dataclass(frozen=True, kw_only=True)
class AcceptedText:
    """A document that is accepted: what its edition is called, and the row with the very words that were linked."""

    version: str
    text_id: UUID


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of service as they were linked: which version, and the sentence beside the box.

    ``texts`` are the documents it speaks of; none where a shop has published none.
    """

    version: str
    wording: Text
    texts: tuple[AcceptedText, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What was ticked: the terms, and the keys of the legal boxes."""

    terms: Terms
    accepts_terms: bool
    ticked: frozenset[str] = frozenset()


def boxes_for(customer: Customer) -> tuple[LegalText, ...]:
    """Return the boxes that this buyer must tick for domain names."""
    return required_boxes("consumer" if customer.is_consumer else "business", ["domain"])


def require_agreement(customer: Customer, agreed: Agreed) -> tuple[LegalText, ...]:
    """Return the boxes that were ticked; raises ``Refused`` with the first one that is missing."""
    if not agreed.accepts_terms:
        raise Refused(_("Please read and accept the terms of service."), field="terms")
    boxes = boxes_for(customer)
    for box in missing_boxes(boxes, agreed.ticked):
        raise Refused(MISSING[box.key], field=box.key)
    return boxes


def describe(db: Work, agreed: Agreed, boxes: Sequence[LegalText], button: Text) -> dict[str, Any]:
    """Write down everything that was agreed to, as it was shown."""
    texts = [{"version": each.version, "text_id": str(each.text_id)} for each in agreed.terms.texts]
    return {
        "terms": {
            "version": agreed.terms.version,
            "text": str(agreed.terms.wording),
            **({"texts": texts} if texts else {}),
        },
        "boxes": [{"key": box.key, "version": box.version, "text": str(box.text)} for box in boxes],
        "button": str(button),
        "locale": current_locale(),
        "address": db.actor.address,
        "at": db.now.isoformat(),
    }


def keep_consents(db: Work, order: PurchaseOrder, agreed: Agreed, boxes: Sequence[LegalText]) -> None:
    """Add the consents of an order to those of its customer."""
    terms = agreed.terms
    accepted: list[tuple[str, UUID | None]] = [(each.version, each.text_id) for each in terms.texts]
    for version, text_id in accepted or [(terms.version, None)]:
        record_consent(
            db,
            order.customer_id,
            "terms",
            version=version,
            wording=terms.wording,
            order_id=order.id,
            text_id=text_id,
        )
    for box in boxes:
        kind = CONSENT_OF.get(box.key, "withdrawal_waiver")
        record_consent(db, order.customer_id, kind, version=box.version, wording=box.text, order_id=order.id)
