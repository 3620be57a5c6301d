"""How far the credit reaches: what the names that renew by themselves will cost, beside what there is."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import case, func, select

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.portfolio.models import Domain
from storefront.pricing.models import WholesalePrice

SPANS = (7, 30, 90)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """What renewals of the next so many days cost."""

    days: int
    need: Money


def runway(db: Work, currency: str) -> list[Stretch]:
    """Add up what renewals cost at today's wholesale prices: a year for each name that renews by itself."""
    ends = [db.now + timedelta(days=days) for days in SPANS]
    span = case(*((Domain.paid_until < end, days) for end, days in zip(ends, SPANS, strict=True)))
    coming = (
        select(Domain.ending, span.label("span"), func.count().label("names"))
        .where(Domain.closed_at.is_(None), Domain.renews_itself.is_(True))
        .where(Domain.paid_until >= db.now, Domain.paid_until < ends[-1])
        .group_by(Domain.ending, span)
        .subquery()
    )
    newest = (
        select(WholesalePrice.minor)
        .where(
            WholesalePrice.ending == coming.c.ending,
            WholesalePrice.action == "renew",
            WholesalePrice.years == 1,
            WholesalePrice.currency == currency,
            WholesalePrice.valid_from <= db.now.date(),
        )
        .order_by(WholesalePrice.valid_from.desc())
        .limit(1)
        .scalar_subquery()
    )
    question = select(coming.c.span, func.sum(coming.c.names * func.coalesce(newest, 0))).group_by(coming.c.span)
    by_span = {int(days): int(minor) for days, minor in db.execute(question)}
    return [
        Stretch(days=days, need=Money(sum(by_span.get(each, 0) for each in SPANS if each <= days), currency))
        for days in SPANS
    ]
