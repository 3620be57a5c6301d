"""A price list with all that is needed to judge it: costs, what holds now, the rules of each ending."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import compress, repeat
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import aliased

from storefront.catalog.models import Offer
from storefront.catalog.offers import rules_on
from storefront.catalog.tlds import TldRules
from storefront.core.db import Work
from storefront.core.memory import Memory
from storefront.core.money import Money
from storefront.pricing.book import shown_vat_percent
from storefront.pricing.list_prices import told_by
from storefront.pricing.models import MAIN_LINE, Price, PriceList
from storefront.pricing.price_cells import CellKey, Change, Terms, is_sold
from storefront.pricing.sheet_costs import sheet_costs
from tenants.resellers import current_reseller

ListState = Literal["draft", "scheduled", "live", "past"]
DOMAIN = "domain"
# So many prices of published lists are kept in a process: some eight megabytes.
MOST_HELD = 100_000


@dataclass(frozen=True, kw_only=True)
class PriceSheet:
    """A price list laid open: prices in minor units by cell, what holds now beside it, and net costs."""

    row: PriceList
    terms: Terms
    prices: Mapping[CellKey, int]
    by_rule: frozenset[CellKey]
    live_row: PriceList | None
    live: Mapping[CellKey, int]
    costs: Mapping[CellKey, Money]
    rules: Mapping[str, TldRules]
    offered: tuple[str, ...]

    @property
    def endings(self) -> tuple[str, ...]:
        """Every ending the list is about: offered ones in the shop's order, then others that have a price."""
        others = {key.ending for key in self.prices} - set(self.offered)
        return (*self.offered, *sorted(others))

    def change(self, key: CellKey, after: int | None) -> Change:
        """Say what a new price would change against what holds now."""
        return Change(
            key=key,
            before=self.money(self.live.get(key)),
            after=self.money(after),
            cost=self.costs.get(key),
            is_by_rule=key in self.by_rule,
        )

    def changed_keys(self) -> list[CellKey]:
        """Return the cells in which the list differs from what holds now; all, where nothing holds yet."""
        prices, live = self.prices, self.live
        gone = [key for key in live if key not in prices]
        return [*(key for key, minor in prices.items() if live.get(key) != minor), *gone]

    def changes(self) -> list[Change]:
        """Return how the list differs from what holds now, by ending; everything, where nothing holds yet."""
        return [self.change(key, self.prices.get(key)) for key in sorted(self.changed_keys())]

    def money(self, minor: int | None) -> Money | None:
        """Say an amount of this list."""
        return Money(minor, self.terms.currency) if minor is not None else None

    def may_sell(self, key: CellKey) -> bool:
        """Whether the registry lets this be sold."""
        return is_sold(key, self.rules.get(key.ending))


def price_sheet(db: Work, row: PriceList) -> PriceSheet:
    """Lay a price list open. A handful of queries, however long it is."""
    reseller = current_reseller(db)
    terms = Terms(
        currency=row.currency,
        amounts="net" if row.amounts == "net" else "gross",
        vat_percent=shown_vat_percent(reseller, db.today),
    )
    live_row = find_live_list(db, line=row.line, currency=row.currency)
    prices, by_rule = _prices(db, row)
    live = prices if live_row is row else (_held_prices(db, live_row) if live_row is not None else {})
    offered = tuple(db.scalars(select(Offer.ending).where(Offer.is_offered).order_by(Offer.position, Offer.ending)))
    rules = rules_on(db, db.today)
    return PriceSheet(
        row=row,
        terms=terms,
        prices=prices,
        by_rule=by_rule,
        live_row=live_row,
        live=live,
        costs=sheet_costs(db, row.currency),
        rules=rules,
        offered=tuple(ending for ending in offered if ending in rules),
    )


def prices_of(db: Work, row: PriceList, keys: Collection[CellKey]) -> dict[CellKey, int]:
    """Return the prices of some cells of a list."""
    columns = select(Price.ending, Price.action, Price.years, Price.minor)
    cell = tuple_(Price.ending, Price.action, Price.years)
    found = db.execute(columns.where(Price.price_list_id == row.id, Price.kind == DOMAIN, cell.in_(keys)))
    return {CellKey(ending, action, years): minor for ending, action, years, minor in found}


