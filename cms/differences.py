"""rule: what two texts, or two versions of a page, have in common and what of them differs, word by word."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

from cms.block_fields import Spec
from cms.blocks import SPECS
from cms.sanitize import plain
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _

Kind = Literal["same", "gone", "new"]
Blocks = Sequence[Mapping[str, Any]]

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
# A sentence keeps the space behind it, so that all of them together are the text.
_SENTENCES = re.compile(r"[^\n.!?]*(?:[.!?]+[ \t]*|\n+|$)")
_ENDS_OF_PARAGRAPHS = re.compile(r"</(?:p|li|h[1-6]|blockquote|pre|tr|dt|dd)>|<br ?/?>|<hr ?/?>")
# Beyond this many comparisons two texts count as wholly different; comparing them would take longer than reading them.
MOST_COMPARED = 25_000_000
# So many may all texts of a page take together.
MOST_OF_A_PAGE = 60_000_000


class Effort:
    """How many comparisons are left to a page, or to whatever else is shown at once."""

    def __init__(self, left: int = MOST_OF_A_PAGE) -> None:
        self.left = left

    def allows(self, old: Sequence[Any], new: Sequence[Any]) -> bool:
        """Whether two lists may be compared, and if so count it: each pair of equals may be met in every stretch."""
        before, after = Counter(old), Counter(new)
        pairs = sum(number * after[each] for each, number in before.items() if not _is_space(each))
        takes = (pairs + len(old) + len(new)) * min(len(old), len(new))
        if takes > min(self.left, MOST_COMPARED):
            return False
        self.left -= takes
        return True


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Some words that both texts have, or that only the older or only the newer one has."""

    kind: Kind
    text: Text


@dataclass(frozen=True, kw_only=True)
class FieldDifference:
    """A field of a block that differs. ``labels`` lead to it: ``("Links", "2", "Label")``.

    ``is_form_only`` says that the words are the same, and only how they are set differs: bold, a link, a heading.
    """

    place: str
    labels: tuple[Text, ...]
    pieces: Sequence[Piece]
    is_form_only: bool = False


@dataclass(frozen=True, kw_only=True)
class BlockDifference:
    """A block of two versions: as the newer has it, unless it is gone. ``is_moved``: it stands in another place."""

    block: Mapping[str, Any]
    kind: Literal["same", "changed", "gone", "new"]
    is_moved: bool = False
    fields: Sequence[FieldDifference] = field(default_factory=tuple)

    @property
    def is_any(self) -> bool:
        """Whether there is anything to say of it."""
        return self.kind != "same" or self.is_moved


def differences(old: str, new: str, effort: Effort | None = None) -> list[Piece]:
    """Compare two texts word by word; all pieces but the new ones are the old text, all but the gone ones the new."""
    effort = effort or Effort()
    pieces: list[tuple[Kind, str]] = []
    for tag, mine, theirs in _runs(_SENTENCES.findall(old), _SENTENCES.findall(new), effort):
        if tag == "replace":
            words = _WORDS.findall("".join(mine)), _WORDS.findall("".join(theirs))
            for kind, before, after in _runs(*words, effort):
                pieces += _pieces(kind, "".join(before), "".join(after))
        else:
            pieces += _pieces(tag, "".join(mine), "".join(theirs))
    return [Piece(kind=kind, text=text) for kind, text in _tidied(pieces)]


def rich_differences(old: str, new: str, effort: Effort | None = None) -> list[Piece]:
    """Compare the words of two pieces of markup; how they are set does not count."""
    return differences(words_in(old), words_in(new), effort)


def words_in(markup: str) -> str:
    """Return the words of markup, each paragraph on a line of its own."""
    return plain(_ENDS_OF_PARAGRAPHS.sub(lambda found: f"{found[0]}\n", markup)).strip("\n")


def block_differences(old: Blocks, new: Blocks) -> list[BlockDifference]:
    """Compare the blocks of two versions of a page, in the order of the newer; what is gone stands where it stood."""
    before = {str(block["id"]): block for block in old}
    after = {str(block["id"]): block for block in new}
    effort = Effort()
    stayed = _in_order([key for key in before if key in after], [key for key in after if key in before], effort)
    found: list[BlockDifference] = []
    for key in _merged(list(before), list(after)):
        mine, theirs = before.get(key), after.get(key)
        if mine is None or theirs is None:
            found.append(_one_sided(theirs or mine or {}, "gone" if theirs is None else "new"))
        elif mine["kind"] != theirs["kind"]:
            found.append(BlockDifference(block=theirs, kind="changed", is_moved=key not in stayed))
        else:
            fields = list(fields_that_differ(mine, theirs, SPECS[str(theirs["kind"])], effort=effort))
            kind: Literal["same", "changed"] = "changed" if fields else "same"
            found.append(BlockDifference(block=theirs, kind=kind, is_moved=key not in stayed, fields=fields))
    return found


def _one_sided(block: Mapping[str, Any], kind: Literal["gone", "new"]) -> BlockDifference:
    """Return a block that only one of two versions has, with all it says."""
    sides = (block, {}) if kind == "gone" else ({}, block)
    told = [
        FieldDifference(place=each.place, labels=each.labels, pieces=[one for one in each.pieces if one.kind == kind])
        for each in fields_that_differ(*sides, SPECS[str(block["kind"])])
    ]
    return BlockDifference(block=block, kind=kind, fields=[each for each in told if each.pieces])


