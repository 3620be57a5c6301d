"""rule: who may have a certificate, and how often the authority may be asked, so that its limits are never reached."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data" / "certificate_limits.toml"


class Answer(StrEnum):
    """What the web server at the edge is told, and why; the words count in ``/metrics``."""

    ALLOWED = "allowed"
    MALFORMED = "malformed"  # no host name, or not written as one is
    UNKNOWN = "unknown"  # no shop answers on it: never connected, not verified, detached
    CLOSED = "closed"
    SUSPENDED = "suspended"  # and no certificate yet; a certificate that is there is renewed
    RESELLER_LIMIT = "reseller_limit"
    DOMAIN_LIMIT = "domain_limit"
    PLATFORM_LIMIT = "platform_limit"
    FAILING = "failing"  # several attempts within an hour came to nothing, or the name no longer leads here
    AWAY = "away"  # it cannot be known now
    NOT_A_PEER = "not_a_peer"  # asked by somebody who is not our web server

    @property
    def is_yes(self) -> bool:
        """Whether a certificate may be asked for."""
        return self is Answer.ALLOWED


@dataclass(frozen=True, kw_only=True)
class Limit:
    """So many within so many hours; ``of`` is where the authority itself says no, if it does."""

    at_most: int
    hours: int
    of: int | None = None

    def since(self, now: datetime) -> datetime:
        """Return the moment from which on things count."""
        return now - timedelta(hours=self.hours)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits from one day on."""

    since: date
    authority: str
    reseller: Limit
    domain: Limit
    platform: Limit
    name: Limit


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many new names were allowed within the window of each limit."""

    reseller: int
    domain: int
    platform: int


@dataclass(frozen=True, kw_only=True)
class Tries:
    """How often the authority was asked for one name since a moment."""

    count: int = 0
    since_at: datetime | None = None

    def another(self, limit: Limit, now: datetime) -> "Tries | None":
        """Return the tries with one more; ``None`` when there were enough within the window."""
        if self.since_at is None or self.since_at < limit.since(now):
            return Tries(count=1, since_at=now)
        return None if self.count >= limit.at_most else Tries(count=self.count + 1, since_at=self.since_at)


def read_limits(text: str) -> tuple[Limits, ...]:
    """Read the data file's TOML, newest first. Raises ``ValueError`` where ours is not below the authority's."""
    found = [_limits(rules) for rules in tomllib.loads(text)["rules"]]
    for limits in found:
        for limit in (limits.reseller, limits.domain, limits.platform, limits.name):
            if limit.of is not None and limit.at_most >= limit.of:
                message = f"{limit.at_most} is not below {limit.of}"
                raise ValueError(message)
    return tuple(sorted(found, key=lambda limits: limits.since, reverse=True))


@lru_cache(maxsize=1)
def all_limits() -> tuple[Limits, ...]:
    """Return the limits on record, newest first."""
    return read_limits(_DATA.read_text(encoding="utf-8"))


def limits_on(day: date) -> Limits:
    """Return the limits of a day; before the first ones on record, those."""
    known = all_limits()
    return next((limits for limits in known if limits.since <= day), known[-1])


def why_not_new(limits: Limits, counted: Counted) -> Answer:
    """Say whether one more new name may have a certificate."""
    if counted.reseller >= limits.reseller.at_most:
        return Answer.RESELLER_LIMIT
    if counted.domain >= limits.domain.at_most:
        return Answer.DOMAIN_LIMIT
    if counted.platform >= limits.platform.at_most:
        return Answer.PLATFORM_LIMIT
    return Answer.ALLOWED


def again_at(limits: Limits, answer: Answer, now: datetime) -> datetime | None:
    """Return when it makes sense to ask again after a refusal; ``None`` if no moment makes it better."""
    hours = {
        Answer.RESELLER_LIMIT: limits.reseller.hours,
        Answer.DOMAIN_LIMIT: limits.domain.hours,
        Answer.PLATFORM_LIMIT: limits.platform.hours,
        Answer.FAILING: limits.name.hours,
    }.get(answer)
    return None if hours is None else now + timedelta(hours=hours)


def look_again_at(now: datetime, *, valid_until: datetime | None, looks: int) -> datetime:
    """Return when to look at the edge again: often while a certificate is expected, daily once it is there."""
    if valid_until is not None and valid_until > now:
        return now + timedelta(days=1)
    return now + timedelta(minutes=min(2**looks, 24 * 60))


def _limits(rules: Mapping[str, Any]) -> Limits:
    named = {name: Limit(**rules[name]) for name in ("reseller", "domain", "platform", "name")}
    return Limits(since=rules["since"], authority=rules["authority"], **named)
