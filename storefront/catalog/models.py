"""Tld, TldGroup, Offer."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_unique
from storefront.core.text import LocalizedText, LocalizedTextType


class Tld(Base):
    """The rules of an ending from a day on; written by the platform, read by all."""

    __tablename__ = "tld"

    name: Mapped[str] = mapped_column(primary_key=True)  # A-label without the leading dot
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    rules: Mapped[dict[str, Any]]


class TldGroup(Owned, Base):
    """Which endings a shop proposes together, and in what order."""

    __tablename__ = "tld_group"
    __owned_args__ = (owned_unique("slug"),)

    slug: Mapped[str]
    title: Mapped[LocalizedText] = mapped_column(LocalizedTextType)
    position: Mapped[int]
    is_default: Mapped[bool] = mapped_column(default=False)
    is_for_others: Mapped[bool] = mapped_column(default=False)  # other names are proposed below its endings
    endings: Mapped[list[Any]]


class Offer(Owned, Base):
    """What one shop makes of an ending: whether it is for sale, and how it is announced."""

    __tablename__ = "offer"
    __owned_args__ = (owned_unique("ending"),)

    ending: Mapped[str]
    is_offered: Mapped[bool] = mapped_column(default=True)
    badge: Mapped[LocalizedText] = mapped_column(LocalizedTextType, default=LocalizedText)
    position: Mapped[int] = mapped_column(default=0)
