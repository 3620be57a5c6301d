"""rule: names in the order that a reader looks for them: Österreich among the O, not after Z."""

import unicodedata
from collections.abc import Iterable

# A few letters do not come apart into letter and accent.
_WHOLE_LETTERS = str.maketrans(
    {"ł": "lz", "ø": "oe", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "\u0131": "i"}
)


def sort_key(text: str) -> str:
    """Return what a list of names is sorted by: accents folded, because the database knows no language.

    No longer than an index bears.
    """
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_WHOLE_LETTERS))
    return "".join(sign for sign in folded if not unicodedata.combining(sign))[:200]


def by_name(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sort codes and names by name; of two that differ in accents only, one always comes first."""
    return sorted(pairs, key=lambda pair: (sort_key(pair[1]), pair[1]))
