"""CustomerCreated, CustomerChanged, ContactCreated, ContactChanged, AgreementChanges, AgreementStays."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storefront.core.events import Event, event


@event("customers.customer_created")
@dataclass(frozen=True, kw_only=True)
class CustomerCreated(Event):
    """Somebody new is billed here."""

    customer_id: UUID


@event("customers.customer_changed")
@dataclass(frozen=True, kw_only=True)
class CustomerChanged(Event):
    """The data of a customer is another now."""

    customer_id: UUID


@event("customers.contact_created")
@dataclass(frozen=True, kw_only=True)
class ContactCreated(Event):
    """A customer has one more contact."""

    contact_id: UUID
    customer_id: UUID


@event("customers.contact_changed")
@dataclass(frozen=True, kw_only=True)
class ContactChanged(Event):
    """The data of a contact is another now: registries that have it must hear of it."""

    contact_id: UUID
    customer_id: UUID


@event("customers.agreement_changes")
@dataclass(frozen=True, kw_only=True)
class AgreementChanges(Event):
    """A document that a customer accepted comes in another edition; the paths lead to it and to what it changes."""

    customer_id: UUID
    title: str
    label: str
    in_force_at: datetime
    path: str
    changes_path: str


@event("customers.agreement_stays")
@dataclass(frozen=True, kw_only=True)
class AgreementStays(Event):
    """An edition that a customer was told of does not come; the path leads to those that there are."""

    customer_id: UUID
    title: str
    label: str
    in_force_at: datetime
    path: str
