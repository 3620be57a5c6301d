"""rule: what a visitor's headers ask for: a language of the shop, a packed answer, a fresh copy (RFC 9110)."""

import re
from functools import lru_cache

from storefront.core.i18n import LOCALES

_MAX_HEADER = 500
_WEIGHT = re.compile(r"\s*;\s*[qQ]\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*")
_MAX_CHOICES = 20


@lru_cache(maxsize=4_000)
def wish_of(accept_language: str) -> str:
    """Return the languages of ours that a visitor wants, best first: ``"pl,en"``.

    ``pt-BR`` is content with ``pt`` (RFC 4647 3.4, lookup); of equally liked ones the first named wins.
    """
    wanted: list[str] = []
    for tag, weight in sorted(_choices(accept_language), key=lambda choice: -choice[1]):
        while tag and tag not in LOCALES:
            tag = tag.rpartition("-")[0]  # noqa: PLW2901 - the tag is cut shorter until it fits
        if tag and weight > 0 and tag not in wanted:
            wanted.append(tag)
    return ",".join(wanted)


def language_for(wish: str, offered: tuple[str, ...]) -> str:
    """Return the language that suits a wish best; the first offered one if none does."""
    return next((tag for tag in wish.split(",") if tag in offered), offered[0])


@lru_cache(maxsize=1_000)
def accepts_gzip(accept_encoding: str) -> bool:
    """Return whether the answer may be packed: ``gzip;q=0`` says no, ``*`` says yes unless gzip is named."""
    weights = dict(reversed(_choices(accept_encoding)))
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def is_fresh(if_none_match: str, etag: str) -> bool:
    """Return whether the visitor's copy is the one we would send (RFC 9110 13.1.2, weak comparison)."""
    if if_none_match.strip() == "*":
        return True
    known = (candidate.strip().removeprefix("W/") for candidate in if_none_match[:4_000].split(","))
    return etag in known


def _choices(header: str) -> list[tuple[str, float]]:
    """Read a list of choices with weights; what cannot be read is left out."""
    found: list[tuple[str, float]] = []
    for item in header[:_MAX_HEADER].split(",")[:_MAX_CHOICES]:
        name, semicolon, _ = item.partition(";")
        weight = 1.0
        if semicolon:
            match = _WEIGHT.fullmatch(item[len(name) :])
            if match is None:
                continue
            weight = float(match[1])
        if name.strip():
            found.append((name.strip().lower(), weight))
    return found
