"""Zones for a developer's machine, good and broken, answered as resolvers and name servers would."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.node
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

CHALLENGE = "_shop-challenge."
VIEWS = ("first", "second", "ns1", "ns2")
SERVERS = ("ns1", "ns2")
ROOT_ZONE = "test"
LONGEST_CHAIN = 8
SOA = "ns1.test. hostmaster.test. 1 7200 3600 1209600 {negative}"

OWN_RECORDS = ("ns1 300 A 127.0.0.1", "ns2 300 AAAA ::1", "edge 300 A 127.0.0.1", "edge 300 AAAA ::1")
PLAIN = ("name", "says", "host", "trouble", "is_good", "negative_ttl_s")

CodeOf = Callable[[str], str]
ByName = dict[dns.name.Name, dict[dns.rdatatype.RdataType, dns.rrset.RRset]]


@dataclass(frozen=True, kw_only=True)
class Zone:
    """One zone of the file."""

    name: str
    says: str = ""
    host: str = ""
    records: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trouble: str = ""  # bogus, servfail, silent, lame
    is_good: bool = False
    negative_ttl_s: int = 300


def read_zones(*files: Path) -> dict[str, Zone]:
    """Read zone files; a later one wins over an earlier one. Raises ``ValueError`` with what is wrong in them."""
    own = Zone(
        name=ROOT_ZONE, records=("ns1 300 A 127.0.0.1", "ns2 300 AAAA ::1", "edge 300 A 127.0.0.1", "edge 300 AAAA ::1")
    )
    found = {ROOT_ZONE: own}
    for file in files:
        for entry in tomllib.loads(file.read_text(encoding="utf-8")).get("zone", []):
            zone = _read(entry)
            for view in VIEWS:
                list(_rrsets(zone, view, "edge.test", "a-code"))
            found[zone.name] = zone
    return found


def _read(entry: dict[str, Any]) -> Zone:
    plain = {
        name: entry[name] for name in ("name", "says", "host", "trouble", "is_good", "negative_ttl_s") if name in entry
    }
    only = {view: tuple(entry[view]) for view in VIEWS if view in entry}
    return Zone(**plain, records=tuple(entry.get("records", ())), only=only)


def _rrsets(zone: Zone, view: str, edge: str, code: str) -> Iterator[dns.rrset.RRset]:
    """The records of a zone as one view sees them; raises ``ValueError`` for a line that is none."""
    lines = [f"@ 300 SOA {SOA.format(negative=zone.negative_ttl_s)}", *zone.records, *zone.only.get(view, ())]
    if zone.says:
        lines.append(f'@ 300 TXT "{zone.says[:200]}"')
    if not any(line.startswith("@ ") and " NS " in line for line in lines):
        lines += [f"@ 300 NS {server}.test." for server in SERVERS]
    origin = dns.name.from_text(zone.name + ".")
    for line in lines:
        if "{code}" in line and not code:
            continue
        try:
            name, ttl, kind, value = line.replace("{code}", code).replace("{edge}", f"{edge}.").split(" ", 3)
            owner = dns.name.from_text(name, origin)
            yield dns.rrset.from_text(owner, int(ttl), "IN", kind, value)
        except (ValueError, dns.exception.DNSException) as error:
            raise ValueError(f"zone {zone.name}, line {line!r}: {error}") from error


def _by_name(rrsets: Iterable[dns.rrset.RRset]) -> ByName:
    """Sort records by name and type, those of one name and type into one set."""
    found: ByName = {}
    for rrset in rrsets:
        known = found.setdefault(rrset.name, {}).setdefault(rrset.rdtype, rrset)
        if known is not rrset:
            for record in rrset:
                known.add(record)
    return found


@dataclass(frozen=True, kw_only=True)
class World:
    """Everybody who answers, played by one program."""

    zones: Mapping[str, Zone]
    code_of: CodeOf
    edge: str = "edge.test"
    kept: dict[tuple[str, str, str], ByName] = field(default_factory=dict)

    def answer(self, query: dns.message.Message, *, is_second: bool, is_ipv6: bool) -> dns.message.Message | None:
        """Answer one question; None where nobody answers.

        Who wants recursion asks a resolver: the first, or the second on its own port. Who does not asks a name server
        of the zone: ns1 by IPv4, ns2 by IPv6.
        """
        is_resolver = bool(query.flags & dns.flags.RD)
        view = ("second" if is_second else "first") if is_resolver else ("ns2" if is_ipv6 else "ns1")
        question = query.question[0]
        zone = self._zone_of(question.name)
        reply = dns.message.make_response(query, recursion_available=is_resolver)
        if zone is None:
            reply.set_rcode(dns.rcode.REFUSED)
            return reply
        if zone.trouble == "silent":
            return None
        is_in_trouble = bool(zone.trouble) and not is_asked_above(zone, question)
        if is_in_trouble and self._fails(zone, query, reply, is_resolver=is_resolver):
            return reply
        if not is_resolver:
            reply.flags |= dns.flags.AA
        self._fill(reply, question.name, question.rdtype, view)
        return reply

    def _fails(self, zone: Zone, query: dns.message.Message, reply: dns.message.Message, *, is_resolver: bool) -> bool:
        """Whether the trouble of a zone is the answer."""
        if zone.trouble == "bogus":
            if not is_resolver or query.flags & dns.flags.CD:
                return False
            reply.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode.DNSSEC_BOGUS, "signature does not fit")])
        is_lame = zone.trouble == "lame" and not is_resolver
        reply.set_rcode(dns.rcode.REFUSED if is_lame else dns.rcode.SERVFAIL)
        return True

    def _zone_of(self, name: dns.name.Name) -> Zone | None:
        labels = name.to_text(omit_final_dot=True).lower().split(".")
        found = (self.zones.get(".".join(labels[start:])) for start in range(len(labels)))
        return next((zone for zone in found if zone), None)

    def _fill(self, reply: dns.message.Message, name: dns.name.Name, kind: dns.rdatatype.RdataType, view: str) -> None:
        """Follow aliases from zone to zone as a resolver does; a name server stays in its own."""
        begun = self._zone_of(name)
        for _step in range(LONGEST_CHAIN):
            zone = self._zone_of(name)
            if zone is None or (view in SERVERS and zone is not begun):
                return
            here, exists = self._at(zone, name, view)
            if found := here.get(kind):
                reply.answer.append(found)
                return
            alias = here.get(dns.rdatatype.CNAME)
            if alias is None:
                if not exists:
                    reply.set_rcode(dns.rcode.NXDOMAIN)
                origin = dns.name.from_text(zone.name + ".")
                reply.authority.append(self._records(zone, view)[origin][dns.rdatatype.SOA])
                return
            reply.answer.append(alias)
            name = alias[0].target

    def _at(
        self, zone: Zone, name: dns.name.Name, view: str
    ) -> tuple[dict[dns.rdatatype.RdataType, dns.rrset.RRset], bool]:
        """The records of one name by type, and whether there is such a name; wildcards: RFC 4592, 3.3.1."""
        by_name = {**self._records(zone, view), **_by_name(self._good(zone, name))}
        if name in by_name:
            return by_name[name], True
        if any(each.is_subdomain(name) for each in by_name):
            return {}, True  # nothing here, something below
        closest = name
        while closest not in by_name and not any(each.is_subdomain(closest) for each in by_name):
            closest = closest.parent()
        star = by_name.get(dns.name.from_text("*", closest), {})
        drawn = {kind: dns.rrset.from_rdata_list(name, rrset.ttl, list(rrset)) for kind, rrset in star.items()}
        return drawn, bool(star)

    def _records(self, zone: Zone, view: str) -> ByName:
        """The records of a zone, read from its lines once for each code."""
        key = (zone.name, view, self.code_of(zone.host) if zone.host else "")
        if key not in self.kept:
            self.kept[key] = _by_name(_rrsets(zone, view, self.edge, key[2]))
        return self.kept[key]

    def _good(self, zone: Zone, name: dns.name.Name) -> Iterator[dns.rrset.RRset]:
        """In a good zone every connected host has its records, as if they had been entered."""
        if not zone.is_good:
            return
        host = name.to_text(omit_final_dot=True).lower().removeprefix(CHALLENGE)
        code = self.code_of(host)
        if not code or host == zone.name:
            return
        owner = dns.name.from_text(host + ".")
        yield dns.rrset.from_text(owner, 300, "IN", "CNAME", f"{self.edge}.")
        yield dns.rrset.from_text(dns.name.from_text(CHALLENGE + host + "."), 300, "IN", "TXT", f'"{code}"')


def is_asked_above(zone: Zone, question: dns.rrset.RRset) -> bool:
    """Whether a question is about the delegation of a lame zone, which the zone above answers."""
    apex = dns.name.from_text(zone.name + ".")
    return zone.trouble == "lame" and question.rdtype == dns.rdatatype.NS and question.name == apex
