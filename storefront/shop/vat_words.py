"""rule: why a buyer pays the VAT they pay, in a sentence they understand."""

from dataclasses import dataclass
from decimal import Decimal

from babel.support import LazyProxy

from storefront.billing.vat import VatDecision
from storefront.core.i18n import Text, country_name, format_percent
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.vat_rates import MEMBER_STATES


@dataclass(frozen=True, kw_only=True)
class VatWords:
    """The rate as people write it (empty if there is none), the reason, and what is known that leads to it."""

    rate: str
    why: Text
    facts: tuple[Text, ...] = ()


def vat_words(decision: VatDecision, buyer_country: str, *, is_company: bool = False) -> VatWords:
    """Explain a decision to a person or a company; the rows are those of the decision table."""
    rate = _rate(decision.percent)
    facts = tuple(_facts(decision))
    return VatWords(rate=rate, why=_why(decision, buyer_country, rate, is_company=is_company), facts=facts)


def vat_words_of_shop(country: str, percent: Decimal, *, follows_buyer: bool) -> VatWords | None:
    """Explain the VAT that is shown while nobody knows who buys; ``None`` where there is none.

    ``follows_buyer``: the shop charges people in other countries of the Union the rate of their own (one-stop shop).
    """
    if not percent:
        return None
    name = country_name(country)
    facts = [
        _("People in other countries of the EU pay the rate of their own.")
        if follows_buyer
        else _("People in other countries of the EU pay this rate, too."),
        _("Companies in other countries of the EU pay none here, with a confirmed VAT number."),
        _("Outside the EU none is charged."),
    ]
    why = _("The shop is in %(country)s. Until we know who you are, its rate is shown.", country=name)
    return VatWords(rate=_rate(percent), why=why, facts=tuple(facts) if country in MEMBER_STATES else ())


def _rate(percent: Decimal) -> str:
    return format_percent(percent) if percent else ""


_CHECKS: dict[str, Text] = {
    "valid": _("Your VAT number %(number)s is confirmed."),
    "invalid": _("Your VAT number %(number)s is not known to the tax office."),
    "unavailable": _("Your VAT number %(number)s could not be checked yet; we try again."),
    "not_asked": _("Your VAT number %(number)s has not been checked yet."),
}


def _facts(decision: VatDecision) -> list[Text]:
    """Say what decided, from the facts that are kept with the document."""
    pairs = [fact.partition("=")[::2] for fact in decision.evidence]
    known = dict(pairs)
    facts: list[Text] = []
    if known.get("buyer"):
        facts.append(_("Your address is in %(country)s.", country=country_name(known["buyer"])))
    facts += [
        _("Your telephone number is from %(country)s.", country=country_name(country))
        for name, country in pairs
        if name == "seen_in"
    ]
    if "vat_number" in known and known.get("vat_check") in _CHECKS:
        facts.append(LazyProxy(_numbered, _CHECKS[known["vat_check"]], known["vat_number"], enable_cache=False))
    if not decision.is_certain:
        facts.append(_("These do not agree. Please check your address before you order."))
    return facts


def _numbered(words: Text, number: str) -> str:
    return str(words) % {"number": number}


def _why(decision: VatDecision, buyer_country: str, rate: str, *, is_company: bool) -> Text:
    if not rate and decision.mention:
        return decision.mention
    if not rate:
        return _("No VAT is charged.")
    country = country_name(decision.country)
    if decision.row == 4:  # noqa: PLR2004 - row of the decision table
        return _("Your VAT number is not confirmed, so the rate of %(country)s applies.", country=country)
    if decision.country != buyer_country:
        return _("The shop is in %(country)s, so the rate of that country applies.", country=country)
    if is_company:
        return _("Your company is in %(country)s, so the rate of that country applies.", country=country)
    return _("You live in %(country)s, so the rate of that country applies.", country=country)
