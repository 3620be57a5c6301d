"""rule: phone numbers: E.164, and the form that registries want."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem

FIELD = "phone"
_LONGEST_TYPED = 60
_EPP = re.compile(r"\+[0-9]{1,3}\.[0-9]{1,14}")  # RFC 5733, section 4: e164StringType
_EPP_LONGEST = 17
_EXTENSION = re.compile(r"(?:ext(?:ension)?|poste|wew|durchwahl|dw|x|#)[\s.:]{0,3}([0-9]{1,7})$", re.IGNORECASE)
_WRITTEN = re.compile(r"[0-9+()./\s-]+")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that exists in its country's plan: the code of the country, the rest, and perhaps an extension."""

    country_code: int
    national: str
    extension: str = ""

    @property
    def e164(self) -> str:
        """The number as machines dial it (ITU-T E.164), such as ``+33142685300``."""
        return f"+{self.country_code}{self.national}"

    @property
    def epp(self) -> str:
        """The number as registries write it (RFC 5733), such as ``+33.142685300``; the extension goes apart."""
        return f"+{self.country_code}.{self.national}"

    @property
    def shown(self) -> str:
        """The number as people write it to somebody abroad, such as ``+33 1 42 68 53 00``."""
        number = phonenumbers.parse(self.e164)
        text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        return f"{text} x{self.extension}" if self.extension else text

    def __str__(self) -> str:
        return self.e164


def read_phone(text: str, country: str, *, field: str = FIELD) -> Phone:
    """Read a number as somebody in a country (ISO 3166-1) writes it; raises ``Refused``."""
    found = _parse(text, country, field)
    if isinstance(found, Problem):
        raise Refused(found.message, field=field)
    return found


def phone_problem(text: str, country: str, *, field: str = FIELD) -> Problem | None:
    """Say what is wrong with a number, or ``None``."""
    found = _parse(text, country, field)
    return found if isinstance(found, Problem) else None


def phone_example(country: str) -> str:
    """Return a number of a country as people write it abroad, ``""`` if there is none."""
    number = phonenumbers.example_number(country.upper())
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if number else ""


def _parse(text: str, country: str, field: str) -> Phone | Problem:
    typed = unicodedata.normalize("NFKC", text[: _LONGEST_TYPED + 1]).strip()
    if not typed:
        return Problem(field, _("Please type a phone number."), "missing")
    if len(text) > _LONGEST_TYPED:
        return Problem(field, _wrong(country), "too_long")
    extension = _EXTENSION.search(typed)
    main = typed[: extension.start()].strip(" ,;") if extension else typed
    # Letters would be dialled as digits (1-800-FLOWERS); we want to see the digits.
    if not _WRITTEN.fullmatch(main):
        return Problem(
            field, _("Please write the phone number in digits, with + and the country code first."), "digits"
        )
    try:
        number = phonenumbers.parse(_with_plus(main), country.upper() or None)
    except phonenumbers.NumberParseException:
        return Problem(field, _wrong(country), "wrong")
    # The significant number keeps the leading 0 that Italian numbers have; the plain national number loses it.
    national = phonenumbers.national_significant_number(number)
    phone = Phone(number.country_code or 0, national, extension.group(1) if extension else "")
    fits = _EPP.fullmatch(phone.epp) and len(phone.epp) <= _EPP_LONGEST
    if not fits or not phonenumbers.is_valid_number(number):
        return Problem(field, _wrong(country), "wrong")
    return phone


def _with_plus(main: str) -> str:
    """Read 00 as +, wherever the number is typed (ITU-T E.123)."""
    return f"+{main[2:]}" if main.startswith("00") else main


def _wrong(country: str) -> Text:
    example = phone_example(country)
    if example:
        return _("This phone number does not exist. It should look like %(example)s.", example=example)
    return _("This phone number does not exist. Please begin with + and the country code.")
