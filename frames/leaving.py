"""/frames/leave: the cart of a window goes with its visitor, into the cart they have at the shop itself."""

from dataclasses import replace

from flask import g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from frames.cart_tokens import cart_of_token, take_cart
from frames.options import CAMPAIGN
from frames.way_back import find_way_back, remember
from storefront.core.errors import Forbidden
from storefront.core.i18n import lazy_gettext as _
from storefront.orders.carts import join
from storefront.shop.buyer import cart_to_fill, tell_count
from storefront.web.forms import Form
from storefront.web.guards import PUBLIC, acts, is_signed_in
from storefront.web.rendering import say
from storefront.web.sessions import SESSION_COOKIE


@acts(PUBLIC, audit="frame.left_with_cart", from_windows=True)
def leave() -> Response:
    """Move what was chosen in a window into the visitor's own cart and go on there. Pressed twice, it is moved once.

    This is a page of its own, never inside a window, so whoever is signed in finds it in the cart of their account.
    """
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":
        raise Forbidden(_("Please open the shop in a window of its own."))
    if not Form().submitted():
        raise Forbidden(_("Please go back and press once more."))
    frame, back = request.form.get("frame", "")[:40], request.form.get("back", "")
    # Windows know nobody; where they lead to, people are known again.
    g.has_session = SESSION_COOKIE in request.cookies
    if is_signed_in():
        g.db.actor = current_user.actor
    way = find_way_back(g.db, frame, back)
    if way is not None:
        # What the page's own line says counts before what was chosen for the frame.
        campaign = request.form.get("campaign", "")
        remember(g.db, replace(way, campaign=campaign) if CAMPAIGN.fullmatch(campaign) else way)
    token = request.form.get("cart", "")
    if token and cart_of_token(g.db, token, frame=frame) is None:
        say(_("What you chose was kept for two hours and is gone. Please choose once more."), "warning")
        return redirect(url_for("shop.cart.show"), 303)
    cart = take_cart(g.db, token, frame=frame)
    if cart is not None:
        own = cart_to_fill()
        join(g.db, cart, own)
        tell_count(own)
    return redirect(url_for("shop.checkout.show" if request.form.get("to") == "checkout" else "shop.cart.show"), 303)
