"""rule: shape and check digits of a VAT number, by country."""

import re
import unicodedata
from dataclasses import dataclass

from stdnum.exceptions import ValidationError

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.problems import Problem

FIELD = "vat_number"
_LONGEST_TYPED = 40
_BETWEEN = re.compile(r"[\s./_-]+")
_ANY_SHAPE = re.compile(r"[A-Z0-9]{4,20}")

# Directive 2006/112/EC, article 215: the country's code, but EL for Greece.
EU_PREFIXES = {
    **{code: code for code in ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "HR", "HU", "IE")},
    **{code: code for code in ("IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK")},
    "GR": "EL",
    "MC": "FR",  # Monaco counts as France for VAT (the same directive, article 7)
}
# Withdrawal agreement, protocol on Northern Ireland, article 8: goods there keep EU numbers with the prefix XI.
_NORTHERN_IRELAND = "XI"

_EXAMPLES = {
    "AT": "ATU13585627",
    "BE": "BE0428759497",
    "BG": "BG175074752",
    "CH": "CHE-107.787.577 MWST",
    "CY": "CY10259033P",
    "CZ": "CZ25123891",
    "DE": "DE136695976",
    "DK": "DK13585628",
    "EE": "EE100594102",
    "ES": "ESB58378431",
    "FI": "FI20774740",
    "FR": "FR40303265045",
    "GB": "GB980780684",
    "GR": "EL094259216",
    "HR": "HR33392005961",
    "HU": "HU12892312",
    "IE": "IE6433435F",
    "IT": "IT00743110157",
    "LT": "LT119511515",
    "LU": "LU15027442",
    "LV": "LV40003521600",
    "MC": "FR40303265045",
    "MT": "MT11679112",
    "NL": "NL004495445B01",
    "NO": "NO988077917MVA",
    "PL": "PL5260001246",
    "PT": "PT501964843",
    "RO": "RO18547290",
    "SE": "SE123456789701",
    "SI": "SI50223054",
    "SK": "SK2022749619",
}


@dataclass(frozen=True, slots=True)
class VatNumber:
    """A VAT number without spaces: its prefix as invoices and VIES write it, and the rest.

    ``is_checked`` says whether check digits were looked at; outside Europe only the shape is.
    """

    prefix: str
    number: str
    is_checked: bool = True

    @property
    def text(self) -> str:
        """The number as it stands on an invoice."""
        # A Swiss number begins with CHE, which is part of it.
        return self.number if self.prefix == "CH" else self.prefix + self.number

    @property
    def is_european(self) -> bool:
        """Whether VIES knows numbers of this kind."""
        return self.prefix in EU_PREFIXES.values() or self.prefix == _NORTHERN_IRELAND

    def __str__(self) -> str:
        return self.text


def read_vat_number(text: str, country: str, *, field: str = FIELD) -> VatNumber:
    """Read a VAT number of somebody in a country (ISO 3166-1), with or without its prefix; raises ``Refused``."""
    found = _parse(text, country.upper(), field)
    if isinstance(found, Problem):
        raise Refused(found.message, field=field)
    return found


def vat_problem(text: str, country: str, *, field: str = FIELD) -> Problem | None:
    """Say what is wrong with a VAT number, or ``None``."""
    found = _parse(text, country.upper(), field)
    return found if isinstance(found, Problem) else None


def vat_example(country: str) -> str:
    """Return a number of the right shape, ``""`` if we know none."""
    return _EXAMPLES.get(country.upper(), "")


def _parse(text: str, country: str, field: str) -> VatNumber | Problem:
    if len(text) > _LONGEST_TYPED:
        return _wrong(country, field)
    typed = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not typed:
        return Problem(field, _("Please type the VAT number."), "missing")
    if not typed.isascii() or not typed.isalnum():
        return _wrong(country, field)
    for prefix, number in _readings(typed, country):
        if _is_right(prefix, number):
            return VatNumber(prefix, number)
    if _prefix(country) in EU_PREFIXES.values() or country in ("GB", "CH", "LI", "NO"):
        return _of_another_country(typed, field) or _wrong(country, field)
    is_possible = _ANY_SHAPE.fullmatch(typed) and any(map(str.isdigit, typed)) and not _is_one_digit(typed)
    return VatNumber("", typed, is_checked=False) if is_possible else _wrong(country, field)


def _prefix(country: str) -> str:
    return EU_PREFIXES.get(country, {"LI": "CH"}.get(country, country))


def _readings(typed: str, country: str) -> list[tuple[str, str]]:
    """Return the ways to read what was typed: as prefix and number, and as a number alone."""
    prefix = _prefix(country)
    if country == "GB" and typed.startswith(_NORTHERN_IRELAND):
        return [(_NORTHERN_IRELAND, typed[2:])]
    written = {prefix, country, "GR" if prefix == "EL" else prefix}
    found = [(prefix, typed[2:])] if typed[:2] in written and prefix != "CH" else []
    return [*found, (prefix, typed)]


def _is_one_digit(number: str) -> bool:
    """Tell whether all digits are the same: 0000000000 passes the check digits of several countries."""
    return len({character for character in number if character.isdigit()}) <= 1


def _is_right(prefix: str, number: str) -> bool:
    """Check shape and check digits; only countries that have rules count as right."""
    if not number or _is_one_digit(number):
        return False
    try:
        return _validate(prefix, number)
    except ValidationError:
        return False


def _validate(prefix: str, number: str) -> bool:
    # Imported here: each country's rules load when somebody of it is asked.
    if prefix == "CH":
        from stdnum.ch import vat  # noqa: PLC0415 - see above

        return bool(vat.validate(number))
    if prefix == "NO":
        from stdnum.no import mva  # noqa: PLC0415 - see above

        return bool(mva.validate(number))
    if prefix in ("GB", _NORTHERN_IRELAND):
        from stdnum.gb import vat as british  # noqa: PLC0415 - see above

        return bool(british.validate(number))
    if prefix in EU_PREFIXES.values():
        from stdnum.eu import vat as european  # noqa: PLC0415 - see above

        return bool(european.validate(prefix + number))
    return False


def _of_another_country(typed: str, field: str) -> Problem | None:
    """Notice a right number of another country, the usual mistake after choosing the country of the address."""
    prefix, number = {"GR": "EL"}.get(typed[:2], typed[:2]), typed[2:]
    if not _is_right(prefix, number):
        return None
    message = _("This VAT number begins with %(prefix)s, but the address is in another country.", prefix=prefix)
    return Problem(field, message, "other_country")


def _wrong(country: str, field: str) -> Problem:
    example = vat_example(country)
    if example:
        message = _("This VAT number is not right. It should look like %(example)s.", example=example)
    else:
        message = _("This VAT number is not right. Please check it, or leave it out.")
    return Problem(field, message, "wrong")
