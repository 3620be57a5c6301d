"""The rq worker and the outbox relay, started by ``./run worker`` and ``./run relay``."""

import signal
import threading
from types import FrameType
from typing import Any
from uuid import UUID

import structlog
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from storefront import reactions, schedule
from storefront.core import cache, jobs, pulse, relay
from storefront.core.bell import wait_for_bell
from storefront.core.config import Config
from storefront.core.db import Database

log = structlog.get_logger()

PERFORM = "storefront.worker.perform"
_database: list[Database] = []


class AllowedJob(RqJob):
    """Runs our one function and nothing else, whatever somebody managed to put into Redis."""

    def perform(self) -> Any:
        """Refuse any other function name."""
        if self.func_name != PERFORM:
            message = f"{self.func_name} is no job of ours"
            raise PermissionError(message)
        return super().perform()


def perform(job_id: str, reseller_id: str) -> bool:
    """Run one row of the job table: the only function rq knows."""
    return jobs.perform(_database[0], UUID(job_id), UUID(reseller_id))


def use(database: Database) -> None:
    """Tell this process which database its jobs work on."""
    _database[:] = [database]


def ring(config: Config, queue: str, job_id: UUID, reseller_id: UUID) -> None:
    """Put a job on its queue. A lost ring costs seconds, not the job: the relay rings again."""
    line = Queue(queue, connection=cache.connect(config), serializer=JSONSerializer, job_class=AllowedJob)
    line.enqueue(PERFORM, str(job_id), str(reseller_id), result_ttl=0, failure_ttl=600, job_timeout=300)


def run_worker(config: Config, database: Database, *, burst: bool = False) -> None:
    """Work until stopped."""
    warm_up()
    use(database)
    connection = cache.connect(config)
    queues = [
        Queue(name, connection=connection, serializer=JSONSerializer, job_class=AllowedJob) for name in jobs.QUEUES
    ]
    worker = SimpleWorker(queues, connection=connection, serializer=JSONSerializer, job_class=AllowedJob)
    worker.work(burst=burst, logging_level="WARNING")


def warm_up() -> None:
    """Load WeasyPrint and let it find the fonts, so that the first customer's document does not wait for it."""
    from weasyprint import HTML  # noqa: PLC0415 - 26 MiB that only this process carries (decision 12)

    HTML(string="<p>A</p>").write_pdf()


class Relay:
    """Once a second, or when the bell rings: events to jobs, due jobs to rq; once a minute the schedule."""

    def __init__(self, config: Config, database: Database) -> None:
        self._config = config
        self._database = database
        self._stop = threading.Event()

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """End after the present round."""
        self._stop.set()

    def run(self) -> None:
        """Go round until stopped; a database or Redis that is away is waited for."""
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        while not self._stop.is_set():
            try:
                handed = self.round()
            except (SQLAlchemyError, RedisError) as error:
                log.warning("relay.waits", error=type(error).__name__)
                self._stop.wait(1)
                continue
            if not handed:
                self._listen()

    def round(self) -> int:
        """Hand over what waits and ring for what is due."""
        handed = relay.hand_over(self._database, reactions.REACTIONS)
        rung = relay.ring_due(self._database, lambda *call: ring(self._config, *call))
        schedule.run_due(self._database)
        pulse.note_round(self._config)
        return handed + rung

    def _listen(self) -> None:
        try:
            wait_for_bell(self._config, 1)
        except RedisError:
            self._stop.wait(1)
