"""rule: what one label may be made of, everywhere and below one ending."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import idna
import regex

from storefront.catalog.scripts import mixes_scripts, scripts_of
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem

LONGEST_LABEL = 63  # RFC 1035, section 2.3.4: octets of one label
LONGEST_NAME = 253  # RFC 1035: 255 octets on the wire are 253 characters as people write it
FIELD = "name"

_PLAIN = re.compile(r"[a-z0-9-]+")
_EMOJI = regex.compile(r"\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\N{VARIATION SELECTOR-16}")


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelRules:
    """What one registry asks of a label; lengths count the characters that people see.

    ``idn_letters`` is the exact list beyond a-z, if the registry has one; otherwise any letter of ``idn_scripts`` is
    accepted. Both empty means: no accents and no other scripts.
    """

    min_length: int = 1
    max_length: int = LONGEST_LABEL
    idn_scripts: frozenset[str] = frozenset()
    idn_letters: frozenset[str] = frozenset()


class BadLabel(ValueError):
    """A label that can be registered nowhere; ``code`` and ``message`` say why."""

    def __init__(self, code: str, message: Text) -> None:
        super().__init__(code)
        self.code = code
        self.message = message

    @property
    def problem(self) -> Problem:
        """The same as a value, for the search field."""
        return Problem(FIELD, self.message, self.code)


def too_long() -> BadLabel:
    """Say that a name is longer than any name can be."""
    return BadLabel("too_long", _("This name is too long: at most 63 characters fit before the dot."))


def empty_label() -> BadLabel:
    """Say that there is nothing before, after or between two dots."""
    return BadLabel("empty_label", _("There is a dot with nothing beside it. Please check the name."))


def _fake() -> BadLabel:
    return BadLabel("fake_a_label", _("A name that begins with “xn--” must be a real coded name; this one is not."))


def _bad_character(character: str) -> BadLabel:
    if _EMOJI.match(character):
        return BadLabel("emoji", _("Emoji cannot be used in domain names."))
    shown = character if character.isprintable() and not character.isspace() else f"U+{ord(character):04X}"
    return BadLabel(
        "bad_character",
        _("“%(character)s” cannot be used here. Please use letters, digits and hyphens.", character=shown),
    )


def map_unicode(text: str) -> str:
    """Fold case, full width and ligatures the way UTS 46 (non-transitional, STD3) says.

    Raises ``BadLabel`` for characters that no domain name may contain.
    """
    if text.isascii():
        return text.lower()
    try:
        return idna.uts46_remap(text, std3_rules=True)
    except idna.IDNAError as error:
        raise _explain(error) from error


def encode(label: str) -> str:
    """Return the A-label of a mapped label (RFC 5891); raises ``BadLabel`` if there is none."""
    if not label:
        raise empty_label()
    if label.startswith("xn--"):
        return _encode_again(label)
    if label.startswith("-") or label.endswith("-"):
        raise BadLabel("hyphen_edge", _("A name cannot begin or end with a hyphen."))
    if label[2:4] == "--":
        # RFC 5891, section 4.2.3.1: kept for encodings such as xn--.
        raise BadLabel("double_hyphen", _("A name cannot have two hyphens as its third and fourth characters."))
    if label.isascii():
        bad = _PLAIN.sub("", label)
        if bad:
            raise _bad_character(bad[0])
        if len(label) > LONGEST_LABEL:
            raise too_long()
        return label
    return _encode_unicode(label)


def _encode_unicode(label: str) -> str:
    if len(label) > LONGEST_LABEL:
        raise too_long()
    emoji = _EMOJI.search(label)
    if emoji:
        raise _bad_character(emoji.group())
    try:
        return idna.alabel(label).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise _explain(error) from error


def _encode_again(label: str) -> str:
    """Check that an ``xn--`` label is exactly what encoding its own decoded form gives."""
    if len(label) > LONGEST_LABEL:
        raise too_long()
    try:
        shown = idna.ulabel(label)
        again = idna.alabel(shown).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise _fake() from error
    if shown == label or again != label or _EMOJI.search(shown):
        raise _fake()
    return label


def _explain(error: Exception) -> BadLabel:
    """Turn an error of the library into a sentence for people."""
    if isinstance(error, idna.IDNABidiError):
        return BadLabel(
            "direction",
            _("This name mixes letters written from left to right and from right to left; please choose one."),
        )
    codepoint = getattr(error, "codepoint", None)
    if codepoint is not None:
        return _bad_character(chr(codepoint))
    if "too long" in str(error).lower():
        return too_long()
    return BadLabel("not_a_name", _("These letters cannot form a domain name. Please check the spelling."))


def decode(label: str) -> str:
    """Return what people read of an A-label; a label that cannot be decoded comes back as it is."""
    if not label.startswith("xn--"):
        return label
    try:
        return idna.ulabel(label)
    except (idna.IDNAError, UnicodeError):
        return label


def script_problem(shown: str) -> Problem | None:
    """Object to a label (in Unicode) whose mixture of scripts only serves to deceive."""
    if not mixes_scripts(shown):
        return None
    return BadLabel(
        "mixed_script",
        _("This name mixes letters of different alphabets that look alike. Please type it in one alphabet."),
    ).problem


def ending_problem(shown: str, ending: str, rules: LabelRules) -> Problem | None:
    """Say why one registry would not take this label (in Unicode), or ``None``."""
    values = {"ending": "." + decode_name(ending), "min": rules.min_length, "max": rules.max_length}
    code: str = ""
    message: Text | None = None
    if len(shown) < rules.min_length:
        code, message = (
            "too_short",
            _("Names under %(ending)s need at least %(min)s characters.", **values),
        )
    elif len(shown) > rules.max_length:
        code, message = (
            "too_long",
            _("Names under %(ending)s have at most %(max)s characters.", **values),
        )
    elif not shown.isascii():
        code, message = _idn_objection(shown, rules, values)
    return Problem(FIELD, message, code) if message is not None else None


def _idn_objection(shown: str, rules: LabelRules, values: Mapping[str, object]) -> tuple[str, Text | None]:
    if not rules.idn_scripts and not rules.idn_letters:
        return "no_accents", _("Names under %(ending)s use only the letters a to z, digits and hyphens.", **values)
    beyond = {character for character in shown if not character.isascii()}
    if rules.idn_letters:
        foreign = sorted(beyond - rules.idn_letters)
        if foreign:
            return "letter_not_offered", _(
                "Names under %(ending)s cannot contain “%(letter)s”.", **values, letter=foreign[0]
            )
        return "", None
    if not scripts_of(shown) <= rules.idn_scripts:
        return "script_not_offered", _("Names under %(ending)s cannot be written in this alphabet.", **values)
    return "", None


def decode_name(name: str) -> str:
    """Return what people read of a whole name or ending in A-labels."""
    return ".".join(decode(label) for label in name.split(".")) if "xn--" in name else name
