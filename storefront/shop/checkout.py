"""/checkout: who orders, how they pay, what they agree to; one press is one order."""

from typing import Any

from flask import Blueprint, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from frames.counts import count
from frames.way_back import remembered
from storefront.billing.card_payments import ask_gateway_to_start
from storefront.billing.payments import BANK, CARD, start_payment
from storefront.billing.queries import find_document_for_order
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.models import Customer
from storefront.orders import carts
from storefront.orders.agreements import MISSING, Agreed, boxes_for
from storefront.orders.basket import Basket, basket, look_up, reckon_basket
from storefront.orders.checkout import CartChanged, OrderTerms, find_placed_order, fingerprint, place_order
from storefront.orders.holders import Holder, answer_problems, holders, open_questions
from storefront.orders.models import Cart, PurchaseOrder
from storefront.orders.withdrawal import order_button
from storefront.shop.buyer import buyer, current_cart, this_shop
from storefront.shop.forms.checkout import BOX, CheckoutForm, checkout_form
from storefront.shop.terms import terms_of_service
from storefront.shop.vat_words import vat_words
from storefront.web.fields import options
from storefront.web.guards import PUBLIC, NotSignedIn, acts, is_unsafe
from storefront.web.house import house
from storefront.web.rendering import page, say
from storefront.web.sessions import CART_COOKIE, CART_COUNT_COOKIE, leave_cookies_later
from tenants.resellers import current_reseller

bp = Blueprint("checkout", __name__, url_prefix="/checkout")


@bp.route("", methods=["GET", "POST"])
@acts(PUBLIC, audit="order.placed")
def show() -> Response:
    """Check and order; whoever is not signed in chooses how to come in first, and keeps the cart."""
    customer, cart = buyer(), current_cart()
    if customer is None:
        if is_unsafe():
            raise NotSignedIn
        seen = basket(g.db, cart, this_shop())
        return page("shop/checkout/enter.html", basket=seen) if seen.can_be_ordered else _to_cart()
    if is_unsafe():
        placed = find_placed_order(g.db, customer.id, request.form.get("once_key", "")[:100])
        if placed is not None:
            return _to_payment(placed)
    if cart is None:
        return _to_cart(_("Your cart is empty.") if is_unsafe() else None)
    items = carts.items_in(g.db, cart)
    if not is_unsafe():
        # Every name is asked about once more; the answers are there when the button is pressed (domains.md, 1.3).
        look_up(g.db, [item.name_ascii for item in items])
    return _check_and_order(customer, cart)


def _check_and_order(customer: Customer, cart: Cart) -> Response:
    shop = this_shop()
    seen = basket(g.db, cart, shop)
    if not seen.can_be_ordered:
        return _to_cart(_("Before you order, please look at the names marked in your cart.") if seen.lines else None)
    found = holders(g.db, customer, [line.item for line in seen.lines], shop)
    form = _form(customer, cart, seen, found)
    is_sound = form.submitted()
    # What is missing is said beside what is wrong, not after it was put right.
    if is_unsafe() and _is_complete(form, found) and is_sound:
        with form.blames_refusals():
            try:
                order = place_order(g.db, cart, _terms(form, customer), shop)
                _count_for_window()
                return _to_payment(order)
            except CartChanged as changed:
                g.changed = changed
                raise
    return _page(form, customer, cart, found)


def _count_for_window() -> None:
    """Count an order for the window that its buyer came from, if they did."""
    way = remembered(g.db)
    if way is not None:
        count(g.db, way.frame, "ordered")


def _form(customer: Customer, cart: Cart, seen: Basket, found: list[Holder]) -> CheckoutForm:
    answers = {holder.item.ending: holder.answers for holder in found}
    questions = open_questions(found)
    form = checkout_form(boxes_for(customer), questions)(once_key=str(cart.id), pays_by=CARD)
    form.pays_by.choices = options(_ways_to_pay())
    if not is_unsafe():
        form.terms_shown.data = terms_of_service().shown
        form.shown.data = fingerprint(seen, reckon_basket(g.db, customer, seen))
        for ending, asked in questions.items():
            for question, field in zip(asked, form.fields_of(ending), strict=True):
                field.data = answers[ending].get(question.key, "")
    return form


