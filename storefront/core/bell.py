"""The bell that wakes the relay after a commit; nothing depends on it but a second of waiting."""

import structlog
from redis.exceptions import RedisError

from storefront.core import cache
from storefront.core.config import Config

log = structlog.get_logger()

BELL = "vitrine:bell"


def ring_bell(config: Config) -> None:
    """Wake the relay."""
    try:
        connection = cache.connect(config)
        connection.rpush(BELL, b"1")
        connection.ltrim(BELL, -1, -1)
    except RedisError:
        log.warning("bell.silent")


def wait_for_bell(config: Config, timeout_s: int) -> None:
    """Sleep until the bell rings, at most so long. Raises ``RedisError`` at once when there is no bell."""
    cache.connect(config).blpop([BELL], timeout=timeout_s)
