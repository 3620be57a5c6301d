"""rule: the words of the Domain Doctor: a light, a finding with its sentences, a verdict."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storefront.core.i18n import Text

# Waiting for somebody who connects a name, a loss for somebody whose host is in use.
ABSENT = frozenset({"no_such_name", "no_address", "code_missing"})


class Light(StrEnum):
    """What stands on the page. Wrong and could-not-ask are never the same."""

    WAITING = "waiting"
    RIGHT = "right"
    WRONG = "wrong"
    COULD_NOT_ASK = "could_not_ask"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a sentence names, for those who want it apart from the sentence."""

    points_at: tuple[str, ...] = ()  # addresses or names that should not be there
    delete: tuple[tuple[str, str], ...] = ()  # (type, value) of records to delete
    owner: str = ""  # who keeps the foreign address, as far as its name tells
    kept_at: str = ""  # where the zone is kept: the domain of its name servers
    minutes_left: int | None = None  # until resolvers forget
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One light: why it has its colour, and what to do about it."""

    light: Light
    key: str  # the diagnosis, a word for programs: points_elsewhere
    cause: Text  # one sentence
    cure: Text = ""  # one or two; empty when there is nothing to do
    facts: Facts = field(default_factory=Facts)
    seen_at: datetime | None = None
    resolvers: tuple[str, ...] = ()  # who was asked and said so


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The three lights, each with its first finding, and whatever else was found besides."""

    dns: Finding
    ownership: Finding
    certificate: Finding
    also: tuple[Finding, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether the name leads here and is shown to be the reseller's; the certificate follows by itself."""
        return self.dns.light == self.ownership.light == Light.RIGHT

    @property
    def is_missed(self) -> bool:
        """Whether a host that was in use is plainly not right: wrong, or without its records; silence never counts."""
        return any(each.light is Light.WRONG or each.key in ABSENT for each in (self.dns, self.ownership))


@dataclass(frozen=True, kw_only=True)
class CertificateFacts:
    """What the web server's side knows of the certificate of a host."""

    issued_until: datetime | None = None
    refused_at: datetime | None = None
    refusal: str = ""  # rate_limited, unreachable, caa, other; as the authority said it
    again_at: datetime | None = None  # when it is asked again


class State(StrEnum):
    """What to do with one record."""

    RIGHT = "right"
    ADD = "add"
    CHANGE = "change"
    DELETE = "delete"
    COULD_NOT_ASK = "could_not_ask"


@dataclass(frozen=True, kw_only=True)
class RecordState:
    """One line of the table: what should be, what the world sees."""

    state: State
    type: str
    name: str
    relative: str
    should: str  # empty when there should be none
    seen: tuple[str, ...] = ()
    ttl_s: int | None = None
    note: Text = ""
