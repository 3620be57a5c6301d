"""The log of some rows, as staff read it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from storefront.core.audit import AuditEntry
from storefront.core.db import Work
from storefront.web.operation_words import action_words

LINES = 30


def trail(db: Work, subjects: Sequence[UUID]) -> list[dict[str, Any]]:
    """List what was done to some rows, the latest first."""
    statement = select(AuditEntry).where(AuditEntry.subject_kind.in_(KINDS), AuditEntry.subject_id.in_(subjects))
    return [
        {"entry": entry, "words": action_words(entry.action), "changes": changes(entry)}
        for entry in db.scalars(statement.order_by(AuditEntry.id.desc()).limit(LINES))
    ]


# Named so that the index of subjects, which begins with the kind, serves the question.
KINDS = ("PurchaseOrder", "OrderItem", "Document", "Payment", "Operation", "Customer", "LoginUser", "Contact")


def changes(entry: AuditEntry) -> str:
    """Write a difference on one line; what was not there before is only named."""
    return ", ".join(
        f"{name}: {before} → {after}" if before not in (None, "") else f"{name}: {after}"
        for name, (before, after) in entry.difference.items()
    )
