"""Cart, CartItem, PurchaseOrder, OrderItem."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from storefront.core.db import Base
from storefront.core.money import Money
from storefront.core.scope import Owned, owned_key, owned_unique, to_one


class Cart(Owned, Base):
    """What somebody wishes for; found by a cookie's secret, later also by the user."""

    __tablename__ = "cart"
    __owned_args__ = (owned_unique("token_hash"), Index("ix_cart_user", "reseller_id", "user_id"))

    token_hash: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(default=None)
    codes: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class CartItem(Owned, Base):
    """One wish with the price promised for it until a moment."""

    __tablename__ = "cart_item"
    __owned_args__ = (
        owned_key("cart_id", "cart"),
        Index("ix_cart_item_once", "reseller_id", "cart_id", "name_ascii", "action", unique=True),
        CheckConstraint("years BETWEEN 0 AND 10", name="years"),
    )

    cart_id: Mapped[UUID]
    action: Mapped[str]  # register, transfer, renew
    name_ascii: Mapped[str]
    name_unicode: Mapped[str]
    ending: Mapped[str]
    years: Mapped[int]
    contact_id: Mapped[UUID | None] = mapped_column(default=None)
    nameservers: Mapped[list[Any]] = mapped_column(default=list)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    auth_code_sealed: Mapped[str] = mapped_column(default="")
    price_minor: Mapped[int]
    list_minor: Mapped[int | None] = mapped_column(default=None)
    renewal_minor: Mapped[int | None] = mapped_column(default=None)
    currency: Mapped[str]
    amounts: Mapped[str]
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    premium: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    promised_until: Mapped[datetime]
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None] = mapped_column(default=None)  # can be put back while the cart stands


class PurchaseOrder(Owned, Base):
    """What was ordered in one go, and what was agreed to then."""

    __tablename__ = "purchase_order"
    __owned_args__ = (
        owned_unique("code"),
        owned_unique("once_key"),
        owned_key("customer_id", "customer"),
        Index("ix_purchase_order_customer", "reseller_id", "customer_id", "id"),
        Index("ix_purchase_order_state", "reseller_id", "state", "id"),
    )

    code: Mapped[str]
    once_key: Mapped[str]  # one per checkout form: a double click is one order
    customer_id: Mapped[UUID]
    user_id: Mapped[UUID | None] = mapped_column(default=None)
    state: Mapped[str]
    currency: Mapped[str]
    total_minor: Mapped[int]
    locale: Mapped[str]
    is_consumer: Mapped[bool]
    agreed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    pays_by: Mapped[str]  # card, bank
    placed_at: Mapped[datetime]
    paid_at: Mapped[datetime | None] = mapped_column(default=None)
    completed_at: Mapped[datetime | None] = mapped_column(default=None)
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)

    customer = to_one("PurchaseOrder.customer_id", "Customer")


class OrderItem(Owned, Base):
    """One line of an order, with everything the supplier needs, frozen when ordered."""

    __tablename__ = "order_item"
    __owned_args__ = (
        owned_key("order_id", "purchase_order"),
        Index("ix_order_item_order", "reseller_id", "order_id", "position"),
        Index("ix_order_item_name", "reseller_id", "name_ascii"),
        Index(
            "ix_order_item_refund",
            "reseller_id",
            "id",
            postgresql_where="state = 'failed' AND refund_noted_at IS NULL",
        ),
    )

    order_id: Mapped[UUID]
    position: Mapped[int]
    action: Mapped[str]
    name_ascii: Mapped[str]
    name_unicode: Mapped[str]
    ending: Mapped[str]
    years: Mapped[int]
    state: Mapped[str]
    failure: Mapped[str] = mapped_column(default="")
    contact_id: Mapped[UUID | None] = mapped_column(default=None)
    registrant: Mapped[dict[str, Any]]
    nameservers: Mapped[list[Any]] = mapped_column(default=list)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    auth_code_sealed: Mapped[str] = mapped_column(default="")
    price_minor: Mapped[int]
    list_minor: Mapped[int | None] = mapped_column(default=None)
    net_minor: Mapped[int]
    currency: Mapped[str]
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    premium: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    domain_id: Mapped[UUID | None] = mapped_column(default=None)
    refund_noted_at: Mapped[datetime | None] = mapped_column(default=None)  # money back for a failed line

    order = to_one("OrderItem.order_id", "PurchaseOrder")

    @property
    def price(self) -> Money:
        """The price as the shop's list counts, net or gross."""
        return Money(self.price_minor, self.currency)
