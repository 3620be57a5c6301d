"""rule: the one word a customer reads about a domain, derived from what is known and never stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

Tone = Literal["success", "warning", "danger", "info", "neutral"]
OpenOperation = Literal["", "register", "renew", "transfer", "restore"]
Closed = Literal["", "transferred_out", "not_transferred", "deleted"]

DAY = timedelta(days=1)
EXPIRING_DAYS = 30

# EPP and RGP statuses (RFC 5731 section 2.3, RFC 3915) in lower case; some registries report them in camel case,
# RDAP in words (RFC 8056): both read the same once spaces and case are gone.
_HOLDS = frozenset({"clienthold", "serverhold"})


class DomainStatus(StrEnum):
    """What a domain is to its customer."""

    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REGISTERING = "registering"
    TRANSFERRING = "transferring"
    RESTORING = "restoring"
    RENEWING = "renewing"
    INACTIVE = "inactive"
    SUSPENDED = "suspended"
    REDEMPTION = "redemption"
    PENDING_DELETE = "pending_delete"
    TRANSFERRED_OUT = "transferred_out"
    NOT_TRANSFERRED = "not_transferred"
    DELETED = "deleted"


@dataclass(frozen=True, kw_only=True)
class DomainFacts:
    """Everything the status follows from.

    ``paid_until`` is ours and ``registry_expires_at`` the registry's; the earlier one counts. A registry that renews by
    itself moves its date a year ahead on the day of expiry (autoRenewPeriod), although nobody has paid; and a renewal
    paid to us that never reached the registry must not look safe. ``statuses`` are EPP and RGP together, in any
    spelling.
    """

    paid_until: datetime | None
    registry_expires_at: datetime | None = None
    statuses: frozenset[str] = frozenset()
    open_operation: OpenOperation = ""
    closed: Closed = ""

    @property
    def ends_at(self) -> datetime | None:
        """The moment the name really runs out; ``None`` while there is no term yet."""
        if self.paid_until is None or self.registry_expires_at is None:
            return self.paid_until
        return min(self.paid_until, self.registry_expires_at)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A status as a person sees it; ``days_left`` until the term ends, negative afterwards, if it has one."""

    status: DomainStatus
    word: Text
    tone: Tone
    days_left: int | None


_WORDS: Mapping[DomainStatus, tuple[Text, Tone]] = {
    DomainStatus.ACTIVE: (_("Active"), "success"),
    DomainStatus.EXPIRING: (_("Expires soon"), "warning"),
    DomainStatus.EXPIRED: (_("Expired, can be renewed"), "danger"),
    DomainStatus.REGISTERING: (_("Being registered"), "info"),
    DomainStatus.TRANSFERRING: (_("Transfer in progress"), "info"),
    DomainStatus.RESTORING: (_("Being restored"), "info"),
    DomainStatus.RENEWING: (_("Being renewed"), "info"),
    DomainStatus.INACTIVE: (_("No name servers"), "warning"),
    DomainStatus.SUSPENDED: (_("Suspended"), "danger"),
    DomainStatus.REDEMPTION: (_("Deleted, can be restored"), "danger"),
    DomainStatus.PENDING_DELETE: (_("About to be released"), "danger"),
    DomainStatus.TRANSFERRED_OUT: (_("Transferred away"), "neutral"),
    DomainStatus.NOT_TRANSFERRED: (_("Did not come here"), "neutral"),
    DomainStatus.DELETED: (_("Deleted"), "neutral"),
}


def days_left(ends_at: datetime, now: datetime) -> int:
    """Count the days begun until a moment: 1 in the last 24 hours, 0 at the moment itself, negative for days gone."""
    return -((now - ends_at) // DAY)


def _spelled(statuses: frozenset[str]) -> frozenset[str]:
    return frozenset("".join(status.split()).lower() for status in statuses)


def _status_at_the_registry(statuses: frozenset[str]) -> DomainStatus | None:
    """Find what overrides everything we know ourselves, worst news first."""
    found = (
        ("pendingrestore", DomainStatus.RESTORING),
        ("redemptionperiod", DomainStatus.REDEMPTION),
        ("pendingdelete", DomainStatus.PENDING_DELETE),
        ("pendingtransfer", DomainStatus.TRANSFERRING),
    )
    for name, status in found:
        if name in statuses:
            return status
    return DomainStatus.SUSPENDED if statuses & _HOLDS else None


def _status_by_term(facts: DomainFacts, statuses: frozenset[str], now: datetime) -> DomainStatus:
    ends_at = facts.ends_at
    if ends_at is None or "pendingcreate" in statuses:
        return DomainStatus.REGISTERING
    if facts.open_operation == "renew" or "pendingrenew" in statuses:
        return DomainStatus.RENEWING
    if ends_at <= now:
        return DomainStatus.EXPIRED
    if ends_at - now <= EXPIRING_DAYS * DAY:
        return DomainStatus.EXPIRING
    return DomainStatus.INACTIVE if "inactive" in statuses else DomainStatus.ACTIVE


def status_of(facts: DomainFacts, now: datetime) -> DomainStatus:
    """Derive the status. A pending delete during redemption is a redemption still: RFC 3915 shows both at once."""
    if facts.closed:
        return DomainStatus(facts.closed)
    operations: Mapping[OpenOperation, DomainStatus] = {
        "register": DomainStatus.REGISTERING,
        "transfer": DomainStatus.TRANSFERRING,
        "restore": DomainStatus.RESTORING,
    }
    if facts.open_operation in operations:
        return operations[facts.open_operation]
    statuses = _spelled(facts.statuses)
    return _status_at_the_registry(statuses) or _status_by_term(facts, statuses, now)


def shown(facts: DomainFacts, now: datetime) -> Shown:
    """Say the status in a word, with its tone and the days that are left."""
    status = status_of(facts, now)
    word, tone = _WORDS[status]
    left = None if facts.ends_at is None or facts.closed else days_left(facts.ends_at, now)
    return Shown(status=status, word=word, tone=tone, days_left=left)
