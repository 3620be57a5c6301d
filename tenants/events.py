"""CreditShort, CreditToppedUp, SupplierAccountRefused, SenderCodeAsked, HostConnected and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
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


@event("tenants.supplier_account_refused")
@dataclass(frozen=True, kw_only=True)
class SupplierAccountRefused(Event):
    """The account in use was looked at again, and its supplier does not take it any more."""

    connection: str
    key_hint: str
    verdict: str
    checked_at: datetime


@event("tenants.sender_code_asked")
@dataclass(frozen=True, kw_only=True)
class SenderCodeAsked(Event):
    """A reseller wants letters to come from an address and must show that it is theirs.

    ``sealed`` holds ``{"email", "name", "code"}``, sealed as what only a letter may show; good until ``until``.
    """

    locale: str
    until: datetime
    sealed: str


@event("tenants.host_connected")
@dataclass(frozen=True, kw_only=True)
class HostConnected(Event):
    """A reseller wants the shop to answer on a name; nothing is shown to the world yet."""

    host_id: UUID


@event("tenants.host_verified")
@dataclass(frozen=True, kw_only=True)
class HostVerified(Event):
    """The name leads here and is its reseller's: the shop answers on it from now on."""

    host_id: UUID


@event("tenants.host_failing")
@dataclass(frozen=True, kw_only=True)
class HostFailing(Event):
    """For three days the name led elsewhere or its code was gone."""

    host_id: UUID
    since: datetime


@event("tenants.host_detached")
@dataclass(frozen=True, kw_only=True)
class HostDetached(Event):
    """The shop answers on this name no longer; it stays the reseller's until ``held_until``."""

    host_id: UUID
    host_name: str
    held_until: datetime
    is_by_itself: bool


@event("tenants.visitor_wrote")
@dataclass(frozen=True, kw_only=True)
class VisitorWrote(Event):
    """Somebody wrote to the shop through a form of a page; ``sealed`` is what its letter may say."""

    message_id: UUID
    sealed: str
