"""Registry contacts of a customer: create, change, choose the usual one, delete."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import publish
from storefront.customers.events import ContactChanged, ContactCreated
from storefront.customers.models import Contact
from storefront.customers.postal import changed, registrant_of, tidied, values_of
from storefront.customers.queries import contacts_of
from storefront.customers.registrants import Registrant

MOST = 500


def create_contact(
    db: Work,
    customer_id: UUID,
    data: Registrant,
    *,
    is_default: bool = False,
    extra: dict[str, Any] | None = None,
) -> Contact:
    """Make a contact; the first one of a customer is the usual one. Raises ``Refused`` naming the field to mend."""
    tidy = tidied(data)
    known = db.scalars(
        select(Contact.id).where(Contact.reseller_id == db.reseller_id, Contact.customer_id == customer_id),
    )
    if len(known) >= MOST:
        raise Refused(_("You have %(num)s contacts already. Please delete those you no longer need.", num=MOST))
    contact = Contact(**values_of(tidy), customer_id=customer_id, extra=extra or {}, created_at=db.now)
    db.add(contact)
    db.flush()
    if is_default or not known:
        make_default(db, contact)
    publish(db, ContactCreated(contact_id=contact.id, customer_id=customer_id))
    record(db, "contact.created", contact, after={"name": contact.display_name})
    return contact


def change_contact(db: Work, contact: Contact, data: Registrant) -> None:
    """Take new data; who it is by law and the country stay (domains 3.3). Raises ``Refused``."""
    before, after = changed(contact, data)
    if before == after:
        return
    publish(db, ContactChanged(contact_id=contact.id, customer_id=contact.customer_id))
    record(db, "contact.changed", contact, before=before, after=after)


def make_default(db: Work, contact: Contact) -> None:
    """Offer this contact first wherever one is chosen."""
    db.execute(
        update(Contact)
        .where(Contact.reseller_id == db.reseller_id, Contact.customer_id == contact.customer_id)
        .where(Contact.id != contact.id, Contact.is_default)
        .values(is_default=False),
    )
    contact.is_default = True


def delete_contact(db: Work, contact: Contact, *, is_used: bool) -> None:
    """Delete a contact; refused while a domain or an order that is under way needs it, and for the usual one."""
    if is_used:
        raise Refused(_("A domain or an order needs this contact, so it stays."))
    if contact.is_default:
        raise Refused(_("This is your usual contact. Please choose another usual one first."))
    record(db, "contact.deleted", contact, before={"name": contact.display_name})
    db.session.delete(contact)
    db.flush()


def require_contact_of(db: Work, customer_id: UUID | None, contact_id: UUID) -> Contact:
    """Return a contact of this customer; raise ``NotFound`` for anybody else's."""
    contact = db.require(Contact, contact_id)
    if customer_id is None or contact.customer_id != customer_id:
        raise NotFound
    return contact


def contacts_behind(db: Work, customer_id: UUID, former: Collection[str]) -> list[Contact]:
    """List the contacts that still have one of the former addresses of their customer, the usual one first."""
    return [contact for contact in contacts_of(db, customer_id) if contact.email.lower() in former] if former else []


def let_contacts_follow(db: Work, contacts: Iterable[Contact], email: str) -> int:
    """Give contacts another e-mail address, and return how many have it now."""
    followed = 0
    for contact in contacts:
        change_contact(db, contact, replace(registrant_of(contact), email=email))
        followed += 1
    return followed
