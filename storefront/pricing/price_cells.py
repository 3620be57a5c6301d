"""rule: a cell of a price list: what it earns, what a change does to it, and many changes weighed together."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from storefront.catalog.tlds import TldRules
from storefront.core.money import Money, exponent, round_half_up
from storefront.pricing.amounts import HUNDRED, Amounts, price_of
from storefront.pricing.items import BY_THE_YEAR, DOMAIN_ACTIONS, LONGEST_TERM

# A million of any currency: more is a slip of the keyboard, and less than what the column holds.
MOST = 1_000_000
# Below this share of the net price a margin is shown as thin.
THIN_PERCENT = Decimal(10)
# A price that moves by more than this share is worth a second look.
LARGE_STEP_PERCENT = Decimal(20)
# Percentages are compared as whole numbers of so many parts.
FINE = 10_000

_SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
_WRAPPING = re.compile(r"^(?:[A-Z]{3}|[€$£¥]|zł)|(?:[A-Z]{3}|[€$£¥]|zł)$")
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,4})?")
_LAST_POINTS = re.compile(r"[.,]")


class CellKey(NamedTuple):
    """Which price: an ending (A-label), an action, a number of years; ``years`` is 1 where there is no term."""

    ending: str
    action: str
    years: int


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is needed to say what a price earns: how the list counts and which VAT its customers see."""

    currency: str
    amounts: Amounts
    vat_percent: Decimal


@dataclass(frozen=True, kw_only=True)
class Earning:
    """What is left of a price: net price less cost, and its share of the net price."""

    net: Money
    left: Money
    percent: Decimal

    @property
    def is_loss(self) -> bool:
        """Whether each sale costs money."""
        return self.left.minor < 0

    @property
    def is_thin(self) -> bool:
        """Whether little is left; what costs nothing and is given away is not meant."""
        return bool(self.net.minor) and not self.is_loss and self.percent < THIN_PERCENT


@dataclass(frozen=True, kw_only=True)
class Change:
    """A price before and after; ``None`` is no price, so it is not sold. ``cost`` is net, ``None`` where unknown."""

    key: CellKey
    before: Money | None
    after: Money | None
    cost: Money | None = None
    is_by_rule: bool = False

    @property
    def percent(self) -> Decimal | None:
        """By how much of itself the price moves; ``None`` where one of the two is missing or was free."""
        if self.before is None or self.after is None or not self.before.minor:
            return None
        return Decimal(self.after.minor - self.before.minor) * HUNDRED / self.before.minor


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """Many changes in numbers, each number with the changes that make it."""

    changed: tuple[Change, ...]
    losses: tuple[Change, ...]
    rises: tuple[Change, ...]
    falls: tuple[Change, ...]
    added: tuple[Change, ...]
    removed: tuple[Change, ...]


@lru_cache(maxsize=65_536)
def _net_minor(minor: int, terms: Terms) -> int:
    """Return the net price; kept, because a list of ten thousand prices has a few hundred different ones."""
    return price_of(Money(minor, terms.currency), terms.amounts, terms.vat_percent).net.minor


class _Nets(dict[int, int]):
    """Net prices by price, for a whole list at once: asking the kept ones by their terms costs more than adding."""

    def __init__(self, terms: Terms) -> None:
        super().__init__()
        self._terms = terms

    def __missing__(self, minor: int) -> int:
        self[minor] = found = _net_minor(minor, self._terms)
        return found


def losing(prices: Mapping[CellKey, int], costs: Mapping[CellKey, Money], terms: Terms) -> list[CellKey]:
    """Return the cells whose price lies below cost."""
    nets, currency = _Nets(terms), terms.currency
    return [
        key
        for key, minor in prices.items()
        if (cost := costs.get(key)) is not None and cost.currency == currency and nets[minor] < cost.minor
    ]


def earning(price: Money, cost: Money | None, terms: Terms) -> Earning | None:
    """Say what is left of a price; ``None`` where nobody knows the cost."""
    if cost is None or cost.currency != price.currency:
        return None
    net = Money(_net_minor(price.minor, terms), price.currency)
    left = net - cost
    if not net.minor:
        return Earning(net=net, left=left, percent=-HUNDRED if left.minor else Decimal(0))
    return Earning(net=net, left=left, percent=Decimal(left.minor) * HUNDRED / net.minor)


