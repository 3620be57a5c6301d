"""What the sandbox registry does when told to register or renew: decide, charge, remember."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from storefront.core.money import Money
from storefront.providers.adapters.sandbox import rules, tables, world
from storefront.providers.adapters.sandbox.rules import EndingRules
from storefront.providers.adapters.sandbox.world import Control
from storefront.providers.outcomes import Done, Outcome, Pending, Rejected, Rejection
from storefront.providers.ports.registrar import Action, Availability, RegisteredDomain, Registration, Renewal, Role

Answer = Outcome[RegisteredDomain]
# A transfer takes days and may end before them; a clock that was moved forward is noticed within the hour.
ASK_AGAIN_S = 3600.0


def claim(connection: Connection, *, reference: str, action: Action, name: str, wish: str, now: datetime) -> Row[Any]:
    """Write down that a reference has arrived; whoever comes with the same one waits here and finds the answer."""
    fresh = insert(tables.operation).values(
        reference=reference,
        upstream_ref="SBX-" + secrets.token_hex(8).upper(),
        action=action.value,
        name=name,
        wish=wish,
        state="new",
        created_at=now,
    )
    again = fresh.on_conflict_do_update(
        index_elements=["reference"],
        set_={"times_asked": tables.operation.c.times_asked + 1},
    )
    return connection.execute(again.returning(tables.operation)).one()


def remember(connection: Connection, reference: str, answer: Answer) -> None:
    """Keep an answer, so that the same reference gets the same one."""
    if isinstance(answer, Rejected):
        kept: dict[str, Any] = {"state": "rejected", "code": answer.code.value, "message": answer.message}
        kept["fields"] = dict(answer.fields)
    else:
        kept = {"state": "pending" if isinstance(answer, Pending) else "done"}
    connection.execute(update(tables.operation).where(tables.operation.c.reference == reference).values(**kept))


def recall(connection: Connection, row: Row[Any], control: Control) -> Answer:
    """Return the answer that was given to an operation, as it stands now."""
    if row.state == "rejected":
        return Rejected(code=Rejection(row.code), message=row.message, fields=row.fields)
    if row.state == "pending":
        left = (row.due_at - control.now).total_seconds()
        return Pending(
            upstream_ref=row.upstream_ref,
            poll_after_s=min(max(1.0, left), ASK_AGAIN_S),
            expires_at=row.due_at,
            waiting_for="registrar" if row.action == Action.TRANSFER.value else "registry",
        )
    found = connection.execute(select(tables.domain).where(tables.domain.c.name == row.name)).first()
    if found is None:
        return Rejected(code=Rejection.NOT_FOUND, message="The domain has been deleted since.")
    cost = Money(row.cost_minor, rules.CURRENCY)
    return Done(facts=world.facts_of(found, control.now), cost=cost, upstream_ref=row.upstream_ref)


def register(connection: Connection, wish: Registration, row: Row[Any], control: Control) -> Answer:
    """Register a name, or say why not."""
    label, ending = rules.split(wish.name)
    if ending is None:
        return Rejected(code=Rejection.UNSUPPORTED, message="This ending is not sold here.")
    no = _no_to_name(label, ending) or _no_to_wish(wish, ending)
    if no:
        return no
    cost = rules.cost(label, ending, Action.REGISTER, wish.years)
    if rules.premium_tier(label, ending) and wish.agreed_cost != cost:
        return Rejected(code=Rejection.PREMIUM_PRICE_CHANGED, message=f"The price of this name is {cost}.")
    is_pending = rules.script(label) == "pending"
    saved = connection.begin_nested()
    if not _insert_domain(connection, wish, ending, row.reference, control.now, is_pending=is_pending):
        return Rejected(code=Rejection.NAME_TAKEN, message="The name is registered.")
    if not world.charge(connection, minor=cost.minor, reference=row.reference, at=control.now):
        saved.rollback()
        return Rejected(code=Rejection.NO_FUNDS, message="The prepaid balance is too low.", is_worth_retrying=True)
    due_at = control.now + timedelta(seconds=control.pending_s) if is_pending else None
    row = connection.execute(
        update(tables.operation)
        .where(tables.operation.c.reference == row.reference)
        .values(state="pending" if is_pending else "done", cost_minor=cost.minor, due_at=due_at)
        .returning(tables.operation),
    ).one()
    return recall(connection, row, control)


def _no_to_name(label: str, ending: EndingRules) -> Rejected | None:
    if rules.script(label) == "rejected":
        return Rejected(code=Rejection.POLICY, message="The registry does not register this name.")
    fault = rules.fault(label, ending)
    standing = rules.standing(label, ending)
    if fault:
        return Rejected(code=Rejection.INVALID, message="The name is not valid here.", fields={"name": fault})
    if standing is Availability.RESERVED:
        return Rejected(code=Rejection.POLICY, message="The name is reserved.")
    if standing is Availability.TAKEN:
        return Rejected(code=Rejection.NAME_TAKEN, message="The name is registered.")
    return None


def _no_to_wish(wish: Registration, ending: EndingRules) -> Rejected | None:
    fields: dict[str, str] = {}
    owner = wish.contacts.get(Role.OWNER)
    fewest, most = ending.name_servers
    if wish.years not in ending.register_years:
        fields["years"] = "not offered"
    if wish.name_servers and not fewest <= len(wish.name_servers) <= most:
        fields["name_servers"] = f"{fewest} to {most}"
    if owner is None:
        fields["owner"] = "missing"
    elif ending.owner_in and not {owner.country, wish.extra.get("citizenship", "")} & ending.owner_in:
        fields["owner.country"] = "the holder must live elsewhere"
    return Rejected(code=Rejection.INVALID, message="Something is missing or wrong.", fields=fields) if fields else None


def _insert_domain(
    connection: Connection, wish: Registration, ending: EndingRules, reference: str, now: datetime, *, is_pending: bool
) -> bool:
    # A domain that has run out is swept away by whoever wants its name next.
    connection.execute(
        delete(tables.domain).where(tables.domain.c.name == wish.name, tables.domain.c.released_at <= now),
    )
    expires_at = rules.years_later(now, wish.years)
    fresh = insert(tables.domain).values(
        name=wish.name,
        is_pending=is_pending,
        registered_at=now,
        expires_at=expires_at,
        released_at=world.released_at(expires_at, ending),
        changed_at=now,
        reference=reference,
        name_servers=[server.host for server in wish.name_servers],
    )
    taken = fresh.on_conflict_do_nothing(index_elements=["name"]).returning(tables.domain.c.name)
    return connection.execute(taken).first() is not None


def renew(connection: Connection, wish: Renewal, row: Row[Any], control: Control) -> Answer:
    """Prolong a registration, or say why not."""
    label, ending = rules.split(wish.name)
    chosen = select(tables.domain).where(tables.domain.c.name == wish.name).with_for_update()
    found = connection.execute(chosen).first()
    if ending is None or found is None or found.released_at <= control.now:
        return Rejected(code=Rejection.NOT_FOUND, message="There is no such domain in this account.")
    no = _no_to_renewal(wish, found, ending, control.now)
    if no:
        return no
    cost = rules.cost(label, ending, Action.RENEW, wish.years)
    if rules.premium_tier(label, ending) and wish.agreed_cost != cost:
        return Rejected(code=Rejection.PREMIUM_PRICE_CHANGED, message=f"The price of this renewal is {cost}.")
    if not world.charge(connection, minor=cost.minor, reference=row.reference, at=control.now):
        return Rejected(code=Rejection.NO_FUNDS, message="The prepaid balance is too low.", is_worth_retrying=True)
    expires_at = rules.years_later(found.expires_at, wish.years)
    prolonged = connection.execute(
        update(tables.domain)
        .where(tables.domain.c.name == wish.name)
        .values(expires_at=expires_at, released_at=world.released_at(expires_at, ending), changed_at=control.now)
        .returning(tables.domain),
    ).one()
    connection.execute(
        update(tables.operation)
        .where(tables.operation.c.reference == row.reference)
        .values(state="done", cost_minor=cost.minor),
    )
    return Done(facts=world.facts_of(prolonged, control.now), cost=cost, upstream_ref=row.upstream_ref)


def _no_to_renewal(wish: Renewal, found: Row[Any], ending: EndingRules, now: datetime) -> Rejected | None:
    facts = world.facts_of(found, now)
    if facts.is_pending or "pendingDelete" in facts.statuses:
        return Rejected(code=Rejection.STATUS_PROHIBITS, message="The domain cannot be renewed in its present state.")
    if wish.current_expiry.date() != found.expires_at.date():
        return Rejected(
            code=Rejection.NOT_ELIGIBLE_TO_RENEW,
            message=f"The domain runs until {found.expires_at:%Y-%m-%d}.",
            fields={"current_expiry": f"{found.expires_at:%Y-%m-%d}"},
        )
    farthest = rules.years_later(now, ending.max_years_ahead) + timedelta(days=1)
    if wish.years not in ending.renew_years or rules.years_later(found.expires_at, wish.years) > farthest:
        return Rejected(code=Rejection.INVALID, message="Not for so long.", fields={"years": "not offered"})
    return None
