"""Customer (the billed party), Contact (a registry contact), Consent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_key, owned_unique, to_one
from storefront.customers.addresses import lines_of


class Postal:
    """Mixin: who and where, as registries and invoices need it."""

    kind: Mapped[str]  # individual, company, association, publicbody
    given: Mapped[str]
    family: Mapped[str]
    orgname: Mapped[str] = mapped_column(default="")
    street: Mapped[str]
    street2: Mapped[str] = mapped_column(default="")
    postcode: Mapped[str] = mapped_column(default="")
    city: Mapped[str]
    region: Mapped[str] = mapped_column(default="")
    country: Mapped[str]
    phone: Mapped[str]  # E.164
    email: Mapped[str]

    @property
    def full_name(self) -> str:
        """The person's name."""
        return f"{self.given} {self.family}".strip()

    @property
    def display_name(self) -> str:
        """The organisation's name, else the person's."""
        return self.orgname or self.full_name

    @property
    def address_lines(self) -> list[str]:
        """The address as the post of its country reads it, the country in the current language last."""
        return lines_of(self)


class Customer(Postal, Owned, Base):
    """Who is billed; may have several users."""

    __tablename__ = "customer"
    __owned_args__ = (
        owned_unique("code"),
        owned_key("price_group_id", "price_group"),
        Index("ix_customer_email", "reseller_id", "email_key"),
        Index("ix_customer_sort", "reseller_id", "sort_key"),
        CheckConstraint("kind IN ('individual', 'company', 'association', 'publicbody')", name="kind"),
    )

    code: Mapped[str]
    email_key: Mapped[str]
    sort_key: Mapped[str]
    vat_number: Mapped[str] = mapped_column(default="")
    vat_check: Mapped[str] = mapped_column(default="not_asked")  # not_asked, valid, invalid, unavailable
    vat_checked_at: Mapped[datetime | None] = mapped_column(default=None)
    company_number: Mapped[str] = mapped_column(default="")
    price_group_id: Mapped[UUID | None] = mapped_column(default=None)
    # Put there by the group's own rule, which may also take them away again; by hand it stays.
    is_grouped_by_rule: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def is_consumer(self) -> bool:
        """Whether consumer law applies: a person buying for themselves."""
        return self.kind == "individual"


class Contact(Postal, Owned, Base):
    """A set of data sent to a registry; the one in the owner role is the registrant."""

    __tablename__ = "contact"
    __owned_args__ = (owned_key("customer_id", "customer"), Index("ix_contact_customer", "reseller_id", "customer_id"))

    customer_id: Mapped[UUID]
    is_default: Mapped[bool] = mapped_column(default=False)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]

    customer = to_one("Contact.customer_id", "Customer")


class Consent(Owned, Base):
    """What somebody agreed to: which words, which version, when, from where. Only ever added to."""

    __tablename__ = "consent"
    __owned_args__ = (
        owned_key("customer_id", "customer"),
        owned_key("text_id", "page_version"),
        Index("ix_consent_customer", "reseller_id", "customer_id"),
        Index("ix_consent_text", "reseller_id", "text_id", postgresql_where="text_id IS NOT NULL"),
    )

    customer_id: Mapped[UUID]
    order_id: Mapped[UUID | None] = mapped_column(default=None)
    kind: Mapped[str]  # terms, immediate_start, withdrawal_waiver, newsletter
    version: Mapped[str]
    wording: Mapped[str]
    locale: Mapped[str]
    at: Mapped[datetime]
    address: Mapped[str]
    text_id: Mapped[UUID | None] = mapped_column(default=None)  # the very version of a page that was shown
