"""How the platform stands: what the operator's menu and first page count, in one question to the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import g
from sqlalchemy import ScalarSelect, func, select

from storefront.core.db import Work
from storefront.core.jobs import Job
from storefront.core.outbox import OutboxEvent
from storefront.provisioning.models import Operation
from tenants.models import CreditAccount, Reseller, Site

# A job that is due for so long has been overlooked: no ring reached a worker.
OVERDUE = timedelta(minutes=2)
# The platform's own row is no shop.
_PLATFORM = select(Reseller.id).where(Reseller.is_platform.is_(True))


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What there is and what waits on the platform, as numbers."""

    shops: int
    suspended: int
    needs_people: int
    on_hold: int
    unknown: int
    under_way: int
    events_waiting: int
    oldest_event_at: datetime | None
    jobs_waiting: int
    jobs_overdue: int
    jobs_running: int
    jobs_stuck: int
    wishes: int


def standing() -> Standing:
    """Return how the platform stands; asked once a request."""
    if "standing" not in g:
        g.standing = read_standing(g.office)
    found: Standing = g.standing
    return found


def read_standing(db: Work) -> Standing:
    """Read how the platform stands, in an office Work. Every part is served by an index of what is unsettled."""
    open_jobs = Job.state.in_(("waiting", "running"))
    waiting = OutboxEvent.handed_at.is_(None)
    row = db.execute(
        select(
            _count(Site, Site.state == "open", Site.reseller_id.not_in(_PLATFORM)).label("shops"),
            _count(Site, Site.state == "suspended").label("suspended"),
            _operations("manual").label("needs_people"),
            _operations("on_hold").label("on_hold"),
            _operations("unknown").label("unknown"),
            _operations("pending", "sending").label("under_way"),
            _count(OutboxEvent, waiting).label("events_waiting"),
            select(func.min(OutboxEvent.occurred_at)).where(waiting).scalar_subquery().label("oldest_event_at"),
            _count(Job, open_jobs, Job.state == "waiting").label("jobs_waiting"),
            _count(Job, open_jobs, Job.state == "waiting", Job.next_at < db.now - OVERDUE).label("jobs_overdue"),
            _count(Job, open_jobs, Job.state == "running").label("jobs_running"),
            _count(Job, Job.state == "stuck").label("jobs_stuck"),
            _count(CreditAccount, CreditAccount.asked_at.is_not(None)).label("wishes"),
        )
    ).one()
    return Standing(**row._asdict())


def _operations(*states: str) -> ScalarSelect[int]:
    return _count(Operation, Operation.state.in_(states), Operation.state.not_in(("done", "failed")))


def _count(model: Any, *conditions: Any) -> ScalarSelect[int]:
    return select(func.count()).select_from(model).where(*conditions).scalar_subquery()
