"""/panel/contacts: whose names may stand in registries."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, g
from flask_login import current_user
from sqlalchemy import exists, select
from werkzeug.wrappers import Response

from storefront.catalog.offers import rules_on
from storefront.catalog.tlds import OwnerChange
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import ngettext
from storefront.customers.contacts import (
    change_contact,
    contacts_behind,
    create_contact,
    delete_contact,
    let_contacts_follow,
    make_default,
    require_contact_of,
)
from storefront.customers.models import Contact, Customer
from storefront.customers.queries import contacts_of
from storefront.identity.email_change import former_emails
from storefront.orders.models import CartItem, OrderItem
from storefront.panel.forms.profile import ContactForm, KnownPersonForm
from storefront.portfolio.models import Domain
from storefront.portfolio.queries import endings_held
from storefront.web.forms import require_token
from storefront.web.guards import SIGNED_IN, acts, reads
from storefront.web.rendering import done, page

bp = Blueprint("contacts", __name__, url_prefix="/contacts")


def _contact(contact_id: UUID) -> Contact:
    return require_contact_of(g.db, current_user.customer_id, contact_id)


@bp.get("/")
@reads(SIGNED_IN)
def list() -> Response:  # noqa: A001 - the verb of every list
    """All contacts of the customer, the usual one first; those that still have a former e-mail address are named."""
    behind, held = _behind()
    contacts = contacts_of(g.db, current_user.customer_id)
    return page(contacts=contacts, email=current_user.email, behind=behind, held=held)


@bp.post("/e-mail")
@acts(SIGNED_IN, audit="contact.changed")
def follow() -> Response:
    """Let contacts have the e-mail address that the account has now."""
    require_token()
    behind, _held = _behind()
    followed = let_contacts_follow(g.db, behind, current_user.email)
    if not followed:
        return done(_("Your contacts have their addresses already."), ".list")
    return done(
        ngettext("One contact has the new address.", "%(num)s contacts have the new address.", followed), ".list"
    )


def _behind() -> tuple[Sequence[Contact], Sequence[Contact]]:
    """Return the contacts with a former address: those that may simply follow, and those whose holder would change.

    Another e-mail address of the holder is a change of registrant under ICANN's endings (Transfer Policy II.A).
    """
    former = former_emails(g.db, current_user.user_id, current_user.email)
    found = contacts_behind(g.db, current_user.customer_id, former)
    if not found:
        return (), ()
    rules, endings = rules_on(g.db, g.db.today), endings_held(g.db, [contact.id for contact in found])

    def is_held(contact: Contact) -> bool:
        known = [rules[ending] for ending in endings.get(contact.id, ()) if ending in rules]
        return any(each.owner_change is OwnerChange.COR_ICANN for each in known)

    held = [contact for contact in found if is_held(contact)]
    return [contact for contact in found if contact not in held], held


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
