"""rule: a name cut into the words it is made of."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from storefront.catalog.labels import LONGEST_LABEL
from storefront.customers.latin import to_ascii

LANGUAGES = ("en", "fr", "pl", "de")
_DATA = Path(__file__).parent / "data"
_PARTS = re.compile(r"[\s\-_.]+|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
# A word on no list is dearer than any row of listed ones of that length, but cheaper than being torn to pieces.
_UNKNOWN_WORD = 10.0
_UNKNOWN_LETTER = 2.5


@dataclass(frozen=True, kw_only=True, slots=True)
class _Words:
    """The words of some languages: what each costs in a cut, and how a word without accents is really written."""

    costs: dict[str, float]
    accented: dict[str, str]


@lru_cache(maxsize=16)
def _words(languages: tuple[str, ...]) -> _Words:
    costs: dict[str, float] = {}
    accented: dict[str, str] = {}
    for language in languages:
        known = _list(language)
        for rank, word in enumerate(known):
            # Zipf's law: the n-th word of a language is n times rarer than the first.
            cost = math.log((rank + 2) * math.log(len(known)))
            folded = to_ascii(word)
            for written in (word, folded):
                costs[written] = min(cost, costs.get(written, math.inf))
            if folded != word and folded not in known:
                accented.setdefault(folded, word)
    return _Words(costs=costs, accented=accented)


@lru_cache(maxsize=8)
def _list(language: str) -> tuple[str, ...]:
    if language not in LANGUAGES:
        return ()
    lines = (_DATA / f"words_{language}.txt").read_text(encoding="utf-8").splitlines()
    return tuple(word for line in lines if not line.startswith("#") for word in line.split())


def split_words(text: str, languages: tuple[str, ...] = LANGUAGES) -> list[str]:
    """Cut a name at spaces, hyphens, digits and capitals, and what remains whole by a list of words."""
    found: list[str] = []
    for part in _PARTS.split(text[:LONGEST_LABEL]):
        humps = _humps(part)
        found.extend(humps if len(humps) > 1 else _cut(part.lower(), languages))
    return found


def _humps(part: str) -> list[str]:
    """Cut ``MonSuperSite`` before each capital that follows a small letter."""
    cuts = [at for at in range(1, len(part)) if part[at].isupper() and part[at - 1].islower()]
    return [part[start:end].lower() for start, end in zip([0, *cuts], [*cuts, len(part)], strict=True) if start < end]


def _cut(part: str, languages: tuple[str, ...]) -> list[str]:
    """Cut a run of letters into the cheapest row of words; what no list knows is one dear word."""
    known = _words(languages)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(part) + 1):
        best.append(min((best[start][0] + _cost(part[start:end], known), start) for start in range(end)))
    pieces: list[str] = []
    end = len(part)
    while end:
        start = best[end][1]
        pieces.append(part[start:end])
        end = start
    return pieces[::-1]


def _cost(piece: str, known: _Words) -> float:
    return known.costs.get(piece, _UNKNOWN_WORD + _UNKNOWN_LETTER * len(piece))


def knows(word: str, language: str) -> bool:
    """Tell whether a word is on the list of a language."""
    return word in _words((language,)).costs


def with_accents(word: str, languages: tuple[str, ...] = LANGUAGES) -> str:
    """Return how a word typed without accents is really written, ``ete`` as ``été``; others come back as they are."""
    return _words(languages).accented.get(word, word)
