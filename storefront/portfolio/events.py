"""DomainRegistered, DomainTransferred."""

from dataclasses import dataclass
from uuid import UUID

from storefront.core.events import Event, event


@event("portfolio.domain_registered")
@dataclass(frozen=True, kw_only=True)
class DomainRegistered(Event):
    """A name is registered and belongs to a customer."""

    domain_id: UUID
    order_item_id: UUID | None
    operation_id: UUID


@event("portfolio.domain_transferred")
@dataclass(frozen=True, kw_only=True)
class DomainTransferred(Event):
    """A name has come here from another registrar."""

    domain_id: UUID
    order_item_id: UUID | None
    operation_id: UUID
