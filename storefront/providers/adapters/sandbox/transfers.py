"""What the sandbox registry does when told to bring a name here from another registrar, and how that ends."""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storefront.providers.adapters.sandbox import commands, public_view, rules, tables, world
from storefront.providers.adapters.sandbox.rules import EndingRules
from storefront.providers.adapters.sandbox.world import Control
from storefront.providers.outcomes import Rejected, Rejection
from storefront.providers.ports.registrar import Action, Transfer

REFUSED = "The registrar that has the name refused the transfer."


def wish_text(wish: Transfer) -> str:
    """Write down what was asked, so that a reference is good for one code only; the code itself is kept nowhere."""
    return hashlib.sha256(wish.auth_code.encode()).hexdigest()[:32]


def transfer(connection: Connection, wish: Transfer, row: Row[Any], control: Control) -> commands.Answer:
    """Begin to bring a name here, or say why not; where the registry does it in real time, it is here at once."""
    label, ending = rules.split(wish.name)
    if ending is None:
        return Rejected(code=Rejection.UNSUPPORTED, message="This ending is not sold here.")
    # One at a time for each name: two transfers of it at once must see each other.
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(wish.name))))
    no = _no_to_name(connection, wish.name, label, ending, control) or _no_to_code(wish, label, ending)
    if no:
        return no
    cost = rules.cost(label, ending, Action.TRANSFER, 1)
    if rules.premium_tier(label, ending) and wish.agreed_cost != cost:
        return Rejected(code=Rejection.PREMIUM_PRICE_CHANGED, message=f"The price of this transfer is {cost}.")
    if not world.charge(connection, minor=cost.minor, reference=row.reference, at=control.now):
        return Rejected(code=Rejection.NO_FUNDS, message="The prepaid balance is too low.", is_worth_retrying=True)
    takes = _takes(label, ending, control)
    if not takes:
        arrive(connection, wish.name, row.reference, control.now)
    row = connection.execute(
        update(tables.operation)
        .where(tables.operation.c.reference == row.reference)
        .values(state="pending" if takes else "done", cost_minor=cost.minor, due_at=control.now + takes)
        .returning(tables.operation),
    ).one()
    return commands.recall(connection, row, control)


def _takes(label: str, ending: EndingRules, control: Control) -> timedelta:
    """Say how long the other registrar takes: ``quick-`` names as long as ``pending-`` registrations."""
    if rules.script(label) in {"quick", "lost", "denied"}:
        return timedelta(seconds=control.pending_s)
    return timedelta(days=ending.transfer_days)


def _no_to_name(
    connection: Connection, name: str, label: str, ending: EndingRules, control: Control
) -> Rejected | None:
    _control, ours = world.held(connection, [name])
    if name in ours:
        return Rejected(code=Rejection.POLICY, message="The name is with this registrar already.")
    if not rules.is_taken(label, ending) or rules.fault(label, ending):
        return Rejected(code=Rejection.NOT_FOUND, message="The name is not registered.")
    if is_under_way(connection, name):
        return Rejected(code=Rejection.STATUS_PROHIBITS, message="A transfer of this name is under way already.")
    seen = public_view.of_stranger(name, control.now)
    if "clientTransferProhibited" in seen.statuses:
        return Rejected(code=Rejection.STATUS_PROHIBITS, message="The name is locked against transfers.")
    free_from = seen.registered_at and seen.registered_at + timedelta(days=ending.transfer_blocked_days)
    if free_from and free_from > control.now:
        message = f"The name was registered lately and can be transferred from {free_from:%Y-%m-%d} on."
        return Rejected(code=Rejection.NOT_ELIGIBLE_TO_TRANSFER, message=message)
    return None


def _no_to_code(wish: Transfer, label: str, ending: EndingRules) -> Rejected | None:
    if not ending.transfer_needs_code:
        return None
    if hmac.compare_digest(wish.auth_code.encode(), rules.auth_code(label).encode()):
        return None
    return Rejected(code=Rejection.BAD_AUTH_CODE, message="The authorisation code is wrong.", fields={"code": "wrong"})


def is_under_way(connection: Connection, name: str) -> bool:
    """Whether a transfer of a name to us waits for the other registrar."""
    operation = tables.operation.c
    waiting = select(operation.reference).where(
        operation.name == name, operation.action == Action.TRANSFER.value, operation.state == "pending"
    )
    return connection.execute(waiting).first() is not None


def find(connection: Connection, name: str, reference: str) -> Row[Any] | None:
    """Find what became of a transfer that was asked for with a reference."""
    operation = tables.operation.c
    asked = select(tables.operation).where(
        operation.reference == reference, operation.name == name, operation.action == Action.TRANSFER.value
    )
    return connection.execute(asked).first()


def is_refused(name: str) -> bool:
    """Whether the registrar that has a name will say no."""
    return rules.script(rules.split(name)[0]) == "denied"


def arrive(connection: Connection, name: str, reference: str, now: datetime) -> None:
    """Let a name be ours, with the term it brings and the years that come with the transfer."""
    _label, ending = rules.split(name)
    if ending is None:
        return
    seen = public_view.of_stranger(name, now)
    expires_at = rules.expires_after_transfer(seen.expires_at or now, now, ending)
    connection.execute(delete(tables.domain).where(tables.domain.c.name == name, tables.domain.c.released_at <= now))
    connection.execute(
        insert(tables.domain).values(
            name=name,
            is_pending=False,
            registered_at=seen.registered_at or now,
            expires_at=expires_at,
            released_at=world.released_at(expires_at, ending),
            changed_at=now,
            reference=reference,
            name_servers=list(seen.name_servers),
        ),
    )
