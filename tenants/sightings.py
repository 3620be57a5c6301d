"""rule: what one look found, written down and read again; and the few lines that tell how it changed."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from tenants.dns_answers import Answer, Found, Kind
from tenants.findings import Finding, Verdict

LIGHTS = ("dns", "ownership", "certificate")
MOST_LINES = 30


def write_found(found: Found) -> dict[str, Any]:
    """Return a look as plain values that JSON can hold."""
    return {name: _plain(value) for name, value in asdict(found).items()}


def read_found(kept: Mapping[str, Any]) -> Found | None:
    """Read what ``write_found`` wrote; ``None`` if there was no look yet, or one of an older shape."""
    try:
        values = {field.name: kept[field.name] for field in fields(Found)}
        return Found(
            **{
                **values,
                "at": datetime.fromisoformat(values["at"]),
                "resolvers": tuple(values["resolvers"]),
                "nameservers": tuple(values["nameservers"]),
                "answers": tuple(_answer(each) for each in values["answers"]),
                "authoritative": tuple(_answer(each) for each in values["authoritative"]),
                "owners": tuple((address, name) for address, name in values["owners"]),
            }
        )
    except (KeyError, TypeError, ValueError):
        return None


def _answer(kept: Mapping[str, Any]) -> Answer:
    values = {field.name: kept[field.name] for field in fields(Answer)}
    more = {"kind": Kind(values["kind"]), "at": datetime.fromisoformat(values["at"])}
    return Answer(**{**values, **more, "records": tuple(values["records"]), "chain": tuple(values["chain"])})


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value


def write_lights(verdict: Verdict, before: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return the three lights in short; ``since`` stays while a light keeps its colour and its reason."""
    found = {}
    for name in LIGHTS:
        finding: Finding = getattr(verdict, name)
        known = before.get(name, {})
        same = (known.get("light"), known.get("key")) == (str(finding.light), finding.key)
        found[name] = {
            "light": str(finding.light),
            "key": finding.key,
            "since": known["since"] if same else now.isoformat(),
        }
    return found


def lines_of_change(verdict: Verdict, before: Mapping[str, Any], now: datetime) -> list[dict[str, Any]]:
    """Return a line for each light that is not what it was, with what was seen."""
    return [
        {
            "at": now.isoformat(),
            "about": name,
            "light": str(finding.light),
            "seen": seen_in(finding),
            "resolvers": list(finding.resolvers),
        }
        for name in LIGHTS
        for finding in (getattr(verdict, name),)
        if (before.get(name, {}).get("light"), before.get(name, {}).get("key")) != (str(finding.light), finding.key)
        and finding.light != "waiting"
    ]


def seen_in(finding: Finding) -> list[str]:
    """Return what a finding names, as it stands in the zone: the same in every language."""
    named = [f"{kind} {value}" for kind, value in finding.facts.delete]
    spoken = {value for _kind, value in finding.facts.delete}
    return [*[each for each in finding.facts.points_at if each not in spoken], *named][:6]


def with_lines(history: list[Any], lines: list[dict[str, Any]]) -> list[Any]:
    """Add lines to a history, the newest first, and let the oldest go."""
    return [*reversed(lines), *history][:MOST_LINES]
