"""Jobs that were done long ago; waiting, running and stuck ones stay."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select

from storefront.core.db import Work
from storefront.core.jobs import Job

KEPT = timedelta(days=30)


def _old(db: Work) -> ColumnElement[bool]:
    return (Job.state == "done") & (Job.done_at < db.now - KEPT)


def shops_with_old_jobs(db: Work) -> Sequence[UUID]:
    """List, in an office Work, the shops with jobs done more than thirty days ago."""
    return db.scalars(select(Job.reseller_id).where(_old(db)).distinct())


def sweep_old_jobs(db: Work) -> None:
    """Forget the jobs done more than thirty days ago; their events have been handed over and come no more."""
    db.execute(delete(Job).where(Job.reseller_id == db.reseller_id, _old(db)))
