"""LegalDocument, LegalEdition, EditionNotice: which pages the law asks for, what of them held when, who was told."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_key, owned_unique


class LegalDocument(Owned, Base):
    """A page whose words bind somebody: it comes in editions, and none that was ever in force is lost.

    ``slug`` names it in the addresses of its editions, which must stay while the page's own address may change.
    """

    __tablename__ = "legal_document"
    __owned_args__ = (owned_unique("page_id"), owned_unique("slug"), owned_key("page_id", "page"))

    page_id: Mapped[UUID]
    kind: Mapped[str]  # one of cms/legal_kinds.py
    slug: Mapped[str]
    needs_acceptance: Mapped[bool]
    created_at: Mapped[datetime]


class LegalEdition(Owned, Base):
    """What readers are told to go by from a moment on, in all its languages; its words are versions of the page.

    A word mended later is another version of the same edition. An edition that was cancelled before it came into force
    leaves its label to another one.
    """

    __tablename__ = "legal_edition"
    __owned_args__ = (
        owned_key("document_id", "legal_document"),
        Index(
            "ix_legal_edition_label",
            "reseller_id",
            "document_id",
            "label",
            unique=True,
            postgresql_where="cancelled_at IS NULL",
        ),
    )

    document_id: Mapped[UUID]
    label: Mapped[str]
    in_force_at: Mapped[datetime]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)


class EditionNotice(Owned, Base):
    """That a customer was told of an edition: the row is what makes it happen once."""

    __tablename__ = "edition_notice"
    __owned_args__ = (
        owned_unique("edition_id", "customer_id"),
        owned_key("edition_id", "legal_edition"),
        owned_key("customer_id", "customer"),
    )

    edition_id: Mapped[UUID]
    customer_id: Mapped[UUID]
    told_at: Mapped[datetime]
