"""rule: JSON that somebody else wrote -> plain values within bounds; what is of another shape is empty."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _

LARGEST: Final = 16 * 1024 * 1024
DEEPEST: Final = 12
# Counted before anything is made of it: a list takes many times the two letters that it is written with.
MOST_LISTS: Final = 100_000
MOST_COMMAS: Final = 600_000
LARGEST_NUMBER: Final = 1_000_000
UNREADABLE = _("A part of this archive cannot be read: it is broken, or it was not made by us.")
# What a database cannot keep as text, or a page cannot show.
_NO_LETTERS: Final = re.compile(r"[\x00\ud800-\udfff]")
_YEARS: Final = (1990, 2200)


def read_json(content: bytes) -> Mapping[str, Any]:
    """Read an object; raises ``Refused`` for anything else, or for more of it than we take."""
    if len(content) > LARGEST or content.count(b"[") + content.count(b"{") > MOST_LISTS:
        raise Refused(UNREADABLE)
    if content.count(b",") > MOST_COMMAS:
        raise Refused(UNREADABLE)
    try:
        found = _plain(json.loads(content), 0)
    except (ValueError, RecursionError) as error:
        raise Refused(UNREADABLE) from error
    if not isinstance(found, dict):
        raise Refused(UNREADABLE)
    return found


def _plain(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        raise ValueError
    if isinstance(value, str):
        return _NO_LETTERS.sub("", value)
    if isinstance(value, dict):
        return {_NO_LETTERS.sub("", name): _plain(each, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, depth + 1) for each in value]
    # No number with a point is ever kept.
    if isinstance(value, float) or (isinstance(value, int) and not -1 <= value <= LARGEST_NUMBER):
        raise ValueError
    return value


def said(value: Any, longest: int = 1_000) -> str:
    """Return words; nothing for what is none, and no more than so many letters."""
    return value[:longest] if isinstance(value, str) else ""


def objects(value: Any, most: int = MOST_LISTS) -> Sequence[Mapping[str, Any]]:
    """Return the objects of a list, so many at most."""
    return [each for each in value[:most] if isinstance(each, Mapping)] if isinstance(value, list) else []


def a_dict(value: Any) -> Mapping[str, Any]:
    """Return an object; an empty one for what is none."""
    return value if isinstance(value, Mapping) else {}


def words_by_language(value: Any, longest: int) -> dict[str, str]:
    """Return words by language."""
    return {name[:8]: said(each, longest) for name, each in a_dict(value).items() if said(each).strip()}


def number(value: Any, default: int, *, most: int) -> int:
    """Return a whole number from nought to ``most``."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= most else default


def moment(value: Any) -> datetime | None:
    """Return a moment with its place, of a year that calendars agree about."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None or found.tzinfo is None or not _YEARS[0] <= found.year <= _YEARS[1]:
        return None
    return found
