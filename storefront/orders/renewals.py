"""What one more year of a name costs: by the shop's list, or by its registry if the name has a price of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select

from storefront.billing.issue import reckon
from storefront.core.db import Work
from storefront.core.money import Money
from storefront.customers.models import Customer
from storefront.orders.cart_offers import price_now
from storefront.orders.models import OrderItem
from storefront.portfolio.models import Domain
from storefront.pricing.quote import PriceBook, QuotedItem


def renewals(db: Work, domains: Sequence[Domain], book: PriceBook) -> dict[UUID, Money | None]:
    """Return what one more year of each name costs now, by its id; ``None`` where nobody can say. One query."""
    bought = select(OrderItem.domain_id, OrderItem.years, OrderItem.premium).where(
        OrderItem.name_ascii.in_([domain.name_ascii for domain in domains]),
        OrderItem.domain_id.in_([domain.id for domain in domains]),
        OrderItem.action == "register",
    )
    own = {domain_id: (years, premium) for domain_id, years, premium in db.execute(bought) if premium}
    listed = {domain.id: book.prices.get((domain.ending, "renew", 1)) for domain in domains}
    return {
        domain.id: _own_renewal(db, domain.ending, *own[domain.id], book) if domain.id in own else listed[domain.id]
        for domain in domains
    }


def renewal_of(db: Work, item: OrderItem | None, ending: str, book: PriceBook) -> Money | None:
    """Return what one more year costs of the name that a line of an order bought."""
    if item is not None and item.premium:
        return _own_renewal(db, ending, item.years, item.premium, book)
    return book.prices.get((ending, "renew", 1))


def _own_renewal(db: Work, ending: str, years: int, premium: Mapping[str, Any], book: PriceBook) -> Money | None:
    quoted = price_now(ending, years, premium, book, db.today)
    return quoted.renewal_per_year if isinstance(quoted, QuotedItem) else None


@dataclass(frozen=True, kw_only=True)
class BuyersPrice:
    """A price as one buyer pays it: VAT ``included``, still to be added (``plus``), or none at all (``""``)."""

    price: Money
    vat: Literal["included", "plus", ""]


def as_paid_by(db: Work, customer: Customer, price: Money, book: PriceBook) -> BuyersPrice:
    """Say a price of the list as this customer's proforma will: a buyer of whom no VAT is asked pays none of it."""
    totals = reckon(db, customer, [price], book.amounts, book.vat_percent).totals
    if book.amounts == "net":
        return BuyersPrice(price=totals.net, vat="plus" if totals.vat.minor else "")
    return BuyersPrice(price=totals.gross, vat="included" if totals.vat.minor else "")
