"""The time zones that people choose from."""

from functools import lru_cache
from zoneinfo import available_timezones

_NOT_PLACES = ("Etc/", "SystemV/")


@lru_cache(maxsize=1)
def known_zones() -> tuple[str, ...]:
    """List the time zones that are named after a place, by name."""
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(_NOT_PLACES)))
