"""rule: a whole search: every name in what was typed, each once, and no more look-ups than allowed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from storefront.catalog.labels import FIELD, LabelRules
from storefront.catalog.names import Candidate, Note, read_token
from storefront.catalog.search_text import tokens
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchLimits:
    """How much one search may ask for: characters read, names kept, and look-ups (names times endings)."""

    characters: int = 10_000
    names: int = 200
    checks: int = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """What was typed, read. With a ``problem`` nothing is looked up and the sentence is shown."""

    candidates: tuple[Candidate, ...]
    notes: tuple[Note, ...] = ()
    problem: Problem | None = None
    checks: int = 0

    @property
    def readable(self) -> tuple[Candidate, ...]:
        """The candidates whose label can be searched, below their own or another ending."""
        return tuple(one for one in self.candidates if one.label)

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the first phrase, or the first label, to suggest other names from."""
        return next((one.words or (_as_typed(one),) for one in self.readable), ())


def _as_typed(one: Candidate) -> str:
    """Return the label with the capitals it was typed with: they tell where words begin."""
    at = one.given.lower().find(one.label_unicode)
    found = one.given[at : at + len(one.label_unicode)]
    return found if at >= 0 and found.lower() == one.label_unicode else one.label_unicode


def read_search(
    text: str,
    *,
    endings: Collection[str],
    others: Collection[str] = (),
    label_rules: Mapping[str, LabelRules] | None = None,
    limits: SearchLimits | None = None,
) -> Search:
    """Read the search box: one or many names, addresses, e-mail addresses or phrases.

    ``endings`` are all that the shop sells (A-labels), ``others`` those looked up beside the typed one, or for a name
    without ending. Never raises, whatever the text.
    """
    limits = limits or SearchLimits()
    sold = endings if isinstance(endings, (set, frozenset, dict)) else frozenset(endings)
    pasted = tokens(text, names=limits.names, characters=limits.characters)
    found: dict[str, Candidate] = {}
    for token in pasted.tokens:
        for candidate in read_token(token, endings=sold, label_rules=label_rules):
            found.setdefault(candidate.name_ascii or "?" + candidate.given, candidate)
    left_out = pasted.left_out + max(0, len(found) - limits.names)
    candidates = tuple(found.values())[: limits.names]
    search = Search(candidates=candidates, checks=_checks(candidates, others))
    return replace(search, notes=_notes(pasted.was_cut, left_out, limits), problem=_problem(search, limits))


def _checks(candidates: Collection[Candidate], others: Collection[str]) -> int:
    """Count the look-ups: each name that was typed whole, and each label below every other ending."""
    labels = {one.label for one in candidates if one.label}
    whole = {one.name_ascii for one in candidates if one.name and one.ending not in others}
    return len(labels) * len(others) + len(whole)


def _problem(search: Search, limits: SearchLimits) -> Problem | None:
    if not search.candidates:
        return Problem(FIELD, _("Please type a name to search for."), "empty")
    if search.checks > limits.checks:
        message = _(
            "This would be %(checks)s look-ups; at most %(most)s are possible at once. "
            "Please search for fewer names or fewer endings.",
            checks=search.checks,
            most=limits.checks,
        )
        return Problem(FIELD, message, "too_many")
    return None


def _notes(was_cut: bool, left_out: int, limits: SearchLimits) -> tuple[Note, ...]:  # noqa: FBT001 - private
    notes = []
    if was_cut:
        message = _("The text was too long; only its first %(most)s characters were read.", most=limits.characters)
        notes.append(Note("text_cut", message))
    if left_out:
        message = _(
            "At most %(most)s names can be searched at once; %(left)s were left out.",
            most=limits.names,
            left=left_out,
        )
        notes.append(Note("names_left_out", message))
    return tuple(notes)
