"""Which names nobody may connect, when a host is looked at again, and when it is given up."""

from datetime import UTC, datetime, timedelta

import idna
import pytest

from tenants.host_rules import (
    DAY,
    HOUR,
    after_miss,
    is_at_or_under,
    looks_like,
    next_look,
    refusal_of,
    skeleton,
)

OWN = ("vitrine.example", ("edge.shops.test", "mail.shops.test"))
START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        "vitrine.example",
        "shop.vitrine.example",
        "edge.shops.test",
        "a.edge.shops.test",
        "vitrine.com",
        "shop.vitrine.com",
        "vitr1ne.com",
        "vitrlne.com",
        "vi-trine.com",
        "vitrine-.com".replace("-.", "."),
        "xn--vtrine-pvf.com",
        "xn--vitrin-8of.com",
        "vitrine.example.evil.com",
    ],
)
def test_names_of_the_platform_and_their_doubles_are_refused(name: str) -> None:
    assert refusal_of(name, *OWN) is not None


@pytest.mark.parametrize(
    ("letter", "other"),
    [
        ("i", "\u04cf"),
        ("i", "\u0269"),
        ("i", "\u0456"),
        ("o", "\u0585"),
        ("o", "\u03c3"),
        ("c", "\u0254"),
        ("n", "\u0578"),
        ("e", "\u04bd"),
        ("e", "\u01dd"),
        ("h", "\u0570"),
        ("u", "\u057d"),
        ("v", "\u0475"),
        ("k", "\u049b"),
        ("t", "\u0167"),
        ("r", "\u0280"),
        ("g", "\u0261"),
        ("a", "\u0251"),
    ],
)
def test_no_letter_of_another_alphabet_makes_a_double(letter: str, other: str) -> None:
    platform = "vitrinehuckoga.example"
    double = platform.replace(letter, other, 1).replace(".example", ".com")
    ascii_name = idna.encode(double).decode()

    assert looks_like(ascii_name, platform)
    assert refusal_of(ascii_name, platform) is not None


@pytest.mark.parametrize("label", ["n\u043erdhost", "nordh\u03bfst", "nordh\u0585st", "\u0430bc"])
def test_label_that_mixes_alphabets_is_refused_whoever_it_resembles(label: str) -> None:
    assert refusal_of(f"shop.{idna.encode(label).decode()}.com", *OWN) is not None
    assert refusal_of(f"{idna.encode(label).decode()}.nordhost.com", *OWN) is not None


@pytest.mark.parametrize("label", ["домен", "ελλάδα", "café", "łódź", "日本語ドメイン", "ひらがな2", "müller-24"])
def test_label_of_one_alphabet_is_somebodys_own(label: str) -> None:
    assert refusal_of(f"{idna.encode(label).decode()}.com", *OWN) is None


@pytest.mark.parametrize(
    "name",
    ["com", "co.uk", "localhost", "shop.local", "shop.internal", "shop.test", "x.onion", "1.0.0.127.in-addr.arpa"],
)
def test_endings_and_names_that_lead_nowhere_are_refused(name: str) -> None:
    assert refusal_of(name, *OWN) is not None


@pytest.mark.parametrize(
    "name", ["nordhost.fi", "shop.nordhost.fi", "nordhost.co.uk", "xn--bcher-kva.de", "vitrines.org", "www.shops.org"]
)
def test_names_that_somebody_may_own_are_not(name: str) -> None:
    assert refusal_of(name, *OWN) is None


def test_a_developer_may_connect_names_under_test() -> None:
    assert refusal_of("shop.nordhost.test", *OWN, is_development=True) is None
    assert refusal_of("shop.nordhost.test", *OWN) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("vitrine", "v1tr1ne"),
        ("vitrine", "vi-trine"),
        ("modern", "modem"),
        ("wave", "vvave"),
        ("paypal", "xn--pypal-4ve"),
    ],
)
def test_the_eye_takes_these_for_the_same(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_a_name_is_not_its_own_double() -> None:
    assert not looks_like("shop.vitrine.example", "vitrine.example")
    assert is_at_or_under("shop.vitrine.example", "vitrine.example")
    assert not is_at_or_under("evilvitrine.example", "vitrine.example")


def test_looks_come_often_at_first_and_then_less_and_less() -> None:
    moments, now = [], START
    while now < START + timedelta(days=5):
        now = next_look(START, now)
        moments.append(now - START)

    assert moments[:4] == [timedelta(minutes=each) for each in (1, 5, 15, 60)]
    assert moments[4] - moments[3] == HOUR
    assert moments[-1] - moments[-2] == DAY
    assert len([each for each in moments if each <= timedelta(days=3)]) == 4 + 71


def test_three_misses_over_three_days_are_a_warning_and_seven_days_the_end() -> None:
    states, misses, first = [], 0, None
    for day in range(9):
        standing = after_miss(misses, first, START + day * DAY, counts=True)
        misses, first = standing.misses, standing.first_missed_at
        states.append(standing.state)

    assert states == ["active"] * 3 + ["failing"] * 4 + ["detached"] * 2


def test_looking_often_does_not_make_a_miss_count_more() -> None:
    standing = after_miss(1, START, START + 8 * DAY, counts=False)

    assert (standing.state, standing.misses) == ("active", 1)
