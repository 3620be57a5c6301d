"""Message: one letter to one person by one channel."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned


class Message(Owned, Base):
    """One letter to one person by one channel, and what became of it."""

    __tablename__ = "message"
    __owned_args__ = (
        Index("ix_message_once", "reseller_id", "cause_id", "letter", "recipient", unique=True),
        Index("ix_message_customer", "reseller_id", "customer_id", "id"),
        Index("ix_message_state", "reseller_id", "state", "id"),
        Index("ix_message_recipient", "reseller_id", "recipient", "id"),
        CheckConstraint("state IN ('queued', 'sending', 'sent', 'failed')", name="state"),
    )

    cause_id: Mapped[UUID]  # the event that asked for it, or the message that this one repeats
    letter: Mapped[str]
    channel: Mapped[str] = mapped_column(default="email")
    recipient: Mapped[str]
    recipient_name: Mapped[str] = mapped_column(default="")
    customer_id: Mapped[UUID | None] = mapped_column(default=None)
    locale: Mapped[str]
    sender: Mapped[str]
    sender_name: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    html: Mapped[str] = mapped_column(default="")
    sealed: Mapped[str] = mapped_column(default="")  # codes and links: staff see that it went out, not what it says
    attachments: Mapped[list[Any]] = mapped_column(default=list)
    state: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    unanswered: Mapped[int] = mapped_column(default=0)  # attempts that nobody knows the outcome of
    lease_until: Mapped[datetime | None] = mapped_column(default=None)
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    error: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")  # the mail server's word, or the file it lies in
