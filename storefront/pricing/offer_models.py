"""PriceGroup, GroupPrice, Promotion, PromotionCode, PromotionUse: what some customers pay, or all for a while."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_key, owned_unique
from storefront.core.text import LocalizedText, LocalizedTextType


class PriceGroup(Owned, Base):
    """Customers with terms of their own: another line of lists, a discount, single prices.

    Customers without a group are in the default one, if there is one. ``from_domains`` and ``from_turnover_minor``
    let a job move customers who have so many domains, or paid so much in twelve months. A group is closed, not
    deleted, since what its customers saw is kept.
    """

    __tablename__ = "price_group"
    __owned_args__ = (
        owned_unique("name"),
        Index("ix_price_group_default", "reseller_id", unique=True, postgresql_where="is_default"),
        CheckConstraint("discount_percent >= 0 AND discount_percent <= 100", name="discount"),
    )

    name: Mapped[str]
    line: Mapped[str] = mapped_column(default="main")
    discount_percent: Mapped[Decimal] = mapped_column(Numeric(6, 3), default=Decimal(0))
    is_default: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
    from_domains: Mapped[int | None] = mapped_column(default=None)
    from_turnover_minor: Mapped[int | None] = mapped_column(default=None)
    changed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)


class GroupPrice(Owned, Base):
    """A single price of a group, as its line of lists counts; nothing is taken off it."""

    __tablename__ = "group_price"
    __owned_args__ = (
        owned_key("price_group_id", "price_group"),
        Index("ix_group_price_once", "reseller_id", "price_group_id", "kind", "ending", "action", "years", unique=True),
        CheckConstraint("minor >= 0", name="minor"),
    )

    price_group_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(default="domain")
    ending: Mapped[str]
    action: Mapped[str]
    years: Mapped[int]
    minor: Mapped[int]


class Promotion(Owned, Base):
    """A reduction for a while, or with a code; ``terms`` are read by ``promotion_rules.read_terms``.

    The counters are raised under a lock when a price is promised for an order, and lowered when it comes to nothing.
    """

    __tablename__ = "promotion"
    __owned_args__ = (
        CheckConstraint("state IN ('draft', 'running', 'stopped')", name="state"),
        CheckConstraint("uses >= 0 AND spent_minor >= 0", name="counters"),
    )

    name: Mapped[str]
    title: Mapped[LocalizedText] = mapped_column(LocalizedTextType)
    state: Mapped[str] = mapped_column(default="draft")
    needs_code: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None] = mapped_column(default=None)
    currency: Mapped[str]
    terms: Mapped[dict[str, Any]]
    max_uses: Mapped[int | None] = mapped_column(default=None)
    max_per_customer: Mapped[int | None] = mapped_column(default=None)
    budget_minor: Mapped[int | None] = mapped_column(default=None)
    uses: Mapped[int] = mapped_column(default=0)
    spent_minor: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]


class PromotionCode(Owned, Base):
    """A word that lets a promotion count, in capital letters; of a series, or made alone."""

    __tablename__ = "promotion_code"
    __owned_args__ = (
        owned_unique("code"),
        owned_key("promotion_id", "promotion"),
        owned_key("customer_id", "customer"),
        Index("ix_promotion_code_promotion", "reseller_id", "promotion_id"),
        CheckConstraint("uses >= 0", name="counter"),
    )

    promotion_id: Mapped[UUID]
    code: Mapped[str]
    series: Mapped[str] = mapped_column(default="")
    customer_id: Mapped[UUID | None] = mapped_column(default=None)
    max_uses: Mapped[int | None] = mapped_column(default=None)
    uses: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)


class PromotionUse(Owned, Base):
    """A promotion that counted in an order: reserved when placed, confirmed when paid, else released."""

    __tablename__ = "promotion_use"
    __owned_args__ = (
        owned_key("promotion_id", "promotion"),
        owned_key("promotion_code_id", "promotion_code"),
        owned_key("customer_id", "customer"),
        owned_key("order_id", "purchase_order"),
        Index("ix_promotion_use_once", "reseller_id", "order_id", "promotion_id", unique=True),
        Index("ix_promotion_use_customer", "reseller_id", "promotion_id", "customer_id"),
        CheckConstraint("state IN ('reserved', 'confirmed', 'released')", name="state"),
    )

    promotion_id: Mapped[UUID]
    promotion_code_id: Mapped[UUID | None] = mapped_column(default=None)
    customer_id: Mapped[UUID]
    order_id: Mapped[UUID]
    amount_minor: Mapped[int]
    state: Mapped[str] = mapped_column(default="reserved")
    reserved_at: Mapped[datetime]
