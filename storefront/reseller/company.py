"""What a reseller may change of itself: company, bank, name servers, languages; each with what was and what is."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import available_timezones

from stdnum import bic as bic_numbers
from stdnum.exceptions import ValidationError

from storefront.billing.iban import require_iban
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.countries import is_country
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import LOCALES
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.vat_id import read_vat_number
from storefront.identity.email_addresses import read_email
from tenants.models import Reseller
from tenants.resellers import current_reseller

MOST_LEGAL_LINES, LONGEST_LEGAL_LINE = 4, 120
# RFC 1035 knows no upper bound; registries take at most thirteen.
FEWEST_NAMESERVERS, MOST_NAMESERVERS = 2, 13
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])")


@dataclass(frozen=True, kw_only=True)
class CompanyTerms:
    """Who sells, as it stands on every document; the fields are named as those of ``Reseller``."""

    name: str
    legal_name: str
    street: str
    postcode: str
    city: str
    country: str
    company_number: str
    is_vat_registered: bool
    vat_number: str
    email: str
    phone: str
    legal_lines: Sequence[str]


def change_company(db: Work, terms: CompanyTerms) -> None:
    """Change the company's data. Raises ``Refused`` for what is missing or wrong."""
    values: dict[str, Any] = {**asdict(terms), "legal_lines": [line for line in terms.legal_lines if line]}
    if not is_country(terms.country):
        raise Refused(_("Please choose one of the countries."), field="country")
    values["email"] = read_email(terms.email).address
    if terms.is_vat_registered and not terms.vat_number:
        raise Refused(_("Please type the VAT number, or say that you charge no VAT."), field="vat_number")
    values["vat_number"] = read_vat_number(terms.vat_number, terms.country).text if terms.vat_number else ""
    if len(values["legal_lines"]) > MOST_LEGAL_LINES:
        raise Refused(_("Please use at most %(num)s lines.", num=MOST_LEGAL_LINES), field="legal_lines")
    if any(len(line) > LONGEST_LEGAL_LINE for line in values["legal_lines"]):
        raise Refused(_("Please use at most %(num)s letters a line.", num=LONGEST_LEGAL_LINE), field="legal_lines")
    _change(db, "settings.company_changed", values)


def change_bank(db: Work, *, iban: str, bic: str, bank_name: str) -> None:
    """Change the account that customers pay to; empty means that nobody pays by transfer. Raises ``Refused``."""
    number = require_iban(iban) if iban else ""
    code = bic_numbers.compact(bic)
    if code and not _is_bic(code):
        raise Refused(_("This is not a valid BIC: it has eight or eleven letters and digits."), field="bic")
    _change(db, "settings.bank_changed", {"iban": number, "bic": code, "bank_name": bank_name})


def _is_bic(code: str) -> bool:
    try:
        return bool(bic_numbers.validate(code))
    except ValidationError:
        return False


def change_nameservers(db: Work, typed: str) -> None:
    """Change the servers that new names get unless their buyer chooses others; none leaves it to the registrar."""
    names = [word.lower().rstrip(".") for word in typed.replace(",", " ").split()]
    if names and not FEWEST_NAMESERVERS <= len(names) <= MOST_NAMESERVERS:
        raise Refused(_("Please name two to thirteen servers, or none."), field="nameservers")
    wrong = next((name for name in names if not _HOST.fullmatch(name)), None)
    if wrong is not None:
        raise Refused(_("%(name)s is not the name of a server.", name=wrong[:80]), field="nameservers")
    if len(set(names)) < len(names):
        raise Refused(_("One of the servers is named twice."), field="nameservers")
    _change_setting(db, "settings.nameservers_changed", "nameservers", names)


def change_languages(db: Work, *, default_locale: str, locales: Sequence[str], zone: str) -> None:
    """Change in which languages and in which zone the shop speaks. Raises ``Refused``."""
    chosen = [locale for locale in LOCALES if locale in locales]
    if default_locale not in chosen:
        raise Refused(_("The first language must be one of those that are ticked."), field="default_locale")
    if zone not in available_timezones():
        raise Refused(_("Please choose one of the time zones."), field="zone")
    ordered = [default_locale, *(locale for locale in chosen if locale != default_locale)]
    _change(db, "settings.languages_changed", {"default_locale": default_locale, "locales": ordered, "zone": zone})


def _change(db: Work, action: str, values: dict[str, Any]) -> None:
    reseller = _held(db)
    before = {name: getattr(reseller, name) for name in values}
    for name, value in values.items():
        setattr(reseller, name, value)
    record(db, action, before=before, after=values)
    announce(db)


def _change_setting(db: Work, action: str, name: str, value: object) -> None:
    reseller = _held(db)
    before = reseller.settings.get(name)
    reseller.settings = {**reseller.settings, name: value}
    record(db, action, before={name: before}, after={name: value})
    announce(db)


def _held(db: Work) -> Reseller:
    return db.lock(current_reseller(db))
