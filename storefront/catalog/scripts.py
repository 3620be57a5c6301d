"""rule: which scripts a label is written in, and whether they may stand together."""

from functools import lru_cache

import regex

# Unicode Standard Annex 31, table 5: the scripts in everyday use. All others are "Other".
SCRIPTS = (
    *("Latin", "Cyrillic", "Greek", "Arabic", "Hebrew", "Han", "Hiragana", "Katakana", "Hangul", "Bopomofo", "Thai"),
    *("Devanagari", "Armenian", "Georgian", "Bengali", "Ethiopic", "Gujarati", "Gurmukhi", "Kannada", "Khmer", "Lao"),
    *("Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thaana", "Tibetan"),
)
OTHER = "Other"

# UTS 39, section 5.2, "highly restrictive": the only mixtures that one language really writes.
_TOGETHER = (
    frozenset({"Latin", "Han", "Hiragana", "Katakana"}),
    frozenset({"Latin", "Han", "Bopomofo"}),
    frozenset({"Latin", "Han", "Hangul"}),
)

# Cyrillic and Greek letters that a reader takes for Latin ones (from the shapes, not a complete list of UTS 39).
_LATIN_TWINS = frozenset("аесорхуѕіјһԁԛԝьгвкмнтзϲονρυιακτχ")


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, "regex.Pattern[str]"], ...]:
    return tuple((script, regex.compile(rf"\p{{Script={script}}}")) for script in SCRIPTS)


@lru_cache(maxsize=1)
def _shared() -> "regex.Pattern[str]":
    return regex.compile(r"\p{Script=Common}|\p{Script=Inherited}")


@lru_cache(maxsize=4096)
def script_of(character: str) -> str | None:
    """Return the script of one character, ``None`` for digits, hyphens and marks that all scripts share."""
    if character.isascii():
        return "Latin" if character.isalpha() else None
    if _shared().match(character):
        return None
    return next((script for script, pattern in _patterns() if pattern.match(character)), OTHER)


def scripts_of(label: str) -> frozenset[str]:
    """Return the scripts that a label in Unicode is written in."""
    return frozenset(script for script in map(script_of, set(label)) if script)


def mixes_scripts(label: str) -> bool:
    """Tell whether a label mixes scripts that no language mixes, such as Latin and Cyrillic (UTS 39, section 5.2)."""
    found = scripts_of(label)
    return len(found) > 1 and not any(found <= allowed for allowed in _TOGETHER)


def looks_latin(label: str) -> bool:
    """Tell whether a label without one Latin letter can be read as Latin, such as a word in Cyrillic."""
    letters = {character for character in label if script_of(character)}
    return bool(letters) and not any(map(str.isascii, letters)) and letters <= _LATIN_TWINS
