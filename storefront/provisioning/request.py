"""Ask for an operation; asking twice is asking once."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from storefront.core import jobs
from storefront.core.db import Work
from storefront.core.money import Money
from storefront.provisioning.models import Operation

CONNECTION = "sandbox"


@dataclass(frozen=True, kw_only=True)
class OperationWish:
    """One command to one supplier, with what it needs and what it may cost.

    Of two open ones with one ``natural_key`` there can only be one: kind and name, unless it says otherwise.
    """

    kind: str
    subject: str
    order_item_id: UUID | None
    wish: dict[str, Any]
    cost: Money
    connection: str = CONNECTION
    natural_key: str = ""


def request_operation(db: Work, wanted: OperationWish) -> Operation:
    """Write the operation down before anything is sent, and have it run after this transaction."""
    known = db.scalar(
        select(Operation).where(Operation.order_item_id == wanted.order_item_id, Operation.kind == wanted.kind),
    )
    if known is not None and wanted.order_item_id is not None:
        return known
    operation = db.add(
        Operation(
            kind=wanted.kind,
            connection=wanted.connection,
            subject=wanted.subject,
            natural_key=wanted.natural_key or f"{wanted.kind}:{wanted.subject}",
            order_item_id=wanted.order_item_id,
            wish=wanted.wish,
            cost_minor=wanted.cost.minor,
            cost_currency=wanted.cost.currency,
            requested_at=db.now,
        ),
    )
    db.flush()
    jobs.ask(db, "run_operation", str(operation.id))
    return operation


def resume(db: Work, operation: Operation) -> None:
    """Let an operation that waited go on now."""
    jobs.ask(db, "run_operation", str(operation.id))


def operations_on_hold(db: Work) -> list[Operation]:
    """List what waits for credit, the oldest first."""
    return list(db.scalars(select(Operation).where(Operation.state == "on_hold").order_by(Operation.id)))
