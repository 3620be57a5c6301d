"""rule: what a group of customers pays: another line of lists, a discount, single prices."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

from storefront.core.money import Money
from storefront.pricing.amounts import HUNDRED, Amounts, gross_of, net_of
from storefront.pricing.items import PriceKey, ProductKey

Key = TypeVar("Key", PriceKey, ProductKey)


@dataclass(frozen=True, kw_only=True)
class GroupTerms:
    """The terms of a price group. Nothing is taken off ``singles`` (``other_singles`` for products but domains)."""

    id: UUID
    name: str
    line: str = "main"
    discount_percent: Decimal = Decimal(0)
    singles: Mapping[PriceKey, Money] = field(default_factory=lambda: MappingProxyType({}))
    other_singles: Mapping[ProductKey, Money] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if not 0 <= self.discount_percent <= HUNDRED:
            raise ValueError("a discount lies between nothing and everything")


def discounts(percent: Decimal) -> Callable[[int], int]:
    """Return what takes a percentage off minor units; half a cent is the customer's.

    In whole numbers, because a list of five thousand prices is reduced whenever it is loaded.
    """
    share, parts = percent.as_integer_ratio()
    whole = 100 * parts
    return lambda minor: minor - (2 * minor * share + whole) // (2 * whole)


def group_prices(listed: Mapping[Key, Money], singles: Mapping[Key, Money], percent: Decimal) -> dict[Key, Money]:
    """Make the prices of a group: every listed price less the discount, and the single prices as they stand."""
    if not percent:
        return {**listed, **singles}
    less = discounts(percent)
    # A list has thousands of prices and a few hundred amounts.
    reduced = {price: Money(less(price.minor), price.currency) for price in set(listed.values())}
    return {**{key: reduced[price] for key, price in listed.items()}, **singles}


def counted_as(price: Money, own: Amounts, wanted: Amounts, vat_percent: Decimal) -> Money:
    """Say a price of a list that counts one way in the other way."""
    if own == wanted:
        return price
    return net_of(price, vat_percent) if wanted == "net" else gross_of(price, vat_percent)
