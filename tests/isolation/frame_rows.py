"""Rows about windows for an estate: one of each kind, with the shop's mark."""

from datetime import timedelta
from uuid import UUID

from frames.models import ForeignTry, Frame, FrameCheck, FrameCount, FramePlace, FrameSite, FrameTicket, FrameToken
from storefront.core.db import Work


def of_shop(db: Work, mark: str) -> dict[str, UUID]:
    """Make one of everything about windows that is a shop's own."""
    today, later = db.now.date(), db.now + timedelta(minutes=10)
    frame = db.add(
        Frame(
            key=f"{mark}-key",
            kind="whois",
            name=mark,
            is_everywhere=False,
            options={"campaign": mark},
            made_at=db.now,
            made_by=mark,
            changed_at=db.now,
        )
    )
    origin = f"https://{mark}.example"
    site = db.add(FrameSite(origin=origin, host=f"{mark}.example", code=mark, added_at=db.now, finding=mark))
    db.flush()
    place = db.add(FramePlace(frame_id=frame.id, site_id=site.id))
    check = db.add(
        FrameCheck(
            frame_id=frame.id,
            address=f"https://{mark}.example/page",
            added_at=db.now,
            asked_at=db.now,
            checked_at=db.now,
            light="wrong",
            final_address=f"https://{mark}.example/end",
            findings=[{"key": "other_shop", "light": "wrong", "facts": {"host": mark}, "line": mark}],
        )
    )
    counter = db.add(FrameCount(frame=mark, day=today, what="shown", times=1))
    foreign = db.add(ForeignTry(day=today, origin=origin, frame=mark, times=1, last_at=db.now))
    ticket = db.add(
        FrameTicket(
            code_hash=f"{mark}-ticket",
            frame=mark,
            what="ordered",
            origin=origin,
            facts={"order": mark},
            made_at=db.now,
            until=later,
        )
    )
    token = db.add(FrameToken(token_hash=f"{mark}-token", until=later))
    db.flush()
    return {
        "frame_id": frame.id,
        "site_id": site.id,
        "frame_place_id": place.id,
        "check_id": check.id,
        "frame_count_id": counter.id,
        "foreign_try_id": foreign.id,
        "frame_ticket_id": ticket.id,
        "frame_token_id": token.id,
    }
