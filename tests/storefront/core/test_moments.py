"""Moments that people type."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from storefront.core.errors import Refused
from storefront.core.moments import require_near

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
