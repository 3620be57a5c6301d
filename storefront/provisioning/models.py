"""Operation: one command to one supplier."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_unique


class Operation(Owned, Base):
    """One command to one supplier, with its own life; its id is our reference at the supplier."""

    __tablename__ = "operation"
    __owned_args__ = (
        owned_unique("order_item_id", "kind"),
        Index(
            "ix_operation_open",
            "reseller_id",
            "natural_key",
            unique=True,
            postgresql_where="state NOT IN ('done', 'failed')",
        ),
        Index("ix_operation_state", "reseller_id", "state", "id"),
        # The operator looks at all resellers at once, the newest first.
        Index("ix_operation_newest", "id"),
        Index("ix_operation_unsettled", "state", "id", postgresql_where="state NOT IN ('done', 'failed')"),
        CheckConstraint(
            "state IN ('pending', 'on_hold', 'sending', 'unknown', 'awaiting_code', 'done', 'failed', 'manual')",
            name="state",
        ),
    )

    kind: Mapped[str]  # register, renew, transfer
    connection: Mapped[str]
    subject: Mapped[str]  # the name, A-label
    natural_key: Mapped[str]  # create:name, so that two open commands about one thing cannot be
    order_item_id: Mapped[UUID | None] = mapped_column(default=None)
    wish: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="pending")
    pre_state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    supplier_reference: Mapped[str] = mapped_column(default="")
    cost_minor: Mapped[int] = mapped_column(default=0)
    cost_currency: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(default=None)
    next_at: Mapped[datetime | None] = mapped_column(default=None)
    first_unknown_at: Mapped[datetime | None] = mapped_column(default=None)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error_code: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
    requested_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
