"""One question to one server: every way in which it can go well or wrong."""

from collections.abc import Callable
from datetime import UTC, datetime

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rrset
import pytest

from tenants.dns_answers import Answer, Kind
from tenants.dns_exchange import Asker, Deadline, Place

AT = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)
RESOLVER = Place(label="9.9.9.9", address="9.9.9.9")
SERVER = Place(label="ns1.example.net", address="192.0.2.1", is_resolver=False)
SOA = "example.com. 3600 IN SOA ns1. hostmaster. 1 2 3 4 900"
Reply = Callable[[dns.message.Message], dns.message.Message]


def record_set(line: str) -> dns.rrset.RRset:
    name, ttl, _class, kind, value = line.split(" ", 4)
    return dns.rrset.from_text(name, int(ttl), "IN", kind, value)


def timed_out() -> Exception:
    return dns.exception.Timeout()  # type: ignore[no-untyped-call]  # dnspython's constructor has no hints


def reply(
    *lines: str, rcode: dns.rcode.Rcode = dns.rcode.NOERROR, authority: str = "", code: int | None = None
) -> Reply:
    def answer(query: dns.message.Message) -> dns.message.Message:
        made = dns.message.make_response(query)
        made.flags |= dns.flags.AA
        made.set_rcode(rcode)
        made.answer = [record_set(line) for line in lines]
        if authority:
            made.authority = [record_set(authority)]
        if code is not None:
            made.use_edns(0, options=[dns.edns.EDEOption(dns.edns.EDECode(code))])
        return dns.message.from_wire(made.to_wire(max_size=65535))

    return answer


def fails(error: Exception) -> Reply:
    def answer(_query: dns.message.Message) -> dns.message.Message:
        raise error

    return answer


def ask(*replies: Reply, place: Place = RESOLVER, name: str = "shop.example.com", kind: str = "A") -> Answer:
    left = list(replies)

    def send(query: dns.message.Message, _place: Place, _timeout_s: float) -> dns.message.Message:
        return left.pop(0)(query) if left else replies[-1](query)

    return Asker(deadline=Deadline(one_s=1, total_s=5), at=AT, send=send).ask(place, name, kind)


def test_records_come_sorted_with_their_lifetime() -> None:
    found = ask(reply("shop.example.com. 300 IN A 192.0.2.9", "shop.example.com. 300 IN A 192.0.2.1"))

    assert (found.kind, found.records, found.ttl_s, found.negative_ttl_s) == (
        Kind.RECORDS,
        ("192.0.2.1", "192.0.2.9"),
        300,
        None,
    )


def test_alias_is_followed_and_told() -> None:
    found = ask(reply("shop.example.com. 60 IN CNAME Edge.Example.NET.", "edge.example.net. 300 IN A 192.0.2.9"))

    assert (found.kind, found.chain, found.ttl_s) == (Kind.RECORDS, ("edge.example.net",), 60)


def test_alias_to_nothing_is_no_name_with_a_chain() -> None:
    found = ask(reply("shop.example.com. 60 IN CNAME gone.example.net.", rcode=dns.rcode.NXDOMAIN))

    assert (found.kind, found.chain) == (Kind.NO_NAME, ("gone.example.net",))


def test_no_name_is_remembered_for_the_lesser_of_two_times() -> None:
    found = ask(reply(rcode=dns.rcode.NXDOMAIN, authority=SOA))

    assert (found.kind, found.negative_ttl_s) == (Kind.NO_NAME, 900)


def test_no_records_is_not_no_name() -> None:
    assert ask(reply(authority=SOA)).kind is Kind.NO_RECORDS


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (timed_out(), "timeout"),
        (OSError(101, "Network is unreachable"), "unreachable"),
        (ValueError("no message"), "malformed"),
        (EOFError(), "malformed"),
    ],
)
def test_trouble_on_the_way_is_never_raised(error: Exception, reason: str) -> None:
    found = ask(fails(error))

    assert (found.kind, found.reason) == (Kind.FAILED, reason)


