"""The look-ups against real name servers: Knot holds the zones, Unbound looks them up and checks signatures."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from storefront.core import clock
from tenants.dns_answers import Found, Kind
from tenants.dns_exchange import Place
from tenants.lookups import DnsQuestions
from tenants.verification import Light, Verdict, Wanted, judge, warnings_before
from tests.dns_ports import free_port_everywhere
from tests.fixtures_dns import CODE, NameServers


def wanted(host: str) -> Wanted:
    return Wanted(host=host, edge_name="edge.test", addresses4=("127.0.0.9",), addresses6=("::9",), code=CODE)


def look(servers: NameServers, host: str) -> tuple[Verdict, Found]:
    questions: DnsQuestions = servers.questions()
    found = questions.ask_about(wanted(host))
    return judge(wanted(host), found, clock.now()), found


@pytest.mark.parametrize(
    ("host", "dns", "ownership"),
    [
        ("shop.good.test", "right", "code_found"),
        ("apex.test", "right", "code_found"),
        ("shop.signed.test", "right", "code_found"),
        ("shop.elsewhere.test", "points_elsewhere", "code_missing"),
        ("shop.alias.test", "points_elsewhere", "code_missing"),
        ("several.test", "one_of_several_foreign", "code_missing"),
        ("shop.doubled.test", "doubled_label", "code_at_doubled_name"),
        ("shop.dot.test", "missing_dot", "code_missing"),
        ("shop.quoted.test", "right", "code_quoted"),
        ("shop.split.test", "right", "code_found"),
        ("shop.wildcard.test", "wildcard_answers", "code_missing"),
        ("shop.empty.test", "no_such_name", "code_missing"),
        ("shop.text.test", "no_address", "code_missing"),
        ("shop.private.test", "private_address", "code_missing"),
        ("shop.nothing.test", "cname_to_nothing", "code_missing"),
        ("shop.disagree.test", "nameservers_disagree", None),
        ("shop.bogus.test", "dnssec_bogus", "code_found"),
        ("shop.lame.test", "lame_delegation", None),
        ("shop.nobody.test", "not_registered", "code_missing"),
    ],
)
def test_zone_of_a_real_server_is_judged(name_servers: NameServers, host: str, dns: str, ownership: str | None) -> None:
    verdict, found = look(name_servers, host)

    assert verdict.dns.key == dns, found
    assert ownership in {verdict.ownership.key, None}, found


def test_caa_of_the_domain_above_is_found(name_servers: NameServers) -> None:
    verdict, found = look(name_servers, "shop.caa.test")

    assert (verdict.dns.light, verdict.certificate.key) == (Light.RIGHT, "caa_forbids")
    assert "0 issue sectigo.com" in found.records("caa.test", "CAA")


def test_absence_is_remembered_as_long_as_the_zone_says(name_servers: NameServers) -> None:
    verdict, _found = look(name_servers, "other.empty.test")

    assert verdict.dns.light is Light.WAITING
    assert verdict.dns.facts.minutes_left in {5, 15}  # the lesser of the SOA's TTL and its minimum (RFC 2308, 5)


def test_resolver_remembers_the_old_record_and_the_servers_have_the_new(name_servers: NameServers) -> None:
    name_servers.change("moving.test", "shop 600 A 81.2.199.20\n")
    _until(name_servers, "shop.moving.test", "points_elsewhere")

    name_servers.change("moving.test", f'shop CNAME edge.test.\n_shop-challenge.shop TXT "{CODE}"\n')

    verdict = _until(name_servers, "shop.moving.test", "spreading")
    assert verdict.dns.light is Light.WAITING
    assert 9 <= (verdict.dns.facts.minutes_left or 0) <= 10


def _until(name_servers: NameServers, host: str, key: str) -> Verdict:
    deadline = time.monotonic() + 5
    verdict, _found = look(name_servers, host)
    while verdict.dns.key != key and time.monotonic() < deadline:
        time.sleep(0.2)
        verdict, _found = look(name_servers, host)
    assert verdict.dns.key == key
    return verdict


def test_answer_too_long_for_one_packet_comes_by_tcp(name_servers: NameServers) -> None:
    verdict, found = look(name_servers, "shop.large.test")

    assert verdict.ownership.key == "code_found"
    assert len(found.records("_shop-challenge.shop.large.test", "TXT")) == 61


def test_mail_and_website_are_told_before(name_servers: NameServers) -> None:
    found = name_servers.questions().ask_about(wanted("mail.test"))

    assert len(warnings_before(wanted("mail.test"), found)) == 2


def test_both_servers_of_a_zone_are_asked_themselves(name_servers: NameServers) -> None:
    _verdict, found = look(name_servers, "shop.disagree.test")

    assert {answer.resolver: answer.chain for answer in found.of_servers("shop.disagree.test", "A")} == {
        "ns1.test": ("edge.test",),
        "ns2.test": (),
    }


def test_resolver_that_is_not_there_is_silence_and_the_other_counts(name_servers: NameServers) -> None:
    nobody = Place(label="nobody", address="127.0.0.1", port=free_port_everywhere(["127.0.0.1"]))
    questions = replace(name_servers.questions(one_s=0.3), resolvers=(name_servers.resolvers[0], nobody))

    found = questions.ask_about(wanted("shop.good.test"))

    assert {answer.kind for answer in found.of("shop.good.test", "A")} == {Kind.RECORDS, Kind.FAILED}
    verdict = judge(wanted("shop.good.test"), found, datetime.now(UTC))
    assert (verdict.dns.light, [each.key for each in verdict.also]) == (Light.RIGHT, ["one_did_not_answer"])


def test_nobody_there_at_all_ends_soon_and_is_no_verdict(name_servers: NameServers) -> None:
    nobody = Place(label="nobody", address="127.0.0.1", port=free_port_everywhere(["127.0.0.1"]))
    questions = replace(name_servers.questions(one_s=0.3, total_s=2.0), resolvers=(nobody, nobody))
    begun = time.monotonic()

    verdict = judge(wanted("shop.good.test"), questions.ask_about(wanted("shop.good.test")), clock.now())

    assert time.monotonic() - begun < 4
    assert (verdict.dns.light, verdict.ownership.light) == (Light.COULD_NOT_ASK, Light.COULD_NOT_ASK)
