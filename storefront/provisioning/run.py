"""The job: claim, hold, call, apply, announce. Survives being killed between any two steps (security 5.1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from storefront.core import jobs, stops
from storefront.core.db import Database, Work
from storefront.core.jobs import Later
from storefront.core.money import Money
from storefront.core.outbox import publish
from storefront.providers.connections import open_registrar
from storefront.providers.outcomes import (
    Done,
    Misconfigured,
    NotSent,
    Outcome,
    Pending,
    Rejected,
    Rejection,
    Unknown,
)
from storefront.providers.ports.login import Login
from storefront.provisioning import handlers
from storefront.provisioning.availability import forget
from storefront.provisioning.calls import Call, Facts
from storefront.provisioning.events import OperationFailed, OperationNeedsPeople
from storefront.provisioning.lifecycle import (
    FINAL,
    STANDING,
    OperationState,
    after_no_answer,
    next_attempt_at,
)
from storefront.provisioning.models import Operation
from storefront.provisioning.transfer_codes import await_code, forget_code
from tenants import credits as credit
from tenants.events import CreditShort
from tenants.supplier_accounts import login_in_use

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What one attempt may do, read in one transaction and used outside of any."""

    operation_id: UUID
    attempt: int
    call: Call
    login: Login | None = None  # the reseller's own account at the registrar, if there is one in use


@jobs.job(queue="now", opens_own_work=True)
def run_operation(database: Database, reseller_id: UUID, operation_id: str) -> None:
    """Bring one operation one step further."""
    with database.work(reseller_id) as db:
        claimed = claim(db, UUID(operation_id))
        stops.point("claim.before_commit")
        db.commit()
    stops.point("claim.committed")
    if claimed is None:
        return
    registrar = open_registrar(database.config, claimed.call.connection, login=claimed.login)
    try:
        outcome: Outcome[Facts] | Exception = claimed.call.make(registrar)
    except (NotSent, Unknown, Misconfigured) as failure:
        outcome = failure
    stops.point("call.answered")
    with database.work(reseller_id) as db:
        again_at = settle(db, claimed, outcome)
        stops.point("settle.before_commit")
        db.commit()
    stops.point("settle.committed")
    if isinstance(outcome, Done):
        # What the search still believes about this name is no longer true.
        forget(database.config, reseller_id, [claimed.call.subject])
    if again_at is not None:
        raise again_at


def claim(db: Work, operation_id: UUID) -> Claim | None:
    """Take an operation for one lease and promise its cost; ``None`` if there is nothing to do now."""
    operation = db.lock(db.require(Operation, operation_id))
    if OperationState(operation.state) in STANDING:
        return None
    if operation.lease_until and operation.lease_until > db.now:
        raise Later(operation.lease_until)
    if not _hold(db, operation):
        return None
    call = handlers.call_for(db.config, operation, was_sent=operation.sent_at is not None)
    operation.state, operation.attempts = OperationState.SENDING, operation.attempts + 1
    operation.lease_until = db.now + timedelta(seconds=db.config.operation_lease_s)
    # Written before the call: whoever comes after a kill must ask first, for it may have been sent.
    operation.sent_at = operation.sent_at or db.now
    login = login_in_use(db, operation.connection)
    return Claim(operation_id=operation.id, attempt=operation.attempts, call=call, login=login)


def _hold(db: Work, operation: Operation) -> bool:
    cost = Money(operation.cost_minor, operation.cost_currency)
    try:
        credit.hold(db, cost, operation_id=operation.id)
    except credit.NotCovered as short:
        if operation.state != OperationState.ON_HOLD:
            publish(
                db,
                CreditShort(
                    operation_id=operation.id,
                    needed_minor=cost.minor,
                    available_minor=short.available.minor,
                    currency=cost.currency,
                ),
            )
        operation.state, operation.error_code = OperationState.ON_HOLD, "reseller_credit"
        return False
    operation.error_code = ""
    return True


def settle(db: Work, claimed: Claim, outcome: Outcome[Facts] | Exception) -> Later | None:
    """Write down what came of an attempt; returns when to try again, if it must."""
    operation = db.lock(db.require(Operation, claimed.operation_id))
    if OperationState(operation.state) in FINAL or operation.attempts != claimed.attempt:
        # Another worker took over when our lease ended, and asks for itself.
        return None
    operation.lease_until = None
    match outcome:
        case Done():
            handlers.apply(db, operation, outcome.facts)
            credit.charge(db, operation_id=operation.id)
            _end(db, operation, OperationState.DONE)
        case Pending():
            operation.supplier_reference = outcome.upstream_ref
            if outcome.expires_at is not None:
                operation.result = {"expected_at": outcome.expires_at.isoformat()}
            return _again(operation, OperationState.PENDING, db.now + timedelta(seconds=outcome.poll_after_s))
        case Rejected(code=Rejection.BAD_AUTH_CODE) if operation.kind == "transfer":
            await_code(db, operation, outcome.message[:1000])
        case Rejected():
            fail(db, operation, code=str(outcome.code), message=outcome.message)
        case NotSent():
            operation.sent_at = operation.sent_at if claimed.call.only_asks else None
            return _again(operation, OperationState.PENDING, next_attempt_at(operation.attempts, db.now))
        case Misconfigured():
            _hand_to_people(db, operation, str(outcome))
        case _:
            return _unknown(db, operation)
    return None


def fail(db: Work, operation: Operation, *, code: str, message: str) -> None:
    """End an operation that was refused: nothing was done, so nothing is charged."""
    operation.error_code, operation.error = code, message[:1000]
    credit.release(db, operation_id=operation.id)
    handlers.undo(db, operation)
    publish(db, OperationFailed(operation_id=operation.id, order_item_id=operation.order_item_id, code=code))
    _end(db, operation, OperationState.FAILED)


def _end(db: Work, operation: Operation, state: OperationState) -> None:
    operation.state, operation.settled_at, operation.next_at = state, db.now, None
    forget_code(operation)


def _again(operation: Operation, state: OperationState, at: datetime) -> Later:
    operation.state, operation.next_at = state, at
    return Later(at)


def _unknown(db: Work, operation: Operation) -> Later | None:
    operation.first_unknown_at = operation.first_unknown_at or db.now
    state, at = after_no_answer(operation.attempts, operation.first_unknown_at, db.now)
    if at is None:
        _hand_to_people(db, operation, "no_answer")
        return None
    return _again(operation, state, at)


def _hand_to_people(db: Work, operation: Operation, reason: str) -> None:
    operation.state, operation.error, operation.next_at = OperationState.MANUAL, reason[:1000], None
    publish(db, OperationNeedsPeople(operation_id=operation.id, reason=reason[:200]))
