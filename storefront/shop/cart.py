"""/cart: what somebody wishes for, with years and prices that hold for half an hour."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, url_for
from werkzeug.wrappers import Response

from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.orders import cart_codes, carts
from storefront.orders.basket import look_up
from storefront.orders.models import Cart, CartItem
from storefront.shop import cart_lines
from storefront.shop.buyer import cart_to_fill, current_cart, tell_count, this_shop
from storefront.shop.cart_desk import cart_facts, count_code, fill_cart, first_fault, line_of
from storefront.shop.forms.cart import AddForm, AgreeForm, DiscountForm, Press, YearsForm, whole
from storefront.shop.transfers import answer_transfer
from storefront.shop.ways import ways_of_pages
from storefront.web.forms import Form
from storefront.web.guards import PUBLIC, acts, reads
from storefront.web.next_path import own_path
from storefront.web.rendering import done, page, say
from storefront.web.sessions import CART_COOKIE, leave_cookies_later

bp = Blueprint("cart", __name__, url_prefix="/cart")
bp.register_blueprint(cart_lines.bp)


@bp.get("")
@reads(PUBLIC)
def show() -> Response:
    """The cart."""
    return _page(current_cart())


def _page(cart: Cart | None, *, status: int | None = None, **more: Any) -> Response:
    return page("shop/cart/show.html", status=status, **cart_facts(cart, ways_of_pages(), **more))


@bp.post("/add")
@acts(PUBLIC, audit="cart.item_added")
def add() -> Response:
    """Put a name (``name``, ``years``) into the cart; ``next`` leads back to a search."""
    form = AddForm()
    if form.submitted():
        with form.blames_refusals():
            try:
                cart, item = fill_cart(form, cart_to_fill, this_shop())
            except carts.NameTaken as taken:
                g.refusal = taken
                leave_cookies_later().pop(CART_COOKIE, None)
                return redirect(url_for("shop.cart.transfer", name=taken.name), 303)
            tell_count(cart)
            return _added(item, own_path(form.next.data))
    return _refused(form)


def _added(item: CartItem, back: str) -> Response:
    message = _("%(name)s is in your cart.", name=item.name_unicode)
    if back:
        say(message)
        return redirect(back, 303)
    return done(message, ".show", look=look_up(g.db, carts.stale_names(g.db, [item])) or None)


def _refused(form: Form) -> Response:
    leave_cookies_later().pop(CART_COOKIE, None)
    g.refusal = g.get("refusal") or True
    return _page(current_cart(), refusal=first_fault(form), status=422)


@bp.post("/<uuid:item_id>/years")
@acts(PUBLIC, audit="cart.years_changed")
def years(item_id: UUID) -> Response:
    """Take a line for another term."""
    form = YearsForm()
    cart, item = line_of(current_cart(), item_id)
    if form.submitted():
        with form.blames_refusals():
            carts.change_years(g.db, cart, item, whole(form.years) or 0, this_shop())
            return redirect(url_for(".show"), 303)
    return _refused(form)


@bp.post("/<uuid:item_id>/agree")
@acts(PUBLIC, audit="cart.price_agreed")
def agree(item_id: UUID) -> Response:
    """Say yes to a price that changed, or that the registry set itself."""
    form, shop = AgreeForm(), this_shop()
    cart, item = line_of(current_cart(), item_id)
    if form.submitted():
        shown = Money(whole(form.price) or 0, shop.book.currency)
        with form.blames_refusals():
            carts.agree(g.db, cart, item, shown, shop)
            return done(_("Thank you. The price of %(name)s is noted.", name=item.name_unicode), ".show")
    return _refused(form)


@bp.post("/<uuid:item_id>/remove")
@acts(PUBLIC, audit="cart.item_removed")
def remove(item_id: UUID) -> Response:
    """Take a line out; the next page offers to put it back."""
    form = Press()
    cart, item = line_of(current_cart(), item_id)
    if not form.submitted():
        return _refused(form)
    carts.remove(g.db, cart, item)
    tell_count(cart)
    return redirect(url_for(".show", removed=item.id), 303)


@bp.post("/<uuid:item_id>/put-back")
@acts(PUBLIC, audit="cart.item_put_back")
def put_back(item_id: UUID) -> Response:
    """Put a line back as it was."""
    form = Press()
    cart = current_cart()
    item = carts.require_item(g.db, cart, item_id, removed=True)
    if form.submitted() and cart is not None:
        with form.blames_refusals():
            carts.put_back(g.db, cart, item)
            tell_count(cart)
            return redirect(url_for(".show"), 303)
    return _refused(form)


@bp.post("/empty")
@acts(PUBLIC, audit="cart.emptied")
def empty() -> Response:
    """Take everything out."""
    form, cart = Press(), current_cart()
    if not form.submitted():
        return _refused(form)
    if cart is not None:
        carts.empty(g.db, cart)
        tell_count(cart)
    return done(_("Your cart is empty now."), ".show")


@bp.post("/codes")
@acts(PUBLIC, audit="cart.code_added")
def add_code() -> Response:
    """Let a code count, or say beside its field why it does not."""
    form, cart = DiscountForm(), current_cart()
    code = count_code(form, cart, this_shop())
    if code:
        return done(_("The code %(code)s counts.", code=code), ".show")
    return _page(cart, discount=form, status=422)


@bp.post("/codes/remove")
@acts(PUBLIC, audit="cart.code_removed")
def remove_code() -> Response:
    """Take a code out."""
    form, cart = DiscountForm(), current_cart()
    if not form.submitted() or cart is None:
        return _refused(form)
    cart_codes.remove_code(g.db, cart, form.code.data or "", this_shop())
    return redirect(url_for(".show"), 303)


@bp.route("/transfer", methods=["GET", "POST"])
@acts(PUBLIC, audit="cart.transfer_added")
def transfer() -> Response:
    """Names that somebody has elsewhere (``?name=`` writes one down), with the codes that let them move."""
    return answer_transfer()
