"""The time zones that people choose from."""

from functools import lru_cache
from zoneinfo import available_timezones

from babel.core import get_global

# Where a country of several zones has most of its people; every other one of those here has a single zone.
_MAIN = {"DE": "Europe/Berlin", "ES": "Europe/Madrid", "PT": "Europe/Lisbon"}
_NOT_PLACES = ("Etc/", "SystemV/")


@lru_cache(maxsize=1)
def known_zones() -> tuple[str, ...]:
    """List the time zones that are named after a place, by name."""
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(_NOT_PLACES)))


def zone_of(country: str) -> str:
    """Return the time zone of a country (two letters), "" where it has several and none is known to be the main one."""
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == country]
    return _MAIN.get(country) or (zones[0] if len(zones) == 1 else "")
