"""Reseller, Site, HostName, ParkedName, HeldName, Host, CreditAccount, CreditEntry."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.ids import uuid7
from storefront.core.scope import Owned, owned_key, owned_unique


class Reseller(Base):
    """The tenant: a company that sells under its own brand. The wall shows each only itself."""

    __tablename__ = "reseller"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    slug: Mapped[str] = mapped_column(unique=True)
    is_platform: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime]

    # What customers see.
    name: Mapped[str]
    theme: Mapped[str] = mapped_column(default="default")
    brand: Mapped[dict[str, Any]] = mapped_column(default=dict)
    logo_light: Mapped[str | None] = mapped_column(default=None)
    logo_dark: Mapped[str | None] = mapped_column(default=None)
    default_locale: Mapped[str] = mapped_column(default="en")
    locales: Mapped[list[Any]] = mapped_column(default=list)
    zone: Mapped[str] = mapped_column(default="UTC")
    canonical_host: Mapped[str]

    # Who sells: what stands on every proforma and invoice.
    legal_name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    country: Mapped[str]
    vat_number: Mapped[str] = mapped_column(default="")
    company_number: Mapped[str] = mapped_column(default="")
    legal_lines: Mapped[list[Any]] = mapped_column(default=list)
    email: Mapped[str]
    phone: Mapped[str] = mapped_column(default="")

    # From whom letters come: the sender counts only once a code sent to it came back; empty is the neutral one.
    sender_email: Mapped[str] = mapped_column(default="")
    sender_name: Mapped[str] = mapped_column(default="")
    sender_confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    reply_email: Mapped[str] = mapped_column(default="")

    # How it sells.
    currency: Mapped[str]
    shows: Mapped[str] = mapped_column(default="gross")
    is_vat_registered: Mapped[bool] = mapped_column(default=True)
    uses_one_stop_shop: Mapped[bool] = mapped_column(default=False)
    iban: Mapped[str] = mapped_column(default="")
    bic: Mapped[str] = mapped_column(default="")
    bank_name: Mapped[str] = mapped_column(default="")
    # What the platform charges this reseller; empty: the plan that the number of domains earns.
    wholesale_plan: Mapped[str] = mapped_column(default="")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Site(Base):
    """What every process must know of a shop before it is known whose request it is: state and version."""

    __tablename__ = "site"

    reseller_id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="open")  # preparing, open, suspended, closed
    state_before: Mapped[str] = mapped_column(default="")  # what a suspended shop goes back to
    version: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime] = mapped_column(index=True)


class HostName(Base):
    """Host name → reseller, for the moment before the reseller is known (decision 3)."""

    __tablename__ = "host_name"

    name: Mapped[str] = mapped_column(primary_key=True)
    reseller_id: Mapped[UUID] = mapped_column(index=True)
    canonical: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="shop")  # shop, frames


class ParkedName(Base):
    """Registered name of a customer → reseller, for the moment before the reseller is known: parking pages.

    Kept by the database itself, beside ``domain``. A name that two shops hold belongs to the one that got it last.
    """

    __tablename__ = "parked_name"

    name: Mapped[str] = mapped_column(primary_key=True)
    reseller_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    since: Mapped[datetime]


class HeldName(Base):
    """A name that a reseller gave up or lost: theirs alone until ``held_until``, and remembered afterwards."""

    __tablename__ = "held_name"

    name: Mapped[str] = mapped_column(primary_key=True)
    reseller_id: Mapped[UUID] = mapped_column(primary_key=True)
    held_until: Mapped[datetime]


class Host(Owned, Base):
    """A host name a shop answers on, or is to answer on, with what is known of it.

    ``host_name`` holds the active ones of all resellers; a name can stand there once only.
    """

    __tablename__ = "host"
    __owned_args__ = (
        owned_unique("name"),
        CheckConstraint("state IN ('pending', 'active', 'failing', 'detached')", name="state"),
        CheckConstraint("purpose IN ('shop', 'frames')", name="purpose"),
        Index("ix_host_due", "next_check_at", postgresql_where="next_check_at IS NOT NULL"),
    )

    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="active")
    is_platform_name: Mapped[bool] = mapped_column(default=False)
    activated_at: Mapped[datetime | None] = mapped_column(default=None)

    purpose: Mapped[str] = mapped_column(default="shop")  # shop, frames
    becomes_canonical: Mapped[bool] = mapped_column(default=False)  # as soon as it really serves
    code: Mapped[str] = mapped_column(default="")  # what the TXT record must say; new with every connection
    connected_at: Mapped[datetime | None] = mapped_column(default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)  # somebody knows what the name serves today
    impact: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the website and the mail it serves today

    # What was seen of it: the records last found, the three lights, and what changed.
    found: Mapped[dict[str, Any]] = mapped_column(default=dict)
    lights: Mapped[dict[str, Any]] = mapped_column(default=dict)
    history: Mapped[list[Any]] = mapped_column(default=list)
    asked_at: Mapped[datetime | None] = mapped_column(default=None)
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    next_check_at: Mapped[datetime | None] = mapped_column(default=None)
    first_missed_at: Mapped[datetime | None] = mapped_column(default=None)
    misses: Mapped[int] = mapped_column(default=0)
    serves_at: Mapped[datetime | None] = mapped_column(default=None)  # since when it answers to the world
    detached_at: Mapped[datetime | None] = mapped_column(default=None)
    held_until: Mapped[datetime | None] = mapped_column(default=None)

    # A link that opens the shop on this host before it is open to all; it works once.
    preview_hash: Mapped[str] = mapped_column(default="")
    preview_until: Mapped[datetime | None] = mapped_column(default=None)


class CreditAccount(Owned, Base):
    """The reseller's prepaid money at the platform: what is free and what is promised to operations."""

    __tablename__ = "credit_account"
    __owned_args__ = (
        CheckConstraint("available_minor >= 0", name="available"),
        CheckConstraint("held_minor >= 0", name="held"),
        owned_unique("currency"),
    )

    currency: Mapped[str]
    available_minor: Mapped[int] = mapped_column(default=0)
    held_minor: Mapped[int] = mapped_column(default=0)
    low_at_minor: Mapped[int] = mapped_column(default=0)
    asked_minor: Mapped[int] = mapped_column(default=0)  # the top-up the reseller asked for, until it comes
    asked_at: Mapped[datetime | None] = mapped_column(default=None)


class CreditEntry(Owned, Base):
    """One side of a movement of credit; the sides of a movement sum to zero. Only ever added to."""

    __tablename__ = "credit_entry"
    __owned_args__ = (
        owned_key("account_id", "credit_account"),
        Index("ix_credit_entry_once", "reseller_id", "operation_id", "kind", "ledger", unique=True),
        CheckConstraint("ledger IN ('available', 'held', 'charged', 'funding')", name="ledger"),
    )

    account_id: Mapped[UUID]
    movement_id: Mapped[UUID] = mapped_column(index=True)
    ledger: Mapped[str]
    kind: Mapped[str]  # top_up, hold, charge, release
    amount_minor: Mapped[int]
    currency: Mapped[str]
    operation_id: Mapped[UUID | None] = mapped_column(default=None)
    note: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    at: Mapped[datetime]
