"""What one line of the cart costs now and whether it can be ordered, whatever kind of line it is."""

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.orders.cart_offers import Offer, Priced, Wish, offer_for, price_now
from storefront.orders.models import CartItem
from storefront.orders.transfer_offers import Known, offer_for_transfer, quote_transfer
from storefront.pricing.queries import Shelf
from storefront.pricing.quote import QuotedItem, RefusedItem
from storefront.providers.ports.registrar import CheckResult, RegistrationData
from storefront.provisioning.availability import CannotAsk
from storefront.provisioning.whois import find_whois


def wish_of(item: CartItem) -> Wish:
    """Read a line as the rules want it."""
    return Wish(
        key=str(item.id),
        ending=item.ending,
        years=item.years,
        price=Money(item.price_minor, item.currency),
        renewal=None if item.renewal_minor is None else Money(item.renewal_minor, item.currency),
        amounts=item.amounts,
        promised_until=item.promised_until,
        premium=item.premium,
    )


def offer_of(
    db: Work, item: CartItem, answer: CheckResult | None, shop: Shelf, *, priced: Priced | None = None
) -> Offer:
    """Say what a line costs now; ``answer`` is what is known of its name, ``priced`` what it costs beside others.

    Nobody is waited for.
    """
    if item.action != "transfer":
        return offer_for(wish_of(item), answer, shop.book, db.now, db.today, priced=priced)
    offered = shop.endings.get(item.ending)
    known = Known(
        rules=offered.rules if offered else None,
        answer=answer,
        seen=record_of(db, item.name_ascii),
        has_code=bool(item.auth_code_sealed),
    )
    return offer_for_transfer(wish_of(item), known, shop.book, db.now, db.today, priced=priced)


def quoted_now(db: Work, item: CartItem, offer: Offer, shop: Shelf) -> QuotedItem | RefusedItem:
    """Quote a line at the prices of this moment."""
    if item.action == "transfer":
        return quote_transfer(item.ending, shop.book, db.today)
    return price_now(item.ending, item.years, offer.premium, shop.book, db.today)


def record_of(db: Work, name_ascii: str) -> RegistrationData | None:
    """Return the public record of a name, if somebody asked for it lately."""
    try:
        found = find_whois(db.config, db.reseller_id, name_ascii)
    except CannotAsk:
        return None
    return found.data if found is not None else None
