"""What everything costs the shop today, in the currency of a price list."""

from collections.abc import Sequence

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.pricing.book import premium_terms
from storefront.pricing.exchange import own_rates
from storefront.pricing.margin import ExchangeRate, NoExchangeRate, convert, find_rate
from storefront.pricing.price_cells import CellKey
from storefront.pricing.wholesale import current_costs
from tenants.resellers import current_reseller


def known_rates_of(db: Work) -> tuple[ExchangeRate, ...]:
    """Return the rates this shop may use: those taken in by the platform, and its own."""
    terms = premium_terms(current_reseller(db).settings)
    return (*own_rates(db), *(terms.exchange_rates if terms else ()))


def sheet_costs(db: Work, currency: str) -> dict[CellKey, Money]:
    """Return the net cost of every cell of a price list; what cannot be converted is left out, never guessed."""
    rates: dict[str, ExchangeRate | None] = {}
    known: Sequence[ExchangeRate] | None = None
    found: dict[CellKey, Money] = {}
    for (kind, ending, action, years), cost in current_costs(db).items():
        if kind != "domain":
            continue
        if cost.currency != currency:
            if known is None:
                known = known_rates_of(db)
            if cost.currency not in rates:
                try:
                    rates[cost.currency] = find_rate(known, cost.currency, currency, db.today)
                except NoExchangeRate:
                    rates[cost.currency] = None
            rate = rates[cost.currency]
            if rate is None:
                continue
            found[CellKey(ending, action, years)] = convert(cost, rate)
        else:
            found[CellKey(ending, action, years)] = cost
    return found
