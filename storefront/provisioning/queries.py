"""Operations for lists."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from storefront.core.db import Work
from storefront.core.paging import Page, newest_first
from storefront.provisioning.models import Operation

OPEN = ("pending", "on_hold", "sending", "unknown", "awaiting_code", "manual")


def operations(db: Work, *, states: Sequence[str] = (), after: UUID | None = None) -> Page[Operation]:
    """List operations, newest first; of all resellers in an office Work."""
    statement = select(Operation)
    if states:
        statement = statement.where(Operation.state.in_(states))
    return newest_first(db, statement, Operation.id, after)


def count_by_state(db: Work) -> dict[str, int]:
    """Count operations by state."""
    found = db.execute(select(Operation.state, func.count()).group_by(Operation.state))
    return {row[0]: row[1] for row in found}


def operations_of_items(db: Work, item_ids: Sequence[UUID]) -> dict[UUID, Operation]:
    """Return the operations of some order items, by item."""
    found = db.scalars(select(Operation).where(Operation.order_item_id.in_(item_ids)))
    return {operation.order_item_id: operation for operation in found if operation.order_item_id}
