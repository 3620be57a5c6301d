"""The last thirty days in figures, each with its days and the thirty before."""

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

DAYS = 30
KINDS = ("sales", "orders", "domains", "customers")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What there was on each of thirty days, their sum, and that of the thirty days before."""

    values: tuple[int, ...]
    total: int
    before: int

    @property
    def change_percent(self) -> int | None:
        """How much more than before, in hundredths; ``None`` where nothing was."""
        return round((self.total - self.before) * 100 / self.before) if self.before else None


def last_days(db: Work, zone: str) -> dict[str, Figure]:
    """Count sales without VAT (minor units), orders, new domains and new customers by day of the shop's calendar."""
    today = clock.today(zone)
    first = today - timedelta(days=2 * DAYS - 1)
    since = db.now - timedelta(days=2 * DAYS + 1)
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
    return {kind: _figure(found[kind], first) for kind in KINDS}


def _since(model: Any, moment: datetime) -> tuple[Any, ...]:
    # The key is born with the row, so the primary key itself finds the young ones.
    return (model.id >= first_uuid7(moment),)


def _by_day(kind: str, column: InstrumentedAttribute[Any], zone: str, amount: Any) -> Select[Any]:
    day = cast(func.timezone(zone, column), Date)
    return select(literal(kind), day, amount).group_by(day)


def _figure(by_day: dict[date, int], first: date) -> Figure:
    days = [by_day.get(first + timedelta(days=number), 0) for number in range(2 * DAYS)]
    return Figure(values=tuple(days[DAYS:]), total=sum(days[DAYS:]), before=sum(days[:DAYS]))
