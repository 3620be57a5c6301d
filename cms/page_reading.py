"""rule: read the blocks of a page from what an editor's form sends; nothing typed is lost, whatever is missing."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from cms.block_fields import Spec
from cms.blocks import KINDS, MOST_BLOCKS, SPECS
from cms.news_rules import categories_of, day_of
from cms.page_checks import completed
from cms.sanitize import clean

# Ids of blocks and of rows are ours or the editor's: nobody types them.
_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
# No field holds more, however long it may be: what is typed beyond is cut rather than kept for ever.
HARD_LIMIT = 120_000
LARGEST = 1_000_000


class Sent(Protocol):
    """A form as it was sent: several values may have one name."""

    def get(self, name: str, /) -> str | None:
        """Return the first value of a name."""

    def getlist(self, name: str, /) -> list[str]:
        """Return all values of a name, in the order of the page."""


def read_blocks(sent: Sent) -> list[dict[str, Any]]:
    """Return the blocks of a form, in the order in which their ids were sent under ``block``.

    A field of a block is called ``<id>.<field>``, one of a row ``<id>.<field>.<row>.<part>`` with the ids of the rows
    under ``<id>.<field>``. What is of no known kind is left out; every field is there, be it empty.
    """
    found: dict[str, dict[str, Any]] = {}
    for block_id in sent.getlist("block")[:MOST_BLOCKS]:
        kind = sent.get(f"{block_id}.kind") or ""
        if kind in KINDS and _ID.fullmatch(block_id) and block_id not in found:
            values = {name: _read(sent, f"{block_id}.{name}", spec) for name, spec in SPECS[kind].items()}
            found[block_id] = {"id": block_id, "kind": kind, **values}
    return list(found.values())


def _read(sent: Sent, name: str, spec: Spec) -> Any:
    if spec.widget == "rows":
        return [_row(sent, f"{name}.{row}", spec.parts) for row in sent.getlist(name)[: 2 * spec.most]]
    typed = (sent.get(name) or "").replace("\r\n", "\n")[:HARD_LIMIT]
    return value_of(typed, spec)


def _row(sent: Sent, name: str, parts: Mapping[str, Spec]) -> dict[str, Any]:
    return {part: _read(sent, f"{name}.{part}", spec) for part, spec in parts.items()}


def value_of(typed: str, spec: Spec) -> Any:
    """Return what somebody typed as the value of a field."""
    if spec.widget == "choice":
        return typed if typed in spec.choices else spec.empty
    return _READERS.get(spec.widget, str.strip)(typed)


def _number(typed: str) -> int:
    words = typed.strip()
    return min(int(words), LARGEST) if words.isascii() and words.isdigit() and len(words) <= len(str(LARGEST)) else 0


def _sentences(typed: str) -> list[str]:
    return [line.strip() for line in typed.split("\n") if line.strip()]


def _endings(typed: str) -> list[str]:
    """Read endings as people write them: with dots or without, with commas, spaces or on lines."""
    words = typed.replace(",", " ").replace(";", " ").split()
    return list(dict.fromkeys(word.strip(".").lower() for word in words if word.strip(".")))


def _day(typed: str) -> str:
    """Read a day as a browser sends it; what is none is left out."""
    day = day_of(typed.strip())
    return day.isoformat() if day is not None else ""


def _categories(typed: str) -> list[str]:
    return list(categories_of(typed.split()))


_READERS: Mapping[str, Callable[[str], Any]] = {
    "flag": bool,
    "number": _number,
    "sentences": _sentences,
    "endings": _endings,
    "categories": _categories,
    "date": _day,
    "link": completed,
    "rich": clean,
    "text": str,
}


def as_typed(value: Any, spec: Spec) -> str:
    """Write a value as a form shows it."""
    if spec.widget == "sentences":
        return "\n".join(_texts(value))
    if spec.widget == "endings":
        return ", ".join(_texts(value))
    if spec.widget == "categories":
        return " ".join(_texts(value))
    if spec.widget == "flag":
        return "on" if value else ""
    return str(value)


def _texts(value: Any) -> Sequence[str]:
    return [str(each) for each in value]
