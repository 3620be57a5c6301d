"""Lines of the log as people read them: fields by their names, values in words, before and after."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from storefront.core.i18n import (
    LOCALES,
    Text,
    babel_locale,
    country_name,
    current_locale,
    format_day,
    format_moment,
    format_money,
    gettext,
)
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.web.operation_words import SHOWN_OPERATIONS, reason_words

# What a field of a row is called; one that is not here is called by its own name, with spaces.
FIELDS: Mapping[str, Text] = {
    "amount": _("Amount"),
    "bank_name": _("Bank"),
    "bic": _("BIC"),
    "by": _("By"),
    "city": _("City"),
    "code": _("Code"),
    "codes": _("Codes"),
    "company_number": _("Company number"),
    "connection": _("Connection"),
    "country": _("Country"),
    "currency": _("Currency"),
    "default_locale": _("First language"),
    "email": _("E-mail"),
    "factor": _("Second step"),
    "family": _("Family name"),
    "given": _("Given name"),
    "gross": _("Total"),
    "iban": _("IBAN"),
    "is_vat_registered": _("Charges VAT"),
    "job": _("Task"),
    "kind": _("Kind"),
    "legal_lines": _("Lines of the legal notice"),
    "legal_name": _("Legal name"),
    "locale": _("Language"),
    "locales": _("Languages"),
    "login": _("Login"),
    "name": _("Name"),
    "nameservers": _("Name servers"),
    "noted": _("Note"),
    "number": _("Number"),
    "orgname": _("Organisation"),
    "phone": _("Phone"),
    "plan": _("Plan"),
    "postcode": _("Postcode"),
    "proforma": _("Proforma"),
    "reason": _("Reason"),
    "reference": _("Reference"),
    "region": _("Region"),
    "renews": _("Renews by itself"),
    "role": _("Role"),
    "shop": _("Shop"),
    "state": _("State"),
    "street": _("Street"),
    "street2": _("Second line of the street"),
    "suspended": _("Suspended"),
    "total": _("Total"),
    "vat_number": _("VAT number"),
    "why": _("Reason"),
    "zone": _("Time zone"),
}
# States of shops, orders, lines, papers and payments; those of operations have words already.
STATES: Mapping[str, Text] = {
    "preparing": _("In preparation"),
    "open": _("Open"),
    "suspended": _("Suspended"),
    "closed": _("Closed"),
    "issued": _("Issued"),
    "awaiting_payment": _("Waits for payment"),
    "paid": _("Paid"),
    "processing": _("Under way"),
    "completed": _("Completed"),
    "cancelled": _("Cancelled"),
    "expired": _("Expired"),
    "refunded": _("Refunded"),
    "waiting": _("Waits"),
    "stuck": _("Stuck"),
}
# How money comes, where a line of the log names the connection.
MEANS: Mapping[str, Text] = {"card": _("Card"), "bank": _("Bank transfer")}
KINDS: Mapping[str, Text] = {"individual": _("Individual"), "company": _("Company")}
NOTHING = _("nothing")
_AMOUNT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ([A-Z]{3})")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.+-]+)?")


def change_words(difference: Mapping[str, Any]) -> list[str]:
    """Write each field of a difference as a sentence of its own; what was not there before is only named."""
    return [_changed(name, *pair) for name, pair in difference.items()]


def _changed(name: str, before: Any, after: Any) -> str:
    words = {"field": field_words(name), "after": value_words(name, after)}
    if before in (None, ""):
        return gettext("%(field)s: %(after)s", **words)
    return gettext("%(field)s: %(before)s → %(after)s", **words, before=value_words(name, before))


def field_words(name: str) -> Text:
    """Name a field."""
    return FIELDS.get(name) or name.replace("_", " ").capitalize()


def value_words(name: str, value: Any) -> str:
    """Write a value of a field."""
    if value in (None, ""):
        return str(NOTHING)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return _WORDS.get(name, _plain_words)(str(value))


def _plain_words(text: str) -> str:
    """Write what looks like money, a day, a moment or a list as people do."""
    if found := _AMOUNT.fullmatch(text):
        return format_money(Money.of(Decimal(found[1]), found[2]))
    if found := _MOMENT.fullmatch(text):
        try:
            return format_moment(datetime.fromisoformat(text)) if found[1] else format_day(date.fromisoformat(text))
        except ValueError:
            return text
    if text.startswith("[") and text.endswith("]"):
        return ", ".join(part.strip().strip("'\"") for part in text[1:-1].split(",")) or str(NOTHING)
    return text


def _state_words(state: str) -> str:
    shown = SHOWN_OPERATIONS.get(state)
    return str(shown[0] if shown else STATES.get(state, state))


def _language_words(code: str) -> str:
    return str(babel_locale(current_locale()).languages.get(code, code)) if code in LOCALES else code


_WORDS: Mapping[str, Callable[[str], str]] = {
    "by": lambda means: str(MEANS.get(means, means)),
    "connection": lambda means: str(MEANS.get(means, means)),
    "state": _state_words,
    "reason": lambda code: str(reason_words(code)),
    "why": lambda code: str(reason_words(code)),
    "country": country_name,
    "kind": lambda kind: str(KINDS.get(kind, kind)),
    "locale": _language_words,
    "default_locale": _language_words,
}
