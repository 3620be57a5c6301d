"""record(): who did what to which row, with a before/after difference."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base, Work
from storefront.core.scope import Owned


class AuditEntry(Owned, Base):
    """One line of the log: only ever added to."""

    __tablename__ = "audit_entry"
    __owned_args__ = (Index("ix_audit_entry_subject", "reseller_id", "subject_kind", "subject_id"),)

    at: Mapped[datetime]
    action: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID | None]
    difference: Mapped[dict[str, Any]]


def record(
    db: Work,
    action: str,
    subject: Owned | None = None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Log an action, such as ``"proforma.confirmed"``, with what of the row is now different.

    Neither side may hold a secret: pass only what staff may read.
    """
    row = AuditEntry(
        at=db.now,
        action=action,
        actor_kind=db.actor.kind,
        actor_id=db.actor.id,
        actor_name=db.actor.name[:200],
        address=db.actor.address,
        subject_kind=type(subject).__name__ if subject is not None else "",
        subject_id=subject.id if subject is not None else None,
        difference=difference(before or {}, after or {}),
    )
    if db.reseller_id_or_none is None and subject is not None:
        row.reseller_id = subject.reseller_id
    db.logged = True
    return db.add(row)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Keep only what changed: ``{"discount": ["5 %", "10 %"]}``."""
    keys = [*before, *(key for key in after if key not in before)]
    return {key: [_plain(before.get(key)), _plain(after.get(key))] for key in keys if before.get(key) != after.get(key)}


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str | int | bool | None) else str(value)