def _ways_to_pay() -> list[tuple[str, Any]]:
    ways = [(CARD, _("Card"))]
    return [*ways, (BANK, _("Bank transfer"))] if current_reseller(g.db).iban else ways


def _is_complete(form: CheckoutForm, found: list[Holder]) -> bool:
    """Say all that is missing at once: answers to registries, and boxes."""
    for holder in found:
        for problem in answer_problems(holder, form.answers_for(holder.item.ending)):
            form.object_to(holder.item.ending, problem)
        for problem in holder.data_problems:
            form.form_errors.append(
                str(_("%(name)s: %(why)s", name=holder.item.name_unicode, why=problem.message)),
            )
    current = terms_of_service().shown
    if form.terms_shown.data != current:
        # What was ticked were other words: the page shows those that hold now, and the box is empty.
        form.terms_shown.data, form.terms.data = current, False
        form.miss("terms", _("There is a new edition since you opened this page. Please read and accept it."))
    elif not form.terms.data:
        form.miss("terms", _("Please read and accept the terms of service."))
    for box in form.boxes:
        if not form[BOX + box.key].data:
            form.miss(BOX + box.key, MISSING[box.key])
    if form.errors:
        g.refusal = True
    return not form.errors


def _terms(form: CheckoutForm, customer: Customer) -> OrderTerms:
    return OrderTerms(
        customer=customer,
        user_id=current_user.user_id,
        once_key=form.once_key.data or "",
        shown=form.shown.data or "",
        pays_by=form.pays_by.data or "",
        agreed=Agreed(terms=terms_of_service().kept, accepts_terms=form.terms.data, ticked=form.ticked),
        answers={ending: form.answers_for(ending) for ending in form.questions},
    )


def _page(form: CheckoutForm, customer: Customer, cart: Cart, found: list[Holder]) -> Response:
    """Show the page; after a refusal with the sums of this moment, so that the next press means them."""
    seen = basket(g.db, cart, this_shop())
    if not seen.can_be_ordered:
        changed = g.get("changed")
        return _to_cart(changed.message if changed else _("Please look at the names marked in your cart."))
    reckoned = reckon_basket(g.db, customer, seen)
    if g.get("changed") is not None:
        form.shown.data, form.once_key.data = fingerprint(seen, reckoned), str(cart.id)
    g.leaves_to_gateway = True
    return page(
        "shop/checkout/show.html",
        form=form,
        basket=seen,
        customer=customer,
        reckoned=reckoned,
        vat=vat_words(reckoned.decision, customer.country, is_company=customer.kind != "individual"),
        holders={holder.item.id: holder for holder in found},
        endings={ending: this_shop().endings[ending].shown for ending in form.questions},
        terms=terms_of_service(),
        button=order_button("consumer" if customer.is_consumer else "business", reckoned.totals.gross),
        email=current_user.email,
    )


def _to_cart(sentence: Any = None) -> Response:
    if sentence is not None:
        say(sentence, "warning")
    if is_unsafe():
        g.refusal = g.get("refusal") or True
    return redirect(url_for("shop.cart.show"), 303)


def _to_payment(order: PurchaseOrder) -> Response:
    """Lead to the way of paying that was chosen: straight towards the gateway, or to the account to transfer to."""
    leave_cookies_later().update({CART_COOKIE: None, CART_COUNT_COOKIE: None})
    proforma = find_document_for_order(g.db, order.id, "proforma")
    if proforma is None:
        raise NotFound
    if order.pays_by == CARD and proforma.state == "issued":
        try:
            payment = start_payment(g.db, proforma, CARD)
        except Refused:
            return redirect(url_for("shop.payments.show", proforma_id=proforma.id), 303)
        ask_gateway_to_start(g.db, payment, address=here())
        return redirect(url_for("shop.payments.leave", payment_id=payment.id), 303)
    return redirect(url_for("shop.payments.show", proforma_id=proforma.id), 303)


def here() -> str:
    """Return origin and language prefix of this shop, for addresses that others lead back to."""
    return house().config.origin(g.host) + request.script_root
