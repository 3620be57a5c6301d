"""rule: how document numbers are written, and when a series begins again."""

import re
from datetime import date

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _

LONGEST_PATTERN = 40
# Letters, digits and the separators that banks pass on in a transfer's title.
_LITERAL = r"[A-Za-z0-9/._-]"
_TOKEN = re.compile(r"\{(?P<name>YYYY|YY|MM|seq)(?::0(?P<width>[1-9]))?\}")
_PATTERN = re.compile(rf"(?:{_LITERAL}|\{{(?:YYYY|YY|MM)\}}|\{{seq(?::0[1-9])?\}})+")


def _tokens(pattern: str) -> list[str]:
    return [match["name"] for match in _TOKEN.finditer(pattern)]


def require_pattern(pattern: str) -> None:
    """Refuse a pattern that is not one, or that could give two documents the same number."""
    if len(pattern) > LONGEST_PATTERN or not _PATTERN.fullmatch(pattern):
        raise Refused(
            _("Use letters, digits, / . _ - and the marks {YYYY}, {YY}, {MM} and {seq:04}."),
            field="pattern",
        )
    names = _tokens(pattern)
    if names.count("seq") != 1:
        raise Refused(_("A number needs the mark {seq} exactly once."), field="pattern")
    if "MM" in names and not {"YYYY", "YY"} & set(names):
        raise Refused(_("With the month, the year must stand in the number too."), field="pattern")


def period_of(pattern: str, on: date) -> str:
    """Name the series that a number of this day belongs to: ``2025-11``, ``2025``, or nothing if it never restarts."""
    names = set(_tokens(pattern))
    if "MM" in names:
        return f"{on:%Y-%m}"
    return f"{on:%Y}" if {"YYYY", "YY"} & names else ""


def format_number(pattern: str, *, sequence: int, on: date) -> str:
    """Write a number: ``FV/{YYYY}/{MM}/{seq:04}`` and 17 give ``FV/2025/11/0017``.

    ``on`` is the issue date in the seller's time zone. A number outgrows its width rather than repeat itself.
    """
    require_pattern(pattern)
    if sequence < 1:
        raise ValueError("numbers begin with one")
    words = {"YYYY": f"{on:%Y}", "YY": f"{on:%y}", "MM": f"{on:%m}"}

    def write(match: re.Match[str]) -> str:
        return words.get(match["name"]) or str(sequence).zfill(int(match["width"] or 1))

    return _TOKEN.sub(write, pattern)