def test_lost_packet_is_asked_again() -> None:
    found = ask(fails(timed_out()), reply("shop.example.com. 300 IN A 192.0.2.9"))

    assert found.kind is Kind.RECORDS


def test_server_failure_is_no_bogus_zone() -> None:
    found = ask(reply(rcode=dns.rcode.SERVFAIL))

    assert (found.kind, found.reason) == (Kind.FAILED, "servfail")


def test_resolver_that_says_bogus_is_believed() -> None:
    assert ask(reply(rcode=dns.rcode.SERVFAIL, code=6)).kind is Kind.BOGUS


def test_resolver_that_answers_without_checking_only_saw_bogus_signatures() -> None:
    unchecked = reply("shop.example.com. 300 IN A 192.0.2.9")

    assert ask(reply(rcode=dns.rcode.SERVFAIL), unchecked, reply(rcode=dns.rcode.SERVFAIL)).kind is Kind.BOGUS


def test_failure_of_the_moment_is_not_taken_for_bogus() -> None:
    fine = reply("shop.example.com. 300 IN A 192.0.2.9")

    assert ask(reply(rcode=dns.rcode.SERVFAIL), fine, fine).kind is Kind.FAILED


def test_refusal_is_told() -> None:
    assert ask(reply(rcode=dns.rcode.REFUSED)).reason == "refused"


def test_server_without_the_zone_is_lame() -> None:
    def without_authority(query: dns.message.Message) -> dns.message.Message:
        made = reply("shop.example.com. 300 IN A 192.0.2.9")(query)
        made.flags &= ~dns.flags.AA
        return made

    assert ask(without_authority, place=SERVER).reason == "lame"


def test_server_of_a_zone_knows_only_its_part_of_a_chain() -> None:
    found = ask(reply("shop.example.com. 60 IN CNAME edge.example.net."), place=SERVER)

    assert (found.kind, found.chain, found.records) == (Kind.RECORDS, ("edge.example.net",), ())


def test_servers_are_asked_without_recursion_and_resolvers_with() -> None:
    seen: list[dns.message.Message] = []

    def note(query: dns.message.Message) -> dns.message.Message:
        seen.append(query)
        return reply("shop.example.com. 300 IN A 192.0.2.9")(query)

    ask(note, place=SERVER)
    ask(note, place=RESOLVER)

    assert [bool(query.flags & dns.flags.RD) for query in seen] == [False, True]


@pytest.mark.parametrize(
    ("kind", "line", "written"),
    [
        ("TXT", 'shop.example.com. 60 IN TXT "vt-" "7fq2"', "vt-7fq2"),
        ("TXT", r'shop.example.com. 60 IN TXT "\"vt-7fq2\""', '"vt-7fq2"'),
        ("MX", "shop.example.com. 60 IN MX 10 MX.example.com.", "10 mx.example.com"),
        ("CAA", 'shop.example.com. 60 IN CAA 0 issue "letsencrypt.org"', "0 issue letsencrypt.org"),
        ("AAAA", "shop.example.com. 60 IN AAAA 2A01:430:0::1", "2a01:430::1"),
        ("NS", "shop.example.com. 60 IN NS NS1.example.com.", "ns1.example.com"),
    ],
)
def test_records_are_written_as_the_rules_read_them(kind: str, line: str, written: str) -> None:
    assert ask(reply(line), kind=kind).records == (written,)


def test_name_that_cannot_be_asked_is_no_error() -> None:
    assert ask(reply(), name="a" * 64 + ".example.com").reason == "malformed"


def test_flood_of_records_is_cut() -> None:
    lines = [f"shop.example.com. 300 IN A 192.0.2.{number}" for number in range(255)]

    assert len(ask(reply(*lines)).records) == 100


def test_nobody_is_asked_after_the_deadline() -> None:
    def never(_query: dns.message.Message) -> dns.message.Message:
        raise AssertionError

    asker = Asker(deadline=Deadline(one_s=1, total_s=0), at=AT, send=lambda query, _place, _s: never(query))

    assert asker.ask(RESOLVER, "shop.example.com", "A").reason == "timeout"
