"""rule: from a wholesale price to a retail price: exchange rate, margin, floor and a tidy ending."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from storefront.core.money import Money, exponent, round_half_up
from storefront.pricing.amounts import HUNDRED, Amounts, Price, gross_of, net_of

Method = Literal["markup", "margin", "plus"]


class NoExchangeRate(LookupError):
    """A price would have to be converted, and nobody said at which rate."""


@dataclass(frozen=True, kw_only=True)
class ExchangeRate:
    """What one unit of ``base`` costs in ``quoted``, on a day, by a source such as the European Central Bank.

    ``buffer_percent`` is added to it against movements until the supplier is paid. After ``holds_until`` it is stale
    and converts nothing.
    """

    base: str
    quoted: str
    rate: Decimal
    on: date
    source: str
    buffer_percent: Decimal = Decimal(0)
    holds_until: date | None = None

    def __post_init__(self) -> None:
        if self.rate <= 0 or self.buffer_percent < 0:
            raise ValueError("an exchange rate is positive, its buffer not negative")


@dataclass(frozen=True, kw_only=True)
class Margin:
    """What is put on top of the wholesale price.

    ``markup``: cost * (1 + percent); ``margin``: cost / (1 - percent), so that the percentage is a share of the
    retail price; ``plus``: cost + amount. A markup of 25 % is a margin of 20 %.
    ``at_least`` is the smallest margin in money. The result never falls below cost, unless somebody ticked
    ``may_lose``.
    """

    method: Method
    percent: Decimal = Decimal(0)
    amount: Money | None = None
    at_least: Money | None = None
    may_lose: bool = False

    def __post_init__(self) -> None:
        if self.method == "margin" and self.percent >= HUNDRED:
            raise ValueError("a margin is a share of the retail price, so it stays below 100 %")
        if (self.method == "plus") != (self.amount is not None):
            raise ValueError("an amount belongs to the method plus, and only to it")


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a price may end: the next amount upwards whose remainder by ``step`` minor units is ``digits``.

    ``Ending(step=100, digits=99)`` gives 11.99, ``Ending(step=100, digits=90)`` gives 11.90,
    ``Ending(step=10, digits=9)`` gives 11.39. ``amounts`` says whether net or gross wears the ending.
    """

    step: int = 1
    digits: int = 0
    amounts: Amounts = "gross"

    def __post_init__(self) -> None:
        if not 0 <= self.digits < self.step:
            raise ValueError("the digits of an ending are smaller than its step")


def convert(amount: Money, rate: ExchangeRate) -> Money:
    """Exchange an amount, buffer included; a rate for other currencies raises ``NoExchangeRate``."""
    if rate.base != amount.currency:
        raise NoExchangeRate(f"{rate.base} to {rate.quoted} says nothing about {amount.currency}")
    scale = exponent(rate.quoted) - exponent(rate.base)
    factor = (rate.rate * (1 + rate.buffer_percent / HUNDRED)).scaleb(scale)
    return Money(round_half_up(Decimal(amount.minor) * factor), rate.quoted)


def find_rate(rates: Iterable[ExchangeRate], base: str, quoted: str, on: date | None = None) -> ExchangeRate:
    """Find the newest rate from one currency to another; raises ``NoExchangeRate`` for none, and for a stale one."""
    known = [rate for rate in rates if (rate.base, rate.quoted) == (base, quoted)]
    if not known:
        raise NoExchangeRate(f"no rate from {base} to {quoted}")
    newest = max(known, key=lambda rate: rate.on)
    if on is not None and newest.holds_until is not None and newest.holds_until < on:
        raise NoExchangeRate(f"the rate from {base} to {quoted} held until {newest.holds_until}")
    return newest


def into(amount: Money, currency: str, rates: Iterable[ExchangeRate], on: date | None = None) -> Money:
    """Bring an amount into a currency, at once where it is in it; raises ``NoExchangeRate``."""
    if amount.currency == currency:
        return amount
    return convert(amount, find_rate(rates, amount.currency, currency, on))


def tidy(amount: Money, ending: Ending) -> Money:
    """Raise an amount to the next one with this ending; nothing stays nothing."""
    if not amount:
        return amount
    return Money(amount.minor + (ending.digits - amount.minor) % ending.step, amount.currency)


def tidy_down(amount: Money, ending: Ending) -> Money:
    """Lower an amount to the next one with this ending; an amount below the first such one stays."""
    lower = amount.minor - (amount.minor - ending.digits) % ending.step
    return Money(lower, amount.currency) if lower > 0 else amount


def raised(cost: Money, method: Literal["markup", "margin"], percent: Decimal) -> Money:
    """Raise a cost by a share of the cost (markup), or until the share is one of the price (margin)."""
    if method == "markup":
        return cost.times(1 + percent / HUNDRED)
    return cost.over(1 - percent / HUNDRED)


def with_margin(cost: Money, margin: Margin) -> Money:
    """Put the margin on a net cost of the same currency and keep to its floor; the answer is net and not yet tidy."""
    if margin.method in ("markup", "margin"):
        net = raised(cost, margin.method, margin.percent)
    else:
        net = cost + (margin.amount or Money.zero(cost.currency))
    if margin.at_least is not None:
        net = max(net, cost + margin.at_least)
    return net if margin.may_lose else max(net, cost)


def retail(cost: Money, margin: Margin, ending: Ending, *, vat_percent: Decimal) -> Price:
    """Make a retail price of a net wholesale cost.

    With a gross ending the gross price is frozen and net follows from it: ``.99`` on the net does not give ``.99``
    on the gross (9.20 net at 23 % is 11.316, becomes 11.99 gross and so 9.75 net).
    """
    net = with_margin(cost, margin)
    if ending.amounts == "net":
        net = tidy(net, ending)
        return Price(net=net, gross=gross_of(net, vat_percent))
    gross = tidy(gross_of(net, vat_percent), ending)
    return Price(net=net_of(gross, vat_percent), gross=gross)
