"""Letter + facts + language + theme -> subject, text and HTML whose style stands in every tag."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from babel.support import LazyProxy

from storefront.core.i18n import DEFAULT_LOCALE, LOCALES, speaking
from storefront.notifications.look import Look
from tenants.themes import plain_environment

LONGEST_WORDS: Final = 200  # of any one fact: forms allow less, and one mad name must not fill a screen
LONGEST_SUBJECT: Final = 180
LONGEST_WRITTEN: Final = 5_000  # of what a letter is there to pass on
# Controls, line and paragraph separators, surrogates; and what turns the direction of the words after it.
_UNPRINTABLE: Final = frozenset({"Cc", "Zl", "Zp", "Cs"})
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


class Written(str):
    """What somebody wrote to the reader: its lines stay as they are, and it is the letter, so that nothing is cut."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A letter in one language, ready to go."""

    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)


def compose(name: str, values: Mapping[str, Any], *, look: Look, locale: str, zone: str) -> Composed:
    """Write a letter. A placeholder that nobody filled is an error (``UndefinedError``), never a gap."""
    language = language_of(locale)
    with speaking(language, zone):
        context = {**printable(values), "shop": look, "language": language}
        text = _template(look, f"{name}.txt").render(context)
        html = _template(look, f"{name}.html").render(context)
    subject, _, body = text.partition("\n")
    return Composed(subject=one_line(subject, LONGEST_SUBJECT), text=body.strip() + "\n", html=_inliner().inline(html))


def language_of(locale: str) -> str:
    """Return the language of ours that a recipient reads; English for one we do not speak."""
    return locale if locale in LOCALES else DEFAULT_LOCALE


def _template(look: Look, name: str) -> Any:
    return plain_environment(look.theme).get_template(f"letters/{name}")


def printable(value: Any) -> Any:
    """Make words out of anything people typed: one line each, no controls, not without end; numbers stay."""
    if isinstance(value, Written):
        return [one_line(line, LONGEST_WRITTEN) for line in value[:LONGEST_WRITTEN].splitlines()]
    if isinstance(value, str | LazyProxy):
        return one_line(str(value))
    if isinstance(value, Mapping):
        # Half an address leads nowhere.
        return {key: value[key] if key in {"links", "link"} else printable(value[key]) for key in value}
    if isinstance(value, Sequence):
        return [printable(part) for part in value]
    return value


def one_line(words: str, longest: int = LONGEST_WORDS) -> str:
    """Put words on one line that nothing can be smuggled into, cut after ``longest`` characters."""
    flat = "".join(
        " " if unicodedata.category(each) in _UNPRINTABLE else each for each in words if each not in _TURNING
    )
    tidy = " ".join(flat.split())
    return tidy if len(tidy) <= longest else tidy[: longest - 1].rstrip() + "…"


@lru_cache(maxsize=1)
def _inliner() -> Any:
    import css_inline  # noqa: PLC0415 - only the worker writes letters

    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
