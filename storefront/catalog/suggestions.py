"""rule: other names for a search."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from storefront.catalog.labels import (
    LONGEST_LABEL,
    LONGEST_NAME,
    BadLabel,
    LabelRules,
    decode_name,
    encode,
    ending_problem,
    map_unicode,
    script_problem,
)
from storefront.catalog.names import DomainName
from storefront.catalog.words import LANGUAGES, knows, split_words, with_accents
from storefront.customers.latin import to_ascii

LONGEST_SUGGESTED = 24
FEWEST_BEFORE_HACK = 3
ENDINGS_FOR_VARIANTS = 6
_FULL_MARKS = 100
_TWO = 2

_PREFIXES = {
    "fr": ("mon", "le", "la", "les", "e"),
    "pl": ("moj", "e"),
    "en": ("my", "get", "the", "try"),
    "de": ("mein", "die", "das"),
}
_SUFFIXES = {
    "fr": ("boutique", "shop", "pro", "online", "france"),
    "pl": ("online", "polska", "pl", "sklep"),
    "en": ("shop", "app", "hq", "online"),
    "de": ("shop", "online", "laden", "welt"),
}
_PLURALS = {"fr": "s", "en": "s", "de": "en", "pl": "y"}


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What suggestions are made for: the shop's endings in its own order, its languages, and what is not wanted.

    ``listed`` are names (ASCII) already on the page, ``blocked`` words that no suggestion may contain, ``price_tiers``
    points to take off dear endings.
    """

    endings: Sequence[str]
    languages: tuple[str, ...] = LANGUAGES
    label_rules: Mapping[str, LabelRules] = field(default_factory=dict)
    listed: Collection[str] = ()
    blocked: Collection[str] = ()
    price_tiers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """Another name, why it was thought of, and how near it is; 100 is what was typed."""

    name: DomainName
    reason: str
    score: int


def suggest(words: Sequence[str], shelf: Shelf, *, limit: int = 20) -> list[Suggestion]:
    """Return other names for some words (or one label), best first; the same question always has the same answer."""
    pieces = [piece for word in words for piece in split_words(word, shelf.languages)] or [""]
    typed = "".join(words).lower() if len(words) > 1 else "".join(words).strip().lower()
    base = _mapped(typed.replace(" ", ""))
    if not base:
        return []
    found: dict[str, Suggestion] = {}
    for label, reason in _variants(base, pieces, shelf.languages):
        endings = shelf.endings if reason == "other_ending" else shelf.endings[:ENDINGS_FOR_VARIANTS]
        for suggestion in _below(label, reason, base, endings, shelf):
            kept = found.get(suggestion.name.ascii)
            if kept is None or kept.score < suggestion.score:
                found[suggestion.name.ascii] = suggestion
    for label, ending in _hacks(base, shelf.endings):
        for suggestion in _below(label, "hack", base, [ending], shelf):
            found.setdefault(suggestion.name.ascii, suggestion)
    return sorted(found.values(), key=lambda one: (-one.score, one.name.ascii))[:limit]


def _mapped(label: str) -> str:
    """Return a label as registries fold it, ``""`` if it can be none."""
    try:
        mapped = map_unicode(label[: LONGEST_LABEL + 1])
        encode(mapped)
    except BadLabel:
        return ""
    return mapped


def _variants(base: str, pieces: Sequence[str], languages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield labels with the reason for each; the first to name a label wins on equal score."""
    spoken = tuple(languages)
    yield base, "other_ending"
    yield to_ascii(base), "without_accents"
    yield "".join(with_accents(piece, spoken) for piece in pieces), "with_accents"
    yield "".join(pieces), "joined"
    if len(pieces) > 1:
        yield "-".join(pieces), "hyphenated"
    if len(pieces) == _TWO:
        yield pieces[1] + pieces[0], "swapped"
        yield f"{pieces[1]}-{pieces[0]}", "swapped"
    for language in spoken:
        yield from ((label, "longer") for label in _longer(base, language))
        if knows(pieces[-1], language):
            yield _other_number(base, _PLURALS.get(language, "")), "number"


def _longer(base: str, language: str) -> Iterator[str]:
    """Yield a label with a word of a language before or behind it, unless it stands there already."""
    for prefix in _PREFIXES.get(language, ()):
        if not base.startswith(prefix):
            yield f"{prefix}-{base}"
            # One letter without a hyphen reads like a slip of the finger.
            yield prefix + base if len(prefix) > 1 else f"{prefix}-{base}"
    for suffix in _SUFFIXES.get(language, ()):
        if not base.endswith(suffix):
            yield f"{base}-{suffix}"
            yield base + suffix


def _other_number(base: str, plural: str) -> str:
    """Make a plural singular and the other way round, as naively as a passer-by would."""
    if plural and base.endswith(plural) and len(base) > len(plural) + 2:
        return base.removesuffix(plural)
    return base + plural


def _hacks(base: str, endings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield ``domaine`` and ``shop`` for ``domaineshop`` where the shop sells .shop."""
    for ending in endings:
        shown = decode_name(ending)
        label = base.removesuffix(shown).removesuffix("-")
        if "." not in shown and base.endswith(shown) and len(label) >= FEWEST_BEFORE_HACK:
            yield label, ending


def _below(label: str, reason: str, base: str, endings: Sequence[str], shelf: Shelf) -> Iterator[Suggestion]:
    """Yield the names of one label that the registries would take and the shop wants."""
    is_base = label == base
    if any(word in label for word in shelf.blocked) or not (is_base or len(label) <= LONGEST_SUGGESTED):
        return
    try:
        coded = encode(label)
    except BadLabel:
        return
    if script_problem(label):
        return
    marks = _marks(label, base)
    for ending in endings:
        name = DomainName(coded, ending)
        rules = shelf.label_rules.get(ending)
        is_refused = rules is not None and ending_problem(label, ending, rules) is not None
        if not is_refused and name.ascii not in shelf.listed and len(name.ascii) <= LONGEST_NAME:
            weight = max(0, 10 - shelf.endings.index(ending)) - shelf.price_tiers.get(ending, 0)
            yield Suggestion(name=name, reason=reason, score=marks + weight)


def _marks(label: str, base: str) -> int:
    extra = max(0, len(label) - len(base))
    digits = sum(map(str.isdigit, label))
    return _FULL_MARKS - 3 * edit_distance(label, base) - extra - 4 * label.count("-") - 6 * digits


def edit_distance(one: str, other: str) -> int:
    """Count the letters to add, leave out or change to turn one word into another (Levenshtein)."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        before, row[0] = row[0], at
        for column, compared in enumerate(other, 1):
            before, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, before + (letter != compared)),
            )
    return row[-1]
