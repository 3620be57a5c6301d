"""The last days in figures, each with its days and as many before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, Select, cast, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute

from storefront.billing.models import Document
from storefront.core import clock
from storefront.core.db import Work
from storefront.core.ids import first_uuid7
from storefront.customers.models import Customer
from storefront.orders.models import PurchaseOrder
from storefront.portfolio.models import Domain

SPANS = (1, 7, 30)
DAYS = 30
KINDS = ("sales", "orders", "domains", "customers")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What there was on each of some days, their sum, and that of as many days before."""

    values: tuple[int, ...]
    total: int
    before: int

    @property
    def change_percent(self) -> int | None:
        """How much more than before, in hundredths; ``None`` where nothing was."""
        return round((self.total - self.before) * 100 / self.before) if self.before else None


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How many names end within some days, and how many of them will not renew by themselves."""

    names: int
    left_alone: int


def ending_within(db: Work, days: int) -> Ending:
    """Count the names that end soon."""
    coming = select(func.count(), func.count().filter(Domain.renews_itself.is_(False))).where(
        Domain.closed_at.is_(None), Domain.paid_until >= db.now, Domain.paid_until < db.now + timedelta(days=days)
    )
    names, left_alone = db.execute(coming).one()
    return Ending(names=names, left_alone=left_alone)


def last_days(db: Work, zone: str, days: int = DAYS) -> dict[str, Figure]:
    """Count sales without VAT (minor units), orders, new domains and new customers by day of the shop's calendar."""
    today = clock.today(zone)
    first = today - timedelta(days=2 * days - 1)
    since = db.now - timedelta(days=2 * days + 1)
    paid = (Document.kind == "proforma", Document.state == "paid", Document.paid_at >= since)
    questions = (
        _by_day("sales", Document.paid_at, zone, func.sum(Document.net_minor)).where(*paid),
        _by_day("orders", PurchaseOrder.placed_at, zone, func.count()).where(*_since(PurchaseOrder, since)),
        _by_day("domains", Domain.registered_at, zone, func.count()).where(*_since(Domain, since)),
        _by_day("customers", Customer.created_at, zone, func.count()).where(*_since(Customer, since)),
    )
    found: dict[str, dict[date, int]] = {kind: {} for kind in KINDS}
    for kind, day, amount in db.execute(union_all(*questions)):
        found[kind][day] = int(amount)
    return {kind: _figure(found[kind], first, days) for kind in KINDS}


def _since(model: Any, moment: datetime) -> tuple[Any, ...]:
    # The key is born with the row, so the primary key itself finds the young ones.
    return (model.id >= first_uuid7(moment),)


def _by_day(kind: str, column: InstrumentedAttribute[Any], zone: str, amount: Any) -> Select[Any]:
    day = cast(func.timezone(zone, column), Date)
    return select(literal(kind), day, amount).group_by(day)


def _figure(by_day: dict[date, int], first: date, days: int) -> Figure:
    counted = [by_day.get(first + timedelta(days=number), 0) for number in range(2 * days)]
    return Figure(values=tuple(counted[days:]), total=sum(counted[days:]), before=sum(counted[:days]))
