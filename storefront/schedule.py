"""What happens every so often: name, every how many seconds, function. What is not listed does not run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from storefront.core import clock
from storefront.core.db import Database

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True)
class Task:
    """One line of the schedule; ``run`` opens its own Works and is safe to run twice."""

    name: str
    every_s: int
    run: Callable[[Database], None]


SCHEDULE: tuple[Task, ...] = ()

_last: dict[str, datetime] = {}


def run_due(database: Database) -> None:
    """Run what is due in this process; each task is safe beside itself in another."""
    now = clock.now()
    for task in SCHEDULE:
        if now - _last.get(task.name, datetime.min.replace(tzinfo=now.tzinfo)) >= timedelta(seconds=task.every_s):
            _last[task.name] = now
            try:
                task.run(database)
            except Exception:
                log.exception("schedule.failed", task=task.name)
