"""Carts nobody came back to: kept for thirty days on a device, and for good with an account."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select

from storefront.core.db import Work
from storefront.orders.carts import KEPT
from storefront.orders.models import Cart, CartItem

BATCH = 1000


def _forgotten(db: Work) -> ColumnElement[bool]:
    return Cart.user_id.is_(None) & (Cart.changed_at < db.now - KEPT)


def shops_with_old_carts(db: Work) -> Sequence[UUID]:
    """List, in an office Work, the shops that have carts to forget."""
    return db.scalars(select(Cart.reseller_id).where(_forgotten(db)).distinct())


def sweep_old_carts(db: Work) -> None:
    """Forget the carts of nobody's account that were not changed for thirty days."""
    found = select(Cart.id).where(Cart.reseller_id == db.reseller_id, _forgotten(db)).limit(BATCH)
    gone = db.scalars(found.with_for_update(skip_locked=True))
    db.execute(delete(CartItem).where(CartItem.reseller_id == db.reseller_id, CartItem.cart_id.in_(gone)))
    db.execute(delete(Cart).where(Cart.reseller_id == db.reseller_id, Cart.id.in_(gone)))
