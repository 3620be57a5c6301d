"""rule: what the name servers of the world said about a host name, as plain facts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What came back. Only the last two mean that nothing is known."""

    RECORDS = "records"
    NO_RECORDS = "no_records"  # the name exists, not with this type (NODATA)
    NO_NAME = "no_name"  # NXDOMAIN
    FAILED = "failed"  # no answer in time, SERVFAIL, REFUSED
    BOGUS = "bogus"  # there is an answer, and its signatures are wrong (RFC 4035)


KNOWN = frozenset({Kind.RECORDS, Kind.NO_RECORDS, Kind.NO_NAME})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer of one resolver, or of one name server of the zone, to one question."""

    name: str
    type: str
    kind: Kind
    resolver: str
    at: datetime
    records: tuple[str, ...] = ()  # names without last dot, TXT strings joined, CAA as ``0 issue letsencrypt.org``
    ttl_s: int | None = None  # how long the resolver will go on saying so
    negative_ttl_s: int | None = None  # the same for "there is none" (RFC 2308)
    chain: tuple[str, ...] = ()  # where CNAMEs led, in order
    is_wildcard: bool = False  # a made-up neighbour has the same answer
    reason: str = ""  # why it failed: timeout, servfail, refused, unreachable, malformed

    @property
    def is_known(self) -> bool:
        """Whether this says anything about the zone."""
        return self.kind in KNOWN


@dataclass(frozen=True, kw_only=True)
class Found:
    """Everything that was found about one host name in one look."""

    host: str
    at: datetime
    zone: str  # where the zone that holds the host begins; the registered domain when that could not be found
    resolvers: tuple[str, ...]
    answers: tuple[Answer, ...]  # of the resolvers
    authoritative: tuple[Answer, ...] = ()  # of the name servers themselves; ``resolver`` is the server's name
    nameservers: tuple[str, ...] = ()
    owners: tuple[tuple[str, str], ...] = ()  # address → the name its keeper gave it, where one was found

    def of(self, name: str, kind: str) -> tuple[Answer, ...]:
        """What each resolver said to one question."""
        return tuple(answer for answer in self.answers if (answer.name, answer.type) == (name, kind))

    def of_servers(self, name: str, kind: str) -> tuple[Answer, ...]:
        """What each name server of the zone said to one question."""
        return tuple(answer for answer in self.authoritative if (answer.name, answer.type) == (name, kind))

    def records(self, name: str, kind: str) -> tuple[str, ...]:
        """All records that anybody saw, each once, in a fixed order."""
        return tuple(sorted({record for answer in self.of(name, kind) for record in answer.records}))

    def owner_of(self, address: str) -> str:
        """The name that the keeper of an address gave it, or nothing."""
        return dict(self.owners).get(address, "")


def known(answers: Iterable[Answer]) -> Iterator[Answer]:
    """Those that say something."""
    return (answer for answer in answers if answer.is_known)
