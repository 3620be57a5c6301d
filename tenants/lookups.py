"""Questions to the name servers of the world, asked with dnspython and answered as facts."""

import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from ipaddress import ip_address
from typing import Protocol

from storefront.core import clock
from storefront.core.config import Config
from tenants.caa import climb
from tenants.diagnoses_of_code import misplaced_names
from tenants.dns_answers import Answer, Found, Kind
from tenants.dns_exchange import Asker, Deadline, Place, Send, send
from tenants.networks import is_reachable
from tenants.scene import in_order
from tenants.wanted_records import Wanted, canonical_address, registered_domain

THREADS = 32  # nearly all questions of one round at once, so that silence is waited for once
SILENCE = frozenset({"timeout", "unreachable"})
MOST_SERVERS = 4  # name servers of one zone that are asked themselves
MOST_OWNERS = 3  # foreign addresses whose keeper is looked up

Question = tuple[str, str]  # name, type


class DnsQuestions(Protocol):
    """Somebody who asks the world about a host name. Slow (seconds): never inside a request or a transaction."""

    def ask_about(self, wanted: Wanted) -> Found:
        """Ask every question that the rules need, of every resolver. Never raises for trouble with DNS."""
        ...


def open_questions(config: Config) -> DnsQuestions:
    """Return whoever asks the resolvers of ``DNS_RESOLVERS``."""
    return DnspythonQuestions(
        resolvers=tuple(read_resolver(text) for text in config.dns_resolvers),
        server_port=config.nameserver_port,
        may_ask_inside=config.is_development,
    )


def read_resolver(text: str) -> Place:
    """Read ``9.9.9.9`` or ``127.0.0.1@8002``; raises ``ValueError`` when the address is none."""
    address, _, port = text.partition("@")
    return Place(label=text, address=canonical_address(address), port=int(port) if port else 53)


@dataclass(frozen=True, kw_only=True)
class DnspythonQuestions:
    """Asks two resolvers and the name servers of the zone themselves; about a second, at most ``total_s`` and a bit."""

    resolvers: tuple[Place, ...]
    server_port: int = 53
    one_s: float = 2.0
    total_s: float = 8.0
    may_ask_inside: bool = False  # a stranger's zone may name a server inside our network: never ask it
    send: Send = send

    def ask_about(self, wanted: Wanted) -> Found:
        """Ask in three rounds: what everybody sees, what that leads to, and what the zone's own servers say."""
        at = clock.now()
        asker = Asker(deadline=Deadline(one_s=self.one_s, total_s=self.total_s), at=at, send=self.send)
        with ThreadPoolExecutor(THREADS, thread_name_prefix="dns") as pool:
            look = _Look(questions=self, asker=asker, pool=pool, wanted=wanted)
            zone_of = look.zone()
            answers = look.everywhere(_first_questions(wanted))
            zone = zone_of()
            is_anybody_there = any(each.is_known for each in answers)
            if is_anybody_there:
                answers += look.everywhere(_further_questions(wanted, zone, answers))
            answers = _with_wildcards(wanted.host, zone, answers)
            # Resolvers that were kept waiting must not use up the time for the servers that made them wait.
            look = replace(look, asker=replace(asker, deadline=Deadline(one_s=self.one_s, total_s=self.total_s / 2)))
            servers = look.servers(zone, answers) if is_anybody_there else ()
            authoritative = look.of_servers(zone, servers)
            owners = look.owners(wanted, answers)
        return Found(
            host=wanted.host,
            at=at,
            zone=zone,
            resolvers=tuple(place.label for place in self.resolvers),
            answers=tuple(answers),
            authoritative=tuple(authoritative),
            nameservers=servers,
            owners=owners,
        )


def _first_questions(wanted: Wanted) -> list[Question]:
    host = wanted.host
    asked = [(registered_domain(host), "NS"), (wanted.challenge_name, "TXT")]
    asked += [(host, kind) for kind in ("A", "AAAA", "CNAME", "MX")]
    return asked + [(name, "CAA") for name in climb(host)]


def _further_questions(wanted: Wanted, zone: str, answers: list[Answer]) -> list[Question]:
    """What must be asked only when the first answers are not as they should be."""
    host = wanted.host
    asked: list[Question] = []
    has_way = any(each.kind is Kind.RECORDS or each.chain for each in answers if (each.name, each.type) in _ways(host))
    if not has_way:
        doubled = f"{host}.{zone}"
        asked += [*_ways(doubled), (doubled, "CNAME"), *_ways(_neighbour(doubled))]
    elif host != zone:
        asked += _ways(_neighbour(host))
    if not any(wanted.code in each.records for each in answers if each.type == "TXT"):
        asked += [(name, "TXT") for name in misplaced_names(wanted, zone) if name != wanted.challenge_name]
    return asked


def _ways(host: str) -> list[Question]:
    return [(host, "A"), (host, "AAAA")]


def _neighbour(name: str) -> str:
    """A name beside another that nobody made, so that only a wildcard can answer for it."""
    return f"{PROBE}{secrets.token_hex(6)}.{name.partition('.')[2]}"


