"""Codes in a cart: typed in, tried at once against what lies there, kept or refused with the reason, taken out."""

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.orders.cart_prices import UNKNOWN_CODE, buying_of, price_cart, reprice
from storefront.orders.carts import MOST_CODES, items_in, touch
from storefront.orders.models import Cart
from storefront.pricing.codes import find_code
from storefront.pricing.offer_models import Promotion, PromotionCode
from storefront.pricing.promotions import phase_of
from storefront.pricing.queries import Shelf


class WrongCode(Refused):
    """A code that does not exist: whoever types many of them is guessing."""


def apply_code(db: Work, cart: Cart, typed: str, shop: Shelf) -> PromotionCode:
    """Let a code count in a cart; twice is once.

    Raises ``WrongCode`` for one that nobody knows, ``Refused`` with the reason for one that takes nothing off here.
    """
    row = find_code(db, typed)
    if row is None:
        raise WrongCode(UNKNOWN_CODE, field="code")
    db.lock(cart)
    if row.code in cart.codes:
        return row
    if len(cart.codes) >= MOST_CODES:
        raise Refused(_("A cart takes at most %(num)s codes.", num=MOST_CODES), field="code")
    _require_running(db, row)
    before, cart.codes = list(cart.codes), [*cart.codes, row.code]
    items = items_in(db, cart)
    prices = price_cart(db, cart, items, shop)
    buying = buying_of(db, cart, shop.book)
    if row.customer_id is not None and buying.facts.customer_id is None:
        cart.codes = before
        raise Refused(_("This code belongs to an account. Please sign in first, then type it once more."), field="code")
    answer = next(each for each in prices.codes if each.code == row.code)
    if answer.why is not None:
        cart.codes = before
        raise Refused(answer.why, field="code")
    touch(db, cart)
    reprice(db, cart, items, shop)
    return row


def _require_running(db: Work, row: PromotionCode) -> None:
    promotion = db.scalar(select(Promotion).where(Promotion.id == row.promotion_id))
    phase = phase_of(promotion, db.now) if promotion else "draft"
    if phase in {"draft", "scheduled"}:
        raise Refused(_("This code does not count yet."), field="code")
    if phase in {"ended", "stopped"}:
        raise Refused(_("This code does not count any more: its promotion has ended."), field="code")
    if phase == "used_up":
        raise Refused(_("This code has been used up."), field="code")


def remove_code(db: Work, cart: Cart, code: str, shop: Shelf) -> None:
    """Take a code out of a cart; its lines cost what they cost without it."""
    db.lock(cart)
    if code not in cart.codes:
        return
    cart.codes = [each for each in cart.codes if each != code]
    touch(db, cart)
    reprice(db, cart, items_in(db, cart), shop)
