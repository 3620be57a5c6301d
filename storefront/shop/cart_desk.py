"""What the cart's page and its window have in common: what they show, and what the press of a button does."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import g, request

from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.limits import allow, is_spent, spend
from storefront.orders import carts
from storefront.orders.basket import basket, look_up, reckon_basket
from storefront.orders.cart_codes import WrongCode, apply_code
from storefront.orders.holders import holders
from storefront.orders.models import Cart, CartItem
from storefront.pricing.queries import Shelf
from storefront.shop.buyer import asked_look_up, buyer, this_shop
from storefront.shop.forms.cart import AddForm, DiscountForm, whole
from storefront.shop.vat_words import VatWords, vat_words, vat_words_of_shop
from storefront.shop.ways import Ways
from storefront.web.forms import Form
from storefront.web.guards import who
from storefront.web.house import house
from tenants.resellers import current_reseller

WRONG_CODES = "10/hour"


def cart_facts(cart: Cart | None, ways: Ways, **more: Any) -> dict[str, Any]:
    """Return what a cart shows. Names whose answer is old are asked about once more; nobody waits for that."""
    shop, customer = this_shop(), buyer()
    watched = asked_look_up()
    if cart is not None and not watched:
        watched = look_up(g.db, carts.stale_names(g.db, carts.items_in(g.db, cart)))
    seen = basket(g.db, cart, shop, search_id=watched)
    reckoned = reckon_basket(g.db, customer, seen) if customer and seen.lines else None
    named = holders(g.db, customer, [line.item for line in seen.lines], shop) if customer else []
    return {
        "ways": ways,
        "basket": seen,
        "customer": customer,
        "reckoned": reckoned,
        "holders": {holder.item.id: holder for holder in named},
        "removed": _removed(cart),
        "discount": more.pop("discount", None) or DiscountForm(formdata=None),
        "nameservers_of": current_reseller(g.db).name if current_reseller(g.db).settings.get("nameservers") else "",
        "vat": vat_words(reckoned.decision, customer.country, is_company=customer.kind != "individual")
        if reckoned and customer
        else _vat_of_shop(shop.book.vat_percent),
        "refusal": None,
        **more,
    }


def _vat_of_shop(percent: Decimal) -> VatWords | None:
    reseller = current_reseller(g.db)
    return vat_words_of_shop(reseller.country, percent, follows_buyer=reseller.uses_one_stop_shop)


def _removed(cart: Cart | None) -> CartItem | None:
    """Return the line that was just taken out, while it can be put back."""
    try:
        return carts.require_item(g.db, cart, UUID(request.args["removed"]), removed=True)
    except (KeyError, ValueError, NotFound):
        return None


def fill_cart(form: AddForm, find: Callable[[], Cart], shop: Shelf) -> tuple[Cart, CartItem]:
    """Put a name into the cart that ``find`` returns. Raises ``Refused``; ``NameTaken`` where it can be moved here."""
    cart = find()
    wish = carts.NameWish(
        name=form.name.data or "",
        years=whole(form.years),
        agrees_to=form.agreed(shop.book.currency),
        search_id=form.search.data or "",
    )
    return cart, carts.add_item(g.db, cart, wish, shop)


def line_of(cart: Cart | None, item_id: UUID) -> tuple[Cart, CartItem]:
    """Return a line of a cart with the cart; ``NotFound`` for anything else."""
    item = carts.require_item(g.db, cart, item_id)
    if cart is None:
        raise NotFound
    return cart, item


def count_code(form: DiscountForm, cart: Cart | None, shop: Shelf) -> str:
    """Let a code count and return it, or note on the form why it does not.

    Whoever types ten that do not exist waits for an hour: that raises ``TooMany``.
    """
    caller = ("code", str(g.place.reseller_id), who())
    if is_spent(house().config, WRONG_CODES, *caller):
        spend(house().config, WRONG_CODES, *caller)
    if form.submitted():
        with form.blames_refusals():
            if cart is None:
                raise Refused(_("Your cart is empty."), field="code")
            return apply_code(g.db, cart, form.code.data or "", shop).code
    if isinstance(g.get("refusal"), WrongCode):
        allow(house().config, WRONG_CODES, *caller)
    g.refusal = g.get("refusal") or True
    return ""


def first_fault(form: Form) -> str:
    """Return the first sentence of what is wrong with a form."""
    sentences = [*form.form_errors, *(error for field in form for error in field.errors)]
    return sentences[0] if sentences else ""
