"""Events that were handed to their reactions long ago; one whose reaction still waits or is stuck stays."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, delete, exists, select

from storefront.core.db import Work
from storefront.core.jobs import Job
from storefront.core.outbox import OutboxEvent

KEPT = timedelta(days=30)


def _old(db: Work) -> ColumnElement[bool]:
    of_event = (Job.reseller_id == OutboxEvent.reseller_id) & (Job.argument == cast(OutboxEvent.id, String))
    return and_(OutboxEvent.handed_at < db.now - KEPT, ~exists().where(of_event))


def shops_with_old_events(db: Work) -> Sequence[UUID]:
    """List, in an office Work, the shops with events handed over more than thirty days ago."""
    return db.scalars(select(OutboxEvent.reseller_id).where(_old(db)).distinct())


def sweep_old_events(db: Work) -> None:
    """Forget the events handed over more than thirty days ago whose jobs are gone as well."""
    db.execute(delete(OutboxEvent).where(OutboxEvent.reseller_id == db.reseller_id, _old(db)))
