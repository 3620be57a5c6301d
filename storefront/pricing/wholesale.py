"""What the platform charges a reseller on its plan: the cost of every command."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    ScalarSelect,
    Select,
    String,
    Table,
    Uuid,
    column,
    func,
    literal,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import InstrumentedAttribute, aliased

from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.core.money import Money
from storefront.pricing.history_rules import SeenKey
from storefront.pricing.models import STANDARD_PLAN, WholesalePlan, WholesalePrice
from tenants.models import Reseller

# Counted here, a storey below the portfolio: how many names a reseller has decides what a name costs it.
DOMAIN = table(
    "domain",
    column("reseller_id", Uuid),
    column("ending", String),
    column("closed_at", DateTime),
    column("paid_until", DateTime),
)
_COLUMNS = (
    WholesalePrice.kind,
    WholesalePrice.ending,
    WholesalePrice.action,
    WholesalePrice.years,
    WholesalePrice.minor,
    WholesalePrice.currency,
    WholesalePrice.valid_from,
    WholesalePrice.plan,
)


@dataclass(frozen=True, kw_only=True)
class CostRow:
    """What something costs a reseller from a day on, and what it will cost next."""

    key: SeenKey
    cost: Money
    valid_from: date
    next_cost: Money | None = None
    next_from: date | None = None

    @property
    def rises(self) -> bool:
        """Whether it will cost more; amounts of two currencies do not compare."""
        known = self.next_cost
        return known is not None and known.currency == self.cost.currency and known > self.cost


def plan_of(reseller_id: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> ScalarSelect[str]:
    """Return the plan of a reseller, for a statement: agreed by hand, else by the number of domains, else standard."""
    # Said explicitly, since a statement finds the reseller of a question two levels up only if it is told to.
    own = aliased(Reseller)
    by_hand = select(func.nullif(own.wholesale_plan, "")).where(own.id == reseller_id).correlate(Reseller)
    owned = (
        select(func.count())
        .select_from(DOMAIN)
        .where(DOMAIN.c.reseller_id == reseller_id, DOMAIN.c.closed_at.is_(None), DOMAIN.c.paid_until.is_not(None))
        .correlate(Reseller)
    )
    by_volume = (
        select(WholesalePlan.code)
        .where(WholesalePlan.from_domains <= owned.scalar_subquery())
        .order_by(WholesalePlan.from_domains.desc())
        .limit(1)
        .correlate(Reseller)
    )
    agreed = func.coalesce(by_hand.scalar_subquery(), by_volume.scalar_subquery(), literal(STANDARD_PLAN, String))
    return select(agreed).correlate(Reseller).scalar_subquery()


def own_domain_endings(db: Work) -> list[str]:
    """List the endings of the names that the customers of this shop have, offered still or not."""
    own = (DOMAIN.c.reseller_id == db.reseller_id, DOMAIN.c.closed_at.is_(None))
    return list(db.scalars(select(DOMAIN.c.ending).where(*own).distinct()))


def own_plan(db: Work) -> str:
    """Return the code of the plan that this reseller is on today."""
    return db.scalar(select(plan_of(literal(db.reseller_id, Uuid)))) or STANDARD_PLAN


def on_plan(plan: ColumnElement[str]) -> ColumnElement[bool]:
    """Say that a price is of a plan or of the standard one, which holds for whatever a plan does not name."""
    return or_(WholesalePrice.plan == plan, WholesalePrice.plan == STANDARD_PLAN)


def nearest(plan: ColumnElement[str]) -> tuple[Any, ...]:
    """Order prices so that the plan's own comes before the standard one, the newest first."""
    return ((WholesalePrice.plan == plan).desc(), WholesalePrice.valid_from.desc())


def find_cost(
    db: Work, ending: str, action: str, years: int, *, currency: str = "EUR", kind: str = "domain"
) -> Money | None:
    """Find what an action on a standard name costs today, net, for the whole term; ``None`` if it is not sold."""
    plan = plan_of(literal(db.reseller_id, Uuid))
    newest = (
        select(WholesalePrice)
        .where(
            WholesalePrice.kind == kind,
            WholesalePrice.ending == ending,
            WholesalePrice.action == action,
            WholesalePrice.years == years,
            WholesalePrice.currency == currency,
            WholesalePrice.valid_from <= db.today,
            on_plan(plan),
        )
        .order_by(*nearest(plan))
        .limit(1)
    )
    row = db.scalar(newest)
    return Money(row.minor, row.currency) if row else None


