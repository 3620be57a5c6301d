"""The limits of the authority are never reached, whatever resellers do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tenants.certificate_rules import (
    Answer,
    Counted,
    Limit,
    Tries,
    again_at,
    all_limits,
    limits_on,
    look_again_at,
    read_limits,
    why_not_new,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LIMITS = limits_on(NOW.date())
FILE = """
[[rules]]
since = {since}
authority = "Some"
reseller = {{ at_most = 5, hours = 24 }}
domain = {{ at_most = {domain}, hours = 168, of = 50 }}
platform = {{ at_most = 10, hours = 3, of = 300 }}
name = {{ at_most = 3, hours = 1, of = 5 }}
"""


@pytest.mark.parametrize(
    ("counted", "answer"),
    [
        ((0, 0, 0), Answer.ALLOWED),
        ((19, 39, 149), Answer.ALLOWED),
        ((20, 0, 0), Answer.RESELLER_LIMIT),
        ((0, 40, 0), Answer.DOMAIN_LIMIT),
        ((0, 0, 150), Answer.PLATFORM_LIMIT),
        ((999, 999, 999), Answer.RESELLER_LIMIT),
    ],
)
def test_new_name_is_allowed_below_every_limit(counted: tuple[int, int, int], answer: Answer) -> None:
    reseller, domain, platform = counted

    assert why_not_new(LIMITS, Counted(reseller=reseller, domain=domain, platform=platform)) == answer


def test_only_one_answer_is_yes() -> None:
    assert [answer for answer in Answer if answer.is_yes] == [Answer.ALLOWED]


def test_tries_end_after_three_within_an_hour_and_begin_anew_afterwards() -> None:
    tries: Tries | None = Tries()

    for minute in range(3):
        assert tries is not None
        tries = tries.another(LIMITS.name, NOW + timedelta(minutes=minute))

    assert tries is not None
    assert tries.count == 3
    assert tries.another(LIMITS.name, NOW + timedelta(minutes=59)) is None
    assert tries.another(LIMITS.name, NOW + timedelta(minutes=61)) == Tries(
        count=1, since_at=NOW + timedelta(minutes=61)
    )


def test_tries_of_a_window_and_the_next_stay_below_the_authority() -> None:
    """Three at the end of one window and three at the start of the next are never within one hour."""
    limit, asked = LIMITS.name, []
    tries = Tries()
    for minute in range(180):
        another = tries.another(limit, NOW + timedelta(minutes=minute))
        if another is not None:
            tries = another
            asked.append(minute)

    most = max(sum(1 for minute in asked if start <= minute < start + 60) for start in range(180))

    assert limit.of is not None
    assert most < limit.of


def test_limits_are_those_of_the_day() -> None:
    known = read_limits(FILE.format(since="2026-01-01", domain=40) + FILE.format(since="2027-01-01", domain=30))

    assert [limits.since for limits in known] == [date(2027, 1, 1), date(2026, 1, 1)]
    assert limits_on(date(2020, 1, 1)) == all_limits()[-1]


@pytest.mark.parametrize("domain", [50, 51])
def test_limits_that_reach_the_authority_are_refused(domain: int) -> None:
    with pytest.raises(ValueError, match="not below 50"):
        read_limits(FILE.format(since="2026-01-01", domain=domain))


@pytest.mark.parametrize(
    ("answer", "hours"),
    [
        (Answer.RESELLER_LIMIT, 24),
        (Answer.DOMAIN_LIMIT, 168),
        (Answer.PLATFORM_LIMIT, 3),
        (Answer.FAILING, 1),
        (Answer.UNKNOWN, None),
    ],
)
def test_again_at_is_when_the_window_is_over(answer: Answer, hours: int | None) -> None:
    assert again_at(LIMITS, answer, NOW) == (None if hours is None else NOW + timedelta(hours=hours))


def test_looks_are_often_at_first_and_daily_once_there() -> None:
    minutes = [(look_again_at(NOW, valid_until=None, looks=looks) - NOW).total_seconds() / 60 for looks in range(1, 13)]

    assert minutes[:4] == [2, 4, 8, 16]
    assert minutes[-1] == 24 * 60
    assert look_again_at(NOW, valid_until=NOW + timedelta(days=60), looks=1) == NOW + timedelta(days=1)
    assert look_again_at(NOW, valid_until=NOW - timedelta(days=1), looks=1) == NOW + timedelta(minutes=2)


def test_window_of_a_limit_ends_now() -> None:
    assert Limit(at_most=1, hours=3).since(NOW) == NOW - timedelta(hours=3)
