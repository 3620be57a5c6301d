"""A world of names for tests: whoever owns a zone writes records, and everybody is asked the same way."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from storefront.core import clock
from tenants.dns_answers import Answer, Found, Kind
from tenants.wanted_records import Wanted

RESOLVERS = ("192.0.2.53", "198.51.100.53")
NAMESERVERS = ("ns1.keeper.example", "ns2.keeper.example")
ELSEWHERE = "203.0.113.80"


@dataclass
class Names:
    """What the name servers of the world say; ``*.example.test`` stands for every name below."""

    records: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    is_silent: bool = False
    asked: int = 0

    def put(self, name: str, kind: str, *values: str) -> None:
        """Enter records, or take them away by giving none."""
        self.records[(name, kind)] = values
        if not values:
            del self.records[(name, kind)]

    def lead_here(self, wanted: Wanted) -> None:
        """Enter what leads a host to us."""
        if wanted.is_apex:
            self.put(wanted.host, "A", *wanted.addresses4)
        else:
            self.put(wanted.host, "CNAME", wanted.edge_name)

    def prove(self, wanted: Wanted) -> None:
        """Enter everything that a host needs."""
        self.lead_here(wanted)
        self.put(wanted.challenge_name, "TXT", wanted.code)

    def ask_about(self, wanted: Wanted) -> Found:
        """Answer as the resolvers would."""
        self.asked += 1
        now = clock.now()
        questions = [
            *((wanted.host, kind) for kind in ("A", "AAAA", "CNAME", "MX", "CAA")),
            (wanted.challenge_name, "TXT"),
            (wanted.zone, "NS"),
        ]
        answers = [self._answer(name, kind, resolver, wanted) for name, kind in questions for resolver in RESOLVERS]
        return Found(
            host=wanted.host,
            at=now,
            zone=wanted.zone,
            resolvers=RESOLVERS,
            answers=tuple(answers),
            nameservers=NAMESERVERS,
        )

    def _answer(self, name: str, kind: str, resolver: str, wanted: Wanted) -> Answer:
        now = clock.now()
        if self.is_silent:
            return Answer(name=name, type=kind, kind=Kind.FAILED, resolver=resolver, at=now, reason="timeout")
        alias = self._find(name, "CNAME") if kind in ("A", "AAAA") else ()
        values = self._find(name, kind)
        if kind == "NS":
            values = NAMESERVERS
        chain: tuple[str, ...] = ()
        if alias:
            chain = alias
            is_ours = alias[0] == wanted.edge_name
            values = (wanted.addresses4 if is_ours else (ELSEWHERE,)) if kind == "A" else ()
        return Answer(
            name=name,
            type=kind,
            kind=Kind.RECORDS if values else Kind.NO_RECORDS if self._is_known(name) else Kind.NO_NAME,
            resolver=resolver,
            at=now,
            records=tuple(values),
            ttl_s=300,
            negative_ttl_s=300,
            chain=chain,
            is_wildcard=(name, kind) not in self.records and bool(values) and kind != "NS" and not alias,
        )

    def _find(self, name: str, kind: str) -> tuple[str, ...]:
        for each in _itself_and_stars(name):
            if (each, kind) in self.records:
                return self.records[(each, kind)]
        return ()

    def _is_known(self, name: str) -> bool:
        return any(each == name or each.endswith(f".{name}") for each, _kind in self.records)


def _itself_and_stars(name: str) -> Iterator[str]:
    yield name
    labels = name.split(".")
    for number in range(1, len(labels)):
        yield ".".join(["*", *labels[number:]])


@contextmanager
def silence(names: Names) -> Iterator[None]:
    """Let nobody answer for a while."""
    names.is_silent = True
    yield
    names.is_silent = False
