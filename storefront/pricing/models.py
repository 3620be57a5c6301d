"""WholesalePrice, ExchangeQuote, CostWarning, PriceList, Price, MarginRule, PriceSeen, PriceImport, Product."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.scope import Owned, owned_key, owned_unique
from storefront.core.text import LocalizedText, LocalizedTextType

# The line of price lists that everybody sees who is in no group with a line of its own.
MAIN_LINE = "main"
# The plan of a reseller with whom nothing else was agreed.
STANDARD_PLAN = "standard"


class WholesalePrice(Base):
    """What the platform charges a reseller on a plan, from a day on; the total for the years.

    ``kind`` is ``domain`` or another kind of product; ``ending`` is then the product's code.
    """

    __tablename__ = "wholesale_price"

    ending: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(primary_key=True)
    years: Mapped[int] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    plan: Mapped[str] = mapped_column(primary_key=True, default=STANDARD_PLAN)
    kind: Mapped[str] = mapped_column(primary_key=True, default="domain")
    minor: Mapped[int]


class WholesalePlan(Base):
    """Terms of the platform for resellers; from so many domains on it is a reseller's by volume, ``None`` by hand."""

    __tablename__ = "wholesale_plan"

    code: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    from_domains: Mapped[int | None] = mapped_column(default=None)


class ExchangeQuote(Base):
    """What one unit of ``base`` cost in ``quoted`` on a day, by a source such as the European Central Bank."""

    __tablename__ = "exchange_quote"

    base: Mapped[str] = mapped_column(primary_key=True)
    quoted: Mapped[str] = mapped_column(primary_key=True)
    on_day: Mapped[date] = mapped_column(primary_key=True)
    rate: Mapped[Decimal] = mapped_column(Numeric(18, 8))
    source: Mapped[str]


class CostWarning(Owned, Base):
    """That a shop was told of purchase prices that rise on a day; ``digest`` names what rises, so it is told once."""

    __tablename__ = "cost_warning"
    __owned_args__ = (Index("ix_cost_warning_once", "reseller_id", "valid_from", "digest", unique=True),)

    valid_from: Mapped[date]
    digest: Mapped[str]
    endings: Mapped[int]
    warned_at: Mapped[datetime]


class PriceList(Owned, Base):
    """Prices by ending, action and years in one currency; has a start; draft until published.

    Of the published lists of one ``line`` and currency the one that started last holds. ``revision`` rises with every
    change of a draft, so that two who edit it notice each other.
    """

    __tablename__ = "price_list"
    __owned_args__ = (CheckConstraint("amounts IN ('gross', 'net')", name="amounts"),)

    name: Mapped[str]
    line: Mapped[str] = mapped_column(default=MAIN_LINE)
    currency: Mapped[str]
    amounts: Mapped[str]
    starts_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    published_by: Mapped[str] = mapped_column(default="")
    copied_from_id: Mapped[UUID | None] = mapped_column(default=None)
    revision: Mapped[int] = mapped_column(default=0)


class Price(Owned, Base):
    """One price: the total for the years, as the list counts (gross or net).

    ``kind`` is ``domain`` or another kind of product; ``ending`` is then the product's code. ``is_by_rule`` tells a
    price that a margin rule wrote from one that somebody set by hand and that no rule touches.
    """

    __tablename__ = "price"
    __owned_args__ = (
        owned_key("price_list_id", "price_list"),
        Index("ix_price_once", "reseller_id", "price_list_id", "kind", "ending", "action", "years", unique=True),
        CheckConstraint("minor >= 0", name="minor"),
    )

    price_list_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(default="domain")
    ending: Mapped[str]
    action: Mapped[str]  # register, renew, transfer, restore, trade, backorder; setup, recurring of other kinds
    years: Mapped[int]
    minor: Mapped[int]
    is_by_rule: Mapped[bool] = mapped_column(default=False)


class MarginRule(Owned, Base):
    """How a retail price is made of a cost; the first rule that fits an item makes its price.

    ``terms`` holds what it is for and what it does, read by ``margin_rules.read_rule``.
    """

    __tablename__ = "margin_rule"

    name: Mapped[str]
    position: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)
    terms: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(default="")


class PriceSeen(Owned, Base):
    """What a group of customers saw for something from a moment on; ``minor`` is empty when it was no longer sold.

    Only ever added to: the lowest price of the thirty days before a reduction is read from here (Directive 98/6/EC
    art. 6a). Without a group it is what everybody saw.
    """

    __tablename__ = "price_seen"
    __owned_args__ = (
        owned_key("price_group_id", "price_group"),
        Index("ix_price_seen_item", "reseller_id", "kind", "ending", "action", "years", "from_at"),
    )

    kind: Mapped[str] = mapped_column(default="domain")
    ending: Mapped[str]
    action: Mapped[str]
    years: Mapped[int]
    price_group_id: Mapped[UUID | None] = mapped_column(default=None)
    currency: Mapped[str]
    amounts: Mapped[str]
    minor: Mapped[int | None] = mapped_column(default=None)
    is_reduced: Mapped[bool] = mapped_column(default=False)
    from_at: Mapped[datetime]
    because: Mapped[str] = mapped_column(default="")


class PriceImport(Owned, Base):
    """A file that was read and waits for a yes: what it would change and what is wrong with it, by cell."""

    __tablename__ = "price_import"
    __owned_args__ = (
        owned_key("price_list_id", "price_list"),
        CheckConstraint("state IN ('ready', 'applied', 'dropped')", name="state"),
    )

    price_list_id: Mapped[UUID]
    file_name: Mapped[str]
    state: Mapped[str] = mapped_column(default="ready")
    revision: Mapped[int]
    changes: Mapped[list[Any]]
    faults: Mapped[list[Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(default="")


class Product(Owned, Base):
    """Something other than a domain that a shop prices: a hosting plan, a mailbox, a certificate, a redirect."""

    __tablename__ = "product"
    __owned_args__ = (
        owned_unique("code"),
        CheckConstraint("kind IN ('hosting', 'email', 'ssl', 'redirect')", name="kind"),
    )

    code: Mapped[str]
    kind: Mapped[str]
    title: Mapped[LocalizedText] = mapped_column(LocalizedTextType)
    description: Mapped[LocalizedText] = mapped_column(LocalizedTextType, default=LocalizedText)
    is_offered: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)
