"""Messages for lists, and the words their states are shown in."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import defer

from storefront.core.db import Work
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import OutboxEvent
from storefront.core.paging import Page, newest_first
from storefront.notifications.deliver import MISSING, SILENCE
from storefront.notifications.letters import LETTERS
from storefront.notifications.models import Message

Tone = Literal["success", "warning", "danger", "info", "neutral"]


@dataclass(frozen=True, kw_only=True)
class State:
    """A state as people read it."""

    word: Text
    tone: Tone


STATES: Mapping[str, State] = MappingProxyType(
    {
        "queued": State(word=_("Waiting"), tone="info"),
        "sending": State(word=_("Being sent"), tone="info"),
        "sent": State(word=_("Sent"), tone="success"),
        "failed": State(word=_("Not sent"), tone="danger"),
    },
)
_ERRORS: Mapping[str, Text] = MappingProxyType(
    {
        SILENCE: _("The mail server gave no answer: the letter may have arrived all the same."),
        MISSING: _("A file that belongs to the letter is missing."),
    },
)


def messages(db: Work, *, state: str = "", recipient: str = "", after: UUID | None = None) -> Page[Message]:
    """List a shop's messages, newest first; ``recipient`` is how an address begins."""
    statement = select(Message).options(defer(Message.html), defer(Message.text), defer(Message.sealed))
    if state:
        statement = statement.where(Message.state == state)
    if recipient:
        # A range, not LIKE: under row-level security an index serves plain comparisons only (decision 4).
        statement = statement.where(Message.recipient >= recipient, Message.recipient < f"{recipient}\U0010ffff")
    return newest_first(db, statement, Message.id, after)


def messages_to(db: Work, customer_id: UUID, *, after: UUID | None = None) -> Page[Message]:
    """List what was written to one customer, newest first."""
    statement = select(Message).where(Message.customer_id == customer_id)
    return newest_first(db, statement.options(defer(Message.html), defer(Message.text)), Message.id, after)


def cause_of(db: Work, message: Message) -> OutboxEvent | None:
    """Return the event a message follows from; ``None`` for one that was sent again by hand."""
    return db.find(OutboxEvent, message.cause_id)


def title_of(message: Message) -> Text:
    """Name the kind of a letter."""
    letter = LETTERS.get(message.letter)
    return letter.title if letter else message.letter


def trouble_of(message: Message) -> Text:
    """Say what went wrong last; what is no word of ours is the mail server's."""
    return _ERRORS.get(message.error, message.error)
