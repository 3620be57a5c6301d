"""What one attempt does at the supplier: sent for the first time, or asked about before it could be sent again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from storefront.providers.outcomes import Outcome
from storefront.providers.ports.registrar import ContactCard, RegisteredDomain, Registrar, Role

Facts = RegisteredDomain


@dataclass(frozen=True, kw_only=True)
class Call:
    """What one attempt does at the supplier, with everything it needs."""

    connection: str
    subject: str
    only_asks: bool
    make: Callable[[Registrar], Outcome[Facts]]


def contacts_of(wish: dict[str, Any]) -> dict[Role, ContactCard]:
    """Read who stands beside the name: one person in every capacity."""
    card = contact_card(wish["registrant"], wish["locale"])
    return dict.fromkeys((Role.OWNER, Role.ADMIN, Role.TECH, Role.BILLING), card)


def contact_card(registrant: dict[str, Any], locale: str) -> ContactCard:
    """Read a frozen registrant as the registry wants it."""
    return ContactCard(
        kind=registrant["kind"],
        given_name=registrant["given"],
        family_name=registrant["family"],
        organisation=registrant["orgname"],
        street=tuple(line for line in (registrant["street"], registrant["street2"]) if line),
        city=registrant["city"],
        postal_code=registrant["postcode"],
        region=registrant["region"],
        country=registrant["country"],
        phone=registrant["phone"],
        email=registrant["email"],
        locale=locale,
    )
