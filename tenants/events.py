"""CreditShort, CreditToppedUp."""

from dataclasses import dataclass
from uuid import UUID

from storefront.core.events import Event, event


@event("tenants.credit_short")
@dataclass(frozen=True, kw_only=True)
class CreditShort(Event):
    """A paid order waits because the reseller's credit does not cover what the supplier takes."""

    operation_id: UUID
    needed_minor: int
    available_minor: int
    currency: str


@event("tenants.credit_topped_up")
@dataclass(frozen=True, kw_only=True)
class CreditToppedUp(Event):
    """The reseller has more credit; what waited for it goes on."""

    movement_id: UUID
    amount_minor: int
    currency: str
