"""The only place that looks at a clock; a test can stop it."""

from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

_frozen: list[datetime] = []


def now() -> datetime:
    """Return this moment, aware and in UTC."""
    return _frozen[-1] if _frozen else datetime.now(UTC)


def today(zone: str = "UTC") -> date:
    """Return the date it is in a time zone, such as ``Europe/Warsaw``."""
    return now().astimezone(ZoneInfo(zone)).date()


class Stopped:
    """Stop the clock inside a ``with`` block; ``forward`` moves it."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __enter__(self) -> Self:
        _frozen.append(self._at)
        return self

    def __exit__(self, *_: object) -> None:
        _frozen.pop()

    def forward(self, by: timedelta) -> None:
        """Move the stopped clock."""
        self._at += by
        _frozen[-1] = self._at
