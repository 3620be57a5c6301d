"""Jobs: the table is the truth, rq the doorbell; leases, retries and the stuck list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Index, Text, case, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core import stops
from storefront.core.audit import record
from storefront.core.db import SYSTEM, Base, Database, Work
from storefront.core.errors import Refused
from storefront.core.events import Event, from_json
from storefront.core.i18n import lazy_gettext as _
from storefront.core.ids import uuid7
from storefront.core.outbox import OutboxEvent
from storefront.core.scope import Owned

log = structlog.get_logger()

QUEUES = ("now", "soon", "later")
# Minutes until the next attempt; after the last one the job is stuck and a person must look.
RETRIES_MIN = (1, 5, 15, 60)
# One statement takes at most 65,535 values.
MOST_AT_ONCE = 5_000


class Job(Owned, Base):
    """One thing to do because of an event or a moment, at least once."""

    __tablename__ = "job"
    __owned_args__ = (
        Index("ix_job_once", "reseller_id", "name", "argument", unique=True),
        Index("ix_job_due", "next_at", postgresql_where="state IN ('waiting', 'running')"),
        Index("ix_job_stuck", "reseller_id", postgresql_where="state = 'stuck'"),
    )

    name: Mapped[str]
    argument: Mapped[str]
    queue: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    rung_at: Mapped[datetime | None] = mapped_column(default=None)
    lease_until: Mapped[datetime | None] = mapped_column(default=None)
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    error: Mapped[str] = mapped_column(Text, default="")


class Later(Exception):
    """The job is not done yet and not in trouble: run it again at ``at``."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at.isoformat())
        self.at = at


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """A function that may be run as a job."""

    name: str
    queue: str
    run: Callable[..., None]
    opens_own_work: bool


JOBS: dict[str, JobKind] = {}


