"""SupplierAccount, Announcement, AnnouncementRead: what the reseller's office keeps beside the shop."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from storefront.core.db import Base
from storefront.core.ids import uuid7
from storefront.core.scope import Owned, owned_key, owned_unique


class SupplierAccount(Owned, Base):
    """A reseller's own account at a registrar: the one in use, and beside it the one that is tried, if any.

    What is tried replaces what is in use only when the supplier has said yes to it. Keys and passwords are sealed
    together; ``…_hint`` is all of the key that is ever shown again.
    """

    __tablename__ = "supplier_account"
    __owned_args__ = (owned_unique("connection"),)

    connection: Mapped[str]

    # In use.
    sealed: Mapped[str] = mapped_column(default="")
    key_hint: Mapped[str] = mapped_column(default="")
    uses_old_version: Mapped[bool] = mapped_column(default=False)
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    verdict: Mapped[str] = mapped_column(default="")
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    failing_since: Mapped[datetime | None] = mapped_column(default=None)

    # Tried: ``tried_verdict`` is "" where nothing is tried, "waiting" until the supplier has answered.
    tried_sealed: Mapped[str] = mapped_column(default="")
    tried_hint: Mapped[str] = mapped_column(default="")
    tried_old_version: Mapped[bool] = mapped_column(default=False)
    tried_is_new: Mapped[bool] = mapped_column(default=False)
    tried_verdict: Mapped[str] = mapped_column(default="")
    tried_at: Mapped[datetime | None] = mapped_column(default=None)
    tried_checked_at: Mapped[datetime | None] = mapped_column(default=None)


class Announcement(Base):
    """What the platform tells resellers. The wall shows each only what is meant for all or for itself."""

    __tablename__ = "announcement"
    __table_args__ = (CheckConstraint("severity IN ('info', 'warning', 'danger')", name="severity"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    title: Mapped[dict[str, Any]]  # by language
    body: Mapped[dict[str, Any]]
    severity: Mapped[str] = mapped_column(default="info")
    is_for_all: Mapped[bool] = mapped_column(default=True)
    reseller_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()), default=list)
    shown_from: Mapped[datetime]
    shown_until: Mapped[datetime | None] = mapped_column(default=None)
    written_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)


class AnnouncementRead(Owned, Base):
    """Somebody of the staff has read an announcement; it is not shown to them again."""

    __tablename__ = "announcement_read"
    __owned_args__ = (owned_unique("user_id", "announcement_id"), owned_key("user_id", "login_user"))

    user_id: Mapped[UUID]
    announcement_id: Mapped[UUID]
    read_at: Mapped[datetime]