# What was published does not change any more, and every page of a draft stands beside it.
_HELD: Memory[tuple[UUID, datetime | None, int], Mapping[CellKey, int]] = Memory(MOST_HELD)


def _held_prices(db: Work, row: PriceList) -> Mapping[CellKey, int]:
    place = (row.id, row.published_at, row.revision)
    held = _HELD.find(place)
    if held is None:
        held, _by_rule = _prices(db, row)
        _HELD.keep(place, held, cost=len(held))
    return held


def _prices(db: Work, row: PriceList) -> tuple[dict[CellKey, int], frozenset[CellKey]]:
    prices: dict[CellKey, int] = {}
    by_rule = set[CellKey]()
    for told in told_by(db, [row.id], more=Price.is_by_rule):
        if told.kind == DOMAIN:
            keys = [*map(_key, told.endings, repeat(told.action), told.years)]
            prices.update(zip(keys, told.minors, strict=True))
            by_rule.update(compress(keys, told.more))
    return prices, frozenset(by_rule)


@lru_cache(maxsize=65_536)
def _key(ending: str, action: str, years: int) -> CellKey:
    """Name a cell. A list has thousands, and the one that holds has the same: each is made once."""
    return CellKey(ending, action, years)


def find_live_list(db: Work, *, line: str = MAIN_LINE, currency: str, at: datetime | None = None) -> PriceList | None:
    """Find the list of a line that holds, at a moment or now."""
    holding = (
        select(PriceList)
        .where(
            PriceList.line == line,
            PriceList.currency == currency,
            PriceList.published_at.is_not(None),
            PriceList.starts_at <= (at or db.now),
        )
        .order_by(PriceList.starts_at.desc(), PriceList.published_at.desc())
        .limit(1)
    )
    return db.scalar(holding)


def state_of(row: PriceList, live: PriceList | None, now: datetime) -> ListState:
    """Say where a list stands in its life; ``live`` is the one of its line that holds now."""
    if row.published_at is None:
        return "draft"
    if row.starts_at > now:
        return "scheduled"
    return "live" if live is not None and live.id == row.id else "past"


@dataclass(frozen=True, kw_only=True)
class ListedPrices:
    """A price list as the overview shows it."""

    row: PriceList
    state: ListState
    endings: int
    prices: int


def listed_prices(db: Work) -> list[ListedPrices]:
    """Return every list of the shop, drafts first, then by the day they start, the latest first. Three queries."""
    counted = {
        list_id: (endings, prices)
        for list_id, endings, prices in db.execute(
            select(Price.price_list_id, func.count(Price.ending.distinct()), func.count())
            .where(Price.kind == DOMAIN)
            .group_by(Price.price_list_id)
        )
    }
    rows = db.scalars(
        select(PriceList).order_by(PriceList.published_at.is_not(None), PriceList.starts_at.desc(), PriceList.id.desc())
    )
    live = {row.id for row in live_lists(db)}
    found = []
    for row in rows:
        state: ListState = "draft"
        if row.published_at is not None:
            state = "scheduled" if row.starts_at > db.now else ("live" if row.id in live else "past")
        endings, prices = counted.get(row.id, (0, 0))
        found.append(ListedPrices(row=row, state=state, endings=endings, prices=prices))
    return found


def live_lists(db: Work) -> list[PriceList]:
    """Return the list that holds now of every line and currency."""
    later = aliased(PriceList)
    newest = (
        select(later.id)
        .where(
            later.line == PriceList.line,
            later.currency == PriceList.currency,
            later.published_at.is_not(None),
            later.starts_at <= db.now,
        )
        .order_by(later.starts_at.desc(), later.published_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return list(db.scalars(select(PriceList).where(PriceList.id == newest)))


def lines(db: Work) -> list[str]:
    """Return the lines of lists there are, the one for everybody first."""
    found = set(db.scalars(select(PriceList.line).distinct())) - {MAIN_LINE}
    return [MAIN_LINE, *sorted(found)]
