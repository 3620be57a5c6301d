"""What rising purchase prices mean for names that customers have: how many renew for less, and how many at a loss."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.customers.models import Customer
from storefront.orders.models import OrderItem
from storefront.portfolio.models import Domain
from storefront.pricing.amounts import price_of
from storefront.pricing.book import known_rates_of, price_book
from storefront.pricing.items import Action
from storefront.pricing.margin import ExchangeRate, NoExchangeRate, into
from storefront.pricing.quote import PriceBook


@dataclass(frozen=True, kw_only=True)
class RisingRenewals:
    """Names that are paid until after a day, whose renewal then costs the shop more: all of them, those at a loss."""

    names: int
    at_loss: int


@dataclass(frozen=True, kw_only=True)
class SalePrices:
    """The prices that hold on a day for one group of customers, to be set against what things then cost."""

    book: PriceBook
    rates: tuple[ExchangeRate, ...]
    day: date

    def loses(self, ending: str, action: Action, cost: Money) -> bool:
        """Tell whether a year is sold for less than it costs; ``False`` where nobody can say."""
        price = self.book.prices.get((ending, action, 1))
        if price is None:
            return False
        try:
            own = into(cost, self.book.currency, self.rates, self.day)
        except NoExchangeRate:
            return False
        return price_of(price, self.book.amounts, self.book.vat_percent).net < own


def sale_prices(db: Work, day: date, group_id: UUID | None = None) -> SalePrices:
    """Load the prices of a group of customers as they will be on a day, as far as is known now."""
    book = price_book(db, group_id=group_id, at=_begin_of(db, day))
    return SalePrices(book=book, rates=known_rates_of(db), day=db.today)


def rising_renewals(db: Work, day: date, costs: Mapping[str, Money]) -> RisingRenewals:
    """Count the names of customers whose renewal costs more from a day on; ``costs`` are those of a year, by ending.

    Names with a price of their own are not among them: what they cost is between them and their registry.
    """
    own_price = select(OrderItem.id).where(
        OrderItem.domain_id == Domain.id,
        OrderItem.action == "register",
        func.jsonb_typeof(OrderItem.premium) == "object",
    )
    found = db.execute(
        select(Customer.price_group_id, Domain.ending, func.count())
        .join(Customer, Customer.id == Domain.customer_id)
        .where(Domain.closed_at.is_(None), Domain.ending.in_(costs))
        .where(Domain.paid_until >= _begin_of(db, day), ~own_price.exists())
        .group_by(Customer.price_group_id, Domain.ending)
        .order_by(Customer.price_group_id, Domain.ending)
    ).all()
    prices = {group_id: sale_prices(db, day, group_id) for group_id in {row[0] for row in found}}
    at_loss = sum(count for group_id, ending, count in found if prices[group_id].loses(ending, "renew", costs[ending]))
    return RisingRenewals(names=sum(row[2] for row in found), at_loss=at_loss)


def _begin_of(db: Work, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(db.zone))
