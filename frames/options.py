"""rule: what may be chosen about a window; everything else is refused or left out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from frames.kinds import Kind
from storefront.core.errors import Refused
from storefront.core.i18n import LOCALES, Text
from storefront.core.i18n import lazy_gettext as _

# Without a ground of its own a window shows that of the page around it, so its letters must suit that page.
LOOKS: Final[Mapping[str, Text]] = {
    "inherit": _("As your shop"),
    "light": _("Light"),
    "dark": _("Dark"),
    "transparent": _("Without a ground, for light pages"),
    "transparent-dark": _("Without a ground, for dark pages"),
}
# What tokens.css is told; nothing: the brand and the visitor's own machine decide.
SCHEMES: Final[Mapping[str, str]] = {
    "light": "light",
    "dark": "dark",
    "transparent": "light",
    "transparent-dark": "dark",
}
COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
CAMPAIGN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")


@dataclass(frozen=True, kw_only=True)
class Options:
    """What was chosen; the empty word is the usual thing."""

    language: str = ""  # empty: the visitor's
    look: str = "inherit"
    accent: str = ""  # #rrggbb; empty: the brand's colour
    group: str = ""  # the slug of a group of extensions
    start: str = ""  # the step it begins with
    ending: str = ""  # what happens at the end
    campaign: str = ""  # a word that comes back with what is ordered

    @property
    def scheme(self) -> str:
        """Whether the window must be light or dark."""
        return SCHEMES.get(self.look, "")

    def as_row(self) -> dict[str, Any]:
        """What the row keeps: only what is not as usual."""
        return {name: value for name, value in asdict(self).items() if value != getattr(USUAL, name)}


USUAL: Final = Options()
NAMES: Final = tuple(field.name for field in fields(Options))


def read_options(kind: Kind, given: Mapping[str, Any]) -> Options:
    """Read what a row or an address says of a window; what does not hold (any more) is as usual."""
    found = {name: str(given.get(name, "")).strip() for name in NAMES}
    found["accent"] = found["accent"].lower()
    good = {name: value for name, value in found.items() if value and _problem(kind, name, value) is None}
    return replace(USUAL, **good)


def checked_options(
    kind: Kind, given: Mapping[str, Any], *, languages: Sequence[str], groups: Sequence[str]
) -> Options:
    """Take what a reseller chose; raises ``Refused`` with the field's name for what cannot be."""
    for name in NAMES:
        value = str(given.get(name, "")).strip()
        value = value.lower() if name == "accent" else value
        problem = _problem(kind, name, value) if value else None
        if problem is None and name == "language" and value and value not in languages:
            problem = _("Your shop does not speak this language.")
        if problem is None and name == "group" and value and value not in groups:
            problem = _CHOOSE
        if problem is not None:
            raise Refused(problem, field=name)
    return read_options(kind, given)


_CHOOSE: Final[Text] = _("Choose one of the list.")


def _problem(kind: Kind, name: str, value: str) -> Text | None:
    """Say what is wrong with one choice."""
    chosen_from = {"language": LOCALES, "look": tuple(LOOKS), "start": kind.steps, "ending": kind.endings}
    if name in chosen_from:
        return None if value in chosen_from[name] else _CHOOSE
    if name == "accent":
        return None if COLOUR.fullmatch(value) else _("Write the colour like #14507f.")
    if name == "group":
        return None if kind.has_group and SLUG.fullmatch(value) else _CHOOSE
    return None if CAMPAIGN.fullmatch(value) else _("Use letters, digits, dots, hyphens and underscores, at most 60.")
