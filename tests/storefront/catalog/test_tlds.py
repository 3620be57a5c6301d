"""Terms, periods and the data of the endings we sell."""

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog.tld_records import BadRecord, load_rules, read_record, shipped_rules, write_record
from storefront.catalog.tlds import (
    Expiry,
    TldRules,
    add_years,
    expiry_after,
    renewal_years,
)

DAY = date(2026, 11, 21)
SHIPPED = shipped_rules(DAY)
WANTED = """
com net org info biz eu fr re pm tf wf yt pl com.pl net.pl org.pl edu.pl waw.pl de at ch li it es nl be lu uk co.uk
me.uk us ca se nu no dk fi is ee lv lt cz sk hu ro pt ie co io ai app dev page me tv cc shop store online site tech
cloud blog email studio design photo art agency company live world club xyz paris bzh alsace berlin
"""

SMALL = """
[countries]
EU = ["FR", "PL"]
EEA = ["EU", "NO"]
[letters]
some = "éà"
[families.plain]
kind = "cctld"
registry = "R"
register_years = "1-3"
renew_years = "1,2"
transfer_years = 0
transfer_effect = "keep"
transfer_auth = "code"
owner_change = "update"
expiry = "explicit"
host_model = "object"
dnssec = "ds"
privacy = "none"
nameservers_min = 2
nameservers_max = 9
[[endings]]
endings = ["aa", "été"]
family = "plain"
from = 2026-01-01
idn_letters = "some"
eligible_countries = ["EEA"]
[[endings]]
endings = ["aa"]
family = "plain"
from = 2026-06-01
redemption_days = 30
"""


def test_load_rules_resolves_families_groups_and_letters() -> None:
    rules = load_rules(SMALL, date(2026, 5, 31))["aa"]

    assert rules.register_years == (1, 2, 3)
    assert rules.renew_years == (1, 2)
    assert rules.eligible_countries == {"FR", "PL", "NO"}
    assert rules.labels.idn_letters == {"é", "à"}
    assert rules.redemption_days == 0


def test_load_rules_takes_the_entry_that_holds_on_the_day() -> None:
    assert load_rules(SMALL, date(2026, 6, 1))["aa"].redemption_days == 30
    assert load_rules(SMALL, date(2025, 12, 31)) == {}


def test_load_rules_keys_are_a_labels() -> None:
    rules = load_rules(SMALL, DAY)["xn--t-9fab"]

    assert rules.unicode == "été"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('family = "plain"', 'family = "odd"', "aa: unknown family odd"),
        ('privacy = "none"', 'privacy = "maybe"', "aa: privacy: 'maybe' is not a valid Privacy"),
        ("nameservers_min = 2", "nameservers_min = 10", "aa: nameservers_min contradicts itself"),
        ("nameservers_min = 2", "nameservers_min = true", "aa: nameservers_min: True is not of type int"),
        ('register_years = "1-3"', 'register_years = "1-11"', "aa: max_years_ahead contradicts itself"),
        ('register_years = "1-3"', 'register_years = "some"', "aa: register_years: invalid literal"),
        ("redemption_days = 30", "redemption_days = -1", "aa: redemption_days is negative"),
        ("redemption_days = 30", "redemption_hours = 30", "aa: unknown field redemption_hours"),
        ('registry = "R"\n', "", "aa: TldRules.__init__() missing 1 required keyword-only argument: 'registry'"),
        ('endings = ["aa", ', 'endings = ["a_a", ', "a_a: not an ending"),
    ],
)
def test_load_rules_names_the_first_mistake(before: str, after: str, said: str) -> None:
    with pytest.raises(BadRecord, match="^" + said.replace("(", r"\(").replace(")", r"\)")):
        load_rules(SMALL.replace(before, after), DAY)


def test_record_survives_json() -> None:
    for rules in SHIPPED.values():
        assert read_record(json.loads(json.dumps(write_record(rules)))) == rules


def test_shipped_data_has_every_ending_we_promised() -> None:
    missing = [ending for ending in WANTED.split() if ending not in SHIPPED]

    assert missing == []


@pytest.mark.parametrize("rules", SHIPPED.values(), ids=lambda rules: rules.ending)
def test_shipped_data_makes_sense(rules: TldRules) -> None:
    assert rules.registry
    assert rules.register_years == tuple(sorted(set(rules.register_years)))
    assert rules.registry_grace_days >= rules.renew_grace_days or rules.expiry is not Expiry.REGISTRY_RENEWS
    assert all(not letter.isascii() for letter in rules.idn_letters)
    assert rules.https_only == ("https_only" in rules.extra_fields)


@pytest.mark.parametrize(
    ("ending", "field", "expected"),
    [
        ("com", "renew_years", tuple(range(1, 10))),
        ("com", "add_grace_hours", 120),
        ("fr", "redemption_days", 30),
        ("fr", "transfer_auth", "code_and_mail"),
        ("pl", "transfer_years", 0),
        ("com.pl", "transfer_blocked_days_after_create", 5),
        ("eu", "redemption_days", 40),
        ("de", "register_years", (1,)),
        ("de", "expiry", "no_term"),
        ("de", "phone_required", True),
        ("it", "nameservers_max", 6),
        ("us", "privacy", "none"),
        ("ai", "register_years", tuple(range(2, 11))),
    ],
)
def test_shipped_data_says_what_the_registries_say(ending: str, field: str, expected: object) -> None:
    assert getattr(SHIPPED[ending], field) == expected


def test_telephone_of_de_is_required_from_its_day_on() -> None:
    assert shipped_rules(date(2026, 1, 27))["de"].phone_required is False
    assert shipped_rules(date(2026, 1, 28))["de"].phone_required is True


def test_afnic_takes_its_thirty_letters_and_denic_its_ninety_three() -> None:
    assert len(SHIPPED["fr"].idn_letters) == 30
    assert len(SHIPPED["de"].idn_letters) == 93


def test_british_registrant_is_in_no_european_group() -> None:
    assert "GB" not in SHIPPED["eu"].eligible_countries | SHIPPED["fr"].eligible_countries


def test_leap_day_becomes_the_day_before() -> None:
    assert add_years(date(2028, 2, 29), 1) == date(2029, 2, 28)
    assert add_years(date(2028, 2, 29), 4) == date(2032, 2, 29)
    assert expiry_after(datetime(2028, 2, 29, 12, 30, 1, tzinfo=UTC), 1) == datetime(2029, 2, 28, 12, 30, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expiry", "expected"),
    [
        (date(2027, 11, 21), tuple(range(1, 10))),
        (date(2027, 11, 22), tuple(range(1, 9))),
        (date(2035, 11, 21), (1,)),
        (date(2035, 11, 22), ()),
        (date(2026, 11, 1), tuple(range(1, 10))),
    ],
)
def test_renewal_never_goes_more_than_ten_years_ahead(expiry: date, expected: tuple[int, ...]) -> None:
    assert renewal_years(SHIPPED["com"], expiry, DAY) == expected


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(0, 10))
def test_expiry_estimate_is_whole_years_later(day: date, years: int) -> None:
    later = expiry_after(day, years)

    assert later.year - day.year == years
    assert (later.month, later.day) in {(day.month, day.day), (2, 28)}
