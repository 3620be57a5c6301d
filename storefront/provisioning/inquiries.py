"""The inside of the look-up process: takes questions from Valkey, spreads them over desks, writes answers back."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from storefront.core import clock
from storefront.core.config import Config
from storefront.providers.outcomes import SupplierError
from storefront.providers.ports.registrar import CheckResult, Registrar, RegistrationData
from storefront.provisioning.answers import WHOIS_KEPT_S, kept_s, no_answer, write_answer
from storefront.provisioning.availability import QUEUE, SEARCH_KEPT_S, answer_key, answers_key
from storefront.provisioning.desk import Desk, Question
from storefront.provisioning.whois import State, whois_key, write_whois

log = structlog.get_logger()

WHOIS_AT_ONCE = 16
# How often, and with which pause, an answer is offered to a Valkey that is away. Then it is dropped: the page says
# that nobody knows, and the visitor asks again.
WRITE_TRIES = 8
WRITE_PAUSE_S = 0.25


@dataclass(frozen=True, kw_only=True)
class Line:
    """One answer on its way to Valkey: to a search (``answers`` is its list) and to what is believed (``kept``)."""

    text: str
    answers: str = ""
    kept: str = ""
    kept_s: int = 0


class LookUps:
    """Answers questions until it is stopped. One thread, one loop; an adapter that blocks would stop everybody."""

    def __init__(self, config: Config, registrars: Mapping[str, Registrar]) -> None:
        self._config = config
        self._registrar_of = {
            ending: (key, registrar)
            for key, registrar in registrars.items()
            for ending in registrar.capabilities().endings
        }
        self._desks: dict[tuple[str, str], Desk] = {}
        self._lines: asyncio.Queue[Line] = asyncio.Queue()
        self._whois = asyncio.Semaphore(WHOIS_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_open = True

    async def run(self, stop: asyncio.Event) -> None:
        """Take questions and write answers until ``stop``; a Valkey that is away is waited for."""
        valkey = Redis.from_url(self._config.redis_url, socket_timeout=5, socket_connect_timeout=1)
        helpers = [asyncio.create_task(self._take_in(valkey)), asyncio.create_task(self._write_out(valkey))]
        stopped = asyncio.create_task(stop.wait())
        try:
            # A helper never ends by itself; should one, its error ends the process, and its minder starts it anew.
            await asyncio.wait([stopped, *helpers], return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Cancelling alone would not do: while it waits, redis-py may take a cancellation for its own time-out.
            self._is_open = False
            broken = [helper.exception() for helper in helpers if helper.done() and not helper.cancelled()]
            for desk in self._desks.values():
                desk.close()
            for task in [stopped, *helpers, *self._tasks]:
                task.cancel()
            await asyncio.gather(stopped, *helpers, *self._tasks, return_exceptions=True)
            await valkey.aclose()
        for error in filter(None, broken):
            raise error

    async def _take_in(self, valkey: "Redis") -> None:
        while self._is_open:
            try:
                found = await valkey.blpop([QUEUE], timeout=1)
            except RedisError as error:
                log.warning("lookups.wait_for_valkey", error=type(error).__name__)
                await asyncio.sleep(0.2)
                continue
            if found:
                self._receive(found[1])

    def _receive(self, text: bytes | str) -> None:
        try:
            question = json.loads(text)
            reseller_id, names = UUID(question["reseller"]), [str(name) for name in question["names"]]
            age_s = max(0.0, (clock.now() - datetime.fromisoformat(question["at"])).total_seconds())
        except (ValueError, KeyError, TypeError, AttributeError):
            log.warning("lookups.strange_question")
            return
        left_s = self._config.lookup_deadline_s - age_s
        if left_s <= 0:
            return  # whoever asked has been told long ago that nobody knows
        if question.get("kind") == "whois":
            self._spawn_whois(reseller_id, names[:1], left_s)
        else:
            self.check(reseller_id, names, left_s, partial(self._answer, reseller_id, str(question.get("search", ""))))

    def check(self, reseller_id: UUID, names: Sequence[str], left_s: float, deliver: Any) -> None:
        """Hand names to the desks of their registries; ``deliver`` gets one answer for each."""
        until = asyncio.get_running_loop().time() + left_s
        by_desk: dict[Desk, list[Question]] = {}
        for name in names:
            desk = self._desk_of(name)
            if desk is None:
                deliver(no_answer(name, clock.now(), "no registrar for this ending"))
                continue
            question = Question(reseller_id=reseller_id, name=name, until=until, deliver=deliver)
            by_desk.setdefault(desk, []).append(question)
        for desk, questions in by_desk.items():
            desk.put(questions)

    def _desk_of(self, name: str) -> Desk | None:
        ending = self._ending_of(name)
        if ending is None:
            return None
        key, registrar = self._registrar_of[ending]
        desk = self._desks.get((key, ending))
        if desk is None:
            desk = self._desks[key, ending] = Desk(registrar, registry=f"{key}:{ending}")
        return desk

    def _ending_of(self, name: str) -> str | None:
        """Return the longest ending that some registrar serves: ``com.pl`` before ``pl``."""
        labels = name.split(".")
        endings = (".".join(labels[start:]) for start in range(1, len(labels)))
        return next((ending for ending in endings if ending in self._registrar_of), None)

    def _answer(self, reseller_id: UUID, search_id: str, result: CheckResult) -> None:
        line = Line(
            text=write_answer(result),
            answers=answers_key(reseller_id, search_id) if search_id else "",
            kept=answer_key(reseller_id, result.name),
            kept_s=kept_s(result, clock.now()),
        )
        self._lines.put_nowait(line)

    def _spawn_whois(self, reseller_id: UUID, names: Sequence[str], left_s: float) -> None:
        for name in names:
            task = asyncio.create_task(self._ask_whois(reseller_id, name, left_s))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _ask_whois(self, reseller_id: UUID, name: str, left_s: float) -> None:
        state: State = "silent"
        data: RegistrationData | None = None
        ending = self._ending_of(name)
        try:
            if ending is not None:
                async with asyncio.timeout(left_s), self._whois:
                    data = await self._registrar_of[ending][1].whois(name, deadline_s=left_s)
                state = "found" if data else "free"
        except (SupplierError, TimeoutError) as error:
            log.info("lookups.no_whois", error=type(error).__name__)
        except Exception:
            log.exception("lookups.whois_broken")
        text = write_whois(state, clock.now(), data)
        seconds = 30 if state == "silent" else WHOIS_KEPT_S
        self._lines.put_nowait(Line(text=text, kept=whois_key(reseller_id, name), kept_s=seconds))

    async def _write_out(self, valkey: "Redis") -> None:
        while self._is_open:
            lines = [await self._lines.get()]
            while not self._lines.empty():
                lines.append(self._lines.get_nowait())
            for _ in range(WRITE_TRIES):
                try:
                    await _write(valkey, lines)
                    break
                except RedisError as error:
                    log.warning("lookups.answers_wait", error=type(error).__name__, count=len(lines))
                    await asyncio.sleep(WRITE_PAUSE_S)


async def _write(valkey: "Redis", lines: Sequence[Line]) -> None:
    async with valkey.pipeline(transaction=False) as pipe:
        for line in lines:
            if line.answers:
                pipe.rpush(line.answers, line.text)
            if line.kept_s:
                pipe.set(line.kept, line.text, ex=line.kept_s)
        for place in {line.answers for line in lines if line.answers}:
            pipe.expire(place, SEARCH_KEPT_S)
        await pipe.execute()
