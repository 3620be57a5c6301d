"""Check, quote, register, renew, transfer, info, whois, balance, poll."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

from storefront.core.money import Money
from storefront.providers.outcomes import Outcome

# Names are always A-labels in lower case without a final dot: "xn--t-9fab.fr". Endings carry no dot in front: "co.uk".


class Availability(StrEnum):
    """What a registry says of a name (domains.md, 1.3). Nothing but its own word makes a name available."""

    AVAILABLE = "available"
    PREMIUM = "available_premium"
    TAKEN = "taken"
    RESERVED = "reserved"
    RESTRICTED = "restricted"
    INVALID = "invalid"
    UNSUPPORTED = "unsupported_tld"
    UNKNOWN = "unknown"

    @property
    def is_buyable(self) -> bool:
        """Whether the name may be put in a cart without further conditions."""
        return self in {Availability.AVAILABLE, Availability.PREMIUM}


class Action(StrEnum):
    """What a registry takes money for."""

    REGISTER = "register"
    RENEW = "renew"
    TRANSFER = "transfer"
    RESTORE = "restore"


class Role(StrEnum):
    """In which capacity a contact stands beside a domain."""

    OWNER = "owner"
    ADMIN = "admin"
    TECH = "tech"
    BILLING = "bill"


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What an adapter can do; pages hide the rest. ``endings`` are those it sells."""

    endings: frozenset[str]
    max_check_batch: int
    supports_premium: bool = False
    supports_restore: bool = False
    supports_poll: bool = False
    remembers_references: bool = False  # the same reference never acts twice; the engine does not lean on it
    currency: str = "EUR"


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One name's answer. ``costs`` are the registry's own prices to us, by action and years."""

    name: str
    availability: Availability
    checked_at: datetime
    reason: str = ""
    premium_class: str = ""
    costs: Mapping[Action, Mapping[int, Money]] = field(default_factory=dict)
    quote_id: str = ""
    quote_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What one action on one name costs us exactly, and until when that holds."""

    name: str
    action: Action
    years: int
    cost: Money
    is_premium: bool
    valid_until: datetime
    quote_id: str


@dataclass(frozen=True, kw_only=True)
class ContactCard:
    """A person or organisation as the registry wants it (domains.md, 3.2). Phone in E.164, country in ISO 3166-1."""

    kind: Literal["individual", "company", "association", "publicbody"]
    given_name: str
    family_name: str
    organisation: str = ""
    street: tuple[str, ...]
    city: str
    postal_code: str
    region: str = ""
    country: str
    phone: str
    email: str
    locale: str = "en"
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class NameServer:
    """A name server and, when it lies inside the domain, its addresses."""

    host: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Registration:
    """A wish to register a name. ``agreed_cost`` is what we accepted; a premium name needs it."""

    name: str
    years: int
    contacts: Mapping[Role, ContactCard]
    name_servers: tuple[NameServer, ...] = ()
    locale: str = "en"
    extra: Mapping[str, str] = field(default_factory=dict)
    agreed_cost: Money | None = None


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """A wish to renew. ``current_expiry`` guards against renewing twice (RFC 5731, section 3.2.3)."""

    name: str
    years: int
    current_expiry: datetime
    agreed_cost: Money | None = None


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """A wish to bring a name here from another registrar; name servers stay as they are (RFC 5731, section 3.2.4).

    ``auth_code`` is what its holder got there, empty where the registry asks for none; it is written nowhere.
    """

    name: str
    contacts: Mapping[Role, ContactCard]
    auth_code: str = field(default="", repr=False)
    locale: str = "en"
    extra: Mapping[str, str] = field(default_factory=dict)
    agreed_cost: Money | None = None


