"""rule: what the buttons of an editor do to the blocks of a page and to the rows of a block."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from cms.block_fields import Spec
from cms.blocks import KINDS, MOST_BLOCKS, SPECS, blank

Blocks = Sequence[Mapping[str, Any]]

OF_BLOCKS = frozenset({"up", "down", "copy", "remove"})
OF_ROWS = frozenset({"more", "less", "earlier", "later"})
LONGEST_NUMBER = 6


def moved(blocks: Blocks, verb: str, place: str, fresh_id: str) -> list[dict[str, Any]]:
    """Do what a button says; what makes no sense does nothing. A place: ``<block>`` or ``<block>.<field>.<row>``."""
    found = [dict(block) for block in blocks]
    block_id, _dot, rest = place.partition(".")
    number = next((number for number, block in enumerate(found) if block["id"] == block_id), None)
    if number is None:
        return found
    if verb in OF_BLOCKS and not rest:
        return _of_blocks(found, verb, number, fresh_id)
    name, _dot, row = rest.partition(".")
    spec = SPECS[str(found[number]["kind"])].get(name)
    if verb in OF_ROWS and spec is not None and spec.widget == "rows":
        which = int(row) if row.isascii() and row.isdigit() and len(row) < LONGEST_NUMBER else -1
        found[number][name] = _of_rows(list(found[number].get(name, ())), spec, verb, which)
    return found


def _of_blocks(blocks: list[dict[str, Any]], verb: str, number: int, fresh_id: str) -> list[dict[str, Any]]:
    if verb == "copy":
        return put(blocks, {**deepcopy(blocks[number]), "id": fresh_id}, after=str(blocks[number]["id"]))
    block = blocks.pop(number)
    if verb != "remove":
        blocks.insert(max(0, number + (-1 if verb == "up" else 1)), block)
    return blocks


def _of_rows(rows: list[Any], spec: Spec, verb: str, row: int) -> list[Any]:
    if verb == "more":
        fresh = {part: each.empty for part, each in spec.parts.items()}
        return [*rows, fresh] if len(rows) < spec.most else rows
    if not 0 <= row < len(rows):
        return rows
    taken = rows.pop(row)
    if verb != "less":
        rows.insert(max(0, row + (-1 if verb == "earlier" else 1)), taken)
    return rows


def put(blocks: Blocks, block: Mapping[str, Any], *, after: str = "", at: int | None = None) -> list[dict[str, Any]]:
    """Put a block behind another, at a place, or last; a page that is full stays as it is."""
    found = [dict(each) for each in blocks]
    if len(found) >= MOST_BLOCKS or any(each["id"] == block["id"] for each in found):
        return found
    behind = next((number + 1 for number, each in enumerate(found) if each["id"] == after), len(found))
    found.insert(behind if at is None else at, dict(block))
    return found


def added(blocks: Blocks, kind: str, fresh_id: str, *, after: str = "") -> list[dict[str, Any]]:
    """Add an empty block of a kind, with one empty row where it holds rows."""
    if kind not in KINDS:
        return [dict(block) for block in blocks]
    block = blank(kind, fresh_id)
    for name, spec in SPECS[kind].items():
        if spec.widget == "rows" and (spec.is_required or spec.begins):
            block[name] = [{part: each.empty for part, each in spec.parts.items()}]
    return put(blocks, block, after=after)
