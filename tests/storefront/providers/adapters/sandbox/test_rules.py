"""How the sandbox registry decides: like a registry, and the same way every time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog.tld_records import shipped_rules
from storefront.core.money import Money
from storefront.providers.adapters.sandbox import rules
from storefront.providers.ports.registrar import Action, Availability

NOW = datetime(2026, 2, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(("ending", "fewest", "most"), [("com", 0.33, 0.37), ("net", 0.13, 0.17), ("pl", 0.13, 0.17)])
def test_share_of_taken_names(ending: str, fewest: float, most: float) -> None:
    chosen = rules.endings()[ending]

    share = sum(rules.is_taken(f"name{number}", chosen) for number in range(10_000)) / 10_000

    assert fewest < share < most


def test_latency_is_a_registrys() -> None:
    chosen = rules.endings()["fr"]

    waits = sorted(rules.latency_s(f"name{number}.fr", chosen) for number in range(10_000))

    assert 0.055 < waits[5_000] < 0.065
    assert 0.140 < waits[9_500] < 0.165


def test_slow_ending_takes_two_to_six_seconds() -> None:
    waits = [rules.latency_s(f"name{number}.bzh", rules.endings()["bzh"]) for number in range(500)]

    assert 2.0 <= min(waits) < 2.2
    assert 5.8 < max(waits) <= 6.0


def test_slow_label_takes_three_seconds() -> None:
    assert rules.latency_s("slow-boat.com", rules.endings()["com"]) == 3.0


@pytest.mark.parametrize(
    ("name", "standing"),
    [
        ("taken-x.com", Availability.TAKEN),
        ("premium-x.com", Availability.PREMIUM),
        ("premium-x.fr", Availability.PREMIUM),
        ("reserved-x.com", Availability.RESERVED),
        ("slow-x.com", Availability.AVAILABLE),
        ("pending-x.com", Availability.AVAILABLE),
        ("rejected-x.com", Availability.AVAILABLE),
        ("lost-x.com", Availability.AVAILABLE),
        ("google.com", Availability.TAKEN),
        ("google.co.uk", Availability.TAKEN),
        ("nic.fr", Availability.RESERVED),
        ("ab.fr", Availability.RESERVED),
        ("a.com", Availability.INVALID),
        ("-a-.com", Availability.INVALID),
        ("ab--cd.com", Availability.INVALID),
        ("été.fr", Availability.INVALID),
        ("xn--t-9fab.us", Availability.INVALID),
        ("UPPER.com", Availability.INVALID),
        ("a" * 64 + ".com", Availability.INVALID),
        ("a.b.com", Availability.INVALID),
    ],
)
def test_standing_of_a_name(name: str, standing: Availability) -> None:
    label, ending = rules.split(name)

    assert ending is not None
    assert rules.standing(label, ending) is standing


@pytest.mark.parametrize(
    ("name", "label", "ending"),
    [
        ("a.co.uk", "a", "co.uk"),
        ("a.uk", "a", "uk"),
        ("a.com.pl", "a", "com.pl"),
        ("a.zz", "a", None),
        ("com", "com", None),
    ],
)
def test_longest_ending_wins(name: str, label: str, ending: str | None) -> None:
    found_label, found = rules.split(name)

    assert (found_label, found.ending if found else None) == (label, ending)


def test_word_that_only_begins_like_a_script_is_none() -> None:
    assert [rules.script(label) for label in ("lost", "lostandfound", "lost-dog", "x-lost-dog")] == ["", "", "lost", ""]


def test_price_of_several_years_renews_at_the_price_of_renewal() -> None:
    shop = rules.endings()["shop"]

    assert shop.register < shop.renew
    assert rules.cost("ordinary", shop, Action.REGISTER, 1) == Money(shop.register, "EUR")
    assert rules.cost("ordinary", shop, Action.REGISTER, 3) == Money(shop.register + 2 * shop.renew, "EUR")
    assert rules.cost("ordinary", shop, Action.RENEW, 2) == Money(2 * shop.renew, "EUR")


def test_half_of_the_premium_names_renew_at_a_premium() -> None:
    shop = rules.endings()["shop"]
    names = [f"premium-{number}" for number in range(1000)]

    dear = [rules.cost(name, shop, Action.RENEW, 1).minor > shop.renew for name in names]

    assert 400 < sum(dear) < 600
    assert all(rules.cost(name, shop, Action.REGISTER, 1).minor >= 8 * shop.renew for name in names)


@pytest.mark.parametrize(
    ("days", "statuses"),
    [
        (-1, ("ok",)),
        (0, ("autoRenewPeriod",)),
        (44, ("autoRenewPeriod",)),
        (45, ("pendingDelete", "redemptionPeriod")),
        (74, ("pendingDelete", "redemptionPeriod")),
        (75, ("pendingDelete",)),
        (79, ("pendingDelete",)),
        (80, ()),
    ],
)
def test_phase_of_a_com_after_its_end(days: int, statuses: tuple[str, ...]) -> None:
    assert rules.phase(NOW, NOW + timedelta(days=days), rules.endings()["com"]) == statuses


def test_leap_day_ends_on_the_last_of_february() -> None:
    assert rules.years_later(datetime(2024, 2, 29, tzinfo=UTC), 1) == datetime(2025, 2, 28, tzinfo=UTC)


@given(label=st.text(max_size=70), ending=st.sampled_from(sorted(rules.endings())))
def test_any_label_has_a_standing_and_prices(label: str, ending: str) -> None:
    chosen = rules.endings()[ending]

    standing = rules.standing(label, chosen)

    assert standing is rules.standing(label, chosen)
    if standing.is_buyable:
        costs = rules.costs(label, chosen)
        assert all(money.minor > 0 for money in (*costs[Action.REGISTER].values(), *costs[Action.RENEW].values()))


def test_every_ending_of_the_catalogue_is_sold_for_the_same_years() -> None:
    catalogue = shipped_rules(NOW.date())

    sold = {ending: (found.register_years, found.renew_years) for ending, found in rules.endings().items()}

    assert {ending: (record.register_years, record.renew_years) for ending, record in catalogue.items()} == {
        ending: sold[ending] for ending in catalogue
    }
