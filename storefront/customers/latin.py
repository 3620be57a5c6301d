"""rule: text in plain ASCII, for registries that take nothing else."""

import unicodedata
from collections.abc import Mapping

# Letters that do not fall apart into a plain letter and an accent.
_LETTERS = {
    "ß": "ss",
    "ẞ": "SS",
    "ł": "l",
    "Ł": "L",
    "ø": "o",
    "Ø": "O",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "ħ": "h",
    "Ħ": "H",
    "\u0131": "i",
    "ŋ": "n",
    "Ŋ": "N",
    "ŧ": "t",
    "Ŧ": "T",
    "ĸ": "k",
    "ə": "e",
    "Ə": "E",
    "ŀ": "l",
    "Ŀ": "L",
    "ǥ": "g",
    "Ǥ": "G",
    "ʒ": "z",
    "\u01b7": "Z",
    # Punctuation as word processors set it.
    "\u2018": "'",
    "\u2019": "'",
    "\u02bc": "'",
    "\u201c": '"',
    "\u201d": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "…": "...",
    "№": "No",
    "°": "o",
    "ª": "a",
    "º": "o",
    "·": "",
    "\u00a0": " ",
    "\u02b9": "'",
    "€": "EUR",
    "£": "GBP",
}
GERMAN_SPEAKING = frozenset({"DE", "AT", "CH", "LI", "LU"})
# In German two letters stand for an umlaut; elsewhere only the dots are left out.
_GERMAN = {"ä": "ae", "ö": "oe", "ü": "ue"}
# Decree 55 of 2010 of Ukraine, and Bulgaria's Transliteration Act of 2009, where they differ from the common table.
_UKRAINIAN = {"\u0433": "h", "ґ": "g", "и": "y"}
_BULGARIAN = {"\u0445": "h", "щ": "sht", "ъ": "a", "ю": "yu", "я": "ya"}
_BY_COUNTRY = {**dict.fromkeys(GERMAN_SPEAKING, _GERMAN), "UA": _UKRAINIAN, "BG": _BULGARIAN}

# After the passports of each country (ICAO Doc 9303, part 3, section 6); the letters that follow are named in Unicode.
_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяґєіїјљњћђџѓќѕўё",
        [
            *("a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u"),
            *("f", "kh", "ts", "ch", "sh", "shch", "ie", "y", "", "e", "iu", "ia", "g", "ie", "i", "i", "j", "lj"),
            *("nj", "c", "dj", "dz", "g", "k", "dz", "u", "e"),
        ],
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        [
            *("a", "v", "g", "d", "e", "z", "i", "th", "i", "k", "l", "m", "n", "x", "o", "p", "r", "s", "s", "t"),
            *("y", "f", "ch", "ps", "o"),
        ],
        strict=True,
    )
)
_WORDS = {**_LETTERS, **_CYRILLIC, **_GREEK}


def to_ascii(text: str, country: str = "") -> str:
    """Write a text in 7-bit ASCII (ł becomes l, ß ss, é e); ü becomes ue where German is spoken.

    What no table knows becomes ``?``; ask ``has_ascii_form`` before sending it anywhere.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(_letter(character, country) for character in composed)


def has_ascii_form(text: str) -> bool:
    """Tell whether a text can be written in ASCII without losing a letter."""
    return to_ascii(text).count("?") == text.count("?")


def _letter(character: str, country: str) -> str:
    if character.isascii():
        return character
    known = _known(character, _BY_COUNTRY.get(country, {}))
    if known is None:
        known = _known(character, _WORDS)
    if known is not None:
        return known
    parts = unicodedata.normalize("NFKD", character)
    plain = [one for one in parts if not unicodedata.combining(one)]
    if not plain:
        return ""
    written = [one if one.isascii() else _known(one, _WORDS) for one in plain]
    return "".join("?" if one is None else one for one in written)


def _known(character: str, words: Mapping[str, str]) -> str | None:
    if character in words:
        return words[character]
    lower = character.lower()
    return words[lower].capitalize() if lower in words else None
