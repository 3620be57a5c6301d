"""/cart/<line>: in whose name it is registered, on which name servers it begins, by which code it is transferred."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.customers.contacts import create_contact, require_contact_of
from storefront.customers.models import Customer
from storefront.customers.queries import contacts_of
from storefront.orders import carts
from storefront.orders.models import Cart, CartItem
from storefront.orders.nameservers import SHOWN, read_host, read_hosts
from storefront.orders.transfers import give_code
from storefront.shop.buyer import buyer, current_cart, this_shop
from storefront.shop.cart_desk import line_of
from storefront.shop.forms.cart import ContactForm, NameserversForm, NewContactForm, Press
from storefront.shop.forms.transfer import CodeForm
from storefront.shop.transfers import look_up_record
from storefront.web.fields import options
from storefront.web.guards import PUBLIC, SIGNED_IN, acts
from storefront.web.next_path import own_path
from storefront.web.rendering import page, say
from tenants.resellers import current_reseller

bp = Blueprint("lines", __name__, url_prefix="/<uuid:item_id>")


def _line(item_id: UUID) -> tuple[Cart, CartItem]:
    return line_of(current_cart(), item_id)


def _customer() -> Customer:
    found = buyer()
    if found is None:
        raise NotFound
    return found


def _chosen(cart: Cart, item: CartItem, *, for_all: bool) -> Sequence[CartItem]:
    return carts.items_in(g.db, cart) if for_all else [item]


def _back(sentence: Any) -> Response:
    say(sentence)
    return redirect(own_path(request.values.get("next")) or url_for("shop.cart.show"), 303)


@bp.route("/contact", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="cart.contact_chosen")
def contact(item_id: UUID) -> Response:
    """Choose an existing contact."""
    cart, item = _line(item_id)
    customer = _customer()
    known = contacts_of(g.db, customer.id)
    chosen = item.contact_id or next((each.id for each in known), None)
    form = ContactForm(contact=str(chosen))
    form.contact.choices = options((str(each.id), each.display_name) for each in known)
    if form.submitted():
        with form.blames_refusals():
            picked = require_contact_of(g.db, current_user.customer_id, form.contact_id)
            carts.choose_contact(g.db, cart, _chosen(cart, item, for_all=form.for_all.data), picked)
            return _back(_("%(name)s is chosen as the holder.", name=picked.display_name))
    return page(form=form, item=item, contacts={str(each.id): each for each in known}, next=_next())


@bp.route("/contact/new", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="contact.created")
def new_contact(item_id: UUID) -> Response:
    """Create a contact and choose it."""
    cart, item = _line(item_id)
    customer = _customer()
    form = NewContactForm(country=customer.country, kind=customer.kind, email=customer.email, phone=customer.phone)
    if request.method == "POST" and form.changes_country():
        return page(form=form, item=item, next=_next())
    if form.submitted():
        with form.blames_refusals():
            made = create_contact(g.db, customer.id, form.registrant())
            carts.choose_contact(g.db, cart, _chosen(cart, item, for_all=form.for_all.data), made)
            return _back(_("%(name)s is kept in your contacts and chosen as the holder.", name=made.display_name))
    return page(form=form, item=item, next=_next())


@bp.route("/nameservers", methods=["GET", "POST"])
@acts(PUBLIC, audit="cart.nameservers_chosen")
def nameservers(item_id: UUID) -> Response:
    """Choose the name servers a name begins with."""
    cart, item = _line(item_id)
    form = NameserversForm()
    if request.method == "GET":
        for line, host in zip(form.lines, item.nameservers, strict=False):
            line.data = host
    if form.submitted() and _all_are_hosts(form):
        with form.blames_refusals():
            chosen = _chosen(cart, item, for_all=form.for_all.data)
            for each in chosen:
                carts.choose_nameservers(g.db, cart, [each], _hosts_for(each, form.hosts))
            return _back(_("The name servers are noted."))
    shops_own = list(current_reseller(g.db).settings.get("nameservers", ()))
    return page(form=form, item=item, shops_own=shops_own, next=_next())


@bp.route("/code", methods=["GET", "POST"])
@acts(PUBLIC, audit="cart.transfer_code_given")
def code(item_id: UUID) -> Response:
    """Give the code of a transfer, or another one; what was given before is not shown."""
    cart, item = _line(item_id)
    if item.action != "transfer":
        return _to_cart()
    form = CodeForm()
    if form.submitted():
        with form.blames_refusals():
            give_code(g.db, cart, item, form.code.data or "")
            return _back(_("The transfer code of %(name)s is kept, sealed.", name=item.name_unicode))
    return page(form=form, item=item, next=_next())


@bp.post("/check")
@acts(PUBLIC, audit="cart.transfer_checked")
def check(item_id: UUID) -> Response:
    """Have the public record of a name looked up once more, because its holder has changed something."""
    _cart, item = _line(item_id)
    if item.action == "transfer" and Press().submitted():
        look_up_record(item.name_ascii)
        return _back(_("We are asking once more. Look at the cart again in a moment."))
    return _to_cart()


def _to_cart() -> Response:
    """Lead back without a word: there was nothing to do."""
    g.refusal = g.get("refusal") or True
    return redirect(url_for("shop.cart.show"), 303)


def _all_are_hosts(form: NameserversForm) -> bool:
    """Say of each line what is wrong with it, so that all is shown at once."""
    for line in form.lines:
        try:
            read_host(line.data or "")
        except Refused as refusal:
            line.errors = [str(refusal.message)]
            g.refusal = refusal
    return not any(line.errors for line in form.lines)


def _hosts_for(item: CartItem, typed: Sequence[str]) -> list[str]:
    """Read the servers as this line's registry wants them."""
    offered = this_shop().endings.get(item.ending)
    least, most = (offered.rules.nameservers_min, offered.rules.nameservers_max) if offered else (0, SHOWN)
    return read_hosts(typed, name=item.name_ascii, least=least, most=max(most, 1))


def _next() -> str:
    return own_path(request.values.get("next"))
