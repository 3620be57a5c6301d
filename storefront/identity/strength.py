"""rule: is a password long and strange enough."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem

SHORTEST = 12
LONGEST = 200  # more is no password; Argon2 would still have to chew it
FIELD = "password"
_SHORTEST_PERSONAL = 4  # a login such as "jo" inside a long password gives nothing away
_DIFFERENT_LEAST = 5
_COMMON = Path(__file__).parent / "data" / "common_passwords.txt"

# Rows and columns that fingers run along, on QWERTY, QWERTZ and AZERTY.
_RUNS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl"),
    *("qsdfghjklm", "zxcvbnm", "yxcvbnm", "wxcvbn", "qazwsxedcrfvtgbyhnujm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm"),
)
_RUN_LENGTH = 4
_LETTERS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=1)
def _common_words() -> frozenset[str]:
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def password_problem(password: str, *, personal: Iterable[str] = (), field: str = FIELD) -> Problem | None:
    """Say what is wrong with a new password, or ``None`` (NIST SP 800-63B, section 5.1.1.2: length, no mixing rules).

    ``personal`` is what an attacker tries first: login, e-mail address, names, the shop's name.
    """
    if len(password) < SHORTEST:
        message = _(
            "Please choose at least %(min)s characters. Three or four words in a row are easy to remember.",
            min=SHORTEST,
        )
        return Problem(field, message, "too_short")
    if len(password) > LONGEST:
        message = _("Please choose at most %(max)s characters.", max=LONGEST)
        return Problem(field, message, "too_long")
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(set(plain)) < _DIFFERENT_LEAST:
        return Problem(field, _("Please use more different characters; this repeats a few."), "repeats")
    if _is_guessed_first(plain):
        message = _("This password is one of the first to be guessed. Please choose words that do not belong together.")
        return Problem(field, message, "common")
    if _contains_personal(plain, personal):
        message = _("Please leave out your name, your e-mail address and the name of the shop.")
        return Problem(field, message, "personal")
    return None


def _is_guessed_first(plain: str) -> bool:
    """Tell whether nothing remains of a password without common words, runs along the keyboard, digits and marks."""
    if _half(plain) in _common_words():
        return True
    words = _LETTERS.findall(_without_runs(plain))
    joined = "".join(words)
    return joined in _common_words() or all(_half(word) in _common_words() for word in words)


def _half(word: str) -> str:
    """Return what a word repeats, such as ``geheim`` for ``geheimgeheim``, else the word itself."""
    at = (word + word).find(word, 1)
    return word[:at]


def _without_runs(plain: str) -> str:
    """Cut out runs of four or more such as ``qwer`` or ``9876``."""
    kept: list[str] = []
    position = 0
    while position < len(plain):
        size = _RUN_LENGTH
        while position + size <= len(plain) and _is_run(plain[position : position + size]):
            size += 1
        is_run = size > _RUN_LENGTH
        kept.append(" " if is_run else plain[position])
        position += size - 1 if is_run else 1
    return "".join(kept)


def _is_run(part: str) -> bool:
    return any(part in run or part[::-1] in run for run in _RUNS)


def _contains_personal(plain: str, personal: Iterable[str]) -> bool:
    for fact in personal:
        folded = unicodedata.normalize("NFKC", fact).casefold().strip()
        pieces = {folded, *re.split(r"[\s@.]+", folded)}
        if any(len(piece) >= _SHORTEST_PERSONAL and piece in plain for piece in pieces):
            return True
    return False
