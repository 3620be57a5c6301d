"""rule: which margin rule fits an item, and the retail price it makes of a cost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Protocol, get_args
from uuid import UUID

from storefront.core.money import Money
from storefront.pricing.amounts import HUNDRED, Amounts, Price, price_of
from storefront.pricing.items import Item
from storefront.pricing.margin import Ending, raised, tidy, tidy_down
from storefront.pricing.promotion_rules import read_endings, read_percent, read_set

Method = Literal["markup", "margin", "plus", "fixed"]
METHODS: tuple[Method, ...] = get_args(Method)
Names = Literal["standard", "premium"]
# What held a price where the method alone would not have put it.
Held = Literal["", "at_least", "cost", "floor", "ceiling"]


class RuleRow(Protocol):
    """What is read of a margin rule: a row of its table, or anything that looks like one."""

    @property
    def id(self) -> UUID:
        """Its id."""

    @property
    def name(self) -> str:
        """What the office calls it."""

    @property
    def position(self) -> int:
        """Rules are tried in this order."""

    @property
    def terms(self) -> Mapping[str, Any]:
        """What it is for and what it does."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How a retail price is made of a cost; conditions that are ``None`` fit everything.

    ``markup``: cost * (1 + percent); ``margin``: cost / (1 - percent); ``plus``: cost + amount; ``fixed``: the amount.
    ``at_least`` is the smallest margin, net; it and ``plus`` count once a year if ``per_year``. ``floor``, ``ceiling``
    and a fixed amount are what the customer sees: gross or net as the list counts. Amounts are minor units of the
    list's currency. The band of costs is from ``cost_from`` up to, but not including, ``cost_to``. The price never
    falls below cost unless somebody ticked ``may_lose``; then even a ceiling gives way.
    """

    id: UUID
    name: str
    position: int = 0
    kinds: frozenset[str] | None = None
    endings: frozenset[str] | None = None
    actions: frozenset[str] | None = None
    names: Names = "standard"
    cost_from: int = 0
    cost_to: int | None = None
    method: Method
    percent: Decimal = Decimal(0)
    amount: int = 0
    per_year: bool = False
    at_least: int = 0
    floor: int | None = None
    ceiling: int | None = None
    ending: Ending = field(default_factory=Ending)
    may_lose: bool = False

    def __post_init__(self) -> None:
        if self.method == "margin" and self.percent >= HUNDRED:
            raise ValueError("a margin is a share of the retail price, so it stays below 100 %")
        if self.percent <= -HUNDRED:
            raise ValueError("a price does not fall below nothing")
        if self.floor is not None and self.ceiling is not None and self.floor > self.ceiling:
            raise ValueError("the floor of a price lies below its ceiling")

    def fits(self, item: Item, cost: Money) -> bool:
        """Tell whether the rule makes the price of an item that costs so much, in the list's currency."""
        return (
            (self.kinds is None or item.kind in self.kinds)
            and (self.endings is None or item.ending in self.endings)
            and (self.actions is None or item.action in self.actions)
            and (self.names == "premium") == (item.premium is not None)
            and self.cost_from <= cost.minor
            and (self.cost_to is None or cost.minor < self.cost_to)
        )

    def price(self, cost: Money, *, years: int, amounts: Amounts, vat_percent: Decimal) -> "RuledPrice":
        """Make the retail price of a net cost for a term, as the list counts."""
        times = max(years, 1) if self.per_year else 1
        net, held = self._net(cost, times, amounts, vat_percent)
        seen = price_of(net, "net", vat_percent)
        wanted = seen.gross if amounts == "gross" else seen.net
        if self.method == "fixed" and not held:
            wanted = Money(self.amount * times, cost.currency)
        if self.floor is not None and wanted.minor < self.floor:
            wanted, held = Money(self.floor, cost.currency), "floor"
        before = wanted
        if self.method != "fixed":
            wanted = self._tidied(wanted, amounts, vat_percent)
        if self.ceiling is not None and wanted.minor > self.ceiling:
            wanted, held = self._below_ceiling(cost, amounts, vat_percent)
            before = wanted
        return RuledPrice(rule=self, cost=cost, before=before, price=price_of(wanted, amounts, vat_percent), held=held)

    def _net(self, cost: Money, times: int, amounts: Amounts, vat_percent: Decimal) -> tuple[Money, Held]:
        if self.method in ("markup", "margin"):
            net = raised(cost, self.method, self.percent)
        elif self.method == "plus":
            net = cost + Money(self.amount * times, cost.currency)
        else:
            net = price_of(Money(self.amount * times, cost.currency), amounts, vat_percent).net
        held: Held = ""
        if self.at_least and net < cost + Money(self.at_least * times, cost.currency):
            net, held = cost + Money(self.at_least * times, cost.currency), "at_least"
        if net < cost and not self.may_lose:
            net, held = cost, "cost"
        return net, held

    def _tidied(self, wanted: Money, amounts: Amounts, vat_percent: Decimal) -> Money:
        """Give the price its ending; where the list counts the other way, the ending is worn by what follows."""
        if self.ending.amounts == amounts or self.ending.step == 1:
            return tidy(wanted, self.ending)
        other = price_of(wanted, amounts, vat_percent)
        worn = tidy(other.net if self.ending.amounts == "net" else other.gross, self.ending)
        again = self._counted(worn, amounts, vat_percent)
        if again < wanted:  # going there and back again lost a cent
            again = self._counted(tidy(Money(worn.minor + 1, worn.currency), self.ending), amounts, vat_percent)
        return again

    def _counted(self, worn: Money, amounts: Amounts, vat_percent: Decimal) -> Money:
        """Count an amount that wears the ending as the list counts."""
        price = price_of(worn, self.ending.amounts, vat_percent)
        return price.gross if amounts == "gross" else price.net

    def _below_ceiling(self, cost: Money, amounts: Amounts, vat_percent: Decimal) -> tuple[Money, Held]:
        """Return the ceiling, with the ending if one fits below it; the cost, tidied, where that would be a loss."""
        ceiling = Money(self.ceiling or 0, cost.currency)
        for lower in (tidy_down(ceiling, self.ending), ceiling):
            is_loss = price_of(lower, amounts, vat_percent).net < cost
            if lower.minor >= (self.floor or 0) and (self.may_lose or not is_loss):
                return lower, "ceiling"
        least = price_of(cost, "net", vat_percent)
        return self._tidied(least.gross if amounts == "gross" else least.net, amounts, vat_percent), "cost"


