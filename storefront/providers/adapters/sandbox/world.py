"""The state of the sandbox registry: its clock, its moods, its domains, its money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from storefront.core import clock
from storefront.providers.adapters.sandbox import rules, tables
from storefront.providers.adapters.sandbox.rules import EndingRules
from storefront.providers.ports.registrar import RegisteredDomain


@dataclass(frozen=True, kw_only=True)
class Control:
    """The registry's moment and mood while it answers one request."""

    now: datetime
    mode: str
    latency_s: float
    pending_s: float
    pending_ends: str


def control_of(row: Row[Any]) -> Control:
    """Read the control columns of a row."""
    return Control(
        now=clock.now() + timedelta(seconds=row.ahead_s),
        mode=row.mode,
        latency_s=row.latency_s,
        pending_s=row.pending_s,
        pending_ends=row.pending_ends,
    )


def read_control(connection: Connection) -> Control:
    """Read clock and mood."""
    return control_of(connection.execute(select(tables.control)).one())


def held(connection: Connection, names: Iterable[str]) -> tuple[Control, Mapping[str, RegisteredDomain]]:
    """Return the moment and those of the names that are registered here, with one query for all."""
    joined = tables.control.outerjoin(tables.domain, tables.domain.c.name.in_(list(names)))
    rows = connection.execute(select(tables.control, *_domain_columns()).select_from(joined)).all()
    control = control_of(rows[0])
    found = {row.name: facts_of(row, control.now) for row in rows if row.name and row.released_at > control.now}
    return control, found


def _domain_columns() -> list[Any]:
    return [column for column in tables.domain.c if column.name != "id"]


def facts_of(row: Row[Any], now: datetime) -> RegisteredDomain:
    """Describe a domain of ours as it stands at a moment."""
    _, ending = rules.split(row.name)
    statuses = rules.phase(row.expires_at, now, ending) if ending else ()
    if statuses == ("ok",):
        statuses = ("clientTransferProhibited",)
    return RegisteredDomain(
        name=row.name,
        registered_at=row.registered_at,
        expires_at=row.expires_at,
        statuses=("pendingCreate",) if row.is_pending else statuses,
        is_ours=True,
        reference=row.reference,
        name_servers=tuple(row.name_servers),
        registrar="Sandbox Registrar",
    )


def released_at(expires_at: datetime, ending: EndingRules) -> datetime:
    """Return when a domain that nobody renews becomes free."""
    return expires_at + timedelta(days=ending.grace_days + ending.redemption_days + ending.pending_delete_days)


def charge(connection: Connection, *, minor: int, reference: str, at: datetime) -> bool:
    """Take money off our prepaid balance, unless there is too little."""
    left = connection.execute(
        update(tables.account)
        .where(tables.account.c.currency == rules.CURRENCY, tables.account.c.balance_minor >= minor)
        .values(balance_minor=tables.account.c.balance_minor - minor)
        .returning(tables.account.c.balance_minor),
    ).scalar()
    if left is not None:
        _enter(connection, reference=reference, kind="charge", minor=-minor, at=at)
    return left is not None


def give_back(connection: Connection, *, minor: int, reference: str, at: datetime) -> None:
    """Return the money of something that did not come about."""
    connection.execute(
        update(tables.account)
        .where(tables.account.c.currency == rules.CURRENCY)
        .values(balance_minor=tables.account.c.balance_minor + minor),
    )
    _enter(connection, reference=reference, kind="refund", minor=minor, at=at)


def _enter(connection: Connection, *, reference: str, kind: str, minor: int, at: datetime) -> None:
    connection.execute(insert(tables.entry).values(reference=reference, kind=kind, amount_minor=minor, at=at))


def tell(connection: Connection, row: Row[Any], *, kind: str, text: str, at: datetime) -> None:
    """Put a message about an operation into the poll queue."""
    connection.execute(
        insert(tables.message).values(at=at, kind=kind, name=row.name, upstream_ref=row.upstream_ref, text=text),
    )


def has_due(connection: Connection, control: Control, name_or_ref: str) -> bool:
    """Whether a pending operation on a name, or with a reference, is over by now."""
    found = connection.execute(
        select(tables.operation.c.reference).where(
            tables.operation.c.state == "pending",
            tables.operation.c.due_at <= control.now,
            or_(tables.operation.c.name == name_or_ref, tables.operation.c.upstream_ref == name_or_ref),
        ),
    ).first()
    return found is not None
