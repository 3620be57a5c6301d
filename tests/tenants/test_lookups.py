"""What is asked of whom, in which round, and what is never asked."""

from dataclasses import replace

import dns.message
import pytest

from storefront.core.config import BadSettings, Config
from storefront.devdns_zones import Zone
from tenants.dns_answers import Kind
from tenants.dns_exchange import Place
from tenants.lookups import DnspythonQuestions, open_questions, read_resolver
from tenants.wanted_records import Wanted, wanted_for
from tests.played_dns import FakeQuestions

CODE = "vt-7fq2-mk93-x0ad"
SETTINGS = {"DATABASE_URL": "x", "OFFICE_URL": "x", "REDIS_URL": "x"}


def wanted(host: str = "shop.my.test") -> Wanted:
    return Wanted(host=host, edge_name="edge.test", addresses4=("127.0.0.1",), addresses6=("::1",), code=CODE)


def right(*more: str) -> Zone:
    records = ("shop 300 CNAME {edge}", "_shop-challenge.shop 300 TXT {code}", *more)
    return Zone(name="my.test", host="shop.my.test", records=records)


class Listening(FakeQuestions):
    """Notes who was asked what."""

    def __init__(self, *zones: Zone) -> None:
        super().__init__(*zones, codes={"shop.my.test": CODE})
        heard: list[tuple[str, str, str]] = []
        inner = self.send

        def send(message: dns.message.Message, place: Place, timeout_s: float) -> dns.message.Message:
            question = message.question[0]
            heard.append((place.label, question.name.to_text(omit_final_dot=True), question.rdtype.name))
            return inner(message, place, timeout_s)

        object.__setattr__(self, "heard", heard)
        object.__setattr__(self, "send", send)

    heard: list[tuple[str, str, str]]


def test_both_resolvers_and_both_servers_are_asked() -> None:
    found = FakeQuestions(right(), codes={"shop.my.test": CODE}).ask_about(wanted())

    assert {answer.resolver for answer in found.of("shop.my.test", "A")} == {"first", "second"}
    assert {answer.resolver for answer in found.of_servers("shop.my.test", "A")} == {"ns1.test", "ns2.test"}
    assert found.nameservers == ("ns1.test", "ns2.test")
    assert found.zone == "my.test"


def test_zone_that_was_delegated_below_is_found() -> None:
    below = Zone(name="shops.my.test", host="a.shops.my.test", records=("a 300 CNAME {edge}",))

    assert FakeQuestions(right(), below).ask_about(wanted("a.shops.my.test")).zone == "shops.my.test"


def test_what_is_right_needs_no_further_questions() -> None:
    questions = Listening(right())

    questions.ask_about(wanted())

    asked = {name for _place, name, _kind in questions.heard}
    assert "shop.my.test.my.test" not in asked
    assert "_shop-challenge.my.test" not in asked
    assert len(questions.heard) < 60


def test_what_is_missing_is_looked_for_elsewhere() -> None:
    questions = Listening(Zone(name="my.test", host="shop.my.test"))

    questions.ask_about(wanted())

    asked = {name for _place, name, _kind in questions.heard}
    assert {"shop.my.test.my.test", "_shop-challenge.my.test", "_shop-challenge.shop.my.test.my.test"} <= asked


def test_made_up_neighbour_is_not_kept() -> None:
    found = FakeQuestions().ask_about(wanted("shop.wildcard.test"))

    assert [answer.name for answer in found.answers if "no-such-" in answer.name] == []
    assert all(answer.is_wildcard for answer in found.of("shop.wildcard.test", "A"))


def test_own_record_beside_a_wildcard_is_its_own() -> None:
    zone = Zone(name="my.test", records=("shop 300 A 81.2.199.20", "* 300 A 81.2.199.21"))

    found = FakeQuestions(zone).ask_about(wanted())

    assert not any(answer.is_wildcard for answer in found.of("shop.my.test", "A"))


def test_keepers_of_foreign_addresses_are_looked_up() -> None:
    found = FakeQuestions().ask_about(wanted("shop.elsewhere.test"))

    assert found.owner_of("81.2.199.20") == "web12.hostivar.test"


def test_name_servers_inside_our_network_are_never_asked() -> None:
    inside = ("@ 300 NS inside.my.test.", "inside 300 A 10.0.0.5")
    questions = Listening(right(*inside))
    object.__setattr__(questions, "may_ask_inside", False)

    found = questions.ask_about(wanted())

    assert {place for place, _name, _kind in questions.heard} == {"first", "second"}
    assert [(answer.kind, answer.reason) for answer in found.authoritative] == [(Kind.FAILED, "no_address")]


def test_silence_of_everybody_ends_in_time_and_raises_nothing() -> None:
    found = FakeQuestions().ask_about(wanted("shop.silent.test"))

    assert {answer.kind for answer in found.of("shop.silent.test", "A")} == {Kind.FAILED}


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [("9.9.9.9", "9.9.9.9", 53), ("127.0.0.1@8002", "127.0.0.1", 8002), ("::1@53", "::1", 53)],
)
def test_resolvers_are_read(text: str, address: str, port: int) -> None:
    place = read_resolver(text)

    assert (place.address, place.port, place.label) == (address, port, text)


def test_production_asks_two_public_resolvers_and_nobody_inside() -> None:
    questions = open_questions(Config.from_environment(SETTINGS))

    assert isinstance(questions, DnspythonQuestions)
    assert [place.label for place in questions.resolvers] == ["9.9.9.9", "1.1.1.1"]
    assert not questions.may_ask_inside


def test_development_asks_what_serve_plays() -> None:
    told = {**SETTINGS, "VITRINE_MODE": "development", "VITRINE_DNS_PORT": "8102"}

    config = Config.from_environment(told)

    assert config.dns_resolvers == ("127.0.0.1@8102", "127.0.0.1@8103")
    assert (config.edge_host, config.edge_addresses) == ("edge.test", ("127.0.0.1", "::1"))
    assert config.nameserver_port == 8102


def test_addresses_in_the_settings_must_be_addresses() -> None:
    with pytest.raises(BadSettings, match="EDGE_ADDRESSES holds 'edge', which is no address"):
        Config.from_environment({**SETTINGS, "EDGE_ADDRESSES": "edge"})


def test_wanted_comes_from_the_settings() -> None:
    config = replace(
        Config.from_environment(SETTINGS),
        edge_host="edge.vitrine.example",
        edge_addresses=("81.2.199.1", "2A01:430::1"),
        edge_former_addresses=("81.2.198.7",),
    )

    found = wanted_for(config, "shop.example.com", CODE)

    assert (found.addresses4, found.addresses6) == (("81.2.199.1",), ("2a01:430::1",))
    assert (found.old_addresses, found.issuer, found.issuer_title) == (
        ("81.2.198.7",),
        "letsencrypt.org",
        "Let's Encrypt",
    )
