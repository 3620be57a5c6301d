"""Which price may be struck through: cases a person can read, and what holds for all histories."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from storefront.core.money import Money
from storefront.pricing.history_rules import (
    Claim,
    History,
    Seen,
    lawful_claim,
    lowest_before,
    reduced_since,
    why_unlawful,
    window_start,
)
from storefront.pricing.items import Item
from tests.laws import law

COM = Item(key="", ending="com", action="register", years=1)
KEY = ("domain", "com", "register", 1)
HELSINKI = "Europe/Helsinki"
# The reduction of every case begins on 31 March 2027 at noon; thirty days before is 1 March.
BEGINS = datetime(2027, 3, 31, 12, tzinfo=UTC)

Told = tuple[str, int | None]


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def eur(minor: int | None) -> Money | None:
    return None if minor is None else Money(minor, "EUR")


def history(*told: Told, currency: str = "EUR", amounts: str = "gross") -> History:
    rows = [Seen(from_at=day(at), price=eur(minor), amounts="gross") for at, minor in told]
    return History(currency=currency, amounts=amounts, zone="UTC", rows={KEY: rows})


@pytest.mark.parametrize(
    ("told", "lowest"),
    [
        # One price for ever.
        ([("2026-01-01", 1090)], 1090),
        # It rose during the thirty days: the old price counts.
        ([("2026-01-01", 990), ("2027-03-20", 1090)], 990),
        # It rose just before they began: the old price no longer counts.
        ([("2026-01-01", 990), ("2027-02-28", 1090)], 1090),
        # It rose at the first moment of the first day, and one second later.
        ([("2026-01-01", 990), ("2027-03-01", 1090)], 1090),
        ([("2026-01-01", 990), ("2027-03-01T00:00:01", 1090)], 990),
        # A short offer in between counts, however short.
        ([("2026-01-01", 1090), ("2027-03-10", 490), ("2027-03-10T01:00", 1090)], 490),
        # An offer before the thirty days does not.
        ([("2026-01-01", 1090), ("2027-02-01", 490), ("2027-02-20", 1090)], 1090),
        # It was raised first, so that it can be "reduced".
        ([("2026-01-01", 1090), ("2027-03-30", 1990)], 1090),
        # New in the shop: judged by the days it was sold.
        ([("2027-03-29", 1090)], 1090),
        # Never sold before, and first sold at this moment.
        ([], None),
        ([("2027-03-31T12:00", 790)], None),
        # What comes at the moment of the reduction or later is not before it.
        ([("2026-01-01", 1090), ("2027-03-31T12:00", 790), ("2027-04-02", 290)], 1090),
        # Not sold for a while: the gap is no price.
        ([("2026-01-01", 1090), ("2027-03-05", None), ("2027-03-20", 1190)], 1090),
        # Not sold during all of it.
        ([("2026-01-01", 1090), ("2027-02-01", None)], None),
        # Free for a day.
        ([("2026-01-01", 1090), ("2027-03-10", 0), ("2027-03-11", 1090)], 0),
        # Of two noted for one moment only the later was seen.
        ([("2026-01-01", 1090), ("2027-03-10", 290), ("2027-03-10", 1190)], 1090),
        # Reduced in steps: the step before counts, which is lawful everywhere.
        ([("2026-01-01", 1090), ("2027-03-20", 990), ("2027-03-25", 890)], 890),
    ],
)
def test_lowest_price_of_thirty_days(told: list[Told], lowest: int | None) -> None:
    assert lowest_before(history(*told), COM, BEGINS) == eur(lowest)


def test_days_begin_where_the_shop_keeps_its_books() -> None:
    midnight = datetime(2027, 3, 1, tzinfo=ZoneInfo(HELSINKI))
    rows = [
        Seen(from_at=day("2026-01-01"), price=eur(990), amounts="gross"),
        Seen(from_at=midnight, price=eur(1090), amounts="gross"),
    ]

    seen = History(currency="EUR", amounts="gross", zone=HELSINKI, rows={KEY: rows})

    assert window_start(BEGINS, HELSINKI) == midnight
    assert lowest_before(seen, COM, BEGINS) == eur(1090)


@pytest.mark.parametrize("begins", ["2027-03-31T12:00", "2027-11-20T00:00", "2028-03-15T23:59", "2027-12-31T23:59"])
@pytest.mark.parametrize("zone", ["UTC", HELSINKI, "Europe/Paris", "Pacific/Auckland", "America/New_York"])
def test_window_is_never_shorter_than_thirty_days(begins: str, zone: str) -> None:
    at = day(begins)

    start = window_start(at, zone)

    assert timedelta(days=30) - timedelta(hours=1) <= at - start < timedelta(days=31, hours=2)
    assert start.astimezone(ZoneInfo(zone)).date() == at.astimezone(ZoneInfo(zone)).date() - timedelta(days=30)


@pytest.mark.parametrize(
    ("currency", "amounts"), [("PLN", "gross"), ("EUR", "net")], ids=["other currency", "net instead of gross"]
)
def test_prices_that_cannot_be_compared_forbid_any_claim(currency: str, amounts: str) -> None:
    seen = history(("2026-01-01", 1090), currency=currency, amounts=amounts)

    assert lowest_before(seen, COM, BEGINS) is None


@pytest.mark.parametrize(
    ("price", "claim"),
    [
        (790, Claim(struck=Money(1090, "EUR"), percent=27)),
        (545, Claim(struck=Money(1090, "EUR"), percent=50)),
        (1089, Claim(struck=Money(1090, "EUR"), percent=0)),
        (0, Claim(struck=Money(1090, "EUR"), percent=100)),
        (1090, None),
        (1290, None),
    ],
)
def test_claim_counts_from_the_lowest_price(price: int, claim: Claim | None) -> None:
    seen = history(("2026-01-01", 1090), ("2027-02-01", 1990), ("2027-02-10", 1090))

    assert lawful_claim(seen, COM, Money(price, "EUR"), BEGINS) == claim


@pytest.mark.parametrize(
    ("told", "price", "claimed", "words"),
    [
        ([("2026-01-01", 1090)], 790, None, None),
        ([("2026-01-01", 1090)], 790, 1090, None),
        ([("2026-01-01", 1090)], 790, 1190, "may be €10.90 at most"),
        (
            [("2026-01-01", 1090), ("2027-03-10", 690), ("2027-03-12", 1090)],
            790,
            None,
            "from 10 March 2027",
        ),
        ([("2026-01-01", 790)], 790, None, "seen from 1 March 2027"),
        ([], 790, None, "Nobody has seen another price"),
    ],
)
def test_unlawful_claim_is_refused_with_the_reason(
    told: list[Told], price: int, claimed: int | None, words: str | None
) -> None:
    why = why_unlawful(history(*told), COM, Money(price, "EUR"), BEGINS, claimed=eur(claimed))

    assert (why is None) if words is None else (words in str(why))


@pytest.mark.parametrize(
    ("rows", "since"),
    [
        ([("2027-01-01", 1090, False)], None),
        ([("2027-01-01", 1090, False), ("2027-02-01", 790, True)], "2027-02-01"),
        ([("2027-01-01", 1090, False), ("2027-02-01", 790, True), ("2027-02-09", 590, True)], "2027-02-09"),
        ([("2027-01-01", 790, True), ("2027-02-01", 1090, False)], None),
        ([("2027-01-01", 790, True), ("2027-02-01", None, False), ("2027-03-01", 790, True)], "2027-03-01"),
        ([("2027-05-01", 790, True)], None),
    ],
)
def test_reduction_begins_with_its_last_step(rows: list[tuple[str, int | None, bool]], since: str | None) -> None:
    seen = [Seen(from_at=day(at), price=eur(minor), amounts="gross", is_reduced=cut) for at, minor, cut in rows]

    assert reduced_since(seen, BEGINS) == (day(since) if since else None)


BEGIN = datetime(2027, 1, 1, tzinfo=UTC)
# Hours after the beginning of the year, and what was seen from then on.
STEPS = st.lists(st.tuples(st.integers(0, 24 * 120), st.none() | st.integers(1, 3000)), max_size=8)


@law(STEPS, st.integers(0, 24 * 120), st.integers(0, 3000))
def test_nobody_ever_paid_less_than_a_struck_price_in_the_thirty_days(
    steps: list[tuple[int, int | None]], begins: int, price: int
) -> None:
    steps.sort(key=lambda step: step[0])
    rows = [Seen(from_at=BEGIN + timedelta(hours=at), price=eur(minor), amounts="gross") for at, minor in steps]
    seen = History(currency="EUR", amounts="gross", zone=HELSINKI, rows={KEY: rows})
    at = BEGIN + timedelta(hours=begins)

    claim = lawful_claim(seen, COM, Money(price, "EUR"), at)

    # The plain way: look at every hour of the thirty days.
    paid = [at_hour(rows, at - timedelta(hours=hours)) for hours in range(1, 24 * 30 + 1)]
    prices = [minor for minor in paid if minor is not None]
    if claim is not None:
        assert claim.struck.minor > price
        assert all(minor >= claim.struck.minor for minor in prices)
        assert claim.percent * claim.struck.minor <= (claim.struck.minor - price) * 100
    elif prices:
        assert price >= min(prices) or min(prices) > (lowest_before(seen, COM, at) or Money(0, "EUR")).minor


def at_hour(rows: list[Seen], moment: datetime) -> int | None:
    minor: int | None = None
    for row in rows:
        if row.from_at <= moment:
            minor = row.price.minor if row.price else None
    return minor


def test_rule_knows_the_day_of_the_directive() -> None:
    assert window_start(BEGINS, "UTC").date() == date(2027, 3, 1)
