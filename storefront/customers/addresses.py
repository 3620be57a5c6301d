"""rule: postal addresses: which parts a country wants, and in what order they stand."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from storefront.core.alphabet import by_name
from storefront.core.countries import is_country
from storefront.core.i18n import country_name
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem

LONGEST_LINE = 255  # RFC 5733, section 4: optPostalLineType
LONGEST_POSTCODE = 16  # RFC 5733, section 4: pcType
_DATA = Path(__file__).parent / "data"
_SPACES = re.compile(r"\s+")
# What people put where a form insists and they have nothing to say.
PLACEHOLDERS = frozenset(
    {"n/a", "na", "n.a.", "none", "no", "nil", "null", "-", "--", "---", ".", "..", "...", "x", "xx", "xxx", "test"}
    | {"brak", "nie dotyczy", "aucun", "aucune", "néant", "keine", "keiner", "entfällt", "?"}
)


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where somebody lives or is established; ``country`` is ISO 3166-1, ``region`` ISO 3166-2 without the country."""

    street: str
    city: str
    country: str
    street2: str = ""
    postcode: str = ""
    region: str = ""


class Located(Protocol):
    """Whoever has an address: a customer, a contact, a shop, which has no second line and no region."""

    @property
    def street(self) -> str:
        """Street and number."""

    @property
    def postcode(self) -> str:
        """The postal code, if the country has any."""

    @property
    def city(self) -> str:
        """The city."""

    @property
    def country(self) -> str:
        """ISO 3166-1."""


@dataclass(frozen=True, kw_only=True)
class AddressRules:
    """How a country writes addresses: shapes of its postal codes, lines below the street, regions to choose from.

    ``postcodes`` empty with ``has_postcodes`` means that any code is taken, because we do not know the shape.
    """

    postcodes: tuple[str, ...] = ()
    has_postcodes: bool = True
    needs_postcode: bool = False
    example: str = ""
    lines: tuple[str, ...] = ("{postcode} {city}",)
    regions: Mapping[str, str] | None = None


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    return tuple(tomllib.loads((_DATA / name).read_text("utf-8")) for name in ("addresses.toml", "regions.toml"))  # type: ignore[return-value] # two files, two tables


@lru_cache(maxsize=300)
def address_rules(country: str) -> AddressRules:
    """Return how a country writes addresses; for one we know nothing of, only street and city are asked for."""
    addresses, regions = _tables()
    entry = addresses["countries"].get(country)
    if entry is None:
        return AddressRules()
    shapes = tuple(entry["postcode"])
    return AddressRules(
        postcodes=shapes,
        has_postcodes=bool(shapes),
        needs_postcode=bool(shapes) and not entry.get("optional", False),
        example=entry.get("example", ""),
        lines=tuple(addresses["orders"][entry.get("order", "code_first")]),
        regions=regions[country] if entry.get("region") == "needed" else None,
    )


def one_line(text: str) -> str:
    """Return a text composed (NFC), on one line, without control characters and needless spaces."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(one if unicodedata.category(one)[0] != "C" else " " for one in composed)
    return _SPACES.sub(" ", kept).strip()


def tidy_address(address: Address) -> Address:
    """Return an address as it should be stored: single lines, codes in capitals and in the country's own shape."""
    country = one_line(address.country).upper()
    rules = address_rules(country)
    region = one_line(address.region)
    return replace(
        address,
        street=one_line(address.street),
        street2=one_line(address.street2),
        city=one_line(address.city),
        country=country,
        postcode=_tidy_postcode(one_line(address.postcode).upper(), country, rules) if rules.has_postcodes else "",
        region=region.upper().removeprefix(f"{country}-") if rules.regions else region,
    )


def _tidy_postcode(typed: str, country: str, rules: AddressRules) -> str:
    if len(typed) > LONGEST_POSTCODE * 2:
        return typed
    compact = re.sub(r"[\s-]", "", typed)
    # F-75001 and PL-00-950 are written so on envelopes; LT-01100 is the code itself and fits as it stands.
    for candidate in (compact, compact.removeprefix(country), compact.removeprefix(country[:1])):
        for shape in rules.postcodes:
            fitted = _fit(candidate, shape)
            if fitted:
                return fitted
    return typed


