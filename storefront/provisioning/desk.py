"""One desk for each registry in the look-up process: collect questions, ask in batches, mind fairness and fuse."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog

from storefront.core import clock
from storefront.providers.outcomes import SupplierError
from storefront.providers.ports.registrar import Availability, CheckResult, Registrar
from storefront.provisioning.answers import no_answer
from storefront.provisioning.breaker import Breaker

log = structlog.get_logger()

# Batches under way at one registry at the same time.
AT_ONCE = 32
# With every batch under way the next one collects a little longer. Asked one by one, 32 places last five seconds, so
# a registry that takes its whole time is never out of places; a quiet one is asked at once.
LINGER_S = 0.01
WAITING_MOST = 5_000


@dataclass(frozen=True, kw_only=True)
class Question:
    """One name somebody waits for, until a moment of the loop's clock."""

    reseller_id: UUID
    name: str
    until: float
    deliver: Callable[[CheckResult], None]


class Desk:
    """Asks one registry through one registrar. Lives in one loop; never raises, never waits for another desk."""

    def __init__(self, registrar: Registrar, *, registry: str) -> None:
        self._registrar = registrar
        self._registry = registry
        self._batch_most = max(1, registrar.capabilities().max_check_batch)
        self._waiting: dict[UUID, deque[Question]] = {}
        self._count = 0
        self._under_way: set[asyncio.Task[None]] = set()
        self._timer: asyncio.Handle | None = None
        self.breaker = Breaker()

    def put(self, questions: Iterable[Question]) -> None:
        """Take questions in; more than can be answered in time are answered "unknown" at once."""
        for question in questions:
            if self._count >= WAITING_MOST:
                question.deliver(no_answer(question.name, clock.now(), "too many questions"))
                continue
            self._waiting.setdefault(question.reseller_id, deque()).append(question)
            self._count += 1
        self._wake()

    def close(self) -> None:
        """Stop asking; whoever still waits is told by the page that nobody knows."""
        self._count = 0
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
        for task in self._under_way:
            task.cancel()

    def _wake(self) -> None:
        if not self._count or len(self._under_way) >= AT_ONCE:
            return
        is_full = self._count >= self._batch_most
        if self._timer is not None:
            if not is_full:
                return
            self._timer.cancel()
        wait_s = 0 if is_full else LINGER_S * len(self._under_way)
        self._timer = asyncio.get_running_loop().call_later(wait_s, self._send)

    def _send(self) -> None:
        self._timer = None
        batch = self._take()
        if batch:
            task = asyncio.get_running_loop().create_task(self._ask(batch))
            self._under_way.add(task)
            task.add_done_callback(self._finished)
        self._wake()

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        if not task.cancelled():  # cancelled means that the look-ups are closing: nobody would end what begins now
            self._wake()

    def _take(self) -> list[Question]:
        """Take a batch: one question of each reseller in turn, so that one with thousands does not keep others out."""
        now, batch = asyncio.get_running_loop().time(), []
        names: set[str] = set()
        while self._waiting and len(names) < self._batch_most:
            reseller_id = next(iter(self._waiting))
            line = self._waiting.pop(reseller_id)
            question = line.popleft()
            self._count -= 1
            if line:
                self._waiting[reseller_id] = line  # to the end of the row of resellers
            if question.until <= now:
                question.deliver(no_answer(question.name, clock.now()))
                continue
            names.add(question.name)
            batch.append(question)
        return batch

    async def _ask(self, batch: list[Question]) -> None:
        loop = asyncio.get_running_loop()
        if self.breaker.lets_through(loop.time()):
            names = list(dict.fromkeys(question.name for question in batch))
            found = await self._check(names, max(question.until for question in batch) - loop.time())
            if any(each.availability is not Availability.UNKNOWN for each in found.values()):
                self.breaker.succeeded()
            else:
                self.breaker.failed(loop.time())
        else:
            found = {}
        for question in batch:
            answer = found.get(question.name)
            question.deliver(answer or no_answer(question.name, clock.now()))

    async def _check(self, names: list[str], left_s: float) -> Mapping[str, CheckResult]:
        try:
            # The adapter keeps to the deadline; should it not, nobody waits for it.
            return await asyncio.wait_for(self._registrar.check(names, deadline_s=left_s), left_s + 0.25)
        except (SupplierError, TimeoutError) as error:
            log.info("lookups.no_answer", registry=self._registry, error=type(error).__name__)
        except Exception:
            log.exception("lookups.adapter_broken", registry=self._registry)
        return {}
