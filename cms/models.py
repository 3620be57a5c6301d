"""Page, PageVersion, DraftLink, NewsCategory, Redirect, MediaFile, VisitorMessage, Menu."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_key, owned_unique
from storefront.core.text import LocalizedText, LocalizedTextType


class Page(Owned, Base):
    """A page of the public site, in the tree of pages; its words live in versions, one line of them per language."""

    __tablename__ = "page"
    __owned_args__ = (
        owned_unique("key"),
        owned_key("parent_id", "page"),
        Index("ix_page_parent", "reseller_id", "parent_id", "position"),
    )

    key: Mapped[str]  # what it is, in no language: home, about, terms; one of the reseller's own has a made-up one
    created_at: Mapped[datetime]
    parent_id: Mapped[UUID | None] = mapped_column(default=None)
    position: Mapped[int] = mapped_column(default=0)
    trashed_at: Mapped[datetime | None] = mapped_column(default=None)


class PageVersion(Owned, Base):
    """One page in one language at one time.

    ``state``: draft (what is being written, one at most), waiting (goes live by itself at ``starts_at``), published
    (what visitors see) and past. ``revision`` rises with every save of a draft, so that nobody overwrites what they
    have not seen. ``translated_from`` are the blocks of the source language as they were when somebody last said that
    this is their translation. ``ends_at`` is when it stops being shown by itself.
    """

    __tablename__ = "page_version"
    __owned_args__ = (
        owned_key("page_id", "page"),
        owned_key("edition_id", "legal_edition"),
        Index("ix_page_version_edition", "reseller_id", "edition_id", postgresql_where="edition_id IS NOT NULL"),
        Index(
            "ix_page_version_live", "reseller_id", "locale", "path", unique=True, postgresql_where="state = 'published'"
        ),
        # Of each page and language one is written, one waits and one is seen; of those that were there are many.
        Index(
            "ix_page_version_one",
            "reseller_id",
            "page_id",
            "locale",
            "state",
            unique=True,
            postgresql_where="state <> 'past'",
        ),
        Index("ix_page_version_page", "reseller_id", "page_id", "locale", "edited_at"),
        Index("ix_page_version_starts", "starts_at", postgresql_where="state = 'waiting'"),
        Index("ix_page_version_ends", "ends_at", postgresql_where="state = 'published' AND ends_at IS NOT NULL"),
        CheckConstraint("state IN ('draft', 'waiting', 'published', 'past')", name="state"),
        CheckConstraint("(state = 'waiting') <= (starts_at IS NOT NULL)", name="waiting_starts"),
    )

    page_id: Mapped[UUID]
    locale: Mapped[str]
    path: Mapped[str]  # begins with a slash; "/" is the home page
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    blocks: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(default="draft")
    edited_at: Mapped[datetime]
    edited_by: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    starts_at: Mapped[datetime | None] = mapped_column(default=None)
    ends_at: Mapped[datetime | None] = mapped_column(default=None)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)  # for search engines and shared links
    translated_from: Mapped[list[Any] | None] = mapped_column(default=None)
    edition_id: Mapped[UUID | None] = mapped_column(default=None)  # what is published or waits of a legal document


class NewsCategory(Owned, Base):
    """What some of the news are about; a page names its own by their ids in ``settings``."""

    __tablename__ = "news_category"
    __owned_args__ = (owned_unique("slug"),)

    slug: Mapped[str]
    title: Mapped[LocalizedText] = mapped_column(LocalizedTextType)
    position: Mapped[int]


class DraftLink(Owned, Base):
    """A link that shows the draft of a page to whoever was sent it, until a moment or until it is withdrawn."""

    __tablename__ = "draft_link"
    __owned_args__ = (owned_key("page_id", "page"), Index("ix_draft_link_page", "reseller_id", "page_id"))

    page_id: Mapped[UUID]
    locale: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(default="")
    until: Mapped[datetime]


class Redirect(Owned, Base):
    """An address that leads elsewhere: where a page was, or what somebody printed once."""

    __tablename__ = "redirect"
    __owned_args__ = (owned_unique("path"),)

    path: Mapped[str]
    target: Mapped[str]  # a path of this shop, or a whole address elsewhere
    is_permanent: Mapped[bool] = mapped_column(default=True)
    is_automatic: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class MediaFile(Owned, Base):
    """A picture or document that pages show. ``variants`` lists what was made of it; ``alt`` are its words by language.

    The focal point is in thousandths of width and height: what stays in view when a picture is cropped.
    """

    __tablename__ = "media_file"
    __owned_args__ = (
        Index("ix_media_file_listed", "reseller_id", "created_at"),
        CheckConstraint("focal_x BETWEEN 0 AND 1000 AND focal_y BETWEEN 0 AND 1000", name="focal"),
    )

    name: Mapped[str]
    kind: Mapped[str]  # the content's type: image/png, application/pdf
    digest: Mapped[str]
    size: Mapped[int]
    width: Mapped[int | None] = mapped_column(default=None)
    height: Mapped[int | None] = mapped_column(default=None)
    alt: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_decorative: Mapped[bool] = mapped_column(default=False)
    focal_x: Mapped[int] = mapped_column(default=500)
    focal_y: Mapped[int] = mapped_column(default=500)
    variants: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(default="")
    trashed_at: Mapped[datetime | None] = mapped_column(default=None)


class VisitorMessage(Owned, Base):
    """What a visitor sent through a form of a page, with the sentence they agreed to."""

    __tablename__ = "visitor_message"
    __owned_args__ = (owned_key("page_id", "page"), Index("ix_visitor_message_listed", "reseller_id", "sent_at"))

    page_id: Mapped[UUID]
    block_id: Mapped[str]
    locale: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    words: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    consent: Mapped[str] = mapped_column(default="")
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None] = mapped_column(default=None)


class Menu(Owned, Base):
    """The links in the header, in the footer or in the panel, in one language."""

    __tablename__ = "menu"
    __owned_args__ = (owned_unique("place", "locale"),)

    place: Mapped[str]  # header, footer, panel
    locale: Mapped[str]
    items: Mapped[list[Any]]
