"""OperationFailed, OperationNeedsPeople, TransferCodeRefused."""

from dataclasses import dataclass
from uuid import UUID

from storefront.core.events import Event, event


@event("provisioning.operation_failed")
@dataclass(frozen=True, kw_only=True)
class OperationFailed(Event):
    """A supplier refused: nothing was done, the credit is released."""

    operation_id: UUID
    order_item_id: UUID | None
    code: str


@event("provisioning.transfer_code_refused")
@dataclass(frozen=True, kw_only=True)
class TransferCodeRefused(Event):
    """The code of a transfer is wrong; nothing was done, and another one is waited for."""

    operation_id: UUID
    order_item_id: UUID | None


@event("provisioning.operation_needs_people")
@dataclass(frozen=True, kw_only=True)
class OperationNeedsPeople(Event):
    """A command cannot settle itself: nobody knows what came of it, or the connection is set up wrongly."""

    operation_id: UUID
    reason: str
