"""rule: net and gross of a price, one of which is the promise and the other follows from it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, overload

from storefront.core.money import Money

# Which of the two numbers is the frozen one. A shop for consumers promises the gross price, one for businesses the net.
Amounts = Literal["net", "gross"]

HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Price:
    """One price, both ways of saying it; ``net + vat = gross`` always holds."""

    net: Money
    gross: Money

    @property
    def vat(self) -> Money:
        """What lies between net and gross."""
        return self.gross - self.net


def gross_of(net: Money, vat_percent: Decimal) -> Money:
    """Add VAT, rounded half up to the smallest unit."""
    return net.times(1 + vat_percent / HUNDRED)


def net_of(gross: Money, vat_percent: Decimal) -> Money:
    """Take VAT out of a gross amount, rounded half up to the smallest unit."""
    return gross.over(1 + vat_percent / HUNDRED)


def price_of(amount: Money, amounts: Amounts, vat_percent: Decimal) -> Price:
    """Say an amount both ways; ``amounts`` tells which of the two it is."""
    if amounts == "gross":
        return Price(net=net_of(amount, vat_percent), gross=amount)
    return Price(net=amount, gross=gross_of(amount, vat_percent))


@overload
def no_more_than(promised: Money | None, price: Money) -> Money: ...
@overload
def no_more_than(promised: Money | None, price: Money | None) -> Money | None: ...
def no_more_than(promised: Money | None, price: Money | None) -> Money | None:
    """Return a price, lowered to what was promised; a promise stands though there is a price no longer."""
    if promised is None or price is None:
        return promised if price is None else price
    return min(promised, price)
