"""Ask registrars about names without waiting: questions go into Valkey, answers are read from there as they come."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError

from storefront.core import cache, clock
from storefront.core.config import Config
from storefront.providers.ports.registrar import CheckResult
from storefront.provisioning.answers import no_answer, read_answer, write_answer

log = structlog.get_logger()

# One queue for the whole house; each question says whose it is.
QUEUE = "vitrine:lookups"
QUEUE_MOST = 5_000
SEARCH_KEPT_S = 10 * 60
# What the look-up process itself may take beyond the registry's time, before its silence counts as no answer.
GRACE_S = 1.0
NAMES_MOST = 520


class CannotAsk(Exception):
    """There is no way to the look-ups at the moment. Nothing is known of any name."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far one search has come. Names are A-labels in the order in which their rows stand, for ever.

    ``names`` were typed or follow from it, ``close_to`` are suggestions. ``number`` counts the answers so far;
    ``changed`` are the names answered since the number that was asked with. ``page`` is whatever the page that asked
    wants to find again, such as its address.
    """

    search_id: str
    asked_at: datetime
    names: tuple[str, ...]
    close_to: tuple[str, ...]
    answers: Mapping[str, CheckResult]
    number: int
    changed: tuple[str, ...]
    page: str = ""

    @property
    def is_done(self) -> bool:
        """Whether every name has an answer, be it that nobody knows."""
        return len(self.answers) >= len(self.names) + len(self.close_to)

    @property
    def answered(self) -> int:
        """How many of the names that were asked for have an answer."""
        return sum(name in self.answers for name in self.names)


def ask(
    config: Config, reseller_id: UUID, names: Sequence[str], *, close_to: Sequence[str] = (), page: str = ""
) -> Progress:
    """Ask about names (A-labels, each once); what was answered lately is there at once.

    Raises ``CannotAsk`` when Valkey is away, ``ValueError`` for more names than one search may hold.
    """
    wanted = [*names, *close_to]
    if len(wanted) > NAMES_MOST:
        raise ValueError(f"{len(wanted)} names in one search")
    search_id, now = secrets.token_urlsafe(16), clock.now()
    try:
        line = cache.connect(config)
        known = _known(line, reseller_id, wanted)
        _put(
            line,
            reseller_id,
            search_id,
            {"at": now.isoformat(), "names": list(names), "close": list(close_to), "page": page},
            known,
        )
    except RedisError as error:
        log.warning("lookups.cannot_ask", error=type(error).__name__)
        raise CannotAsk from error
    return Progress(
        search_id=search_id,
        asked_at=now,
        names=tuple(names),
        close_to=tuple(close_to),
        answers=known,
        number=len(known),
        changed=tuple(known),
        page=page,
    )


def _known(line: "Redis", reseller_id: UUID, names: Sequence[str]) -> dict[str, CheckResult]:
    if not names:
        return {}
    kept = line.mget([answer_key(reseller_id, name) for name in names])
    return {name: read_answer(text) for name, text in zip(names, kept, strict=True) if text}


def _put(
    line: "Redis", reseller_id: UUID, search_id: str, search: dict[str, object], known: Mapping[str, CheckResult]
) -> None:
    names = [*search["names"], *search["close"]]  # type: ignore[misc]  # both are lists of names
    missing = [name for name in names if name not in known]
    at = str(search["at"])
    with line.pipeline(transaction=False) as pipe:
        pipe.set(search_key(reseller_id, search_id), json.dumps(search), ex=SEARCH_KEPT_S)
        if known:
            pipe.rpush(answers_key(reseller_id, search_id), *(write_answer(each) for each in known.values()))
            pipe.expire(answers_key(reseller_id, search_id), SEARCH_KEPT_S)
        if missing:
            question = {"kind": "check", "reseller": str(reseller_id), "search": search_id, "names": missing, "at": at}
            push_question(pipe, question)
        pipe.execute()


def push_question(pipe: "Redis", question: Mapping[str, object]) -> None:
    """Hand a question to the look-up process; the queue is bounded, so that nothing piles up while nobody asks."""
    pipe.rpush(QUEUE, json.dumps(question))
    pipe.ltrim(QUEUE, -QUEUE_MOST, -1)
    pipe.expire(QUEUE, 60)


def answers(config: Config, reseller_id: UUID, search_id: str, *, since: int = 0) -> Progress | None:
    """Return how far a search has come, ``None`` for one that is over, unknown, or lost with Valkey.

    Raises ``CannotAsk`` when Valkey is away. Once the time is up, silence is an answer: nobody knows.
    """
    try:
        with cache.connect(config).pipeline(transaction=False) as pipe:
            pipe.get(search_key(reseller_id, search_id))
            pipe.lrange(answers_key(reseller_id, search_id), 0, -1)
            stored, texts = pipe.execute()
    except RedisError as error:
        log.warning("lookups.cannot_ask", error=type(error).__name__)
        raise CannotAsk from error
    if stored is None:
        return None
    search = json.loads(stored)
    asked_at, names, close_to = datetime.fromisoformat(search["at"]), tuple(search["names"]), tuple(search["close"])
    found = [read_answer(text) for text in texts]
    known = {each.name: each for each in found}
    changed = {each.name for each in found[since:]}
    now = clock.now()
    if now >= asked_at + timedelta(seconds=config.lookup_deadline_s + GRACE_S):
        silent = [name for name in (*names, *close_to) if name not in known]
        known |= {name: no_answer(name, now) for name in silent}
        changed |= set(silent)
    return Progress(
        search_id=search_id,
        asked_at=asked_at,
        names=names,
        close_to=close_to,
        answers=known,
        number=len(found),
        changed=tuple(name for name in (*names, *close_to) if name in changed),
        page=search.get("page", ""),
    )


def find_answer(config: Config, reseller_id: UUID, name: str, *, search_id: str = "") -> CheckResult | None:
    """Find the newest answer about a name, from a visitor's search or what is still believed; ``None`` if none is.

    Never waits, and never fails: without Valkey nothing is known.
    """
    try:
        line = cache.connect(config)
        kept = line.get(answer_key(reseller_id, name))
        if kept:
            return read_answer(kept)
        texts = line.lrange(answers_key(reseller_id, search_id), 0, -1) if search_id else []
    except RedisError:
        return None
    return next((each for each in map(read_answer, reversed(texts)) if each.name == name), None)


def forget(config: Config, reseller_id: UUID, names: Sequence[str]) -> None:
    """Stop believing what was answered about names, because somebody is registering them now."""
    try:
        if names:
            cache.connect(config).delete(*(answer_key(reseller_id, name) for name in names))
    except RedisError:
        log.warning("lookups.not_forgotten", count=len(names))


def search_key(reseller_id: UUID, search_id: str) -> str:
    """Name the place of a search: its names in their order."""
    return cache.key(reseller_id, "search", search_id)


def answers_key(reseller_id: UUID, search_id: str) -> str:
    """Name the place of a search's answers, in the order in which they came."""
    return cache.key(reseller_id, "answers", search_id)


def answer_key(reseller_id: UUID, name: str) -> str:
    """Name the place of what is believed of a name; its ending decides the registrar, so the name is enough."""
    return cache.key(reseller_id, "answer", name)
