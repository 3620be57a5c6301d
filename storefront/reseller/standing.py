"""How the shop stands: everything the menu and the to-do list count, in one question to the database."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from flask import g
from sqlalchemy import Date, DateTime, ScalarSelect, Select, bindparam, func, select

from cms.models import VisitorMessage
from storefront.billing.models import Document, Payment, PaymentNotice
from storefront.core import clock
from storefront.core.db import Work
from storefront.core.jobs import Job
from storefront.core.money import Money
from storefront.notifications.models import Message
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.pricing.models import CostWarning
from storefront.provisioning.models import Operation
from tenants.maintenance import current_maintenance
from tenants.models import CreditAccount
from tenants.resellers import current_reseller

# Money that came and fits nothing is shown for so long: the gateway's own books have it afterwards.
STRANGE_FOR = timedelta(days=30)
STRANGE = ("other_amount", "other_reference", "late")
UNDER_WAY = ("paid", "processing")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What waits in a shop, as numbers; amounts are those of the credit account."""

    has_account: bool
    credit: Money
    held: Money
    low_at: Money
    asked: Money
    held_back: int
    held_back_cost: Money
    needs_people: int
    refunds: int
    unpaid: int
    late: int
    strange_payments: int
    strange_proforma: UUID | None
    stuck_jobs: int
    failed_letters: int
    unread_messages: int
    orders_under_way: int
    cost_warnings: int
    is_closed_for_work: bool = False

    @property
    def missing(self) -> Money | None:
        """How much credit what waits needs beyond what there is; ``None`` if it is enough."""
        short = self.held_back_cost.minor - self.credit.minor
        return Money(short, self.credit.currency) if self.held_back and short > 0 else None

    @property
    def is_low(self) -> bool:
        """Whether the credit has fallen to the mark the reseller set, or to nothing."""
        return self.has_account and self.credit.minor <= self.low_at.minor


def standing(db: Work) -> Standing:
    """Return how the shop of this request stands; asked once a request."""
    if "standing" not in g:
        g.standing = read_standing(db)
    found: Standing = g.standing
    return found


@cache
def _question() -> Select[Any]:
    """Every part is a count over an index that begins with the reseller; put together once, asked by every page."""
    today, since = bindparam("today", type_=Date), bindparam("since", type_=DateTime(timezone=True))
    strange = (PaymentNotice.outcome.in_(STRANGE), PaymentNotice.received_at > since)
    waiting = (Document.kind == "proforma", Document.state == "issued")
    account = select(CreditAccount).order_by(CreditAccount.currency).limit(1).subquery()
    held_back = (Operation.state == "on_hold", Operation.cost_currency == account.c.currency)
    return select(
        account.c.currency,
        account.c.available_minor,
        account.c.held_minor,
        account.c.low_at_minor,
        account.c.asked_minor,
        select(func.coalesce(func.sum(Operation.cost_minor), 0)).where(*held_back).scalar_subquery().label("cost"),
        _count(Operation, Operation.state == "on_hold").label("held_back"),
        _count(Operation, Operation.state == "manual").label("needs_people"),
        _count(OrderItem, OrderItem.state == "failed", OrderItem.refund_noted_at.is_(None)).label("refunds"),
        _count(Document, *waiting).label("unpaid"),
        _count(Document, *waiting, Document.due_on < today).label("late"),
        _count(PaymentNotice, *strange).label("strange_payments"),
        select(Payment.proforma_id)
        .join(PaymentNotice, PaymentNotice.payment_id == Payment.id)
        .where(*strange)
        .order_by(PaymentNotice.received_at.desc())
        .limit(1)
        .scalar_subquery()
        .label("strange_proforma"),
        _count(Job, Job.state == "stuck").label("stuck_jobs"),
        _count(Message, Message.state == "failed").label("failed_letters"),
        _count(VisitorMessage, VisitorMessage.read_at.is_(None)).label("unread_messages"),
        _count(PurchaseOrder, PurchaseOrder.state.in_(UNDER_WAY)).label("orders_under_way"),
        _count(CostWarning, CostWarning.valid_from > today).label("cost_warnings"),
    ).select_from(select(1).subquery().outerjoin(account, account.c.id.is_not(None)))


def read_standing(db: Work) -> Standing:
    """Read how a shop stands."""
    row = db.execute(_question(), {"today": clock.today(g.zone), "since": db.now - STRANGE_FOR}).one()
    currency = row.currency or "EUR"
    return Standing(
        has_account=row.currency is not None,
        credit=Money(row.available_minor or 0, currency),
        held=Money(row.held_minor or 0, currency),
        low_at=Money(row.low_at_minor or 0, currency),
        asked=Money(row.asked_minor or 0, currency),
        held_back_cost=Money(int(row.cost or 0), currency),
        held_back=row.held_back,
        needs_people=row.needs_people,
        refunds=row.refunds,
        unpaid=row.unpaid,
        late=row.late,
        strange_payments=row.strange_payments,
        strange_proforma=row.strange_proforma,
        stuck_jobs=row.stuck_jobs,
        failed_letters=row.failed_letters,
        unread_messages=row.unread_messages,
        orders_under_way=row.orders_under_way,
        cost_warnings=row.cost_warnings,
        is_closed_for_work=current_maintenance(current_reseller(db), db.now) is not None,
    )


def _count(model: Any, *conditions: Any) -> ScalarSelect[int]:
    return select(func.count()).select_from(model).where(*conditions).scalar_subquery()
