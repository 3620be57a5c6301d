"""rule: bank account numbers: are they true, and how people read them."""

from stdnum import iban
from stdnum.exceptions import ValidationError

from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _

POLISH_ACCOUNT_DIGITS = 26


def require_iban(text: str, *, field: str = "iban") -> str:
    """Return an account number without spaces; 26 digits are taken as Polish. A wrong one raises ``Refused``.

    ISO 13616: the check digits and the country's own length and checks are compared.
    """
    number = "".join(text.split()).upper()
    if len(number) == POLISH_ACCOUNT_DIGITS and number.isdigit():
        number = f"PL{number}"
    try:
        return str(iban.validate(number))
    except ValidationError as error:
        raise Refused(
            _("This is not a valid IBAN: please check it against your bank's papers."), field=field
        ) from error


def group_iban(number: str) -> str:
    """Write an account number in groups of four, as it is printed on paper (ISO 13616)."""
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))
