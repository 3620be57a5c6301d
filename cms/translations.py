"""rule: which words of a page are to be translated, what of them changed since, and what is still missing."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from cms.block_fields import Spec
from cms.blocks import SPECS

Blocks = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One text of a block in two languages. ``was`` is what the source said when it was last called translated."""

    place: str
    spec: Spec
    source: str
    target: str
    was: str | None

    @property
    def is_missing(self) -> bool:
        """Whether the source says something that the translation does not say at all."""
        return bool(self.source) and not self.target

    @property
    def has_changed(self) -> bool:
        """Whether the source says something else than when it was translated; unknown counts as changed."""
        return bool(self.target) and self.was != self.source


def words_of(block: Mapping[str, Any]) -> dict[str, tuple[Spec, str]]:
    """Return the texts of a block by their place in it: ``title``, ``items.0.text``."""
    return dict(_words(block, SPECS[str(block["kind"])], ""))


def _words(values: Mapping[str, Any], specs: Mapping[str, Spec], place: str) -> Iterator[tuple[str, tuple[Spec, str]]]:
    for name, spec in specs.items():
        value = values.get(name, spec.empty)
        if spec.widget == "rows":
            for number, row in enumerate(value):
                yield from _words(row, spec.parts, f"{place}{name}.{number}.")
        elif spec.is_words:
            yield f"{place}{name}", (spec, "\n".join(value) if isinstance(value, list) else str(value))


def begin_translation(source: Blocks) -> list[dict[str, Any]]:
    """Return the blocks of a page for another language: everything but the words, which are still to be written."""
    return [_without_words(block, SPECS[str(block["kind"])]) for block in source]


def _without_words(values: Mapping[str, Any], specs: Mapping[str, Spec]) -> dict[str, Any]:
    kept = deepcopy(dict(values))
    for name, spec in specs.items():
        if spec.widget == "rows":
            kept[name] = [_without_words(row, spec.parts) for row in values.get(name, ())]
        elif spec.is_words and spec.widget != "link":
            kept[name] = spec.empty
    return kept


def wordings(block: Mapping[str, Any], source: Mapping[str, Any], was: Mapping[str, Any] | None) -> list[Wording]:
    """Set the texts of a block beside those it was translated from, in the order of its fields."""
    theirs = words_of(source)
    mine = words_of(block)
    before = words_of(was) if was is not None and was.get("kind") == source.get("kind") else {}
    return [
        Wording(
            place=place,
            spec=spec,
            source=said,
            target=mine[place][1] if place in mine else "",
            was=before[place][1] if place in before else None,
        )
        for place, (spec, said) in theirs.items()
        if said or (place in mine and mine[place][1])
    ]


def stale_blocks(blocks: Blocks, source: Blocks, was: Blocks | None) -> list[str]:
    """List the blocks of a translation that somebody should look at: missing, or changed in the source since."""
    mine = {str(block["id"]): block for block in blocks}
    before = {str(block["id"]): block for block in was or ()}
    found = []
    for theirs in source:
        block_id = str(theirs["id"])
        own = mine.get(block_id)
        if (
            own is None
            or own.get("kind") != theirs.get("kind")
            or any(each.is_missing or each.has_changed for each in wordings(own, theirs, before.get(block_id)))
        ):
            found.append(block_id)
    return found
