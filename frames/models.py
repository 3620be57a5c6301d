"""Frame, FrameSite, FramePlace, FrameCheck, FrameCount, ForeignTry, FrameTicket, FrameToken."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_key, owned_unique


class Frame(Owned, Base):
    """A piece of the shop that a reseller made for pages of others. ``key`` is what its address ends with.

    Every kind also has a window without a row, with default options, on all proven sites.
    """

    __tablename__ = "frame"
    __owned_args__ = (owned_unique("key"),)

    key: Mapped[str]
    kind: Mapped[str]  # of frames/kinds.py
    name: Mapped[str]  # for the office alone
    is_on: Mapped[bool] = mapped_column(default=True)
    is_everywhere: Mapped[bool] = mapped_column(default=True)  # on all proven sites; else on those of ``frame_place``
    options: Mapped[dict[str, Any]] = mapped_column(default=dict)  # of frames/options.py
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]


class FrameSite(Owned, Base):
    """A page address of the reseller's own (an origin) that may hold windows as soon as it is proven to be theirs."""

    __tablename__ = "frame_site"
    __owned_args__ = (
        owned_unique("origin"),
        CheckConstraint("state IN ('waiting', 'proven', 'lost')", name="state"),
        CheckConstraint("proof IN ('dns', 'host', 'machine')", name="proof"),
        Index("ix_frame_site_due", "next_check_at", postgresql_where="next_check_at IS NOT NULL"),
    )

    origin: Mapped[str]  # https://www.example.com, written the one way of frames/origins.py
    host: Mapped[str]  # the name in it
    state: Mapped[str] = mapped_column(default="waiting")
    # A code in the zone; a verified host of the shop under the same registered domain; a developer's own machine.
    proof: Mapped[str] = mapped_column(default="dns")
    code: Mapped[str] = mapped_column(default="")  # what the TXT record must say
    added_at: Mapped[datetime]
    proven_at: Mapped[datetime | None] = mapped_column(default=None)

    # What was seen of the code, and when it is looked for again.
    finding: Mapped[str] = mapped_column(default="")  # the key of the Doctor's finding, such as code_missing
    asked_at: Mapped[datetime | None] = mapped_column(default=None)
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    heard_at: Mapped[datetime | None] = mapped_column(default=None)  # when its zone last said anything
    next_check_at: Mapped[datetime | None] = mapped_column(default=None)
    first_missed_at: Mapped[datetime | None] = mapped_column(default=None)
    misses: Mapped[int] = mapped_column(default=0)


class FramePlace(Owned, Base):
    """A site that one frame may stand on, where it may not stand on all."""

    __tablename__ = "frame_place"
    __owned_args__ = (
        owned_key("frame_id", "frame"),
        owned_key("site_id", "frame_site"),
        owned_unique("frame_id", "site_id"),
        Index("ix_frame_place_site", "reseller_id", "site_id"),
    )

    frame_id: Mapped[UUID]
    site_id: Mapped[UUID]


class FrameCheck(Owned, Base):
    """A page that holds a frame, or should, and what was found there last; ``kind`` where nobody made that window."""

    __tablename__ = "frame_check"
    __owned_args__ = (
        owned_key("frame_id", "frame"),
        owned_unique("frame_id", "address"),
        CheckConstraint("light IN ('', 'right', 'warning', 'wrong')", name="light"),
        CheckConstraint("(frame_id IS NULL) = (kind <> '')", name="whose"),
        Index("ix_frame_check_due", "next_check_at", postgresql_where="next_check_at IS NOT NULL"),
        Index(
            "ix_frame_check_kind", "reseller_id", "kind", "address", unique=True, postgresql_where="frame_id IS NULL"
        ),
    )

    frame_id: Mapped[UUID | None] = mapped_column(default=None)
    kind: Mapped[str] = mapped_column(default="", server_default="")
    address: Mapped[str]
    added_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    next_check_at: Mapped[datetime | None] = mapped_column(default=None)
    light: Mapped[str] = mapped_column(default="")  # the worst of what was found; empty: not looked at yet
    light_since: Mapped[datetime | None] = mapped_column(default=None)
    final_address: Mapped[str] = mapped_column(default="")  # where the page led to
    findings: Mapped[list[Any]] = mapped_column(default=list)  # of frames/health_facts.py


class FrameCount(Owned, Base):
    """How often something happened in a frame on one day; nothing about who."""

    __tablename__ = "frame_count"
    __owned_args__ = (
        owned_unique("frame", "day", "what"),
        CheckConstraint("what IN ('shown', 'searched', 'carted', 'signed_in', 'signed_up', 'ordered')", name="what"),
        Index("ix_frame_count_day", "reseller_id", "day"),
    )

    frame: Mapped[str]  # its key; the kind where there is no row
    day: Mapped[date]
    what: Mapped[str]
    times: Mapped[int] = mapped_column(default=0)


class ForeignTry(Owned, Base):
    """How often a site that may not hold a window tried to on one day; "" stands for all beyond the first hundred."""

    __tablename__ = "foreign_try"
    __owned_args__ = (owned_unique("day", "origin", "frame"), Index("ix_foreign_try_day", "reseller_id", "day"))

    day: Mapped[date]
    origin: Mapped[str]
    frame: Mapped[str]
    times: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]


class FrameTicket(Owned, Base):
    """What happened at the top, for the embedding page to be told once, when the visitor returns to it."""

    __tablename__ = "frame_ticket"
    __owned_args__ = (owned_unique("code_hash"), Index("ix_frame_ticket_until", "until"))

    code_hash: Mapped[str]
    frame: Mapped[str]
    what: Mapped[str]  # signed-in, ordered
    origin: Mapped[str]  # where the visitor was sent back to
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # order code, value, currency; nothing of a person
    made_at: Mapped[datetime]
    until: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(default=None)


class FrameToken(Owned, Base):
    """A form token of a window that has been used, so that it is used once; forgotten when it is over anyway."""

    __tablename__ = "frame_token"
    __owned_args__ = (owned_unique("token_hash"), Index("ix_frame_token_until", "until"))

    token_hash: Mapped[str]
    until: Mapped[datetime]
