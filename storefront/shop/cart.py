"""/cart: what somebody wishes for, with years and prices that hold for half an hour."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.limits import allow, is_spent, spend
from storefront.core.money import Money
from storefront.orders import cart_codes, carts
from storefront.orders.basket import basket, look_up, reckon_basket
from storefront.orders.cart_codes import WrongCode, apply_code
from storefront.orders.holders import holders
from storefront.orders.models import Cart, CartItem
from storefront.shop import cart_lines
from storefront.shop.buyer import asked_look_up, buyer, cart_to_fill, current_cart, press_token, tell_count, this_shop
from storefront.shop.forms.cart import AddForm, AgreeForm, DiscountForm, Press, YearsForm, whole
from storefront.shop.transfers import answer_transfer
from storefront.shop.vat_words import VatWords, vat_words, vat_words_of_shop
from storefront.web.forms import Form
from storefront.web.guards import PUBLIC, acts, reads, who
from storefront.web.house import house
from storefront.web.next_path import own_path
from storefront.web.rendering import done, page, say
from storefront.web.sessions import CART_COOKIE, leave_cookies_later
from tenants.resellers import current_reseller

WRONG_CODES = "10/hour"

bp = Blueprint("cart", __name__, url_prefix="/cart")
bp.register_blueprint(cart_lines.bp)


@bp.get("")
@reads(PUBLIC)
def show() -> Response:
    """The cart."""
    return _page(current_cart())


def _page(cart: Cart | None, **more: Any) -> Response:
    """Render the cart. Names whose answer is old are asked about once more; nobody waits for that."""
    shop, customer = this_shop(), buyer()
    watched = asked_look_up()
    if cart is not None and not watched:
        watched = look_up(g.db, carts.stale_names(g.db, carts.items_in(g.db, cart)))
    seen = basket(g.db, cart, shop, search_id=watched)
    reckoned = reckon_basket(g.db, customer, seen) if customer and seen.lines else None
    named = holders(g.db, customer, [line.item for line in seen.lines], shop) if customer else []
    removed = _removed(cart)
    return page(
        "shop/cart/show.html",
        basket=seen,
        customer=customer,
        reckoned=reckoned,
        holders={holder.item.id: holder for holder in named},
        removed=removed,
        discount=more.pop("discount", None) or DiscountForm(formdata=None),
        nameservers_of=current_reseller(g.db).name if current_reseller(g.db).settings.get("nameservers") else "",
        token=press_token(),
        vat=vat_words(reckoned.decision, customer.country, is_company=customer.kind != "individual")
        if reckoned and customer
        else _vat_of_shop(shop.book.vat_percent),
        **{"refusal": None, **more},
    )


def _vat_of_shop(percent: Decimal) -> VatWords | None:
    reseller = current_reseller(g.db)
    return vat_words_of_shop(reseller.country, percent, follows_buyer=reseller.uses_one_stop_shop)


def _removed(cart: Cart | None) -> CartItem | None:
    """Return the line that was just taken out, while it can be put back."""
    try:
        return carts.require_item(g.db, cart, UUID(request.args["removed"]), removed=True)
    except (KeyError, ValueError, NotFound):
        return None


@bp.post("/add")
@acts(PUBLIC, audit="cart.item_added")
def add() -> Response:
    """Put a name (``name``, ``years``) into the cart; ``next`` leads back to a search."""
    form, shop = AddForm(), this_shop()
    if form.submitted():
        with form.blames_refusals():
            try:
                cart = cart_to_fill()
                item = carts.add_item(g.db, cart, _wish_of(form, shop.book.currency), shop)
            except carts.NameTaken as taken:
                g.refusal = taken
                leave_cookies_later().pop(CART_COOKIE, None)
                return redirect(url_for("shop.cart.transfer", name=taken.name), 303)
            tell_count(cart)
            return _added(item, own_path(form.next.data))
    return _refused(form)


def _wish_of(form: AddForm, currency: str) -> carts.NameWish:
    return carts.NameWish(
        name=form.name.data or "",
        years=whole(form.years),
        agrees_to=form.agreed(currency),
        search_id=form.search.data or "",
    )


def _added(item: CartItem, back: str) -> Response:
    message = _("%(name)s is in your cart.", name=item.name_unicode)
    if back:
        say(message)
        return redirect(back, 303)
    return done(message, ".show", look=look_up(g.db, carts.stale_names(g.db, [item])) or None)


def _refused(form: Form) -> Response:
    leave_cookies_later().pop(CART_COOKIE, None)
    sentences = [*form.form_errors, *(error for field in form for error in field.errors)]
    g.refusal = g.get("refusal") or True
    return _page(current_cart(), refusal=sentences[0] if sentences else "", status=422)


@bp.post("/<uuid:item_id>/years")
@acts(PUBLIC, audit="cart.years_changed")
def years(item_id: UUID) -> Response:
    """Take a line for another term."""
    form = YearsForm()
    cart, item = _line(item_id)
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
    cart, item = _line(item_id)
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
    cart, item = _line(item_id)
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
    """Let a code count, or say why it does not; who types ten that do not exist waits for an hour."""
    form, cart = DiscountForm(), current_cart()
    caller = ("code", str(g.place.reseller_id), who())
    if is_spent(house().config, WRONG_CODES, *caller):
        spend(house().config, WRONG_CODES, *caller)
    if form.submitted():
        with form.blames_refusals():
            if cart is None:
                raise Refused(_("Your cart is empty."), field="code")
            row = apply_code(g.db, cart, form.code.data or "", this_shop())
            return done(_("The code %(code)s counts.", code=row.code), ".show")
    if isinstance(g.get("refusal"), WrongCode):
        allow(house().config, WRONG_CODES, *caller)
    return _without_code(form, cart)


def _without_code(form: DiscountForm, cart: Cart | None) -> Response:
    """Show the cart with what is wrong beside the field for a code."""
    g.refusal = g.get("refusal") or True
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


def _line(item_id: UUID) -> tuple[Cart, CartItem]:
    cart = current_cart()
    item = carts.require_item(g.db, cart, item_id)
    if cart is None:
        raise NotFound
    return cart, item
