"""rule: bring together what two editors wrote at the same time; only what both changed is left for them to decide."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cms.block_fields import Spec
from cms.blocks import SPECS
from cms.page_reading import as_typed, value_of

Blocks = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What an editor had before them: the marks of all blocks in their order, and those of the words around them."""

    blocks: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Clash:
    """Something that both changed: a block by its id, or a word around the blocks by its name; gone is ``None``."""

    key: str
    mine: Any
    theirs: Any


@dataclass(frozen=True, kw_only=True)
class Merged:
    """Both together. Of what both changed it holds mine, and names it; ``fetched`` are the blocks taken from theirs."""

    blocks: list[dict[str, Any]]
    words: dict[str, Any]
    clashes: tuple[Clash, ...] = ()
    fetched: tuple[str, ...] = ()


def mark_of(value: Any) -> str:
    """Return a short mark that is another one as soon as the value is."""
    told = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16]


def as_read(block: Mapping[str, Any]) -> dict[str, Any]:
    """Return a block as a form gives it back if nobody changes it, with every field of its kind."""
    return {"id": str(block["id"]), "kind": str(block["kind"]), **_as_read(block, SPECS[str(block["kind"])])}


def _as_read(values: Mapping[str, Any], specs: Mapping[str, Spec]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, spec in specs.items():
        value = values.get(name, spec.empty)
        if spec.widget == "rows":
            found[name] = [_as_read(row, spec.parts) for row in value]
        else:
            found[name] = value_of(as_typed(value, spec).replace("\r\n", "\n"), spec)
    return found


def known(blocks: Blocks) -> list[dict[str, Any]]:
    """Return the blocks whose kind there is, each as a form gives it back."""
    return [as_read(block) for block in blocks if str(block.get("kind")) in SPECS]


def seen_of(blocks: Blocks, words: Mapping[str, Any]) -> Seen:
    """Return the marks of a page as it is shown to an editor; the blocks must come from ``known``."""
    return Seen(
        blocks={str(block["id"]): mark_of(block) for block in blocks},
        words={name: mark_of(value) for name, value in words.items()},
    )


def merge(seen: Seen, mine: tuple[Blocks, Mapping[str, Any]], theirs: tuple[Blocks, Mapping[str, Any]]) -> Merged:
    """Bring together what I wrote and what is kept, knowing what I had before me; each is (blocks, words)."""
    own = {str(block["id"]): dict(block) for block in mine[0]}
    other = {str(block["id"]): dict(block) for block in theirs[0]}
    kept: dict[str, dict[str, Any]] = {}
    clashes: list[Clash] = []
    for key in {**own, **other}:
        before, mark, their_mark = seen.blocks.get(key), _mark(own, key), _mark(other, key)
        # What only one of us changed is as that one left it: changed, moved here, or gone.
        took = other if mark == before else own
        if key in took:
            kept[key] = took[key]
        if mark not in (before, their_mark) and their_mark != before:
            # Whoever removed what another went on writing takes nothing away.
            kept[key] = own.get(key) or other[key]
            if key in own:
                clashes.append(Clash(key=key, mine=own[key], theirs=other.get(key)))
    words, word_clashes = _merged_words(seen.words, mine[1], theirs[1])
    order = _order(list(seen.blocks), [key for key in own if key in kept], [key for key in other if key in kept])
    return Merged(
        blocks=[kept[key] for key in order],
        words=words,
        clashes=(*word_clashes, *clashes),
        fetched=tuple(key for key in order if kept[key] != own.get(key)),
    )


def _mark(blocks: Mapping[str, Mapping[str, Any]], key: str) -> str | None:
    return mark_of(blocks[key]) if key in blocks else None


def _merged_words(
    seen: Mapping[str, str], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Clash]]:
    merged, clashes = dict(theirs), []
    for name, value in mine.items():
        mark, their_mark = mark_of(value), mark_of(theirs.get(name))
        if mark in (seen.get(name), their_mark):
            continue
        merged[name] = value
        if their_mark != seen.get(name):
            clashes.append(Clash(key=name, mine=value, theirs=theirs.get(name)))
    return merged, clashes


def _order(before: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """Return the order of whoever changed it, mine where both did; what only the other has stands behind its fellow."""
    stayed = [key for key in before if key in mine]
    led, other = (theirs, mine) if [key for key in mine if key in stayed] == stayed else (mine, theirs)
    order = list(led)
    for place, key in enumerate(other):
        if key not in order:
            order.insert(order.index(other[place - 1]) + 1 if place else 0, key)
    return order


def read_marks(pairs: Iterable[str]) -> dict[str, str]:
    """Read marks as a form carries them: ``<what>:<mark>``; what is new has none."""
    found = (pair.rpartition(":") for pair in pairs)
    return {key: mark for key, _colon, mark in found if key and mark}