def _fit(compact: str, shape: str) -> str:
    """Write a code without spaces in a shape such as ``##-###``, ``""`` if it does not fit; letters may be left out."""
    bare = shape.replace(" ", "").replace("-", "")
    if shape[2:3] == "-" and shape[:2].isalpha() and len(compact) == len(bare) - 2:
        compact = shape[:2] + compact
    if len(compact) != len(bare) or not all(map(_stands_for, bare, compact)):
        return ""
    found = iter(compact)
    return "".join(sign if sign in " -" else next(found) for sign in shape)


def _stands_for(sign: str, character: str) -> bool:
    if not character.isascii():
        return False
    if sign == "*":
        return character.isalnum()
    return {"#": character.isdigit(), "@": character.isalpha()}.get(sign, sign == character)


def address_problems(address: Address) -> list[Problem]:
    """Say all that is wrong with a tidied address; an empty list means that letters and registries will take it."""
    if not is_country(address.country):
        return [Problem("country", _("Please choose a country."), "missing"), *_line_problems(address)]
    rules = address_rules(address.country)
    return [*_line_problems(address), *_postcode_problems(address, rules), *_region_problems(address, rules)]


def _line_problems(address: Address) -> list[Problem]:
    found = []
    if not _says_something(address.street):
        found.append(Problem("street", _("Please type street and house number."), "missing"))
    if not _says_something(address.city):
        found.append(Problem("city", _("Please type the city."), "missing"))
    long = [field for field in ("street", "street2", "city", "region") if len(getattr(address, field)) > LONGEST_LINE]
    message = _("Please shorten this line to %(max)s characters.", max=LONGEST_LINE)
    return [*found, *(Problem(field, message, "too_long") for field in long)]


def _says_something(text: str) -> bool:
    return any(map(str.isalpha, text)) and text.casefold() not in PLACEHOLDERS


def _postcode_problems(address: Address, rules: AddressRules) -> list[Problem]:
    code = address.postcode
    if not code:
        is_missing = rules.needs_postcode
        message = _("Please type the postcode, such as %(example)s.", example=rules.example)
        return [Problem("postcode", message, "missing")] if is_missing else []
    if rules.postcodes and not any(_fit(code.replace(" ", "").replace("-", ""), shape) for shape in rules.postcodes):
        message = _("This postcode is not right. It should look like %(example)s.", example=rules.example)
        return [Problem("postcode", message, "wrong")]
    if len(code) > LONGEST_POSTCODE:
        message = _("Please shorten the postcode to %(max)s characters.", max=LONGEST_POSTCODE)
        return [Problem("postcode", message, "too_long")]
    return []


def _region_problems(address: Address, rules: AddressRules) -> list[Problem]:
    if rules.regions is None or address.region in rules.regions:
        return []
    return [Problem("region", _("Please choose the state, province or region."), "missing")]


def region_choices(country: str) -> list[tuple[str, str]]:
    """Return the regions to choose from, sorted by name; an empty list means that none is asked for."""
    regions = address_rules(country).regions or {}
    return by_name(regions.items())


def address_of(row: Located) -> Address:
    """Return the postal address alone."""
    return Address(
        street=row.street,
        street2=getattr(row, "street2", ""),
        postcode=row.postcode,
        city=row.city,
        region=getattr(row, "region", ""),
        country=row.country,
    )


def lines_of(row: Located) -> list[str]:
    """Return the lines of somebody's address, the country in the current language last."""
    return address_lines(address_of(row), country_name(row.country))


def address_lines(address: Address, country: str = "") -> list[str]:
    """Return the lines of an address as the post of its country reads them; the country's name comes last, if given."""
    parts = {"postcode": address.postcode, "city": address.city, "region": address.region}
    below = [_SPACES.sub(" ", line.format(**parts)).strip(" ,-") for line in address_rules(address.country).lines]
    return [line for line in (address.street, address.street2, *below, country) if line]
