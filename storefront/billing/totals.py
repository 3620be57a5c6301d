"""rule: lines of a document to net, VAT per rate and gross; rounded once per rate, and the lines add up to it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from storefront.core.money import Money, round_half_up, total

Amounts = Literal["net", "gross"]
# EN 16931, code list UNCL5305: standard, reverse charge, outside the scope, exempt, zero rated.
Category = Literal["S", "AE", "O", "E", "Z"]


@dataclass(frozen=True, kw_only=True)
class PricedLine:
    """A line before VAT is reckoned: ``unit`` is net or gross as the whole document is; discounts are negative."""

    unit: Money
    quantity: int = 1
    category: Category = "S"
    vat_percent: Decimal

    def __post_init__(self) -> None:
        if self.category in {"AE", "O", "E", "Z"} and self.vat_percent:
            raise ValueError(f"category {self.category} has no VAT")
        if self.vat_percent < 0 or self.quantity < 0:
            raise ValueError("neither a rate nor a quantity is negative")


@dataclass(frozen=True, kw_only=True)
class TotalledLine:
    """A line with its share of the VAT; ``net + vat = gross``."""

    net: Money
    vat: Money
    gross: Money


@dataclass(frozen=True, kw_only=True)
class RateTotal:
    """All lines of one category and rate together; ``net + vat = gross``."""

    category: Category
    vat_percent: Decimal
    net: Money
    vat: Money
    gross: Money


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What a document comes to. Lines add up to rates, and rates to the whole, in net, VAT and gross alike."""

    lines: tuple[TotalledLine, ...]
    rates: tuple[RateTotal, ...]
    net: Money
    vat: Money
    gross: Money


def _shares(exact: Sequence[Decimal], whole: int) -> list[int]:
    """Round parts so that they sum to the whole: those that rounding hurt most give way, by one unit each time."""
    rounded = [int(part.quantize(Decimal(1), rounding=ROUND_HALF_UP)) for part in exact]
    missing = whole - sum(rounded)
    step = 1 if missing > 0 else -1
    hurt = sorted(range(len(exact)), key=lambda i: (-step * (exact[i] - rounded[i]), i))
    for turn in range(abs(missing)):
        rounded[hurt[turn % len(hurt)]] += step
    return rounded


def _vat_of(amounts: Amounts, vat_percent: Decimal) -> Callable[[int], Decimal]:
    """Say how much VAT belongs to (or sits in) an amount of minor units, before rounding."""
    base = Decimal(100) if amounts == "net" else 100 + vat_percent
    return lambda minor: minor * vat_percent / base


def _add_up_rate(lines: Sequence[PricedLine], amounts: Amounts, currency: str) -> tuple[RateTotal, list[TotalledLine]]:
    """Reckon VAT once, on the sum of one rate, and share it out to its lines."""
    stated = [line.unit.times(line.quantity) for line in lines]
    vat_in = _vat_of(amounts, lines[0].vat_percent)
    vat = Money(round_half_up(vat_in(total(stated, currency).minor)), currency)
    shares = _shares([vat_in(money.minor) for money in stated], vat.minor)
    totalled = []
    for money, share in zip(stated, shares, strict=True):
        own = Money(share, currency)
        net = money if amounts == "net" else money - own
        totalled.append(TotalledLine(net=net, vat=own, gross=net + own))
    rate = RateTotal(
        category=lines[0].category,
        vat_percent=lines[0].vat_percent,
        net=total((line.net for line in totalled), currency),
        vat=vat,
        gross=total((line.gross for line in totalled), currency),
    )
    return rate, totalled


def add_up(lines: Sequence[PricedLine], *, amounts: Amounts, currency: str) -> Totals:
    """Total a document whose line prices are all net, or all gross.

    Directive 2006/112/EC leaves the rounding to the states; EN 16931 (BR-CO-17) wants VAT once per rate on the sum of
    the nets: five lines of 84.03 at 19 % carry 79.83 VAT, not five times 15.97. With gross prices, promised to
    consumers to the cent, net is what remains when the VAT inside the sum is taken out. A line in another currency
    raises ``CurrencyMismatch``.
    """
    places: dict[tuple[Category, Decimal], list[int]] = {}
    for place, line in enumerate(lines):
        places.setdefault((line.category, line.vat_percent), []).append(place)
    answers: dict[int, TotalledLine] = {}
    rates = []
    for _key, of_rate in sorted(places.items(), key=lambda pair: (-pair[0][1], pair[0][0])):
        rate, totalled = _add_up_rate([lines[place] for place in of_rate], amounts, currency)
        rates.append(rate)
        answers.update(zip(of_rate, totalled, strict=True))
    return Totals(
        lines=tuple(answers[place] for place in range(len(lines))),
        rates=tuple(rates),
        net=total((rate.net for rate in rates), currency),
        vat=total((rate.vat for rate in rates), currency),
        gross=total((rate.gross for rate in rates), currency),
    )
