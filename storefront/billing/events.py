"""ProformaPaid, InvoiceIssued, PdfRendered."""

from dataclasses import dataclass
from uuid import UUID

from storefront.core.events import Event, event


@event("billing.proforma_paid")
@dataclass(frozen=True, kw_only=True)
class ProformaPaid(Event):
    """A proforma has been paid in full."""

    proforma_id: UUID
    payment_id: UUID


@event("billing.invoice_issued")
@dataclass(frozen=True, kw_only=True)
class InvoiceIssued(Event):
    """A VAT invoice has a number and a date."""

    invoice_id: UUID
    proforma_id: UUID


@event("billing.payment_needs_people")
@dataclass(frozen=True, kw_only=True)
class PaymentNeedsPeople(Event):
    """Money came that fits nothing: wrong amount, or for a proforma that is paid or cancelled."""

    payment_id: UUID
    reason: str
