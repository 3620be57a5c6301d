"""What everything costs the shop today, in the currency of a price list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import String, literal, select

from storefront.core.db import Work
from storefront.core.memory import Memory
from storefront.core.money import Money
from storefront.pricing.book import premium_terms
from storefront.pricing.exchange import own_rates
from storefront.pricing.items import DOMAIN
from storefront.pricing.margin import ExchangeRate, NoExchangeRate, convert, find_rate
from storefront.pricing.models import WholesalePrice
from storefront.pricing.price_cells import CellKey
from storefront.pricing.wholesale import cost_rows, cost_stamp, current_costs, on_plan, own_plan
from tenants.resellers import current_reseller


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """Costs as they were last read; ``rates`` are those that some of them were converted with."""

    stamp: tuple[int, int]
    rates: Sequence[ExchangeRate] | None
    costs: Mapping[CellKey, Money]


# Ten thousand costs are the same for every shop of a plan and change once a month: the tables read last are kept, by
# plan, day and currency, as long as their stamp is that of the database.
_KEPT: Memory[tuple[str, date, str], _Kept] = Memory(4)


def known_rates_of(db: Work) -> tuple[ExchangeRate, ...]:
    """Return the rates this shop may use: those taken in by the platform, and its own."""
    terms = premium_terms(current_reseller(db).settings)
    return (*own_rates(db), *(terms.exchange_rates if terms else ()))


def sheet_costs(db: Work, currency: str) -> Mapping[CellKey, Money]:
    """Return the net cost of every cell of a price list; what cannot be converted is left out, never guessed."""
    plan = own_plan(db)
    stamp = cost_stamp(db, plan)
    kept = _KEPT.find((plan, db.today, currency))
    if kept is None or kept.stamp != stamp or (kept.rates is not None and kept.rates != known_rates_of(db)):
        rates, costs = _read(db, plan, currency)
        kept = _Kept(stamp=stamp, rates=rates, costs=costs)
        _KEPT.keep((plan, db.today, currency), kept)
    return kept.costs


class ComingCost(NamedTuple):
    """What something is going to cost, in the currency that it is charged in, from a day on."""

    cost: Money
    since: date
    rises: bool


def coming_costs(db: Work, endings: Collection[str]) -> Mapping[CellKey, ComingCost]:
    """Return the next change of what some endings cost. Most days nothing is scheduled, and two statements say so."""
    plan = own_plan(db)
    scheduled = select(WholesalePrice.ending).where(
        WholesalePrice.kind == DOMAIN,
        WholesalePrice.valid_from > db.today,
        WholesalePrice.ending.in_(endings),
        on_plan(literal(plan, String)),
    )
    changing = list(db.scalars(scheduled.distinct())) if endings else []
    rows = cost_rows(db, plan=plan, endings=changing) if changing else {}
    return {
        CellKey(ending, action, years): ComingCost(row.next_cost, row.next_from, row.rises)
        for (kind, ending, action, years), row in rows.items()
        if kind == DOMAIN and row.next_cost and row.next_from and row.next_cost != row.cost
    }


def _read(db: Work, plan: str, currency: str) -> tuple[Sequence[ExchangeRate] | None, dict[CellKey, Money]]:
    rates: dict[str, ExchangeRate | None] = {}
    known: Sequence[ExchangeRate] | None = None
    found: dict[CellKey, Money] = {}
    for (kind, ending, action, years), cost in current_costs(db, plan=plan).items():
        if kind != "domain":
            continue
        if cost.currency != currency:
            if known is None:
                known = known_rates_of(db)
            if cost.currency not in rates:
                try:
                    rates[cost.currency] = find_rate(known, cost.currency, currency, db.today)
                except NoExchangeRate:
                    rates[cost.currency] = None
            rate = rates[cost.currency]
            if rate is None:
                continue
            found[CellKey(ending, action, years)] = convert(cost, rate)
        else:
            found[CellKey(ending, action, years)] = cost
    return known, found
