"""What visitors write through forms of pages: kept, told to the staff by letter, listed, deleted."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from cms.models import PageVersion, VisitorMessage
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.outbox import publish
from storefront.core.paging import Page, newest_first
from storefront.core.sealing import seal
from storefront.identity.events import LETTER
from tenants.events import VisitorWrote

# The same words from the same person within this time are one message: somebody pressed the button twice.
SAME_WITHIN: Final = timedelta(minutes=10)
KEPT_FOR: Final = timedelta(days=365)
LONGEST_WORDS: Final = 5_000
FILTERS: Final = ("new", "read")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a visitor wrote; ``answers`` holds ``topic`` and ``phone`` where the form asked for them."""

    name: str
    email: str
    words: str
    consent: str
    answers: dict[str, str] = field(default_factory=dict)


def leave_message(db: Work, version: PageVersion, block_id: str, said: Said) -> VisitorMessage:
    """Keep what a visitor wrote and let the staff know; the same once more is the message that stands already."""
    same = (
        VisitorMessage.page_id == version.page_id,
        VisitorMessage.block_id == block_id,
        VisitorMessage.email == said.email,
        VisitorMessage.words == said.words,
        VisitorMessage.sent_at > db.now - SAME_WITHIN,
    )
    known = db.scalar(select(VisitorMessage).where(*same).limit(1))
    if known is not None:
        return known
    message = db.add(
        VisitorMessage(
            page_id=version.page_id,
            block_id=block_id,
            locale=version.locale,
            name=said.name,
            email=said.email,
            words=said.words,
            answers=said.answers,
            consent=said.consent,
            sent_at=db.now,
        )
    )
    db.flush()
    told = {
        "name": said.name,
        "email": said.email,
        "words": said.words,
        "topic": said.answers.get("topic", ""),
        "phone": said.answers.get("phone", ""),
        "page": version.title,
    }
    sealed = seal(db.config, json.dumps(told), purpose=LETTER, owner=db.reseller_id)
    publish(db, VisitorWrote(message_id=message.id, sealed=sealed))
    record(db, "visitor_message.sent", message, after={"page": version.title})
    return message


def visitor_messages(db: Work, *, state: str = "", after: UUID | None = None) -> Page[VisitorMessage]:
    """List what visitors wrote, the newest first; ``state`` is "new", "read" or nothing."""
    statement = select(VisitorMessage)
    if state in FILTERS:
        statement = statement.where(
            VisitorMessage.read_at.is_(None) if state == "new" else VisitorMessage.read_at.is_not(None)
        )
    return newest_first(db, statement, VisitorMessage.id, after)


def page_titles(db: Work, messages: Sequence[VisitorMessage]) -> dict[UUID, str]:
    """Return how the pages are called through which messages came, by page; one query."""
    wanted = {message.page_id for message in messages}
    rows = db.execute(
        select(PageVersion.page_id, PageVersion.title)
        .where(PageVersion.page_id.in_(wanted), PageVersion.state.in_(("published", "past")))
        .order_by(PageVersion.state, PageVersion.edited_at)
    )
    return {row[0]: row[1] for row in rows}


def mark_read(db: Work, message: VisitorMessage, *, is_read: bool) -> None:
    """Say that somebody has read a message, or that it is to be read again."""
    if (message.read_at is not None) == is_read:
        return
    message.read_at = db.now if is_read else None
    db.flush()
    record(db, "visitor_message.read" if is_read else "visitor_message.unread", message)


def remove_message(db: Work, message: VisitorMessage) -> None:
    """Delete a message for good; the log keeps that there was one, not what it said."""
    record(db, "visitor_message.removed", message)
    db.session.delete(message)
    db.flush()


def shops_with_old_messages(db: Work) -> Sequence[UUID]:
    """List the shops that keep messages for longer than is promised. For the schedule, in an office Work."""
    old = select(VisitorMessage.reseller_id).where(VisitorMessage.sent_at < db.now - KEPT_FOR)
    return list(db.scalars(old.distinct()))


def sweep_old_messages(db: Work) -> None:
    """Delete what visitors wrote more than a year ago."""
    db.execute(
        delete(VisitorMessage).where(
            VisitorMessage.reseller_id == db.reseller_id, VisitorMessage.sent_at < db.now - KEPT_FOR
        )
    )
