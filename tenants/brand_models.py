"""BrandVersion, Advert: how a shop looked, looks and may look; what its panel advertises."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_unique


class BrandVersion(Owned, Base):
    """One state of a shop's look. There is at most one draft; what was published is never changed again.

    ``values`` are what ``brand_from`` takes. ``pictures`` are digests of files by use: logo_light, logo_dark,
    letter_light, letter_dark, mark, ico, icon, touch, large, mask; and ``size``, the logo's width and height on a page.
    """

    __tablename__ = "brand_version"
    __owned_args__ = (
        CheckConstraint("state IN ('draft', 'published')", name="state"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published"),
        owned_unique("number"),
        Index(
            "ix_brand_version_draft", "reseller_id", unique=True, postgresql_where="state = 'draft'"
        ),  # two drafts would be two truths
    )

    number: Mapped[int]
    state: Mapped[str] = mapped_column(default="draft")
    revision: Mapped[int] = mapped_column(default=1)
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pictures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str]
    changed_by_id: Mapped[UUID | None] = mapped_column(default=None)
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    published_by: Mapped[str] = mapped_column(default="")


class Advert(Owned, Base):
    """An advertisement on the first page of the customers' panel. Days are the shop's own; no languages means all."""

    __tablename__ = "advert"
    __owned_args__ = (CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="days"),)

    title: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    picture: Mapped[str | None] = mapped_column(default=None)
    picture_width: Mapped[int] = mapped_column(default=0)
    picture_height: Mapped[int] = mapped_column(default=0)
    alt: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    link_words: Mapped[str] = mapped_column(default="")
    locales: Mapped[list[Any]] = mapped_column(default=list)
    starts_on: Mapped[date | None] = mapped_column(default=None)
    ends_on: Mapped[date | None] = mapped_column(default=None)
    changed_at: Mapped[datetime]