@dataclass(frozen=True, kw_only=True)
class RegisteredDomain:
    """What the registry says of a domain. ``statuses`` are EPP's and RGP's (RFC 5731, RFC 3915)."""

    name: str
    registered_at: datetime
    expires_at: datetime
    statuses: tuple[str, ...]
    is_ours: bool
    reference: str = ""  # of the operation that registered it, when the registrar remembers
    name_servers: tuple[str, ...] = ()
    registrar: str = ""

    @property
    def is_pending(self) -> bool:
        """Whether the registry has yet to decide about the registration."""
        return "pendingCreate" in self.statuses


@dataclass(frozen=True, kw_only=True)
class RegistrationData:
    """The public view of a registration, shaped as RDAP has it (RFC 9083). Never holds a person's data."""

    name: str
    registrar: str
    registrar_iana_id: int | None
    abuse_email: str
    abuse_phone: str
    registered_at: datetime | None
    expires_at: datetime | None
    changed_at: datetime | None
    database_updated_at: datetime | None
    statuses: tuple[str, ...]
    name_servers: tuple[str, ...]
    is_signed: bool
    registrant_organisation: str = ""
    registrant_region: str = ""
    registrant_country: str = ""
    redacted: tuple[str, ...] = ()  # names of fields that the registry hides (RFC 9537)
    contact_url: str = ""


@dataclass(frozen=True, kw_only=True)
class RegistrarMessage:
    """Something the registry tells us unasked; ``acknowledge`` it when it is dealt with."""

    id: str
    at: datetime
    kind: Literal["registered", "rejected", "renewed", "transferred", "expired", "deleted", "low_balance", "other"]
    name: str = ""
    upstream_ref: str = ""
    text: str = ""


class Registrar(Protocol):
    """Sends commands about domains to a registrar.

    ``check`` and ``whois`` run in the process for look-ups and never block its loop; the rest runs in jobs.
    ``reference`` is the id of our operation. Writes raise ``NotSent``, ``Unknown`` or ``Misconfigured``.
    """

    def capabilities(self) -> Capabilities:
        """Say what this registrar can do; no call leaves the process."""

    async def check(self, names: Sequence[str], *, deadline_s: float) -> Mapping[str, CheckResult]:
        """Say of each name whether it is free. What is not known in time is ``unknown``; never raises for that."""

    async def whois(self, name: str, *, deadline_s: float) -> RegistrationData | None:
        """Return the public view of a taken name, None for a free one. Raises ``NotSent`` when it cannot say."""

    def quote(self, name: str, action: Action, years: int) -> Outcome[Quote]:
        """Say what an action costs us exactly. Reading: raises ``NotSent`` only."""

    def register(self, wish: Registration, *, reference: str) -> Outcome[RegisteredDomain]:
        """Register a name."""

    def renew(self, wish: Renewal, *, reference: str) -> Outcome[RegisteredDomain]:
        """Prolong a registration."""

    def transfer(self, wish: Transfer, *, reference: str) -> Outcome[RegisteredDomain]:
        """Ask for a name that another registrar has. A code that is refused may be sent anew, by a new reference."""

    def transfer_status(self, name: str, *, reference: str) -> Outcome[RegisteredDomain] | None:
        """Say how our transfer of a name stands, None if it was never asked for. Reading: raises ``NotSent`` only.

        A registrar that does not remember references answers for the latest transfer of the name to us.
        """

    def info(self, name: str) -> RegisteredDomain | None:
        """Return a domain's facts, None when it is not registered. Reading: raises ``NotSent`` only."""

    def operation_status(self, upstream_ref: str) -> Outcome[RegisteredDomain]:
        """Say how something that was pending ended. Reading: raises ``NotSent`` only."""

    def balance(self) -> Money | None:
        """Return what is left of our prepaid money, None when there is no such account."""

    def poll(self, limit: int = 50) -> Sequence[RegistrarMessage]:
        """Return the oldest messages not yet acknowledged."""

    def acknowledge(self, message_id: str) -> None:
        """Take a message out of the queue; doing it twice is harmless."""
