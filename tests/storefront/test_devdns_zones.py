"""Zones that can be tried by hand: each shows the diagnosis that it says."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storefront.core import clock
from storefront.devdns import FIRST_OWN, SHIPPED, ZoneFiles
from storefront.devdns_zones import Zone, read_zones
from tenants.verification import Light, Verdict, Wanted, judge, warnings_before
from tests.played_dns import FakeQuestions

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)
CODE = "vt-7fq2-mk93-x0ad"
ZONES = [zone for zone in read_zones(SHIPPED).values() if zone.host]


def wanted(host: str) -> Wanted:
    return Wanted(host=host, edge_name="edge.test", addresses4=("127.0.0.1",), addresses6=("::1",), code=CODE)


def look(host: str, *zones: Zone) -> Verdict:
    questions = FakeQuestions(*zones, codes={host: CODE})
    with clock.Stopped(NOW):
        return judge(wanted(host), questions.ask_about(wanted(host)), NOW)


@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.name)
def test_zone_shows_what_it_says(zone: Zone) -> None:
    said = re.match(r"(\w+)(?: and (\w+))?", zone.says)
    assert said is not None

    verdict = look(zone.host)

    keys = {verdict.dns.key, verdict.ownership.key, verdict.certificate.key}
    assert {word for word in said.groups() if word} <= keys


def test_zones_show_many_different_diagnoses() -> None:
    assert len({zone.says.split(",")[0].split(":")[0] for zone in ZONES}) >= 20


def test_name_that_nobody_registered() -> None:
    assert look("shop.nobody-has-this.test").dns.key == "not_registered"


def test_good_zone_does_not_answer_for_names_that_were_not_connected() -> None:
    found = FakeQuestions().ask_about(wanted("other.good.test"))

    assert judge(wanted("other.good.test"), found, NOW).dns.key == "no_such_name"


def test_good_zone_turns_both_lights() -> None:
    verdict = look("shop.good.test")

    assert verdict.is_right
    assert verdict.also == ()


def test_zone_with_mail_warns_before() -> None:
    asked = wanted("mail.test")

    said = [str(text) for text in warnings_before(asked, FakeQuestions().ask_about(asked))]

    assert len(said) == 2
    assert "website" in said[0]
    assert "mail" in said[1]


def test_resolver_that_answers_alone_is_believed_and_the_other_is_named() -> None:
    right = ("shop 300 CNAME {edge}", "_shop-challenge.shop 300 TXT {code}")

    verdict = look("shop.own.test", Zone(name="own.test", host="shop.own.test", records=right))

    assert verdict.dns.light is Light.RIGHT
    assert set(verdict.ownership.resolvers) == {"first", "second"}


def test_own_zones_are_read_again_when_they_change(tmp_path: Path) -> None:
    own = tmp_path / "dns" / "zones.toml"
    files = ZoneFiles(own)
    before = files.zones()["mine.test"].records

    own.write_text(FIRST_OWN.replace("81.2.199.20", "81.2.199.99"))
    after = files.zones()["mine.test"].records

    assert before != after
    assert "81.2.199.99" in after[0]


def test_mistake_in_own_zones_leaves_the_last_good_ones(tmp_path: Path) -> None:
    own = tmp_path / "dns" / "zones.toml"
    files = ZoneFiles(own)
    before = files.zones()

    own.write_text('[[zone]]\nname = "mine.test"\nrecords = ["nonsense"]\n')

    assert files.zones() == before
