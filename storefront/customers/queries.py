"""Customers and contacts for pages."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select

from storefront.core.alphabet import sort_key
from storefront.core.db import Work
from storefront.core.paging import Page, newest_first
from storefront.core.prefixes import begins_with
from storefront.customers.models import Contact, Customer


def contacts_of(db: Work, customer_id: UUID) -> Sequence[Contact]:
    """List the contacts of a customer, the usual one first."""
    statement = select(Contact).where(Contact.reseller_id == db.reseller_id, Contact.customer_id == customer_id)
    return db.scalars(statement.order_by(Contact.is_default.desc(), Contact.created_at, Contact.id))


def default_contact(db: Work, customer_id: UUID) -> Contact | None:
    """Return the usual contact of a customer, else the oldest."""
    return next(iter(contacts_of(db, customer_id)), None)


def find_customer_by_code(db: Work, code: str) -> Customer | None:
    """Return the customer with a code such as ``A7K4-3QFX``."""
    statement = select(Customer).where(Customer.reseller_id == db.reseller_id)
    return db.scalar(statement.where(Customer.code == code.strip().upper()))


def customers(db: Work, *, wanted: str = "", after: UUID | None = None) -> Page[Customer]:
    """List a shop's customers, newest first; ``wanted`` is the beginning of a name or e-mail address, or a code."""
    statement = select(Customer)
    if wanted:
        key = sort_key(wanted)
        names = begins_with(Customer.sort_key, key) if key else Customer.code == ""
        addresses = begins_with(Customer.email_key, wanted.strip().lower())
        statement = statement.where(or_(names, addresses, Customer.code == wanted.strip().upper()))
    return newest_first(db, statement, Customer.id, after)
