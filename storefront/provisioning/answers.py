"""rule: how long a registry's answer about a name may be believed, and how it is written down meanwhile."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storefront.core.money import Money
from storefront.providers.ports.registrar import Action, Availability, CheckResult, RegistrationData

# Seconds (domains.md, 1.3). What nobody knows is asked again each time.
KEPT_S: Mapping[Availability, int] = {
    Availability.AVAILABLE: 60,
    Availability.PREMIUM: 10 * 60,
    Availability.TAKEN: 15 * 60,
    Availability.RESERVED: 24 * 3600,
    Availability.RESTRICTED: 15 * 60,
    Availability.INVALID: 15 * 60,
    Availability.UNSUPPORTED: 15 * 60,
    Availability.UNKNOWN: 0,
}
WHOIS_KEPT_S = 10 * 60


def kept_s(result: CheckResult, now: datetime) -> int:
    """Say for how many seconds an answer holds; a premium price never longer than the registry promised it."""
    seconds = KEPT_S[result.availability]
    if result.quote_until is not None:
        seconds = min(seconds, int((result.quote_until - now).total_seconds()))
    return max(0, seconds)


def no_answer(name: str, at: datetime, reason: str = "no answer in time") -> CheckResult:
    """Say that nobody knows: never the same as free."""
    return CheckResult(name=name, availability=Availability.UNKNOWN, checked_at=at, reason=reason)


def write_answer(result: CheckResult) -> str:
    """Write an answer as JSON; costs only where they are not those of the price list."""
    is_premium = result.availability is Availability.PREMIUM
    costs = {
        action.value: {str(years): [cost.minor, cost.currency] for years, cost in terms.items()}
        for action, terms in result.costs.items()
        if is_premium
    }
    record = {
        "name": result.name,
        "is": result.availability.value,
        "at": result.checked_at.isoformat(),
        "reason": result.reason,
        "class": result.premium_class,
        "costs": costs,
        "quote": result.quote_id,
        "until": result.quote_until.isoformat() if result.quote_until else "",
    }
    return json.dumps({key: value for key, value in record.items() if value}, separators=(",", ":"))


def read_answer(text: str | bytes) -> CheckResult:
    """Read an answer back; raises ``ValueError`` or ``KeyError`` for anything else."""
    record = json.loads(text)
    return CheckResult(
        name=record["name"],
        availability=Availability(record["is"]),
        checked_at=datetime.fromisoformat(record["at"]),
        reason=record.get("reason", ""),
        premium_class=record.get("class", ""),
        costs={
            Action(action): {int(years): Money(minor, currency) for years, (minor, currency) in terms.items()}
            for action, terms in record.get("costs", {}).items()
        },
        quote_id=record.get("quote", ""),
        quote_until=_moment(record.get("until")),
    )


_MOMENTS = ("registered_at", "expires_at", "changed_at", "database_updated_at")
_LISTS = ("statuses", "name_servers", "redacted")


def write_registration(data: RegistrationData) -> dict[str, Any]:
    """Write the public view of a registration as plain values; it holds no personal field to begin with."""
    record = dict(vars(data))
    for field in _MOMENTS:
        record[field] = record[field].isoformat() if record[field] else ""
    return record


def read_registration(record: Mapping[str, Any]) -> RegistrationData:
    """Read the public view of a registration back."""
    values = dict(record)
    for field in _MOMENTS:
        values[field] = _moment(values[field])
    for field in _LISTS:
        values[field] = tuple(values[field])
    return RegistrationData(**values)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
