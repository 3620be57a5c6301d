"""The cart of a window where no cookie comes back: a token names it for two hours, in this shop and this window."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.sealing import is_signed, sign
from storefront.orders.models import Cart

LASTS: Final = timedelta(hours=2)
PURPOSE: Final = "frame-cart"
LONGEST: Final = 200


def cart_token(db: Work, cart_id: UUID, *, frame: str) -> str:
    """Make the token of a cart, good from now on: every page that is shown carries a new one."""
    until = int((db.now + LASTS).timestamp())
    said = f"{cart_id.hex}.{until}"
    return f"{said}.{sign(db.config, _bound(said, frame), purpose=PURPOSE, owner=db.reseller_id)}"


def cart_of_token(db: Work, token: str, *, frame: str) -> UUID | None:
    """Return the cart that a token names; ``None`` if it was forged, is over, or was made for another window."""
    number, _dot, rest = token.partition(".")
    until, _dot, signature = rest.partition(".")
    if len(token) > LONGEST or not (until.isascii() and until.isdecimal()):
        return None
    said = f"{number}.{until}"
    if not is_signed(db.config, _bound(said, frame), signature, purpose=PURPOSE, owner=db.reseller_id):
        return None
    return UUID(hex=number) if int(until) > db.now.timestamp() else None


def take_cart(db: Work, token: str, *, frame: str) -> Cart | None:
    """Find and lock the cart that a token names, as long as it is nobody's: it is about to become somebody's."""
    cart_id = cart_of_token(db, token, frame=frame)
    if cart_id is None:
        return None
    left = select(Cart).where(Cart.reseller_id == db.reseller_id, Cart.id == cart_id, Cart.user_id.is_(None))
    return db.scalar(left.with_for_update())


def _bound(said: str, frame: str) -> str:
    return f"{frame}/{said}"
