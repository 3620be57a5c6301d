"""Counters in Redis for rate limits."""

from functools import lru_cache
from math import ceil

import structlog
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from storefront.core import clock
from storefront.core.config import Config
from storefront.core.errors import TooMany
from storefront.core.i18n import lazy_gettext as _

log = structlog.get_logger()


@lru_cache(maxsize=4)
def _limiter(url: str) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage_from_string(_storage_url(url)))


@lru_cache(maxsize=1)
def _fallback() -> MovingWindowRateLimiter:
    storage: Storage = MemoryStorage()
    return MovingWindowRateLimiter(storage)


def _storage_url(url: str) -> str:
    return url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url


@lru_cache(maxsize=64)
def _rate(rate: str) -> RateLimitItem:
    return parse(rate)


def allow(config: Config, rate: str, *who: str) -> bool:
    """Count one use of ``rate`` (such as ``"5/15 minutes"``) by ``who``; False when it was one too many.

    Without Redis this process counts for itself: a limit never falls away and never locks the shop.
    """
    try:
        return _limiter(config.redis_url).hit(_rate(rate), *who)
    except RedisError:
        log.warning("limits.without_redis")
        return _fallback().hit(_rate(rate), *who)


def is_spent(config: Config, rate: str, *who: str) -> bool:
    """Tell whether ``who`` has used ``rate`` up, without counting this question."""
    try:
        return not _limiter(config.redis_url).test(_rate(rate), *who)
    except RedisError:
        return not _fallback().test(_rate(rate), *who)


def spend(config: Config, rate: str, *who: str) -> None:
    """Count one use, or raise ``TooMany`` with the seconds to wait."""
    if not allow(config, rate, *who):
        message = _("That was very often in a short time. Please wait a little and try again.")
        raise TooMany(message, retry_after_s=wait_s(config, rate, *who))


def wait_s(config: Config, rate: str, *who: str) -> int:
    """Return the seconds until ``who`` has one more use of ``rate``."""
    item = _rate(rate)
    try:
        frees_at = _limiter(config.redis_url).get_window_stats(item, *who).reset_time
    except RedisError:
        frees_at = _fallback().get_window_stats(item, *who).reset_time
    return min(max(1, ceil(frees_at - clock.now().timestamp())), item.get_expiry())
