"""The code of a transfer: read, sealed, corrected by its customer, forgotten once it is of no more use."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from storefront.core.audit import record
from storefront.core.config import Config
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import publish
from storefront.core.sealing import seal, unseal
from storefront.provisioning.events import TransferCodeRefused
from storefront.provisioning.lifecycle import OperationState
from storefront.provisioning.models import Operation
from storefront.provisioning.request import resume

PURPOSE = "transfer-code"
# EPP sets no bound (RFC 5730); registries give out six to sixteen characters, some up to sixty-four.
LONGEST = 128
SHORTEST = 4
# How long a right code is waited for (domains.md, 4.11).
WAITS = timedelta(days=14)
KEPT_AS = "code_sealed"


def read_code(typed: str) -> str:
    """Return a code as its holder got it, empty for none; raises ``Refused`` for what cannot be one."""
    code = typed.strip()
    if code and not (SHORTEST <= len(code) <= LONGEST and code.isascii() and code.isprintable() and " " not in code):
        raise Refused(_("A transfer code has no spaces and no accents. Please copy it once more."), field="code")
    return code


def seal_code(db: Work, code: str) -> str:
    """Seal a code for this shop; nothing stays nothing."""
    return seal(db.config, code, purpose=PURPOSE, owner=db.reseller_id) if code else ""


def open_code(config: Config, reseller_id: UUID, sealed: str) -> str:
    """Open a sealed code, at the moment it is sent and not before."""
    return unseal(config, sealed, purpose=PURPOSE, owner=reseller_id) if sealed else ""


def await_code(db: Work, operation: Operation, message: str) -> None:
    """Wait for another code: the one that was sent is wrong, and nothing happened. The credit stays promised."""
    operation.state, operation.error_code, operation.error = OperationState.AWAITING_CODE, "bad_auth_code", message
    operation.sent_at, operation.supplier_reference, operation.next_at = None, "", db.now + WAITS
    forget_code(operation)
    publish(db, TransferCodeRefused(operation_id=operation.id, order_item_id=operation.order_item_id))


def correct_code(db: Work, operation: Operation, typed: str) -> None:
    """Take another code and go on with it. Raises ``Refused`` unless one is waited for."""
    code = read_code(typed)
    db.lock(operation)
    if operation.state != OperationState.AWAITING_CODE:
        raise Refused(_("No other code is needed for this transfer."), field="code")
    if not code:
        raise Refused(_("Please fill this in."), field="code")
    # Another code is another command: the reference of the refused one is spent.
    tries = int(operation.wish.get("codes", 1)) + 1
    operation.wish = {**operation.wish, KEPT_AS: seal_code(db, code), "codes": tries}
    operation.state, operation.error_code, operation.error, operation.next_at = OperationState.PENDING, "", "", None
    record(db, "operation.code_corrected", operation, after={"codes": tries})
    resume(db, operation)


def forget_code(operation: Operation) -> None:
    """Keep a code no longer than it is of use."""
    if operation.wish.get(KEPT_AS):
        operation.wish = {**operation.wish, KEPT_AS: ""}


def waited_for_too_long(db: Work) -> Sequence[Operation]:
    """List the transfers whose right code did not come in time."""
    return db.scalars(
        select(Operation).where(
            Operation.reseller_id == db.reseller_id,
            Operation.state == OperationState.AWAITING_CODE,
            Operation.next_at < db.now,
        )
    )


def shops_that_wait_too_long(db: Work) -> Sequence[UUID]:
    """List, in an office Work, the shops with transfers whose right code did not come in time."""
    late = (Operation.state == OperationState.AWAITING_CODE, Operation.next_at < db.now)
    return db.scalars(select(Operation.reseller_id).where(*late).distinct())
