"""TaskRun: when each task of the schedule last ran, for the pages that say so."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base, Work


class TaskRun(Base):
    """One task of the schedule: how often it runs, and when it last did. Written by the relay, read by every office."""

    __tablename__ = "task_run"

    name: Mapped[str] = mapped_column(primary_key=True)
    every_s: Mapped[int]
    began_at: Mapped[datetime]
    failed_at: Mapped[datetime | None] = mapped_column(default=None)

    @property
    def next_at(self) -> datetime:
        """When it is due again."""
        return self.began_at + timedelta(seconds=self.every_s)


def note_run(db: Work, name: str, *, every_s: int, began_at: datetime, has_failed: bool) -> None:
    """Write down in an office Work that a task ran; ``has_failed`` keeps the moment until it runs well again."""
    seen = {"every_s": every_s, "began_at": began_at, "failed_at": began_at if has_failed else None}
    row = insert(TaskRun).values(name=name, **seen)
    db.execute(row.on_conflict_do_update(index_elements=["name"], set_=seen))


def task_runs(db: Work) -> list[TaskRun]:
    """List what has run so far, by name."""
    return list(db.scalars(select(TaskRun).order_by(TaskRun.name)))
