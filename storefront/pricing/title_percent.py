"""rule: the percentage that words say something is cheaper by, however they write it."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

HALF = Fraction(50)
# What no normal form turns into the usual sign.
_SIGNS = str.maketrans(
    {"\u066a": "%", "\u066b": ".", "\u2044": "/", **dict.fromkeys("\u2010\u2011\u2013\u2014\u2212", "-")}
)
_THIN = re.compile(r"(?<=\d)[\u2006-\u200a\u202f\u205f]+(?=\d)")
_FRACTION = re.compile(r"(\d{0,9})\s?([¼-¾⅐-⅞])")
_NUMBER = r"(?<![\d.,])(\d{1,9}(?:[.,]\d{1,9})?)"
_GAP = r"[\s\-.]*"
# As people write it where the product's languages are spoken, and around them; longer words may follow, such as
# "prozentiger", "procentowa", "percents".
_WORD = (
    r"(?:%|percent|per\s?cent|pct\b|prozent|prosent|procent|proc\b|pour[\s\-]?cent|p\.\s?c\b|por\s?ciento|por\s?cento|"
    r"százalék|szazalek|protsent|процент|відсот|τοις\s?εκατό|v\.\s?h\b|vom\s?hundert)"
)
_AFTER = re.compile(f"{_NUMBER}{_GAP}{_WORD}")
_BEFORE = re.compile(r"%\s*(\d{1,9}(?:[.,]\d{1,9})?)(?!\s*[\d.,]*\s*%)")
_IN_WORDS = {
    **dict.fromkeys(("ten", "zehn", "dix", "dziesięć"), 10),
    **dict.fromkeys(("fifteen", "fünfzehn", "quinze", "piętnaście"), 15),
    **dict.fromkeys(("twenty", "zwanzig", "vingt", "dwadzieścia"), 20),
    **dict.fromkeys(("twenty-five", "fünfundzwanzig", "vingt-cinq", "dwadzieścia pięć"), 25),
    **dict.fromkeys(("thirty", "dreissig", "trente", "trzydzieści"), 30),
    **dict.fromkeys(("forty", "vierzig", "quarante", "czterdzieści"), 40),
    **dict.fromkeys(("fifty", "fünfzig", "cinquante", "pięćdziesiąt"), 50),
    **dict.fromkeys(("sixty", "sechzig", "soixante", "sześćdziesiąt"), 60),
    **dict.fromkeys(("seventy", "siebzig", "soixante-dix", "siedemdziesiąt"), 70),
    **dict.fromkeys(("eighty", "achtzig", "quatre-vingts", "quatre-vingt", "osiemdziesiąt"), 80),
    **dict.fromkeys(("ninety", "neunzig", "quatre-vingt-dix", "dziewięćdziesiąt"), 90),
}
_WORDS = re.compile(rf"\b({'|'.join(sorted(_IN_WORDS, key=len, reverse=True))}){_GAP}{_WORD}")
# Half the price is fifty percent less.
_HALF_PRICE = re.compile(
    r"\bhalf[\s-](?:the\s)?(?:price|off)\b|\bhalbe[nrms]?\s?preis|\bmoitié[\s-](?:du\s)?prix|\bdemi-(?:tarif|prix)|"
    r"\b(?:pół|połow\w+)\sceny|\bmitad\sde(?:l)?\sprecio|\bmet[àa]\s(?:del\s)?prezzo|\bmetade\sdo\spreço|"
    r"\bhalve\sprijs|\bhalva\spriset|\bhalv\spris|\bpuoleen\shintaan|(?<![\d/])(?:1/2|0\.5)\s?(?:price|off|preis|prix|ceny)"
)


def percent_said(titles: Iterable[str]) -> Fraction | None:
    """Return the highest percentage that titles name; ``None`` where they name none."""
    return max((share for title in titles for share in _shares(_plain(title))), default=None)


def _plain(title: str) -> str:
    """Write a title in one way: no full-width signs, no fractions in one sign, nothing that nobody sees."""
    spelled = _FRACTION.sub(_spelled, _THIN.sub("", title))
    folded = unicodedata.normalize("NFKC", spelled).casefold()
    seen = "".join(each for each in folded if unicodedata.category(each) not in {"Cf", "Mn", "Me"})
    return seen.translate(_SIGNS)


def _spelled(found: re.Match[str]) -> str:
    """Spell a number with a fraction in one sign as decimals: 12½ is 12.5."""
    whole, part = found.groups()
    return f"{int(whole or 0) + Decimal(unicodedata.numeric(part)):.3f}".rstrip("0")


def _shares(words: str) -> Iterable[Fraction]:
    for pattern in (_AFTER, _BEFORE):
        yield from (_number(each) for each in pattern.findall(words))
    yield from (Fraction(_IN_WORDS[each]) for each in _WORDS.findall(words))
    if _HALF_PRICE.search(words):
        yield HALF


def _number(words: str) -> Fraction:
    return Fraction(words.replace(",", "."))