PROBE = "no-such-"


def _with_wildcards(host: str, zone: str, answers: list[Answer]) -> list[Answer]:
    """Mark the answers that a made-up neighbour has as well, and leave the neighbour out."""
    probes = {
        (each.name.partition(".")[2], each.resolver, each.type): (each.records, each.chain)
        for each in answers
        if each.name.startswith(PROBE) and each.kind is Kind.RECORDS
    }
    kept = []
    for each in answers:
        if each.name.startswith(PROBE):
            continue
        probe = probes.get((each.name.partition(".")[2], each.resolver, each.type))
        is_wildcard = each.name in {host, f"{host}.{zone}"} and probe == (each.records, each.chain)
        kept.append(replace(each, is_wildcard=True) if is_wildcard else each)
    return kept


@dataclass(frozen=True, kw_only=True)
class _Look:
    """One look at one host, with its threads and its deadline."""

    questions: DnspythonQuestions
    asker: Asker
    pool: ThreadPoolExecutor
    wanted: Wanted

    def zone(self) -> Callable[[], str]:
        """Begin to ask where the zone of the host begins; the registered domain when nobody can tell."""
        host = self.wanted.host
        domain = registered_domain(host)
        tries = [host, host.partition(".")[2]] if host != domain else []  # the second in case the host is an alias
        asked = [self.pool.submit(self.asker.zone_of, place, name) for name in tries for place in self._resolvers]

        def found() -> str:
            zones = [future.result() for future in asked]
            return next((zone for zone in zones if zone == domain or zone.endswith(f".{domain}")), domain)

        return found

    @property
    def _resolvers(self) -> tuple[Place, ...]:
        return self.questions.resolvers

    def everywhere(self, asked: Iterable[Question]) -> list[Answer]:
        """Ask every resolver each question once."""
        pairs = [(place, name, kind) for name, kind in dict.fromkeys(asked) for place in self._resolvers]
        return list(self.pool.map(lambda pair: self.asker.ask(*pair), pairs))

    def servers(self, zone: str, answers: list[Answer]) -> tuple[str, ...]:
        """The name servers of the zone: as its own records say, else as the zone above says."""
        known = [each for each in answers if each.type == "NS" and each.name == zone]
        if zone != registered_domain(self.wanted.host):
            known = self.everywhere([(zone, "NS")])
        named = in_order(record for each in known for record in each.records)
        if named or any(each.is_known for each in known):
            return named
        above = zone.partition(".")[2]
        parents = in_order(record for each in self.everywhere([(above, "NS")]) for record in each.records)
        for parent in parents[:2]:
            for place in self._places_of(parent):
                if found := self.asker.referral(place, zone):
                    return in_order(found)
        return ()

    def of_servers(self, zone: str, servers: tuple[str, ...]) -> list[Answer]:
        """Ask the name servers themselves: whether they know the zone, and what they say of the host."""
        asked = [(zone, "SOA"), *_ways(self.wanted.host), (self.wanted.challenge_name, "TXT")]
        found = self.pool.map(partial(self._of_server, asked), servers[:MOST_SERVERS])
        return [answer for answers in list(found) for answer in answers]

    def _of_server(self, asked: list[Question], server: str) -> list[Answer]:
        places = self._places_of(server)
        if not places:
            name, kind = asked[0]
            at, reason = self.asker.at, "no_address"
            return [Answer(name=name, type=kind, kind=Kind.FAILED, resolver=server, at=at, reason=reason)]
        first = self.asker.ask(places[0], *asked[0])
        answering = places[0]
        for place in places[1:]:
            if first.reason not in SILENCE:
                break
            first, answering = self.asker.ask(place, *asked[0]), place
        if first.reason in SILENCE:
            return [first]
        return [first, *(self.asker.ask(answering, name, kind) for name, kind in asked[1:])]

    def _places_of(self, server: str) -> list[Place]:
        """The addresses of a name server that we may ask, IPv4 first."""
        addresses: tuple[str, ...] = ()
        for kind in ("A", "AAAA"):
            for resolver in self._resolvers:
                answer = self.asker.ask(resolver, server, kind)
                if answer.is_known:
                    addresses = (*addresses, *answer.records)
                    break
        return [
            Place(label=server, address=each, port=self.questions.server_port, is_resolver=False)
            for each in addresses
            if self.questions.may_ask_inside or is_reachable(each)
        ]

    def owners(self, wanted: Wanted, answers: list[Answer]) -> tuple[tuple[str, str], ...]:
        """The names that keepers of foreign addresses gave them."""
        ways = [each for each in answers if (each.name, each.type) in _ways(wanted.host)]
        seen = in_order(record for each in ways if wanted.edge_name not in each.chain for record in each.records)
        foreign = [each for each in seen if each not in wanted.addresses and is_reachable(each)][:MOST_OWNERS]
        names = {each: ip_address(each).reverse_pointer for each in foreign}
        told = self.everywhere((name, "PTR") for name in names.values())
        by_name = {answer.name: answer.records[0] for answer in told if answer.records}
        return tuple((address, by_name[name]) for address, name in names.items() if name in by_name)
