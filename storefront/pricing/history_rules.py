"""rule: the lowest price of the thirty days before a reduction, and which price may be struck through beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Protocol
from zoneinfo import ZoneInfo

from storefront.core.i18n import Text, format_day, format_money
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money

# Directive 98/6/EC art. 6a (2): "a period of time not shorter than 30 days prior to the application of the price
# reduction". Counted in whole days where the shop keeps its books, so that no reading of the law makes it shorter.
DAYS = 30

# Kind, ending, action, years.
SeenKey = tuple[str, str, str, int]


class Priced(Protocol):
    """What has a price: an item of a quote, a row of a price list."""

    @property
    def kind(self) -> str:
        """``domain``, or another kind of product."""

    @property
    def ending(self) -> str:
        """The ending, or the product's code."""

    @property
    def action(self) -> str:
        """Register, renew and the like."""

    @property
    def years(self) -> int:
        """For how many years."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What was shown for something from a moment on; without a price it was no longer sold."""

    from_at: datetime
    price: Money | None
    amounts: str
    is_reduced: bool = False


@dataclass(frozen=True, kw_only=True)
class History:
    """What one group of customers saw, oldest first, and how the shop counts now.

    A price in another currency, or net where the shop now says gross, cannot be compared: as long as one lies within
    the thirty days, nothing is claimed.
    """

    currency: str
    amounts: str
    zone: str = "UTC"
    rows: Mapping[SeenKey, Sequence[Seen]] = field(default_factory=dict)

    def of(self, item: Priced) -> Sequence[Seen]:
        """Return what was seen of an item, oldest first."""
        return self.rows.get(key_of(item), ())


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What may be said of a reduction: the price struck through, and how much less it is now, never rounded up.

    ``share`` is that percentage to the last digit.
    """

    struck: Money
    percent: int
    share: Fraction = field(default=Fraction(0), compare=False)


def key_of(item: Priced) -> SeenKey:
    """Name what a price is of."""
    return (item.kind, item.ending, item.action, item.years)


def window_start(at: datetime, zone: str) -> datetime:
    """Return the beginning of the day thirty days before a moment."""
    day = at.astimezone(ZoneInfo(zone)).date() - timedelta(days=DAYS)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


def _within(seen: Sequence[Seen], start: datetime, end: datetime) -> Iterator[Seen]:
    """Yield what was in force at any moment from the start up to, not including, the end."""
    for place, row in enumerate(seen):
        ends_at = seen[place + 1].from_at if place + 1 < len(seen) else end
        # Of two that were noted for the same moment only the later was ever seen.
        if row.from_at < end and ends_at > max(start, row.from_at):
            yield row


def lowest_row(seen: History, item: Priced, at: datetime) -> Seen | None:
    """Find the row of the lowest price of the thirty days before a moment, the latest of equal ones.

    Something sold for less than thirty days is judged by the days it was sold (art. 6a (4)). ``None`` if it was not
    sold at all, or for a price that cannot be compared.
    """
    found: Seen | None = None
    for row in _within(seen.of(item), window_start(at, seen.zone), at):
        if row.price is None:
            continue
        if row.price.currency != seen.currency or row.amounts != seen.amounts:
            return None
        if found is None or found.price is None or row.price <= found.price:
            found = row
    return found


def lowest_before(seen: History, item: Priced, at: datetime) -> Money | None:
    """Return the lowest price of the thirty days before a reduction that begins at ``at``: the only one to compare to.

    ``None`` if there is none: then neither a struck price nor a percentage may stand beside the new one.
    """
    row = lowest_row(seen, item, at)
    return row.price if row else None


def lawful_claim(seen: History, item: Priced, price: Money, at: datetime) -> Claim | None:
    """Return what may be said of a price that began at ``at``; ``None`` when it is no reduction.

    The percentage counts from the lowest price too (Court of Justice, C-330/23, Aldi Süd).
    """
    lowest = lowest_before(seen, item, at)
    if lowest is None or lowest.currency != price.currency or price >= lowest:
        return None
    share = Fraction((lowest.minor - price.minor) * 100, lowest.minor)
    return Claim(struck=lowest, percent=int(share), share=share)


def why_unlawful(
    seen: History, item: Priced, price: Money, at: datetime, *, claimed: Money | None = None
) -> Text | None:
    """Say why a reduction to ``price`` from ``at`` on may not be announced; ``None`` if it may.

    ``claimed`` is a higher price that somebody wants to strike through.
    """
    row = lowest_row(seen, item, at)
    if row is None or row.price is None:
        return _("Nobody has seen another price for this before, so there is no price to strike through.")
    if row.price.currency != price.currency:
        return _("The price before was in another currency, so the two cannot be compared.")
    facts = {"lowest": format_money(row.price), "day": format_day(max(row.from_at, window_start(at, seen.zone)))}
    if price >= row.price:
        return _(
            "In the 30 days before, it could be bought for %(lowest)s (seen from %(day)s). "
            "A price that is not lower may not be announced as a reduction.",
            **facts,
        )
    if claimed is not None and claimed > row.price:
        return _(
            "The price struck through may be %(lowest)s at most: the lowest of the 30 days before (seen from %(day)s).",
            **facts,
        )
    return None


def reduced_since(seen: Sequence[Seen], now: datetime) -> datetime | None:
    """Return since when the present price has been a reduction; ``None`` if it is none.

    Every further change of price begins a reduction of its own: the law of some states lets one that grows step by
    step keep its first price (art. 6a (5)), that of others does not.
    """
    began_at: datetime | None = None
    last: Money | None = None
    for row in seen:
        if row.from_at > now:
            break
        if not row.is_reduced or row.price is None:
            began_at = last = None
        elif row.price != last:
            began_at, last = row.from_at, row.price
    return began_at