def job(*, queue: str = "soon", opens_own_work: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Allow a function to be run as a job ``run(db, argument)``.

    With ``opens_own_work`` it gets ``(database, reseller_id, argument)`` instead and opens a Work before and one
    after it talks to a supplier.
    """

    def allow(function: Callable[..., None]) -> Callable[..., None]:
        name = function.__name__
        if name in JOBS or queue not in QUEUES:
            message = f"job {name} exists already, or there is no queue {queue}"
            raise RuntimeError(message)
        JOBS[name] = JobKind(name=name, queue=queue, run=function, opens_own_work=opens_own_work)
        return function

    return allow


def ask(db: Work, name: str, argument: str, *, at: datetime | None = None, reseller_id: UUID | None = None) -> None:
    """Have a job done after this transaction, at ``at`` or at once. Asking twice is asking once."""
    kind = JOBS[name]
    owner = reseller_id or db.reseller_id
    known = db.scalar(select(Job).where(Job.reseller_id == owner, Job.name == name, Job.argument == argument))
    db.published += 1
    if known is None:
        row = Job(name=name, argument=argument, queue=kind.queue, next_at=at or db.now)
        row.reseller_id = owner
        db.add(row)
    elif known.state != "running":
        known.state, known.next_at, known.rung_at, known.attempts = "waiting", at or db.now, None, 0
    else:
        known.next_at = at or db.now


def ask_each(db: Work, name: str, argument: str, resellers: Sequence[UUID]) -> None:
    """Have the same job done in many shops; what ``ask`` says holds for each. Needs an office Work."""
    kind = JOBS[name]
    for start in range(0, len(resellers), MOST_AT_ONCE):
        rows = [
            {
                "id": uuid7(),
                "reseller_id": reseller_id,
                "name": name,
                "argument": argument,
                "queue": kind.queue,
                "state": "waiting",
                "attempts": 0,
                "next_at": db.now,
                "error": "",
            }
            for reseller_id in resellers[start : start + MOST_AT_ONCE]
        ]
        given = insert(Job).values(rows)
        again = {
            "state": case((Job.state == "running", "running"), else_="waiting"),
            "attempts": case((Job.state == "running", Job.attempts), else_=0),
            "rung_at": case((Job.state == "running", Job.rung_at), else_=None),
            "next_at": given.excluded.next_at,
        }
        db.execute(given.on_conflict_do_update(index_elements=["reseller_id", "name", "argument"], set_=again))
    db.published += 1


def run_again(db: Work, row: Job) -> None:
    """Let a job that got stuck begin anew. Raises ``Refused`` for one that goes on by itself."""
    db.lock(row)
    if row.state != "stuck":
        raise Refused(_("This task is not stuck any more."))
    row.state, row.next_at, row.rung_at, row.attempts = "waiting", db.now, None, 0
    db.published += 1
    record(db, "job.run_again", row, after={"name": row.name})


def claim(db: Work, job_id: UUID) -> Job | None:
    """Take a job for one lease; ``None`` when it is not due, or somebody else is at it."""
    row = db.scalar(
        select(Job)
        .where(
            Job.id == job_id,
            or_(Job.state == "waiting", (Job.state == "running") & (Job.lease_until < db.now)),
            Job.next_at <= db.now,
        )
        .with_for_update(skip_locked=True),
    )
    if row is None:
        return None
    row.state, row.attempts = "running", row.attempts + 1
    row.lease_until = db.now + timedelta(seconds=db.config.job_lease_s)
    # A second ask() while it runs moves next_at beyond this and so runs it once more.
    row.next_at = db.now
    return row


def perform(database: Database, job_id: UUID, reseller_id: UUID) -> bool:
    """Run one job to its end and keep what became of it. This is the edge of every job."""
    with database.work(reseller_id) as db:
        row = claim(db, job_id)
        if row is None:
            return False
        kind, argument, attempts = JOBS[row.name], row.argument, row.attempts
        db.commit()
    stops.point("job.claimed")
    structlog.contextvars.bind_contextvars(job=kind.name, job_id=str(job_id), reseller=str(reseller_id))
    try:
        _run(database, kind, reseller_id, job_id, argument)
    except Later as later:
        _come_back(database, reseller_id, job_id, later.at)
    except Exception as error:
        log.exception("job.failed", attempts=attempts)
        _put_off(database, reseller_id, job_id, attempts, error)
    finally:
        structlog.contextvars.unbind_contextvars("job", "job_id", "reseller")
    return True


def _run(database: Database, kind: JobKind, reseller_id: UUID, job_id: UUID, argument: str) -> None:
    if kind.opens_own_work:
        kind.run(database, reseller_id, argument)
        _finish(database, reseller_id, job_id)
        return
    with database.work(reseller_id, SYSTEM) as db:
        kind.run(db, argument)
        stops.point("job.before_done")
        # In the same transaction as the work itself: a kill between the two cannot do it twice.
        _mark_done(db, job_id)
        db.commit()
    stops.point("job.done")


def _finish(database: Database, reseller_id: UUID, job_id: UUID) -> None:
    with database.work(reseller_id) as db:
        _mark_done(db, job_id)
        db.commit()


def _mark_done(db: Work, job_id: UUID) -> None:
    row = db.lock(db.require(Job, job_id))
    state = "waiting" if _was_asked_again(db, row) else "done"
    row.state, row.lease_until, row.error = state, None, ""
    row.rung_at, row.done_at = None, db.now


def _put_off(database: Database, reseller_id: UUID, job_id: UUID, attempts: int, error: Exception) -> None:
    with database.work(reseller_id) as db:
        stuck = attempts > len(RETRIES_MIN)
        wait = timedelta(minutes=RETRIES_MIN[min(attempts, len(RETRIES_MIN)) - 1])
        _set(
            db,
            job_id,
            state="stuck" if stuck else "waiting",
            next_at=db.now + wait,
            rung_at=None,
            lease_until=None,
            error=f"{type(error).__name__}: {error}"[:2000],
        )
        db.commit()


def _come_back(database: Database, reseller_id: UUID, job_id: UUID, at: datetime) -> None:
    """Wait until ``at``, or less if somebody asked for the job while it ran."""
    with database.work(reseller_id) as db:
        row = db.lock(db.require(Job, job_id))
        row.next_at = min(at, row.next_at) if _was_asked_again(db, row) else at
        row.state, row.attempts, row.rung_at, row.lease_until = "waiting", 0, None, None
        db.commit()


def _was_asked_again(db: Work, row: Job) -> bool:
    """Whether ``ask`` moved the moment on since this run was claimed."""
    claimed_at = (row.lease_until or db.now) - timedelta(seconds=db.config.job_lease_s)
    return row.next_at > claimed_at


def _set(db: Work, job_id: UUID, **values: Any) -> None:
    db.execute(update(Job).where(Job.reseller_id == db.reseller_id, Job.id == job_id).values(**values))


def reaction(
    *,
    queue: str = "soon",
    opens_own_work: bool = False,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Allow a function to run because of an event: ``react(db, event)``.

    With ``opens_own_work`` it gets ``(database, reseller_id, event)``. It may come twice, so a unique constraint
    must make it safe to repeat.
    """

    def allow(function: Callable[..., None]) -> Callable[..., None]:
        def run(first: Any, *rest: Any) -> None:
            *middle, argument = rest
            if opens_own_work:
                with first.work(middle[0]) as db:
                    event = event_of(db, UUID(argument))
            else:
                event = event_of(first, UUID(argument))
            function(first, *middle, event)

        run.__name__ = function.__name__
        job(queue=queue, opens_own_work=opens_own_work)(run)
        return function

    return allow


def event_of(db: Work, event_id: UUID) -> Event:
    """Return an event from the outbox."""
    row = db.require(OutboxEvent, event_id)
    return from_json(row.name, row.payload)
