"""Document (Proforma, Invoice), DocumentNumber, Payment, PaymentNotice."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.money import Money
from storefront.core.scope import Owned, owned_key, owned_unique, to_one


class Document(Owned, Base):
    """A proforma or an invoice: a frozen copy of everything that stands on it."""

    __tablename__ = "document"
    __owned_args__ = (
        owned_unique("kind", "number"),
        owned_key("customer_id", "customer"),
        Index(
            "ix_document_once", "reseller_id", "kind", "order_id", unique=True, postgresql_where="order_id IS NOT NULL"
        ),
        Index("ix_document_list", "reseller_id", "kind", "state", "id"),
        Index("ix_document_paid", "reseller_id", "paid_at", postgresql_where="kind = 'proforma' AND state = 'paid'"),
        Index("ix_document_customer", "reseller_id", "customer_id", "kind", "id"),
        CheckConstraint("kind IN ('proforma', 'invoice')", name="kind"),
    )

    kind: Mapped[str]
    number: Mapped[str]
    state: Mapped[str]  # issued, paid, cancelled, expired
    customer_id: Mapped[UUID]
    order_id: Mapped[UUID | None] = mapped_column(default=None)
    proforma_id: Mapped[UUID | None] = mapped_column(default=None)
    issued_on: Mapped[date]
    due_on: Mapped[date | None] = mapped_column(default=None)
    currency: Mapped[str]
    net_minor: Mapped[int]
    vat_minor: Mapped[int]
    gross_minor: Mapped[int]
    reference: Mapped[str] = mapped_column(default="")
    locale: Mapped[str]
    facts: Mapped[dict[str, Any]]
    pdf_digest: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime]
    paid_at: Mapped[datetime | None] = mapped_column(default=None)

    customer = to_one("Document.customer_id", "Customer")

    @property
    def total(self) -> Money:
        """What is to be paid, VAT included."""
        return Money(self.gross_minor, self.currency)

    @property
    def net(self) -> Money:
        """What is asked for without VAT."""
        return Money(self.net_minor, self.currency)

    @property
    def vat(self) -> Money:
        """The VAT on it."""
        return Money(self.vat_minor, self.currency)


class DocumentNumber(Owned, Base):
    """The last number of one series; taken under a row lock in the transaction that issues."""

    __tablename__ = "document_number"
    __owned_args__ = (owned_unique("kind", "period"),)

    kind: Mapped[str]
    period: Mapped[str]
    last: Mapped[int] = mapped_column(default=0)
    last_on: Mapped[date | None] = mapped_column(default=None)


class Payment(Owned, Base):
    """Money on its way in for one proforma."""

    __tablename__ = "payment"
    __owned_args__ = (
        owned_key("proforma_id", "document"),
        Index("ix_payment_proforma", "reseller_id", "proforma_id"),
        Index(
            "ix_payment_supplier",
            "reseller_id",
            "connection",
            "supplier_reference",
            unique=True,
            postgresql_where="supplier_reference <> ''",
        ),
        CheckConstraint("state IN ('started', 'pending', 'captured', 'failed', 'cancelled')", name="state"),
    )

    proforma_id: Mapped[UUID]
    connection: Mapped[str]  # card, bank
    supplier_reference: Mapped[str] = mapped_column(default="")
    leave_url: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="started")
    amount_minor: Mapped[int]
    currency: Mapped[str]
    started_at: Mapped[datetime]
    captured_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(default="")


class PaymentNotice(Owned, Base):
    """One signed message of a gateway, kept as it came; the same one twice changes nothing."""

    __tablename__ = "payment_notice"
    __owned_args__ = (
        owned_unique("connection", "event_id"),
        Index("ix_payment_notice_outcome", "reseller_id", "outcome", "received_at"),
    )

    connection: Mapped[str]
    event_id: Mapped[str]
    payment_id: Mapped[UUID | None] = mapped_column(default=None)
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(default="")
