"""The cart beside the search results: its names and what they were put there for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g

from storefront.core.money import Money, total
from storefront.orders.carts import items_in
from storefront.orders.models import Cart, CartItem
from storefront.pricing.queries import Shelf


@dataclass(frozen=True, kw_only=True)
class SmallCart:
    """What the visitor has chosen so far; amounts count as the shop's price list does."""

    items: Sequence[CartItem]
    total: Money
    vat: Money
    promised_until: datetime | None

    @property
    def names(self) -> frozenset[str]:
        """The names (A-labels) in it."""
        return frozenset(item.name_ascii for item in self.items)


def small_cart(shop: Shelf, cart: Cart | None) -> SmallCart | None:
    """Return what is in a cart, if there is anything. No query for somebody without one."""
    items = [item for item in items_in(g.db, cart) if item.currency == shop.book.currency] if cart else []
    if not items:
        return None
    amount = total([price_of(item) for item in items], shop.book.currency)
    until = min(item.promised_until for item in items)
    return SmallCart(
        items=items, total=amount, vat=shop.book.both(amount).vat, promised_until=until if until > g.db.now else None
    )


def price_of(item: CartItem) -> Money:
    """Return the price that a line was shown with."""
    return Money(item.price_minor, item.currency)
