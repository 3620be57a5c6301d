"""CostsRise: what a shop pays the platform will rise."""

from dataclasses import dataclass
from uuid import UUID

from storefront.core.events import Event, event


@event("pricing.costs_rise")
@dataclass(frozen=True, kw_only=True)
class CostsRise(Event):
    """From a day on the shop pays more for endings that it offers; a ``CostWarning`` says which day."""

    warning_id: UUID
