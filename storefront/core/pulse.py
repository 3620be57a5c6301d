"""How the machinery feels: when the relay last went round, how long the queues are, whether anybody works on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from redis.exceptions import RedisError

from storefront.core import cache, clock
from storefront.core.config import Config
from storefront.core.jobs import QUEUES

ROUND = "vitrine:relay:round"
# rq's own names: a set of workers, a hash for each, a list for each queue.
WORKERS, QUEUE = "rq:workers", "rq:queue:"
LATE = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Pulse:
    """What Valkey says of relay, queues and workers; ``is_up`` is false when it does not answer."""

    is_up: bool
    round_at: datetime | None = None
    queues: Mapping[str, int]
    workers: int = 0
    version: str = ""
    memory_mb: float = 0.0

    def is_relay_late(self, now: datetime) -> bool:
        """Whether the relay has not gone round for longer than it ever should."""
        return self.round_at is None or now - self.round_at > LATE


def note_round(config: Config) -> None:
    """Leave a mark that the relay has gone round; nothing depends on it."""
    cache.connect(config).set(ROUND, clock.now().isoformat(), ex=24 * 3600)


def feel_pulse(config: Config) -> Pulse:
    """Look at relay, queues and workers in one trip; a Valkey that is away is an answer too."""
    line = cache.connect(config).pipeline(transaction=False)
    line.get(ROUND)
    line.scard(WORKERS)
    line.info("server")
    line.info("memory")
    for queue in QUEUES:
        line.llen(QUEUE + queue)
    try:
        round_at, workers, server, memory, *lengths = line.execute()
    except RedisError:
        return Pulse(is_up=False, queues={})
    return Pulse(
        is_up=True,
        round_at=_moment(round_at),
        queues=dict(zip(QUEUES, cast("list[int]", lengths), strict=True)),
        workers=workers,
        version=str(server.get("valkey_version") or server.get("redis_version") or ""),
        memory_mb=memory.get("used_memory", 0) / 1024 / 1024,
    )


def _moment(text: bytes | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text.decode()).astimezone(UTC) if text else None
    except ValueError:
        return None
