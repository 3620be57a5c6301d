"""One question to one server, and what came back as a plain fact."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype

from tenants.dns_answers import Answer, Kind

PAYLOAD = 1232  # bytes that cross the internet in one piece (DNS flag day 2020); more comes by TCP
MOST_RECORDS = 100
LONGEST_TEXT = 300
# What a resolver says when signatures are the trouble (RFC 8914, extended errors).
BOGUS_CODES = frozenset({1, 2, 5, 6, 7, 8, 9, 10, 11, 12})


@dataclass(frozen=True, kw_only=True)
class Place:
    """A server to ask: how it is called in answers, its address, and whether it looks things up for others."""

    label: str
    address: str
    port: int = 53
    is_resolver: bool = True


@dataclass
class Deadline:
    """How long one question may take, and all of them together."""

    one_s: float
    total_s: float
    _began: float = field(default_factory=time.monotonic)

    def left_s(self) -> float:
        """Seconds for the next question; nothing when the time is over."""
        return max(0.0, min(self.one_s, self.total_s - (time.monotonic() - self._began)))


Send = Callable[[dns.message.Message, Place, float], dns.message.Message]


def send(message: dns.message.Message, place: Place, timeout_s: float) -> dns.message.Message:
    """Ask by UDP, and by TCP when the answer is too long for it; raises what dnspython and the socket raise."""
    return dns.query.udp_with_fallback(message, place.address, timeout=timeout_s, port=place.port)[0]


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Asks, tries once more when nothing comes, and never raises for trouble on the way."""

    deadline: Deadline
    at: datetime
    send: Send = send

    def ask(self, place: Place, name: str, kind: str) -> Answer:
        """Return the answer of one server to one question."""
        reply = self._exchange(place, name, kind)
        if isinstance(reply, str):
            return self._failed(place, name, kind, reply)
        if reply.rcode() == dns.rcode.SERVFAIL:
            if place.is_resolver and self._is_bogus(place, name, kind, reply):
                return Answer(name=name, type=kind, kind=Kind.BOGUS, resolver=place.label, at=self.at)
            return self._failed(place, name, kind, "servfail")
        if reply.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
            is_refused = reply.rcode() in {dns.rcode.REFUSED, dns.rcode.NOTAUTH}
            return self._failed(place, name, kind, "refused" if is_refused else "malformed")
        if not place.is_resolver and not reply.flags & dns.flags.AA:
            return self._failed(place, name, kind, "lame")
        return self._read(place, name, kind, reply)

    def referral(self, place: Place, name: str) -> tuple[str, ...]:
        """Return the name servers that a server of the zone above names for a zone."""
        reply = self._exchange(place, name, "NS")
        if isinstance(reply, str):
            return ()
        return tuple(
            spelt(record.target)
            for rrset in (*reply.answer, *reply.authority)
            if rrset.rdtype == dns.rdatatype.NS and spelt(rrset.name) == name
            for record in rrset
        )

    def zone_of(self, place: Place, name: str) -> str:
        """Return where the zone that holds a name begins, by its SOA record; nothing when that cannot be told."""
        reply = self._exchange(place, name, "SOA")
        if isinstance(reply, str):
            return ""
        owners = [spelt(rrset.name) for rrset in (*reply.answer, *reply.authority) if rrset.rdtype == dns.rdatatype.SOA]
        return next((owner for owner in owners if name == owner or name.endswith(f".{owner}")), "")

    def _exchange(
        self, place: Place, name: str, kind: str, *, without_checking: bool = False
    ) -> dns.message.Message | str:
        """Return the message that came back, or why there is none."""
        try:
            query = dns.message.make_query(name + ".", kind, use_edns=0, payload=PAYLOAD)
        except dns.exception.DNSException:
            return "malformed"
        if place.is_resolver:
            query.flags |= dns.flags.AD  # says whether it checked signatures (RFC 6840, 5.7)
        else:
            query.flags &= ~dns.flags.RD
        if without_checking:
            query.flags |= dns.flags.CD
        reason = "timeout"
        for _attempt in range(2):
            timeout_s = self.deadline.left_s()
            if not timeout_s:
                break
            try:
                return self.send(query, place, timeout_s)
            except dns.exception.Timeout:
                reason = "timeout"
            except (dns.exception.DNSException, EOFError, ValueError):
                reason = "malformed"
            except OSError:
                return "unreachable"
        return reason

    def _is_bogus(self, place: Place, name: str, kind: str, reply: dns.message.Message) -> bool:
        """Whether a resolver fails because of signatures: it says so, or it answers when told not to check them."""
        if any(option.code in BOGUS_CODES for option in reply.options if isinstance(option, dns.edns.EDEOption)):
            return True
        unchecked = self._exchange(place, name, kind, without_checking=True)
        if isinstance(unchecked, str) or unchecked.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
            return False
        again = self._exchange(place, name, kind)  # the first failure may have been one of the moment
        return not isinstance(again, str) and again.rcode() == dns.rcode.SERVFAIL

    def _read(self, place: Place, name: str, kind: str, reply: dns.message.Message) -> Answer:
        if not isinstance(reply, dns.message.QueryMessage):
            return self._failed(place, name, kind, "malformed")
        try:
            chaining = reply.resolve_chaining()
        except (dns.exception.DNSException, ValueError):
            return self._failed(place, name, kind, "malformed")
        chain = tuple(spelt(record.target) for rrset in chaining.cnames for record in rrset)
        records = () if chaining.answer is None else tuple(written(each) for each in chaining.answer)
        if chaining.answer is not None or (chain and not place.is_resolver):
            what = Kind.RECORDS  # a server of the zone knows only its own part of a chain
        else:
            what = Kind.NO_NAME if reply.rcode() == dns.rcode.NXDOMAIN else Kind.NO_RECORDS
        return Answer(
            name=name,
            type=kind,
            kind=what,
            resolver=place.label,
            at=self.at,
            records=tuple(sorted(records))[:MOST_RECORDS],
            ttl_s=chaining.minimum_ttl if what is Kind.RECORDS else None,
            negative_ttl_s=None if what is Kind.RECORDS else chaining.minimum_ttl,
            chain=chain,
        )

    def _failed(self, place: Place, name: str, kind: str, reason: str) -> Answer:
        return Answer(name=name, type=kind, kind=Kind.FAILED, resolver=place.label, at=self.at, reason=reason)


def spelt(name: dns.name.Name) -> str:
    """Write a name the one way it is compared in: small letters, no last dot."""
    return name.to_text(omit_final_dot=True).lower()


def written(record: Any) -> str:
    """Write one record as the rules read it."""
    if record.rdtype in {dns.rdatatype.A, dns.rdatatype.AAAA}:
        return str(record.address)
    if record.rdtype in {dns.rdatatype.CNAME, dns.rdatatype.NS, dns.rdatatype.PTR}:
        return spelt(record.target)
    if record.rdtype == dns.rdatatype.MX:
        return f"{record.preference} {spelt(record.exchange)}"
    if record.rdtype == dns.rdatatype.TXT:
        return b"".join(record.strings).decode("utf-8", "replace")[:LONGEST_TEXT]
    if record.rdtype == dns.rdatatype.CAA:
        return f"{record.flags} {record.tag.decode('ascii', 'replace')} {record.value.decode('ascii', 'replace')}"
    return str(record.to_text())[:LONGEST_TEXT]
