"""rule: why a buyer pays the VAT they pay, in a sentence they understand."""

from dataclasses import dataclass

from storefront.billing.vat import VatDecision
from storefront.core.i18n import Text, country_name, format_number
from storefront.core.i18n import lazy_gettext as _


@dataclass(frozen=True, kw_only=True)
class VatWords:
    """The rate as people write it (empty if there is none) and the reason."""

    rate: str
    why: Text


def vat_words(decision: VatDecision, buyer_country: str, *, is_company: bool = False) -> VatWords:
    """Explain a decision to a person or a company; the rows are those of the decision table."""
    rate = f"{format_number(float(decision.percent))}\N{NO-BREAK SPACE}%" if decision.percent else ""
    return VatWords(rate=rate, why=_why(decision, buyer_country, rate, is_company=is_company))


def _why(decision: VatDecision, buyer_country: str, rate: str, *, is_company: bool) -> Text:
    if not rate and decision.mention:
        return decision.mention
    if not rate:
        return _("No VAT is charged.")
    country = country_name(decision.country)
    if decision.row == 4:  # noqa: PLR2004 - row of the decision table
        return _(
            "Your VAT number is not confirmed, so the rate of %(country)s applies. With a confirmed number of another "
            "EU country you pay none here.",
            country=country,
        )
    if decision.country != buyer_country:
        return _("The shop is in %(country)s, so the rate of that country applies.", country=country)
    if is_company:
        return _("Your company is in %(country)s, so the rate of that country applies.", country=country)
    return _("You live in %(country)s, so the rate of that country applies.", country=country)
