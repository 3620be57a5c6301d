"""Page, PageVersion, Menu."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_key, owned_unique


class Page(Owned, Base):
    """A page of the public site; its words live in versions, one line of them per language."""

    __tablename__ = "page"
    __owned_args__ = (owned_unique("key"),)

    key: Mapped[str]  # what it is, in no language: home, about, terms
    created_at: Mapped[datetime]


class PageVersion(Owned, Base):
    """One page in one language at one time."""

    __tablename__ = "page_version"
    __owned_args__ = (
        owned_key("page_id", "page"),
        Index(
            "ix_page_version_live", "reseller_id", "locale", "path", unique=True, postgresql_where="state = 'published'"
        ),
        CheckConstraint("state IN ('draft', 'published', 'past')", name="state"),
    )

    page_id: Mapped[UUID]
    locale: Mapped[str]
    path: Mapped[str]  # begins with a slash; "/" is the home page
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    blocks: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(default="draft")
    edited_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(default=None)


class Menu(Owned, Base):
    """The links in the header or footer, in one language."""

    __tablename__ = "menu"
    __owned_args__ = (owned_unique("place", "locale"),)

    place: Mapped[str]  # header, footer
    locale: Mapped[str]
    items: Mapped[list[Any]]
