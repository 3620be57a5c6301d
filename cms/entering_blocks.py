"""rule: blocks that come from elsewhere -> blocks that a page may keep, with what had to be left out of them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from cms.arrivals import Notes
from cms.block_fields import EMPTY, LISTS, Spec
from cms.blocks import KINDS, MOST_BLOCKS, SPECS, BadBlock, block_from, with_ids
from cms.news_rules import categories_of, day_of
from cms.page_settings import PAGE_SETTINGS

ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
MOST_ROWS: Final = 500
LONGEST_RICH: Final = 200_000
LONGEST_TEXT: Final = 40_000

Refs = Mapping[str, str]


def blocks_kept(blocks: Sequence[Any], files: Refs, notes: Notes, place: str) -> list[dict[str, Any]]:
    """Return the blocks that can be kept, each cleaned, with files by their ids; say what was left out of them."""
    found: list[dict[str, Any]] = []
    for number, block in enumerate(blocks, start=1):
        if len(found) >= MOST_BLOCKS:
            notes.say("too_many", place, f"#{number}")
            break
        kind = str(block.get("kind"))[:40] if isinstance(block, Mapping) else ""
        if kind not in KINDS:
            notes.say("kind", place, kind or f"#{number}")
            continue
        try:
            kept = _values(block, SPECS[kind], files, notes, f"{place} · {kind}")
            block_id = str(block.get("id", ""))
            found.append(block_from({**kept, "kind": kind, "id": block_id if ID.fullmatch(block_id) else ""}).to_json())
        except BadBlock as error:
            notes.say("bad_block", place, str(error))
    return with_ids(found)


def settings_kept(settings: Mapping[str, Any], files: Refs, notes: Notes, place: str) -> dict[str, Any]:
    """Return what a page says of itself to search engines, as far as we know it; anything else stays behind."""
    found: dict[str, Any] = {}
    for name, spec in PAGE_SETTINGS.items():
        value = settings.get(name)
        if spec.widget == "flag":
            if isinstance(value, bool):
                found[name] = value
        elif spec.widget == "picture":
            if isinstance(value, str):
                found[name] = _file(value, files, notes, place)
        elif spec.widget == "categories":
            if value:
                found[name] = list(categories_of(value))
        elif spec.widget == "date":
            if day_of(value) is not None:
                found[name] = str(value)
        elif isinstance(value, str):
            found[name] = value[: spec.longest]
    return found


def _values(
    values: Mapping[str, Any], specs: Mapping[str, Spec], files: Refs, notes: Notes, place: str
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, spec in specs.items():
        if name in values:
            found[name] = _value(values[name], spec, files, notes, place)
    return found


def _value(value: Any, spec: Spec, files: Refs, notes: Notes, place: str) -> Any:
    if spec.widget == "rows" and isinstance(value, list):
        return [_values(row, spec.parts, files, notes, place) for row in value[:MOST_ROWS] if isinstance(row, Mapping)]
    if spec.widget in LISTS:
        return (
            [each[:LONGEST_TEXT] for each in value[:MOST_ROWS] if isinstance(each, str)]
            if isinstance(value, list)
            else []
        )
    if not isinstance(value, str):
        # A number or a truth of the wrong kind is refused with the whole block by ``block_from``.
        return value if spec.widget in EMPTY else ""
    if spec.widget in {"picture", "file"}:
        return _file(value, files, notes, place)
    if spec.widget == "promotion":
        if value:
            notes.say("promotion", place)
        return ""
    return value[: LONGEST_RICH if spec.widget == "rich" else LONGEST_TEXT]


def _file(ref: str, files: Refs, notes: Notes, place: str) -> str:
    """Return the id of a file that came along; an id of another shop is none."""
    if ref and ref not in files:
        notes.say("picture", place, ref[:40])
    return files.get(ref, "")
