"""What a registrar charges for everything it sells, asked at once: for whoever keeps the platform's purchase prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from storefront.core.money import Money
from storefront.providers.ports.registrar import Action


@dataclass(frozen=True, kw_only=True)
class RegistrarPrice:
    """The net price of an action on a standard name, for the whole term."""

    ending: str
    action: Action
    years: int
    cost: Money


@runtime_checkable
class HasPriceList(Protocol):
    """An adapter whose supplier tells its prices; many only tell them name by name."""

    def price_list(self) -> Sequence[RegistrarPrice]:
        """Return every standard price. Reading: raises ``NotSent`` only."""
