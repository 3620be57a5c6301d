"""What everything costs the shop today, in the currency of a price list."""

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.pricing.book import premium_terms
from storefront.pricing.margin import NoExchangeRate
from storefront.pricing.models import WholesalePrice
from storefront.pricing.price_cells import CellKey
from tenants.resellers import current_reseller


def sheet_costs(db: Work, currency: str) -> dict[CellKey, Money]:
    """Return the net cost of every cell of a price list; what cannot be converted is left out, never guessed."""
    newest = (
        select(
            WholesalePrice.ending,
            WholesalePrice.action,
            WholesalePrice.years,
            WholesalePrice.minor,
            WholesalePrice.currency,
        )
        .where(WholesalePrice.valid_from <= db.today, WholesalePrice.kind == "domain")
        .order_by(WholesalePrice.valid_from)
    )
    terms = premium_terms(current_reseller(db).settings)
    found: dict[CellKey, Money] = {}
    for ending, action, years, minor, of_cost in db.execute(newest):
        cost = Money(minor, of_cost)
        if of_cost != currency:
            if terms is None:
                continue
            try:
                cost = terms.cost_in(currency, cost)
            except NoExchangeRate:
                continue
        found[CellKey(ending, action, years)] = cost
    return found
