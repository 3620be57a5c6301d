"""How often windows are seen and used, and who tried to hold one without leave; nothing about persons."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from flask import g
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from frames.models import ForeignTry, FrameCount, FrameTicket, FrameToken
from frames.origins import origin_of
from storefront.core.db import Work
from storefront.core.ids import uuid7
from storefront.core.limits import allow
from storefront.web.afterwards import keep_afterwards
from storefront.web.guards import who
from storefront.web.house import house

WHATS: Final = ("shown", "searched", "carted", "signed_in", "signed_up", "ordered")
MOST_ORIGINS: Final = 100  # foreign sites of one shop that a day names
MOST_TRIES: Final = 1_000  # rows about them, whichever windows they tried
# Counting costs a transaction; a flood is counted no further.
SHOP_RATE: Final = "600/minute"
VISITOR_RATE: Final = "60/minute"
FOREIGN_FOR, COUNTS_FOR, SPENT_FOR = timedelta(days=90), timedelta(days=800), timedelta(days=1)


def count(db: Work, frame: str, what: str) -> None:
    """Raise a counter by one in this very transaction: for requests that are kept (POST)."""
    row = insert(FrameCount).values(
        reseller_id=db.reseller_id, id=uuid7(), frame=frame, day=db.now.date(), what=what, times=1
    )
    key = ("reseller_id", "frame", "day", "what")
    db.execute(row.on_conflict_do_update(index_elements=key, set_={"times": FrameCount.times + 1}))


def count_afterwards(frame: str, what: str) -> None:
    """Have a counter raised by one when the request is over: for requests that change nothing else (GET)."""
    if _may_count("count"):
        keep_afterwards(lambda db: count(db, frame, what))


def name_afterwards(frame: str, referer: str) -> None:
    """Have it noted that a site tried to hold a window it may not hold; the origin alone, and so many a day."""
    origin = origin_of(referer)
    if origin is not None and _may_count("foreign"):
        keep_afterwards(lambda db: note_foreign_try(db, frame, origin))


def note_foreign_try(db: Work, frame: str, origin: str) -> None:
    """Raise the counter of a foreign site; one more than can be named counts among the others ("")."""
    today = db.now.date()
    of_today = select(ForeignTry.origin, func.count()).where(ForeignTry.day == today).group_by(ForeignTry.origin)
    named = {each: int(rows) for each, rows in db.execute(of_today)}
    kept = origin if origin in named or len(named) < MOST_ORIGINS else ""
    if sum(named.values()) >= MOST_TRIES:
        # A flood: what is known goes on being counted, the rest in one row.
        is_known = select(ForeignTry.id).where(
            ForeignTry.day == today, ForeignTry.origin == kept, ForeignTry.frame == frame
        )
        kept, frame = (kept, frame) if db.scalar(is_known) is not None else ("", "")
    row = insert(ForeignTry).values(
        reseller_id=db.reseller_id, id=uuid7(), day=today, origin=kept, frame=frame, times=1, last_at=db.now
    )
    key = ("reseller_id", "day", "origin", "frame")
    db.execute(row.on_conflict_do_update(index_elements=key, set_={"times": ForeignTry.times + 1, "last_at": db.now}))


def counted(db: Work, *, since: date) -> Mapping[str, Mapping[str, int]]:
    """Return the sums of all frames since a day: by key (or kind), then by what happened. One query."""
    sums = select(FrameCount.frame, FrameCount.what, func.sum(FrameCount.times)).where(FrameCount.day >= since)
    found: dict[str, dict[str, int]] = {}
    for frame, what, times in db.execute(sums.group_by(FrameCount.frame, FrameCount.what)):
        found.setdefault(frame, dict.fromkeys(WHATS, 0))[what] = int(times)
    return found


def counted_by_day(db: Work, frame: str, *, since: date) -> Mapping[date, Mapping[str, int]]:
    """Return the counters of one frame by day, the newest first. One query."""
    rows = db.scalars(
        select(FrameCount).where(FrameCount.frame == frame, FrameCount.day >= since).order_by(FrameCount.day.desc())
    )
    found: dict[date, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.day, dict.fromkeys(WHATS, 0))[row.what] = row.times
    return found


def foreign_tries(db: Work, *, since: date, most: int = 50) -> list[tuple[str, int, date]]:
    """List the foreign sites that tried since a day: origin, how often, last on; the most often first. One query."""
    times = func.sum(ForeignTry.times)
    sums = select(ForeignTry.origin, times, func.max(ForeignTry.day)).where(ForeignTry.day >= since)
    rows = db.execute(sums.group_by(ForeignTry.origin).order_by(times.desc(), ForeignTry.origin).limit(most))
    return [(origin, int(often), day) for origin, often, day in rows]


def shops_with_spent_rows(db: Work) -> list[UUID]:
    """List the shops that keep what nobody needs any more. For the schedule, in an office Work."""
    found = {*db.scalars(select(FrameTicket.reseller_id).where(FrameTicket.until < db.now - SPENT_FOR).distinct())}
    found |= {*db.scalars(select(FrameToken.reseller_id).where(FrameToken.until < db.now - SPENT_FOR).distinct())}
    old = db.now.date() - FOREIGN_FOR
    found |= {*db.scalars(select(ForeignTry.reseller_id).where(ForeignTry.day < old).distinct())}
    old = db.now.date() - COUNTS_FOR
    found |= {*db.scalars(select(FrameCount.reseller_id).where(FrameCount.day < old).distinct())}
    return sorted(found)


def sweep_spent_rows(db: Work) -> None:
    """Delete tickets and tokens that are over, foreign tries of long ago and counters older than two years."""
    today = db.now.date()
    for table, condition in (
        (FrameTicket, FrameTicket.until < db.now - SPENT_FOR),
        (FrameToken, FrameToken.until < db.now - SPENT_FOR),
        (ForeignTry, ForeignTry.day < today - FOREIGN_FOR),
        (FrameCount, FrameCount.day < today - COUNTS_FOR),
    ):
        db.execute(delete(table).where(table.reseller_id == db.reseller_id, condition))


def _may_count(what: str) -> bool:
    config, shop = house().config, str(g.place.reseller_id)
    return allow(config, VISITOR_RATE, f"frames {what}", shop, who()) and allow(
        config, SHOP_RATE, f"frames {what}", shop
    )
