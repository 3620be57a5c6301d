"""EditionAnnounced, EditionWithdrawn."""

from dataclasses import dataclass
from uuid import UUID

from storefront.core.events import Event, event


@event("cms.edition_announced")
@dataclass(frozen=True, kw_only=True)
class EditionAnnounced(Event):
    """A new edition of a document that customers accept was published, or waits for its day."""

    edition_id: UUID


@event("cms.edition_withdrawn")
@dataclass(frozen=True, kw_only=True)
class EditionWithdrawn(Event):
    """An edition that waited for its day was cancelled: whoever was told of it goes on under the one before."""

    edition_id: UUID
