"""rule: rules of endings read from data: TOML for the whole catalogue, a plain record for one row."""

import dataclasses
import tomllib
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from storefront.catalog.labels import BadLabel, encode, map_unicode
from storefront.catalog.tlds import TldRules

SHIPPED = Path(__file__).parent / "data" / "tlds.toml"
_LONGEST_TERM = 10


class BadRecord(ValueError):
    """Data that is no rule; the message names the ending and the field."""


def read_catalogue(text: str) -> list[TldRules]:
    """Read every entry of every ending, past and future, in the order of the file; raises ``BadRecord``."""
    data = tomllib.loads(text)
    return [_read_entry(ending, entry, data) for entry in data.get("endings", []) for ending in entry["endings"]]


def in_force(entries: Iterable[TldRules], on: date) -> dict[str, TldRules]:
    """Return for each ending the entry that holds on a day: the latest that has begun."""
    found: dict[str, TldRules] = {}
    for rules in entries:
        kept = found.get(rules.ending)
        if rules.valid_from <= on and (kept is None or kept.valid_from < rules.valid_from):
            found[rules.ending] = rules
    return found


def load_rules(text: str, on: date) -> dict[str, TldRules]:
    """Read the catalogue as it holds on a day; raises ``BadRecord`` for the first mistake."""
    return in_force(read_catalogue(text), on)


@lru_cache(maxsize=8)
def shipped_rules(on: date) -> Mapping[str, TldRules]:
    """Return the rules that come with the product, as they hold on a day."""
    return load_rules(SHIPPED.read_text(encoding="utf-8"), on)


def read_record(record: Mapping[str, Any]) -> TldRules:
    """Read one ending from plain values, such as a JSON column; raises ``BadRecord``."""
    ending = _a_label(record.get("ending"))
    hints = typing.get_type_hints(TldRules)
    unknown = sorted(set(record) - set(hints))
    if unknown:
        raise BadRecord(f"{ending}: unknown field {unknown[0]}")
    values = {name: _convert(ending, name, hints[name], value) for name, value in record.items() if name != "ending"}
    try:
        rules = TldRules(ending=ending, **values)
    except TypeError as error:
        raise BadRecord(f"{ending}: {error}") from error
    _check(rules)
    return rules


def write_record(rules: TldRules) -> dict[str, Any]:
    """Turn rules into values that JSON can hold; ``read_record`` reads them back."""
    return {field.name: _plain(getattr(rules, field.name)) for field in dataclasses.fields(rules)}


def _read_entry(ending: str, entry: Mapping[str, Any], data: Mapping[str, Any]) -> TldRules:
    families = data.get("families", {})
    family = entry.get("family")
    if family not in families:
        raise BadRecord(f"{ending}: unknown family {family}")
    own = {name: value for name, value in entry.items() if name not in ("endings", "family", "from")}
    record = {**families[family], **own, "ending": ending, "valid_from": entry.get("from")}
    if "eligible_countries" in record:
        record["eligible_countries"] = _countries(record["eligible_countries"], data.get("countries", {}))
    letters = data.get("letters", {})
    if record.get("idn_letters") in letters:
        record["idn_letters"] = letters[record["idn_letters"]]
    return read_record(record)


def _countries(codes: list[str], groups: Mapping[str, list[str]]) -> list[str]:
    """Replace the names of groups by their countries."""
    found: list[str] = []
    for code in codes:
        found.extend(_countries(groups[code], groups) if code in groups else [code])
    return found


def _a_label(ending: object) -> str:
    try:
        return ".".join(encode(part) for part in map_unicode(str(ending)).split("."))
    except BadLabel as error:
        raise BadRecord(f"{ending}: not an ending") from error


def _span(value: object) -> tuple[int, ...]:
    """Read ``"1-10"``, ``"1,3,5"`` or a list of whole numbers."""
    if isinstance(value, (list, tuple)):
        return tuple(int(one) for one in value)
    first, dash, last = str(value).partition("-")
    if dash:
        return tuple(range(int(first), int(last) + 1))
    return tuple(int(one) for one in first.split(","))


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _strict(kind: type) -> Callable[[object], Any]:
    def check(value: object) -> object:
        if type(value) is not kind:
            raise ValueError(f"{value!r} is not of type {kind.__name__}")
        return value

    return check


def _convert(ending: str, name: str, hint: Any, value: object) -> Any:
    converters: dict[Any, Callable[[Any], Any]] = {
        int: _strict(int),
        bool: _strict(bool),
        str: _strict(str),
        date: _day,
        tuple[int, ...]: _span,
        tuple[str, ...]: tuple,
        frozenset[str]: frozenset,
    }
    try:
        return hint(str(value)) if isinstance(hint, type) and issubclass(hint, StrEnum) else converters[hint](value)
    except (TypeError, ValueError) as error:
        raise BadRecord(f"{ending}: {name}: {error}") from error


def _check(rules: TldRules) -> None:
    """Refuse numbers that contradict each other."""
    faults = {
        "register_years": not rules.register_years or min(rules.register_years) < 1,
        "renew_years": not rules.renew_years or min(rules.renew_years) < 1,
        "max_years_ahead": max(rules.register_years + rules.renew_years, default=0) > rules.max_years_ahead,
        "min_length": not 1 <= rules.min_length <= rules.max_length,
        "nameservers_min": not 0 <= rules.nameservers_min <= rules.nameservers_max,
        "transfer_years": not 0 <= rules.transfer_years <= _LONGEST_TERM,
        "eligible_countries": any(len(code) != 2 for code in rules.eligible_countries),  # noqa: PLR2004 - ISO 3166-1
    }
    for name, is_wrong in faults.items():
        if is_wrong:
            raise BadRecord(f"{rules.ending}: {name} contradicts itself")
    for field in dataclasses.fields(rules):
        value = getattr(rules, field.name)
        if isinstance(value, int) and value < 0:
            raise BadRecord(f"{rules.ending}: {field.name} is negative")


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value
