"""Whose cart this request is about, and for which customer its VAT is reckoned."""

import re

from flask import g, request
from flask_login import current_user

from storefront.customers.models import Customer
from storefront.orders.carts import find_cart, make_cart, summary
from storefront.orders.models import Cart
from storefront.pricing.queries import Shelf, shelf
from storefront.web.forms import token_for
from storefront.web.guards import is_signed_in
from storefront.web.price_groups import group_of_visitor
from storefront.web.sessions import CART_COOKIE, CART_COUNT_COOKIE, leave_cookies_later

_SEARCH_ID = re.compile(r"[A-Za-z0-9_-]{16,40}")


def this_shop() -> Shelf:
    """Return what the shop of this request sells, at the prices of its visitor's group."""
    asked = (g.place.version, group_of_visitor())
    if g.get("shelf", (None,))[0] != asked:
        g.shelf = (asked, shelf(g.db, version=asked[0], group_id=asked[1]))
    found: Shelf = g.shelf[1]
    return found


def buyer() -> Customer | None:
    """Return the customer behind this request, if somebody is signed in who buys."""
    if not is_signed_in() or current_user.customer_id is None:
        return None
    found: Customer | None = g.db.find(Customer, current_user.customer_id)
    return found


def current_cart() -> Cart | None:
    """Return the cart of this request, if there is one."""
    user_id = current_user.user_id if is_signed_in() else None
    return find_cart(g.db, request.cookies.get(CART_COOKIE, "")[:200], user_id)


def cart_to_fill() -> Cart:
    """Return the cart of this request, made if there is none yet."""
    found = current_cart()
    if found is not None:
        return found
    made, token = make_cart(g.db, current_user.user_id if is_signed_in() else None)
    if not is_signed_in():
        leave_cookies_later()[CART_COOKIE] = token
    return made


def tell_count(cart: Cart | None) -> None:
    """Let every page show how much is in the cart."""
    count = summary(g.db, cart, this_shop().book.currency).count if cart else 0
    leave_cookies_later()[CART_COUNT_COOKIE] = str(count) if count else None


def press_token() -> str:
    """Return the CSRF token for buttons outside of forms."""
    return token_for(current_user.csrf_seed) if is_signed_in() else ""


def asked_look_up() -> str:
    """Return the look-up that the address names."""
    given = request.args.get("look", "")
    return given if _SEARCH_ID.fullmatch(given) else ""
