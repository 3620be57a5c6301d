"""rule: a list of endings as somebody types it, and the address that a group of them gets."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from storefront.catalog.labels import BadLabel, decode_name, encode, map_unicode
from storefront.customers.latin import to_ascii

_BETWEEN = re.compile(r"[\s,;]+")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 40
LONGEST_LIST = 20_000
# So many unknown ones are named; nobody reads more.
NAMED_MOST = 8


@dataclass(frozen=True, kw_only=True)
class EndingList:
    """What was read: endings (A-labels) in the order typed, each once; and what is no ending that anybody knows."""

    endings: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def unknown_words(self) -> str:
        """The first of the unknown ones, to be shown."""
        return ", ".join(self.unknown[:NAMED_MOST])


def read_endings(text: str, known: Collection[str]) -> EndingList:
    """Read endings between spaces, commas or line ends, with a dot before them or without, as written or coded."""
    found: dict[str, None] = {}
    unknown: dict[str, None] = {}
    for word in _BETWEEN.split(text[:LONGEST_LIST]):
        if not word.strip(".*"):
            continue
        ending = _a_label(word)
        if ending in known:
            found.setdefault(ending)
        else:
            unknown.setdefault(word[:63])
    # Dots alone are not the same as nothing, which often means every ending.
    if text.strip() and not found and not unknown:
        unknown.setdefault(text.strip()[:63])
    return EndingList(endings=tuple(found), unknown=tuple(unknown))


def write_endings(endings: Collection[str]) -> str:
    """Write endings as people read them, so that ``read_endings`` reads them back."""
    return " ".join(f".{decode_name(ending)}" for ending in endings)


def slug_of(title: str) -> str:
    """Return an address for a title: ``Sklepy i handel`` becomes ``sklepy-i-handel``; empty where nothing is left."""
    parts = re.findall(r"[a-z0-9]+", to_ascii(title).lower())
    return "-".join(parts)[:LONGEST_SLUG].strip("-")


def is_good_slug(slug: str) -> bool:
    """Whether a group may have this address."""
    return len(slug) <= LONGEST_SLUG and bool(_SLUG.fullmatch(slug))


def _a_label(word: str) -> str:
    bare = word.lstrip("*").strip(".")
    try:
        return ".".join(encode(part) for part in map_unicode(bare).split("."))
    except BadLabel:
        return ""
