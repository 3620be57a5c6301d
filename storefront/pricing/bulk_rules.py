"""rule: many prices set at once: a margin on the cost, a step on the price, a fixed amount, and how they end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from storefront.core.money import Money, exponent
from storefront.pricing.amounts import HUNDRED
from storefront.pricing.margin import Ending, Margin, retail, tidy
from storefront.pricing.price_cells import MOST, CellKey, Change, Terms

BulkMethod = Literal["markup", "margin", "plus", "price_percent", "price_plus", "fixed", "live", "none"]
ON_COST = frozenset({"markup", "margin", "plus"})
BY_PERCENT = frozenset({"markup", "margin", "price_percent"})
BY_AMOUNT = frozenset({"plus", "price_plus", "fixed"})
# How prices may end: what stands behind the point, or a whole unit.
ROUNDINGS = ("", "99", "90", "95", "50", "00")


@dataclass(frozen=True, kw_only=True)
class BulkRule:
    """What to do with each chosen price.

    ``markup``, ``margin`` and ``plus`` start from the cost; ``price_percent`` and ``price_plus`` from the price there
    is; ``fixed`` is the amount itself; ``live`` goes back to what holds now; ``none`` takes the price out.
    ``percent`` and ``amount`` may be negative only for steps on the price. ``rounding`` is one of ``ROUNDINGS``.
    """

    method: BulkMethod
    percent: Decimal = Decimal(0)
    amount: Money | None = None
    rounding: str = ""

    def __post_init__(self) -> None:
        if self.method in BY_AMOUNT and self.amount is None:
            raise ValueError("this method needs an amount")
        if self.method == "margin" and self.percent >= HUNDRED:
            raise ValueError("a margin is a share of the price, so it stays below 100 %")
        if self.method in ("markup", "margin") and self.percent < 0:
            raise ValueError("a margin below nothing is a loss; set the price by hand")
        if self.rounding not in ROUNDINGS:
            raise ValueError("this is no way to end a price")


def ending_of(rounding: str, terms: Terms) -> Ending:
    """Say how a price ends, on the amount that the list counts in; currencies without cents end in whole units."""
    digits = exponent(terms.currency)
    if not rounding or not digits:
        return Ending(amounts=terms.amounts)
    step = 10**digits
    return Ending(step=step, digits=int(rounding) * step // 100, amounts=terms.amounts)


def changed_price(rule: BulkRule, before: Money | None, cost: Money | None, terms: Terms) -> Money | None:
    """Return the price that a rule makes; ``before`` where it cannot say anything: no cost, or no price to step from.

    Never below zero, and never so large that it must be a slip.
    """
    if rule.method == "none":
        return None
    if rule.method in ON_COST:
        if cost is None:
            return before
        made = _on_cost(rule, cost, terms)
    elif rule.method == "fixed":
        made = tidy(rule.amount or Money.zero(terms.currency), ending_of(rule.rounding, terms))
    elif before is None:
        return before
    else:
        made = _on_price(rule, before, terms)
    most = MOST * 10 ** exponent(terms.currency)
    return Money(min(max(made.minor, 0), most), made.currency)


def _on_cost(rule: BulkRule, cost: Money, terms: Terms) -> Money:
    method: Literal["markup", "margin", "plus"] = "plus"
    if rule.method == "markup" or rule.method == "margin":  # noqa: PLR1714 - the checker narrows only so
        method = rule.method
    margin = Margin(method=method, percent=rule.percent, amount=rule.amount if method == "plus" else None)
    price = retail(cost, margin, ending_of(rule.rounding, terms), vat_percent=terms.vat_percent)
    return price.gross if terms.amounts == "gross" else price.net


def _on_price(rule: BulkRule, before: Money, terms: Terms) -> Money:
    if rule.method == "price_percent":
        stepped = before.times(1 + rule.percent / HUNDRED)
    else:
        stepped = before + (rule.amount or Money.zero(before.currency))
    if stepped.minor <= 0:
        return Money.zero(before.currency)
    return tidy(stepped, ending_of(rule.rounding, terms))


def bulk_changes(
    rule: BulkRule,
    keys: Iterable[CellKey],
    prices: Mapping[CellKey, int],
    *,
    costs: Mapping[CellKey, Money],
    live: Mapping[CellKey, int],
    terms: Terms,
) -> list[Change]:
    """Return what a rule does to the chosen prices, also where it changes nothing."""
    found = []
    for key in keys:
        minor, cost = prices.get(key), costs.get(key)
        before = Money(minor, terms.currency) if minor is not None else None
        if rule.method == "live":
            held = live.get(key)
            after = Money(held, terms.currency) if held is not None else None
        else:
            after = changed_price(rule, before, cost, terms)
        found.append(Change(key=key, before=before, after=after, cost=cost))
    return found
