"""WholesalePrice, PriceList, Price."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_key


class WholesalePrice(Base):
    """What the platform charges a reseller, from a day on; the total for the years."""

    __tablename__ = "wholesale_price"

    ending: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(primary_key=True)
    years: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    minor: Mapped[int]


class PriceList(Owned, Base):
    """Prices by ending, action and years in one currency; has a start; draft until published."""

    __tablename__ = "price_list"
    __owned_args__ = (CheckConstraint("amounts IN ('gross', 'net')", name="amounts"),)

    name: Mapped[str]
    currency: Mapped[str]
    amounts: Mapped[str]
    starts_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(default=None)


class Price(Owned, Base):
    """One price: the total for the years, as the list counts (gross or net)."""

    __tablename__ = "price"
    __owned_args__ = (
        owned_key("price_list_id", "price_list"),
        Index("ix_price_once", "reseller_id", "price_list_id", "ending", "action", "years", unique=True),
        CheckConstraint("minor >= 0", name="minor"),
    )

    price_list_id: Mapped[UUID]
    ending: Mapped[str]
    action: Mapped[str]  # register, renew, transfer, restore
    years: Mapped[int]
    minor: Mapped[int]