@dataclass(frozen=True, kw_only=True)
class RuledPrice:
    """What a rule made of a cost: ``before`` its ending was put on, and what held it, if anything did."""

    rule: Rule
    cost: Money
    before: Money
    price: Price
    held: Held


def first_fitting(rules: Sequence[Rule], item: Item, cost: Money) -> Rule | None:
    """Return the first rule that fits, in the order of the shop."""
    return next((rule for rule in rules if rule.fits(item, cost)), None)


def read_rule(row: RuleRow, tld_groups: Mapping[str, Collection[str]] | None = None) -> Rule:
    """Read a margin rule's row; ``tld_groups`` are the endings of the shop's groups of endings, by slug.

    Its ``terms``: the conditions ``kinds``, ``endings``, ``tld_groups``, ``actions`` (lists, empty for any),
    ``names`` (standard or premium), ``cost_from_minor``, ``cost_to_minor``; ``method`` with ``percent`` (a text) or
    ``amount_minor``, ``per_year``; ``at_least_minor``, ``floor_minor``, ``ceiling_minor``; ``step``, ``digits`` and
    ``amounts`` of the ending; ``may_lose``. Raises ``ValueError`` for terms that make no sense.
    """
    terms = row.terms
    method, names, amounts = terms.get("method", "markup"), terms.get("names", "standard"), terms.get("amounts")
    if method not in METHODS or names not in get_args(Names) or amounts not in (None, *get_args(Amounts)):
        raise ValueError("no such method, names or amounts")
    return Rule(
        id=row.id,
        name=row.name,
        position=row.position,
        kinds=read_set(terms, "kinds"),
        endings=read_endings(terms, tld_groups or {}),
        actions=read_set(terms, "actions"),
        names=names,
        cost_from=int(terms.get("cost_from_minor") or 0),
        cost_to=_whole(terms, "cost_to_minor"),
        method=method,
        percent=read_percent(terms.get("percent") or "0"),
        amount=int(terms.get("amount_minor") or 0),
        per_year=bool(terms.get("per_year")),
        at_least=int(terms.get("at_least_minor") or 0),
        floor=_whole(terms, "floor_minor"),
        ceiling=_whole(terms, "ceiling_minor"),
        ending=Ending(
            step=int(terms.get("step") or 1), digits=int(terms.get("digits") or 0), amounts=amounts or "gross"
        ),
        may_lose=bool(terms.get("may_lose")),
    )


def _whole(terms: Mapping[str, Any], name: str) -> int | None:
    given = terms.get(name)
    return None if given is None or given == "" else int(given)
