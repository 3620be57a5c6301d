"""What the platform charges a reseller: the cost of every command."""

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.core.money import Money
from storefront.pricing.models import WholesalePrice
from storefront.pricing.quote import Item, PremiumTerms


def find_cost(db: Work, ending: str, action: str, years: int, *, currency: str = "EUR") -> Money | None:
    """Find what an action on a standard name costs today, net, for the whole term; ``None`` if it is not sold."""
    newest = (
        select(WholesalePrice)
        .where(
            WholesalePrice.ending == ending,
            WholesalePrice.action == action,
            WholesalePrice.years == years,
            WholesalePrice.currency == currency,
            WholesalePrice.valid_from <= db.today,
        )
        .order_by(WholesalePrice.valid_from.desc())
        .limit(1)
    )
    row = db.scalar(newest)
    return Money(row.minor, row.currency) if row else None


def cost(db: Work, ending: str, action: str, years: int, *, currency: str = "EUR") -> Money:
    """Return what an action on a standard name costs today; raises ``NotFound`` when the platform does not sell it."""
    found = find_cost(db, ending, action, years, currency=currency)
    if found is None:
        raise NotFound
    return found


def cost_of_transfer(db: Work, ending: str, *, currency: str = "EUR") -> Money:
    """Return what a transfer costs today, whatever it adds to the term; ``NotFound`` when the platform sells none."""
    newest = (
        select(WholesalePrice)
        .where(
            WholesalePrice.ending == ending,
            WholesalePrice.action == "transfer",
            WholesalePrice.currency == currency,
            WholesalePrice.valid_from <= db.today,
        )
        .order_by(WholesalePrice.valid_from.desc(), WholesalePrice.years)
        .limit(1)
    )
    row = db.scalar(newest)
    if row is None:
        raise NotFound
    return Money(row.minor, row.currency)


def cost_of(db: Work, item: Item, *, currency: str = "EUR", terms: PremiumTerms | None = None) -> Money:
    """Return what an item costs: the registry's own price for a premium name, else the list's.

    Raises ``NotFound`` for what is not sold and ``NoExchangeRate`` for a registry's price in another currency.
    """
    if item.premium is None:
        return cost(db, item.ending, item.action, item.years, currency=currency)
    if item.premium.currency == currency or terms is None:
        return item.premium
    return terms.cost_in(currency, item.premium)
