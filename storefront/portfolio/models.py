"""Domain: a registered name, something a customer owns."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_key, to_one


class Domain(Owned, Base):
    """A registered name with its two expiry dates: what is paid to us, and what the registry says.

    A name that is on its way here from another registrar has no dates yet.
    """

    __tablename__ = "domain"
    __owned_args__ = (
        owned_key("customer_id", "customer"),
        Index("ix_domain_live", "reseller_id", "name_ascii", unique=True, postgresql_where="closed_at IS NULL"),
        Index("ix_domain_customer", "reseller_id", "customer_id", "paid_until"),
        Index("ix_domain_expiry", "reseller_id", "paid_until"),
    )

    customer_id: Mapped[UUID]
    contact_id: Mapped[UUID | None] = mapped_column(default=None)
    name_ascii: Mapped[str]
    name_unicode: Mapped[str]
    ending: Mapped[str]
    connection: Mapped[str]
    supplier_reference: Mapped[str] = mapped_column(default="")
    registered_at: Mapped[datetime | None] = mapped_column(default=None)
    paid_until: Mapped[datetime | None] = mapped_column(default=None)
    registry_expires_at: Mapped[datetime | None] = mapped_column(default=None)
    statuses: Mapped[list[Any]] = mapped_column(default=list)
    nameservers: Mapped[list[Any]] = mapped_column(default=list)
    is_locked: Mapped[bool] = mapped_column(default=True)
    renews_itself: Mapped[bool] = mapped_column(default=True)
    synced_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)

    customer = to_one("Domain.customer_id", "Customer")

    @property
    def is_arriving(self) -> bool:
        """Whether the name is on its way here and still with another registrar."""
        return self.paid_until is None and self.closed_at is None
