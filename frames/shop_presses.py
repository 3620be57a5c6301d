"""What the buttons of a window that sells do: the same as those of the cart's page, in the window's own cart."""

from collections.abc import Callable
from typing import Final

from flask import g
from werkzeug.wrappers import Response

from frames.shop_desk import CART, OPTIONS, Desk
from storefront.core.money import Money
from storefront.orders import cart_codes, carts
from storefront.shop.cart_desk import cart_facts, count_code, fill_cart, first_fault
from storefront.shop.forms.cart import AddForm, AgreeForm, DiscountForm, Press, YearsForm, whole
from storefront.web.forms import Form
from storefront.web.sessions import FRAME_CART_COOKIE, leave_cookies_later


def add(desk: Desk) -> Response:
    """Put a name into the cart; a search is shown again where it was."""
    form, before = AddForm(), desk.held.cart
    if form.submitted():
        with form.blames_refusals():
            _cart, item = fill_cart(form, desk.held.to_fill, desk.shop)
            desk.count("carted")
            again = None if desk.is_order else desk.done_at(form.next.data or "", "add", item=item.id)
            return again or desk.done("add", OPTIONS if desk.is_order else CART, item=item.id)
    # What was begun is undone, the cart that was made for it too.
    desk.held.cart = before
    leave_cookies_later().pop(FRAME_CART_COOKIE, None)
    return _refused(desk, form)


def years(desk: Desk) -> Response:
    """Take a line for another term."""
    form, (cart, item) = YearsForm(), desk.line()
    if form.submitted():
        with form.blames_refusals():
            carts.change_years(g.db, cart, item, whole(form.years) or 0, desk.shop)
            return desk.done("years")
    return _refused(desk, form)


def agree(desk: Desk) -> Response:
    """Say yes to a price that changed, or that the registry set itself."""
    form, (cart, item) = AgreeForm(), desk.line()
    if form.submitted():
        with form.blames_refusals():
            carts.agree(g.db, cart, item, Money(whole(form.price) or 0, desk.shop.book.currency), desk.shop)
            return desk.done("agree")
    return _refused(desk, form)


def remove(desk: Desk) -> Response:
    """Take a line out; the next page offers to put it back."""
    form, (cart, item) = Press(), desk.line()
    if not form.submitted():
        return _refused(desk, form)
    carts.remove(g.db, cart, item)
    return desk.done("remove", CART, removed=item.id)


def put_back(desk: Desk) -> Response:
    """Put a line back as it was."""
    form, (cart, item) = Press(), desk.removed_line()
    if form.submitted():
        with form.blames_refusals():
            carts.put_back(g.db, cart, item)
            return desk.done("put_back", CART)
    return _refused(desk, form)


def empty(desk: Desk) -> Response:
    """Take everything out."""
    form = Press()
    if not form.submitted():
        return _refused(desk, form)
    if desk.held.cart is not None:
        carts.empty(g.db, desk.held.cart)
    return desk.done("empty", CART)


def add_code(desk: Desk) -> Response:
    """Let a code count, or say beside its field why it does not."""
    form = DiscountForm()
    if count_code(form, desk.held.cart, desk.shop):
        return desk.done("code", CART)
    return _shown(desk, discount=form)


def remove_code(desk: Desk) -> Response:
    """Take a code out."""
    form = DiscountForm()
    if not form.submitted() or desk.held.cart is None:
        return _refused(desk, form)
    cart_codes.remove_code(g.db, desk.held.cart, form.code.data or "", desk.shop)
    return desk.done("years", CART)


def _refused(desk: Desk, form: Form) -> Response:
    g.refusal = g.get("refusal") or True
    return _shown(desk, refusal=first_fault(form))


def _shown(desk: Desk, **more: object) -> Response:
    return desk.render(CART, status=422, events=[], **cart_facts(desk.held.cart, desk.ways, **more))


PRESSES: Final[dict[str, Callable[[Desk], Response]]] = {
    "add": add,
    "years": years,
    "agree": agree,
    "remove": remove,
    "put_back": put_back,
    "empty": empty,
    "add_code": add_code,
    "remove_code": remove_code,
}
