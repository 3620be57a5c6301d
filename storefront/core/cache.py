"""Small Redis cache, keys always begin with the reseller."""

from functools import lru_cache
from uuid import UUID

import redis

from storefront.core.config import Config


@lru_cache(maxsize=4)
def _client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=1, health_check_interval=30)


def connect(config: Config) -> redis.Redis:
    """Return this process's connection pool to Redis or Valkey. Losing what lies there loses nothing."""
    return _client(config.redis_url)


def key(reseller_id: UUID, kind: str, *parts: str) -> str:
    """Build a cache key: the only way to one, so that it always begins with the reseller."""
    return ":".join(("r", str(reseller_id), kind, *parts))
