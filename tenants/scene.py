"""rule: what the rules of the Domain Doctor look at: a host name, what was found, and the moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from ipaddress import ip_address
from math import ceil

from tenants.dns_answers import Answer, Found, Kind
from tenants.wanted_records import Wanted, registered_domain

WAYS = ("A", "AAAA")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One look at one host."""

    wanted: Wanted
    found: Found
    now: datetime

    @property
    def host(self) -> str:
        """The host name."""
        return self.wanted.host

    @property
    def zone(self) -> str:
        """Where the records are entered."""
        return self.found.zone or self.wanted.zone

    @property
    def is_apex(self) -> bool:
        """Whether the host is where its zone begins."""
        return self.wanted.is_apex or self.host == self.zone

    @cached_property
    def ways(self) -> tuple[Answer, ...]:
        """What the resolvers said of the host's addresses."""
        return tuple(answer for kind in WAYS for answer in self.found.of(self.host, kind))

    @cached_property
    def authoritative_ways(self) -> tuple[Answer, ...]:
        """What the name servers of the zone say of them."""
        return tuple(answer for kind in WAYS for answer in self.found.of_servers(self.host, kind))

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """Where an alias leads, in order; the longest way that anybody saw."""
        own = self.found.records(self.host, "CNAME")
        chains = sorted((answer.chain for answer in self.ways if answer.chain), key=lambda chain: (-len(chain), chain))
        return chains[0] if chains else own

    @cached_property
    def foreign(self) -> tuple[str, ...]:
        """Addresses that are not ours, seen by any resolver."""
        return in_order(each for answer in self.ways for each in self.foreign_in(answer))

    def foreign_in(self, answer: Answer) -> tuple[str, ...]:
        """Addresses of an answer that are not ours; behind our own name all are ours, whatever they are today."""
        if self.wanted.edge_name in answer.chain:
            return ()
        return tuple(each for each in answer.records if each not in self.wanted.addresses)

    def leads_here(self, answer: Answer) -> bool:
        """Whether an answer brings visitors to us and to nobody else."""
        if self.wanted.edge_name in answer.chain:
            return True
        return answer.kind is Kind.RECORDS and bool(answer.records) and not self.foreign_in(answer)

    def is_right_at(self, answers: Iterable[Answer], place: str) -> bool:
        """Whether one resolver or name server alone sees the host lead here."""
        mine = [answer for answer in answers if answer.resolver == place and answer.is_known]
        return any(self.leads_here(each) for each in mine) and not any(self.foreign_in(each) for each in mine)

    def places(self, answers: Iterable[Answer]) -> tuple[str, ...]:
        """Who said something."""
        return in_order(answer.resolver for answer in answers if answer.is_known)

    def is_right_everywhere(self, answers: tuple[Answer, ...]) -> bool:
        """Whether everybody who said something sees the host lead here."""
        places = self.places(answers)
        return bool(places) and all(self.is_right_at(answers, place) for place in places)

    def told(self, addresses: Iterable[str]) -> str:
        """Addresses for a sentence, each with the name of its keeper where there is one."""
        shown = []
        for address in addresses:
            owner = self.found.owner_of(address)
            shown.append(f"{address} ({owner})" if owner else address)
        return ", ".join(shown)

    def minutes_left(self, answers: Iterable[Answer]) -> int:
        """For how many minutes, at the longest, resolvers still remember these answers; at least one."""
        return max((minutes_until_forgotten(answer, self.now) for answer in answers), default=1)

    @property
    def kept_at(self) -> str:
        """Where the zone is kept: the domain of its name servers."""
        domains = in_order(registered_domain(server) for server in self.found.nameservers)
        return domains[0] if domains else ""


def minutes_until_forgotten(answer: Answer, now: datetime) -> int:
    """Whole minutes, rounded up, until a resolver asks again (RFC 1035, 3.2.1; RFC 2308, 5); at least one."""
    lifetime = answer.ttl_s if answer.kind is Kind.RECORDS else answer.negative_ttl_s
    return max(1, ceil(((lifetime or 0) - (now - answer.at).total_seconds()) / 60))


def in_order(values: Iterable[str]) -> tuple[str, ...]:
    """Each once, sorted: addresses by their number, then names; the order of answers never matters."""
    return tuple(sorted(set(values), key=_rank))


def _rank(value: str) -> tuple[int, int, str]:
    try:
        address = ip_address(value)
    except ValueError:
        return (9, 0, value)
    return (address.version, int(address), value)
