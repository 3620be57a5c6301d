"""Moments that people type."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from storefront.core.errors import Refused
from storefront.core.moments import moment_in, require_near

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ZONES = [ZoneInfo(name) for name in ("Europe/Helsinki", "America/New_York", "Pacific/Kiritimati")]


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize(
    "typed", [(1, 1, 1), (1000, 1, 1), (1926, 11, 1), (2126, 12, 1), (9999, 12, 31, 23, 59)], ids=str
)
def test_moment_far_away_is_refused_with_the_days_between(zone: ZoneInfo, typed: tuple[int, ...]) -> None:
    moment = datetime(*typed, tzinfo=zone)  # type: ignore[misc,arg-type]  # year, month, day and perhaps more

    with pytest.raises(Refused, match=r"1926.*2126") as refused:
        require_near(moment, NOW, field="starts_at")

    assert refused.value.field == "starts_at"


@pytest.mark.parametrize("moment", [None, NOW, datetime(1927, 1, 1, tzinfo=UTC), datetime(2126, 1, 1, tzinfo=UTC)])
def test_moment_of_these_years_is_taken(moment: datetime | None) -> None:
    require_near(moment, NOW, field="starts_at")


@pytest.mark.parametrize(
    ("zone", "typed", "utc"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 1, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),  # noqa: DTZ001 - as typed
        ("Europe/Berlin", datetime(2026, 3, 29, 3), datetime(2026, 3, 29, 1, tzinfo=UTC)),  # noqa: DTZ001 - as typed
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # noqa: DTZ001 - as typed
        ("UTC", datetime(2026, 3, 29, 2, 30), datetime(2026, 3, 29, 2, 30, tzinfo=UTC)),  # noqa: DTZ001 - as typed
        ("Asia/Tokyo", datetime(2026, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, 15, tzinfo=UTC)),
    ],
)
def test_clocks_of_a_zone_show_a_moment(zone: str, typed: datetime, utc: datetime) -> None:
    assert moment_in(zone, typed, field="at").astimezone(UTC) == utc


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_hour_that_clocks_jump_over_is_refused(minute: int) -> None:
    with pytest.raises(Refused, match="put forward") as refused:
        moment_in("Europe/Berlin", datetime(2026, 3, 29, 2, minute), field="at")  # noqa: DTZ001 - as typed

    assert refused.value.field == "at"


@pytest.mark.parametrize("typed", [datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59)])  # noqa: DTZ001 - as typed
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_first_and_last_day_of_all_are_left_to_the_rule_of_years(zone: ZoneInfo, typed: datetime) -> None:
    moment = moment_in(str(zone), typed, field="at")

    with pytest.raises(Refused, match="year"):
        require_near(moment, NOW, field="at")
