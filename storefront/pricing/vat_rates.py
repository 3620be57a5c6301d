"""rule: standard VAT rates by country and day, and the places whose VAT is not that of their state."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

_DATA = Path(__file__).parent / "data" / "vat_rates.toml"

# The 27 member states (ISO 3166-1; Greece is GR here and EL in VAT numbers).
MEMBER_STATES = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV"}
    | {"MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"},
)


class UnknownVatRate(LookupError):
    """No rate is on record for a seller's country on a day: a gap in the data, to be mended there."""


@dataclass(frozen=True, kw_only=True)
class Territory:
    """A place with VAT of its own inside a state, such as Åland or the Azores."""

    key: str
    state: str
    is_in_union: bool
    home: str
    percent: Decimal | None = None
    codes: frozenset[str] = frozenset()
    postcodes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class VatRates:
    """Every rate with the day it begins on, newest first, and every odd territory."""

    standard: Mapping[str, tuple[tuple[date, Decimal], ...]]
    territories: tuple[Territory, ...]

    def find_percent(self, country: str, on: date) -> Decimal | None:
        """Find a country's standard rate on a day; ``None`` if none is on record."""
        return next((percent for since, percent in self.standard.get(country, ()) if since <= on), None)

    def find_territory(self, country: str, postcode: str) -> Territory | None:
        """Find the odd territory that an address lies in, by its own country code or by its postcode."""
        digits = re.sub("[^0-9]", "", postcode)  # AX-22100, D-78266 and 9500-321 are all written
        for place in self.territories:
            if country in place.codes or (place.state == country and digits.startswith(place.postcodes)):
                return place
        return None


def read_rates(text: str) -> VatRates:
    """Read the data file's TOML."""
    data = tomllib.loads(text)
    standard = {
        country: tuple(sorted(((since, Decimal(percent)) for since, percent in rates), reverse=True))
        for country, rates in data["standard"].items()
    }
    territories = tuple(
        Territory(
            key=key,
            state=place["state"],
            is_in_union=place["in_union"],
            home=place["home"],
            percent=Decimal(place["rate"]) if "rate" in place else None,
            codes=frozenset(place.get("codes", ())),
            postcodes=tuple(place.get("postcodes", ())),
        )
        for key, place in data["territory"].items()
    )
    return VatRates(standard=MappingProxyType(standard), territories=territories)


@lru_cache(maxsize=1)
def known_rates() -> VatRates:
    """Return the rates that ship with the product."""
    return read_rates(_DATA.read_text(encoding="utf-8"))
