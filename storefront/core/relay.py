"""The relay's work: outbox → jobs, due jobs → the doorbell; safe to run several times at once."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select

from storefront.core.db import Database, Work
from storefront.core.events import EVENTS, Event
from storefront.core.jobs import JOBS, Job
from storefront.core.outbox import OutboxEvent

Reactions = Mapping[type[Event], Iterable[Callable[..., None]]]
Ring = Callable[[str, UUID, UUID], None]

BATCH = 100


def hand_over(database: Database, reactions: Reactions) -> int:
    """Turn waiting events into jobs, one per reaction; returns how many events."""
    with database.office_work() as db:
        events = db.scalars(
            select(OutboxEvent)
            .where(OutboxEvent.handed_at.is_(None))
            .order_by(OutboxEvent.occurred_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True),
        )
        for event in events:
            kind = EVENTS.get(event.name)
            for react in reactions.get(kind, ()) if kind else ():
                _add(db, react.__name__, event)
            event.handed_at = db.now
        db.commit()
        return len(events)


def _add(db: Work, name: str, event: OutboxEvent) -> None:
    row = Job(name=name, argument=str(event.id), queue=JOBS[name].queue, next_at=db.now)
    row.reseller_id = event.reseller_id
    db.add(row)


def ring_due(database: Database, ring: Ring) -> int:
    """Ring for every job that is due and was not rung for lately; returns how many.

    A job whose worker died is due again when its lease ends; one whose ring was lost with Redis, ``sweep_s`` later.
    """
    with database.office_work() as db:
        rung_before = db.now - timedelta(seconds=db.config.sweep_s)
        due = db.scalars(
            select(Job)
            .where(
                or_(Job.state == "waiting", (Job.state == "running") & (Job.lease_until < db.now)),
                Job.next_at <= db.now,
                or_(Job.rung_at.is_(None), Job.rung_at < rung_before),
            )
            .order_by(Job.next_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True),
        )
        calls = [(job.queue, job.id, job.reseller_id) for job in due]
        for job in due:
            job.rung_at = db.now
        db.commit()
    for call in calls:
        ring(*call)
    return len(calls)