def cost(db: Work, ending: str, action: str, years: int, *, currency: str = "EUR") -> Money:
    """Return what an action on a standard name costs today; raises ``NotFound`` when the platform does not sell it."""
    found = find_cost(db, ending, action, years, currency=currency)
    if found is None:
        raise NotFound
    return found


def cost_of_transfer(db: Work, ending: str, *, currency: str = "EUR") -> Money:
    """Return what a transfer costs today, whatever it adds to the term; ``NotFound`` when the platform sells none."""
    plan = plan_of(literal(db.reseller_id, Uuid))
    newest = (
        select(WholesalePrice)
        .where(
            WholesalePrice.kind == "domain",
            WholesalePrice.ending == ending,
            WholesalePrice.action == "transfer",
            WholesalePrice.currency == currency,
            WholesalePrice.valid_from <= db.today,
            on_plan(plan),
        )
        .order_by(*nearest(plan), WholesalePrice.years)
        .limit(1)
    )
    row = db.scalar(newest)
    if row is None:
        raise NotFound
    return Money(row.minor, row.currency)


def cost_rows(
    db: Work, *, on: date | None = None, plan: str | None = None, endings: Collection[str] | None = None
) -> Mapping[SeenKey, CostRow]:
    """Return what everything costs on a day, and the next change of each; on this reseller's plan, or on another.

    Two statements for all endings, or for those that are named. A thing that costs in two currencies is read in the one
    whose price is newer.
    """
    day = on or db.today
    own = plan or own_plan(db)
    named = literal(own, String)
    meant = (WholesalePrice.ending.in_(endings),) if endings is not None else ()
    coming = (
        select(*_COLUMNS)
        .where(WholesalePrice.valid_from > day, on_plan(named), *meant)
        .order_by(WholesalePrice.valid_from, (WholesalePrice.plan == named).desc())
    )
    later: dict[SeenKey, list[Any]] = {}
    for row in db.execute(coming):
        later.setdefault((row.kind, row.ending, row.action, row.years), []).append(row)
    found: dict[SeenKey, CostRow] = {}
    for row in db.execute(_costs_on(day, named).where(*meant)):
        at = (row.kind, row.ending, row.action, row.years)
        # Where the plan has a price of its own, a change of the standard one is no change.
        following = next((each for each in later.get(at, ()) if each.plan == own or row.plan != own), None)
        found[at] = CostRow(
            key=at,
            cost=Money(row.minor, row.currency),
            valid_from=row.valid_from,
            next_cost=Money(following.minor, following.currency) if following else None,
            next_from=following.valid_from if following else None,
        )
    return found


def cost_stamp(db: Work, plan: str) -> tuple[int, int]:
    """Return what tells whether the costs of a plan today are still those that were read: a hash, and how many."""
    row = func.hash_record_extended(cast("Table", WholesalePrice.__table__).table_valued(), 0)
    holding = (WholesalePrice.valid_from <= db.today, on_plan(literal(plan, String)))
    found, count = db.execute(select(func.bit_xor(row), func.count()).where(*holding)).one()
    return found or 0, count


def current_costs(
    db: Work, *, on: date | None = None, plan: str | None = None, ending: str = ""
) -> Mapping[SeenKey, Money]:
    """Return what everything costs on a day, net, each in the currency that it is charged in; as ``cost_rows``.

    Of one ``ending`` only, where it is named.
    """
    wanted = _costs_on(on or db.today, literal(plan or own_plan(db), String))
    rows = db.execute(wanted.where(WholesalePrice.ending == ending) if ending else wanted)
    # Of ten thousand costs many are the same amount, and many of an ending: each is kept once.
    made: dict[tuple[int, str], Money] = {}
    found: dict[SeenKey, Money] = {}
    words: dict[str, str] = {}
    for kind, named, action, years, minor, currency, _valid_from, _plan in rows:
        cost = made.get((minor, currency))
        if cost is None:
            cost = made[minor, currency] = Money(minor, currency)
        found[kind, words.setdefault(named, named), words.setdefault(action, action), years] = cost
    return found


def _costs_on(day: date, plan: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
    """Select the one cost of everything that holds on a day."""
    key = _COLUMNS[:4]
    return (
        select(*_COLUMNS)
        .ext(distinct_on(*key))
        .where(WholesalePrice.valid_from <= day, on_plan(plan))
        .order_by(*key, *nearest(plan))
    )
