"""/panel/contacts: whose names may stand in registries."""

from uuid import UUID

from flask import Blueprint, g
from flask_login import current_user
from sqlalchemy import exists, select
from werkzeug.wrappers import Response

from storefront.core.i18n import lazy_gettext as _
from storefront.customers.contacts import (
    change_contact,
    create_contact,
    delete_contact,
    make_default,
    require_contact_of,
)
from storefront.customers.models import Contact, Customer
from storefront.customers.queries import contacts_of
from storefront.orders.models import CartItem, OrderItem
from storefront.panel.forms.profile import ContactForm, KnownPersonForm
from storefront.portfolio.models import Domain
from storefront.web.forms import require_token
from storefront.web.guards import SIGNED_IN, acts, reads
from storefront.web.rendering import done, page

bp = Blueprint("contacts", __name__, url_prefix="/contacts")


def _contact(contact_id: UUID) -> Contact:
    return require_contact_of(g.db, current_user.customer_id, contact_id)


@bp.get("/")
@reads(SIGNED_IN)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All contacts of the customer, the usual one first."""
    return page(contacts=contacts_of(g.db, current_user.customer_id))


@bp.route("/new", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="contact.created")
def new() -> Response:
    """Make a contact; it begins with the customer's own country and address of letters."""
    customer = g.db.require(Customer, current_user.customer_id)
    kept = ("country", "phone", "email")
    form = ContactForm(data={"kind": customer.kind, **{name: getattr(customer, name) for name in kept}})
    if not form.changes_country() and form.submitted():
        with form.blames_refusals():
            create_contact(g.db, customer.id, form.registrant())
            return done(_("The contact is saved."), ".list")
    return page(form=form)


@bp.route("/<uuid:contact_id>", methods=["GET", "POST"])
@acts(SIGNED_IN, audit="contact.changed")
def edit(contact_id: UUID) -> Response:
    """Change what may be changed of a contact."""
    contact = _contact(contact_id)
    form = KnownPersonForm(contact)
    if form.submitted():
        with form.blames_refusals():
            change_contact(g.db, contact, form.registrant())
            return done(_("The contact is saved."), ".list")
    return page(form=form, contact=contact, is_used=_is_used(contact))


@bp.post("/<uuid:contact_id>/usual")
@acts(SIGNED_IN, audit="contact.made_default")
def usual(contact_id: UUID) -> Response:
    """Offer this contact first from now on."""
    require_token()
    make_default(g.db, _contact(contact_id))
    return done(_("This is your usual contact now."), ".list")


@bp.post("/<uuid:contact_id>/delete")
@acts(SIGNED_IN, audit="contact.deleted")
def delete(contact_id: UUID) -> Response:
    """Delete a contact that nothing needs."""
    require_token()
    contact = _contact(contact_id)
    delete_contact(g.db, contact, is_used=_is_used(contact))
    return done(_("The contact is deleted."), ".list")


def _is_used(contact: Contact) -> bool:
    """Tell whether a domain, an order or a cart names this contact."""
    return any(
        g.db.scalar(select(exists().where(row.reseller_id == contact.reseller_id, row.contact_id == contact.id)))
        for row in (Domain, OrderItem, CartItem)
    )