def is_loss(price: Money | None, cost: Money | None, terms: Terms) -> bool:
    """Whether a price lies below its cost."""
    found = earning(price, cost, terms) if price is not None else None
    return found is not None and found.is_loss


def weigh(changes: Iterable[Change], terms: Terms) -> Weighed:
    """Sum up changes; those that change nothing do not count."""
    changed = tuple(change for change in changes if change.before != change.after)
    moved = [(change, change.percent) for change in changed]
    return Weighed(
        changed=changed,
        losses=tuple(change for change in changed if is_loss(change.after, change.cost, terms)),
        rises=tuple(change for change, percent in moved if percent is not None and percent > LARGE_STEP_PERCENT),
        falls=tuple(change for change, percent in moved if percent is not None and percent < -LARGE_STEP_PERCENT),
        added=tuple(change for change in changed if change.before is None),
        removed=tuple(change for change in changed if change.after is None),
    )


def middle_margin(prices: Mapping[CellKey, int], costs: Mapping[CellKey, Money], terms: Terms) -> Decimal | None:
    """Return the median margin of what is registered and renewed, in percent; ``None`` where no cost is known."""
    nets, currency, found = _Nets(terms), terms.currency, []
    for key, minor in prices.items():
        cost = costs.get(key)
        if not minor or cost is None or cost.currency != currency or key[1] not in BY_THE_YEAR:
            continue
        net = nets[minor]
        if net:
            found.append((net - cost.minor) * 100 * FINE // net)
    if not found:
        return None
    found.sort()
    both = found[(len(found) - 1) // 2] + found[len(found) // 2]
    return Decimal(both) / (2 * FINE)


def is_sold(key: CellKey, rules: TldRules | None) -> bool:
    """Whether the registry of an ending lets this be sold at all: its own terms, and restoring where there is that."""
    if rules is None or key.action not in DOMAIN_ACTIONS or not 1 <= key.years <= LONGEST_TERM:
        return False
    if key.action == "register":
        return key.years in rules.register_years
    if key.action == "renew":
        return key.years in rules.renew_years
    return key.years == 1 and (key.action != "restore" or rules.may_restore)


def read_amount(typed: str, currency: str) -> Money | None:
    """Read an amount as people type and spreadsheets paste it: ``1 234,50 €``, ``12.9``, ``PLN 49,00``.

    Nothing or a dash is no price and gives ``None``. Raises ``ValueError`` for what is no amount, has too many digits
    behind the point, lies below zero, or might mean two things (``1,234``).
    """
    text = _SPACES.sub("", typed)
    if text in ("", "-", "\u2013", "\u2014"):
        return None
    text = _WRAPPING.sub("", _WRAPPING.sub("", text))
    points = _LAST_POINTS.findall(text)
    digits = exponent(currency)
    if len(set(points)) == 2:  # noqa: PLR2004 - a point and a comma: the last one is the decimal one
        decimal = points[-1]
        if points.count(decimal) > 1:
            raise ValueError(typed)
        thousands = "," if decimal == "." else "."
        text = text.replace(thousands, "").replace(decimal, ".")
    elif len(points) == 1:
        tail = text.rpartition(points[0])[2]
        # Three digits after the only separator may be thousands or thousandths: asked again rather than guessed.
        if len(tail) == 3 and digits != 3:  # noqa: PLR2004 - a group of thousands
            raise ValueError(typed)
        text = text.replace(",", ".")
    elif points:
        raise ValueError(typed)
    if _AMOUNT.fullmatch(text) is None:
        raise ValueError(typed)
    scaled = Decimal(text).scaleb(digits)
    if scaled != scaled.to_integral_value() or scaled > Decimal(MOST).scaleb(digits):
        raise ValueError(typed)
    return Money(round_half_up(scaled), currency)


def write_amount(minor: int, currency: str, point: str = ".") -> str:
    """Write an amount as it stands in a cell: no currency, no groups, always all digits behind the point."""
    digits = exponent(currency)
    if not digits:
        return str(minor)
    whole, rest = divmod(minor, 10**digits)
    return f"{whole}{point}{rest:0{digits}d}"
