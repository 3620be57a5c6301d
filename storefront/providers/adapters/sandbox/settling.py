"""How the sandbox registry ends what waited: registrations it decides about, transfers the other registrar lets go."""

from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from storefront.providers.adapters.sandbox import tables, transfers, world
from storefront.providers.adapters.sandbox.world import Control
from storefront.providers.outcomes import Rejection
from storefront.providers.ports.registrar import Action


def settle(connection: Connection, control: Control) -> None:
    """Decide about everything whose time of waiting is over."""
    due = connection.execute(
        select(tables.operation)
        .where(tables.operation.c.state == "pending", tables.operation.c.due_at <= control.now)
        .with_for_update(skip_locked=True),
    ).all()
    for row in due:
        if row.action == Action.TRANSFER.value:
            _end_transfer(connection, row, control)
        else:
            _end_registration(connection, row, control)


def _end_registration(connection: Connection, row: Row[Any], control: Control) -> None:
    if control.pending_ends == "done":
        connection.execute(
            update(tables.domain)
            .where(tables.domain.c.name == row.name)
            .values(is_pending=False, changed_at=control.now),
        )
        _end(connection, row, control, kind="registered", text="registered")
        return
    connection.execute(delete(tables.domain).where(tables.domain.c.name == row.name))
    _end(connection, row, control, kind="rejected", text="The registry refused the registration.")


def _end_transfer(connection: Connection, row: Row[Any], control: Control) -> None:
    if control.pending_ends == "done" and not transfers.is_refused(row.name):
        transfers.arrive(connection, row.name, row.reference, control.now)
        _end(connection, row, control, kind="transferred", text="transferred")
        return
    _end(connection, row, control, kind="rejected", text=transfers.REFUSED, code=Rejection.TRANSFER_REFUSED)


def _end(
    connection: Connection,
    row: Row[Any],
    control: Control,
    *,
    kind: str,
    text: str,
    code: Rejection = Rejection.POLICY,
) -> None:
    is_rejected = kind == "rejected"
    if is_rejected:
        world.give_back(connection, minor=row.cost_minor, reference=row.reference, at=control.now)
    connection.execute(
        update(tables.operation)
        .where(tables.operation.c.reference == row.reference)
        .values(state="rejected" if is_rejected else "done", code=code.value if is_rejected else "", message=text),
    )
    world.tell(connection, row, kind=kind, text=text, at=control.now)
