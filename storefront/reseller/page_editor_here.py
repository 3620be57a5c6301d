"""Who has a page open in the editor: short-lived notes in Valkey, which may be lost at any moment."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from flask import g
from flask_login import current_user
from redis.exceptions import RedisError

from storefront.core import cache
from storefront.core.i18n import format_clock
from storefront.web.house import house

log = structlog.get_logger()

# A browser says every twenty seconds that it is still there.
LASTS_S = 60
LONGEST_BLOCK = 40


@dataclass(frozen=True, kw_only=True)
class Other:
    """Somebody else who has the page open, since when, and in which block."""

    name: str
    since: str
    block: str


def stay(page_id: UUID, locale: str, block: str = "") -> None:
    """Note that the person of this request has a page open."""
    me, now = str(current_user.user_id), g.db.now.timestamp()
    try:
        line = cache.connect(house().config)
        before = json.loads(line.hget(_key(page_id, locale), me) or "{}")
        since = before.get("since", now) if before.get("at", 0) > now - LASTS_S else now
        told = {"name": current_user.name, "since": since, "at": now, "block": block[:LONGEST_BLOCK]}
        line.hset(_key(page_id, locale), me, json.dumps(told))
        line.expire(_key(page_id, locale), LASTS_S)
    except RedisError:
        log.warning("page_editor.without_redis")


def leave(page_id: UUID, locale: str) -> None:
    """Note that the person of this request has closed a page."""
    try:
        cache.connect(house().config).hdel(_key(page_id, locale), str(current_user.user_id))
    except RedisError:
        log.warning("page_editor.without_redis")


def others_here(page_id: UUID, locale: str) -> list[Other]:
    """List the others who have a page open, whoever was first first."""
    try:
        notes = cache.connect(house().config).hgetall(_key(page_id, locale))
    except RedisError:
        return []
    me, oldest = str(current_user.user_id).encode(), g.db.now.timestamp() - LASTS_S
    told = [json.loads(note) for who, note in notes.items() if who != me]
    there = sorted((each for each in told if each["at"] > oldest), key=lambda each: each["since"])
    return [Other(name=each["name"], since=_clock(each["since"]), block=each["block"]) for each in there]


def _clock(stamp: float) -> str:
    return format_clock(datetime.fromtimestamp(stamp, tz=g.db.now.tzinfo))


def _key(page_id: UUID, locale: str) -> str:
    return cache.key(g.place.reseller_id, "page-open", str(page_id), locale)
