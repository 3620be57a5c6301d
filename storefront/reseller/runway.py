"""How far the credit reaches: what the names that renew by themselves will cost, beside what there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, Integer, Select, Uuid, and_, case, cast, func, literal, select

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.orders.models import OrderItem
from storefront.portfolio.models import Domain
from storefront.pricing.models import WholesalePrice
from storefront.pricing.wholesale import nearest, on_plan, plan_of

SPANS = (7, 30, 90)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """What renewals of the next so many days cost."""

    days: int
    need: Money


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What renewals cost day by day: by when the credit is used up, and what is missing until the end."""

    stretches: Sequence[Stretch]
    used_up_on: date | None
    missing: Money | None


def _stretches(by_day: list[tuple[date, int]], now: datetime, currency: str) -> list[Stretch]:
    return [
        Stretch(
            days=days,
            need=Money(sum(minor for day, minor in by_day if day <= (now + timedelta(days=days)).date()), currency),
        )
        for days in SPANS
    ]


def forecast(db: Work, credit: Money) -> Forecast:
    """Say until when a credit lasts if nothing is added to it."""
    by_day = _needs(db, credit.currency)
    left, used_up_on = credit.minor, None
    for day, minor in by_day:
        left -= minor
        if left < 0 and used_up_on is None:
            used_up_on = day
    stretches = _stretches(by_day, db.now, credit.currency)
    missing = Money(-left, credit.currency) if left < 0 else None
    return Forecast(stretches=stretches, used_up_on=used_up_on, missing=missing)


def _needs(db: Work, currency: str) -> list[tuple[date, int]]:
    """Return what renewals cost on each day, the nearest first, at today's wholesale prices; one question.

    A year for each name that renews by itself; a name whose registry has a price of its own costs that.
    """
    found = db.execute(_question(db, currency)).all()
    return [(day, int(minor)) for day, minor in found]


def _question(db: Work, currency: str) -> Select[Any]:
    day = cast(func.timezone("UTC", Domain.paid_until), Date)
    until = db.now + timedelta(days=SPANS[-1])
    bought = and_(
        OrderItem.reseller_id == Domain.reseller_id,
        OrderItem.domain_id == Domain.id,
        OrderItem.name_ascii == Domain.name_ascii,
        OrderItem.premium["renewal"]["currency"].astext == currency,
    )
    own = cast(OrderItem.premium["renewal"]["minor"].astext, Integer)
    coming = (
        select(
            day.label("ends_on"),
            # What has a price of its own needs no list price, so those of one ending and day count together.
            case((own.is_(None), Domain.ending)).label("listed_as"),
            func.count().label("names"),
            func.coalesce(func.sum(own), 0).label("own"),
        )
        .select_from(Domain)
        .outerjoin(OrderItem, bought)
        .where(Domain.closed_at.is_(None), Domain.renews_itself.is_(True))
        .where(Domain.paid_until >= db.now, Domain.paid_until < until)
        .group_by("ends_on", "listed_as")
        .subquery()
    )
    plan = plan_of(literal(db.reseller_id, Uuid))
    newest = (
        select(WholesalePrice.minor)
        .where(
            WholesalePrice.kind == "domain",
            WholesalePrice.ending == coming.c.listed_as,
            WholesalePrice.action == "renew",
            WholesalePrice.years == 1,
            WholesalePrice.currency == currency,
            WholesalePrice.valid_from <= db.now.date(),
            on_plan(plan),
        )
        .order_by(*nearest(plan))
        .limit(1)
        .scalar_subquery()
    )
    listed = coming.c.names * func.coalesce(newest, literal(0))
    need = func.sum(coming.c.own + listed)
    return select(coming.c.ends_on, need).group_by(coming.c.ends_on).order_by(coming.c.ends_on)
