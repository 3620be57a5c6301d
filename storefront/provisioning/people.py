"""What people do with an operation that cannot settle itself: try again now, or give it up."""

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.provisioning.lifecycle import FINAL, OperationState
from storefront.provisioning.models import Operation
from storefront.provisioning.request import resume
from storefront.provisioning.run import fail
from storefront.provisioning.transfer_codes import waited_for_too_long

# What may be given up: nothing is under way at the supplier, or people found out that nothing came of it.
GIVEN_UP_FROM = frozenset({OperationState.MANUAL, OperationState.ON_HOLD, OperationState.AWAITING_CODE})
LONGEST_REASON = 500


def may_try_again(state: str) -> bool:
    """Whether an operation in this state can be tried at once instead of when its turn comes."""
    return state not in FINAL and state not in {OperationState.SENDING, OperationState.AWAITING_CODE}


def may_give_up(state: str) -> bool:
    """Whether an operation in this state can be given up."""
    return state in GIVEN_UP_FROM


def try_again(db: Work, operation: Operation) -> None:
    """Have an operation tried now. What was ever sent is asked about first, so nothing can be done twice."""
    db.lock(operation)
    if not may_try_again(operation.state):
        raise Refused(_("This operation is under way or settled. There is nothing to try again."))
    before = operation.state
    if operation.state == OperationState.MANUAL:
        operation.state, operation.error, operation.first_unknown_at = OperationState.PENDING, "", None
    resume(db, operation)
    record(db, "operation.tried_again", operation, before={"state": before}, after={"state": operation.state})


def give_up(db: Work, operation: Operation, *, reason: str) -> None:
    """End an operation by hand: its line fails and the credit held for it comes back."""
    db.lock(operation)
    if not may_give_up(operation.state):
        raise Refused(_("Only an operation that waits for people or for credit can be given up."))
    words = reason.strip()[:LONGEST_REASON]
    if not words:
        raise Refused(_("Please say what you found out."), field="reason")
    before = operation.state
    fail(db, operation, code="given_up", message=words)
    after = {"state": operation.state, "reason": words}
    record(db, "operation.given_up", operation, before={"state": before}, after=after)


def give_up_late_transfers(db: Work) -> None:
    """End the transfers whose right code did not come in fourteen days, as if their registry had refused them."""
    for operation in waited_for_too_long(db):
        db.lock(operation)
        if operation.state == OperationState.AWAITING_CODE:
            fail(db, operation, code="code_not_given", message="no right code in fourteen days")