def fields_that_differ(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    specs: Mapping[str, Spec],
    place: str = "",
    labels: tuple[Text, ...] = (),
    *,
    effort: Effort | None = None,
) -> Iterator[FieldDifference]:
    """Compare the fields of two blocks, of two rows of them, or of anything else that has such fields."""
    effort = effort or Effort()
    for name, spec in specs.items():
        mine, theirs = old.get(name, spec.empty), new.get(name, spec.empty)
        if mine == theirs:
            continue
        here = (*labels, spec.label)
        if spec.widget != "rows":
            pieces = field_differences(spec, mine, theirs, effort)
            is_form_only = all(piece.kind == "same" for piece in pieces)
            yield FieldDifference(place=f"{place}{name}", labels=here, pieces=pieces, is_form_only=is_form_only)
            continue
        for number, (before, after) in enumerate(_paired(mine, theirs, effort), start=1):
            row = f"{place}{name}.{number - 1}."
            yield from fields_that_differ(before, after, spec.parts, row, (*here, str(number)), effort=effort)


def field_differences(spec: Spec, old: Any, new: Any, effort: Effort | None = None) -> list[Piece]:
    """Compare what a field held with what it holds: words word by word, lists line by line, anything else whole."""
    effort = effort or Effort()
    if spec.widget == "rich":
        return rich_differences(str(old), str(new), effort)
    if spec.widget in {"line", "text"}:
        return differences(str(old), str(new), effort)
    if spec.widget in {"sentences", "endings", "categories"}:
        return [
            Piece(kind=kind, text="".join(f"{line}\n" for line in lines))
            for tag, mine, theirs in _runs(list(old), list(new), effort)
            for kind, lines in _sided(tag, mine, theirs)
        ]
    whole = [Piece(kind="gone", text=_said(spec, old)), Piece(kind="new", text=_said(spec, new))]
    return [piece for piece in whole if piece.text]


def _said(spec: Spec, value: Any) -> Text:
    """Say what a field holds that is no text."""
    if spec.widget == "flag":
        return _("yes") if value else _("no")
    if spec.widget == "choice":
        return spec.choices.get(str(value), str(value))
    return str(value)


def _paired(
    old: Sequence[Any], new: Sequence[Any], effort: Effort
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Set the rows of two lists beside each other, so that one put in between does not make all below it differ."""
    for _tag, mine, theirs in _runs([_Row(each) for each in old], [_Row(each) for each in new], effort):
        for before, after in zip_longest(mine, theirs):
            yield (before.values if before else {}), (after.values if after else {})


class _Row:
    """A row of a block, comparable and hashable by what it holds."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self._key = repr(sorted(values.items()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Row) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _in_order(old: Sequence[str], new: Sequence[str], effort: Effort) -> set[str]:
    """Return those that keep their order; all others were moved."""
    return {key for tag, mine, _theirs in _runs(old, new, effort) if tag == "equal" for key in mine}


def _merged(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return all of the newer in their order, each of the older that is gone behind the one it stood behind."""
    merged = list(new)
    for place, key in enumerate(old):
        if key not in new:
            merged.insert(merged.index(old[place - 1]) + 1 if place else 0, key)
    return merged


def _runs(old: Sequence[Any], new: Sequence[Any], effort: Effort) -> Iterator[tuple[str, Sequence[Any], Sequence[Any]]]:
    """Compare two lists: ("equal" | "replace" | "delete" | "insert", what the older has here, what the newer has)."""
    ahead = 0
    while ahead < min(len(old), len(new)) and old[ahead] == new[ahead]:
        ahead += 1
    behind = 0
    while behind < min(len(old), len(new)) - ahead and old[-1 - behind] == new[-1 - behind]:
        behind += 1
    mine, theirs = old[ahead : len(old) - behind], new[ahead : len(new) - behind]
    if ahead:
        yield "equal", old[:ahead], new[:ahead]
    if not effort.allows(mine, theirs):
        yield "replace", mine, theirs
    else:
        for tag, first, last, other_first, other_last in SequenceMatcher(
            _is_space, mine, theirs, autojunk=False
        ).get_opcodes():
            yield tag, mine[first:last], theirs[other_first:other_last]
    if behind:
        yield "equal", old[len(old) - behind :], new[len(new) - behind :]


def _is_space(each: object) -> bool:
    """Whether something says too little to begin a comparison with: two texts have spaces in common anyway."""
    return isinstance(each, str) and each.isspace()


def _sided(tag: str, mine: Sequence[Any], theirs: Sequence[Any]) -> Iterator[tuple[Kind, Sequence[Any]]]:
    if tag == "equal":
        yield "same", mine
        return
    if mine:
        yield "gone", mine
    if theirs:
        yield "new", theirs


def _pieces(tag: str, before: str, after: str) -> list[tuple[Kind, str]]:
    return [(kind, "".join(text)) for kind, text in _sided(tag, before, after) if text]


def _tidied(pieces: Sequence[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    """Join what belongs together: a space or comma alone between two changes is part of them."""
    tidy: list[tuple[Kind, str]] = []
    gone = new = ""
    for place, (kind, text) in enumerate(pieces):
        is_between = bool(gone or new) and place + 1 < len(pieces) and not re.search(r"\w|\n", text)
        if kind == "gone":
            gone += text
        elif kind == "new":
            new += text
        elif is_between and gone and new:
            gone, new = gone + text, new + text
        else:
            tidy += _pieces("replace", gone, new)
            gone = new = ""
            tidy.append(("same", text))
    tidy += _pieces("replace", gone, new)
    joined: list[tuple[Kind, str]] = []
    for kind, text in tidy:
        if joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1] + text)
        else:
            joined.append((kind, text))
    return joined
