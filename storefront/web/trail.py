"""The log of some rows, as staff read it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from storefront.core.audit import AuditEntry
from storefront.core.db import Work
from storefront.web.operation_words import action_words
from storefront.web.trail_words import change_words

LINES = 30
# Named so that the index of subjects, which begins with the kind, serves the question.
KINDS = ("PurchaseOrder", "OrderItem", "Document", "Payment", "Operation", "Customer", "LoginUser", "Contact")
OF_THE_PLATFORM = ("Reseller", "CreditAccount", "Operation", "Job")


def trail(db: Work, subjects: Sequence[UUID]) -> list[dict[str, Any]]:
    """List what was done to some rows of the reseller of this Work, the latest first."""
    statement = select(AuditEntry).where(AuditEntry.reseller_id == db.reseller_id, AuditEntry.subject_kind.in_(KINDS))
    return _shown(db, statement.where(AuditEntry.subject_id.in_(subjects)))


def platform_trail(db: Work, reseller_id: UUID, subject_id: UUID | None = None) -> list[dict[str, Any]]:
    """List what the platform's people did to a reseller, or to one row of it, the latest first."""
    statement = select(AuditEntry).where(
        AuditEntry.reseller_id == reseller_id, AuditEntry.subject_kind.in_(OF_THE_PLATFORM)
    )
    if subject_id is not None:
        statement = statement.where(AuditEntry.subject_id == subject_id)
    return _shown(db, statement)


def _shown(db: Work, statement: Select[Any]) -> list[dict[str, Any]]:
    return [
        {"entry": entry, "words": action_words(entry.action), "changes": change_words(entry.difference)}
        for entry in db.scalars(statement.order_by(AuditEntry.id.desc()).limit(LINES))
    ]
