"""rule: terms, grace periods and contact rules of a TLD."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from storefront.catalog.labels import LabelRules, decode_name

Moment = TypeVar("Moment", date, datetime)


class Kind(StrEnum):
    """Who makes the rules: ICANN for generic endings, a country for its own."""

    GTLD = "gtld"
    CCTLD = "cctld"


class TransferEffect(StrEnum):
    """What a transfer does to the term: add years, keep the expiry, or begin a new term."""

    ADD = "add"
    KEEP = "keep"
    RESET = "reset"


class TransferAuth(StrEnum):
    """What a transfer needs: the auth code, the code and a click in an e-mail, or Nominet's tag."""

    CODE = "code"
    CODE_AND_MAIL = "code_and_mail"
    TAG = "tag"


class OwnerChange(StrEnum):
    """How a registrant changes: ICANN's process, a paid trade, a plain update, or a paper form."""

    COR_ICANN = "cor_icann"
    TRADE = "trade"
    UPDATE = "update"
    FORM = "form"


class Expiry(StrEnum):
    """What happens at expiry: the registry renews, it waits for a command, or it knows no term."""

    REGISTRY_RENEWS = "registry_renews"
    EXPLICIT = "explicit"
    NO_TERM = "no_term"


class HostModel(StrEnum):
    """How a registry keeps name servers (RFC 5731, section 1.1)."""

    OBJECT = "object"
    ATTRIBUTE = "attribute"


class Dnssec(StrEnum):
    """What a registry takes for DNSSEC: a DS record, the key itself, or nothing (RFC 5910)."""

    DS = "ds"
    KEY = "key"
    NONE = "none"


class Privacy(StrEnum):
    """Who hides a private registrant: nobody, we if wanted, or the registry by itself."""

    NONE = "none"
    OFFERED = "offered"
    BY_REGISTRY = "by_registry"


@dataclass(frozen=True, kw_only=True)
class TldRules:
    """The rules of one ending from ``valid_from`` on; durations name their unit, years are whole terms.

    ``register_years`` and ``renew_years`` are the terms that are sold. ``renew_grace_days`` after expiry the customer
    still renews at the normal price; ``registry_grace_days`` is how long the registry itself waits (RFC 3915).
    ``renew_lead_days`` before expiry our command must be out. ``idn_scripts`` and ``idn_letters`` see ``LabelRules``.
    """

    ending: str
    kind: Kind
    registry: str
    valid_from: date
    register_years: tuple[int, ...]
    renew_years: tuple[int, ...]
    transfer_years: int
    transfer_effect: TransferEffect
    transfer_auth: TransferAuth
    owner_change: OwnerChange
    expiry: Expiry
    host_model: HostModel
    dnssec: Dnssec
    privacy: Privacy
    nameservers_min: int
    nameservers_max: int
    nameservers_checked: bool = False
    max_years_ahead: int = 10
    min_length: int = 1
    max_length: int = 63
    idn_scripts: frozenset[str] = frozenset()
    idn_letters: frozenset[str] = frozenset()
    transfer_blocked_days_after_create: int = 0
    transfer_blocked_days_after_transfer: int = 0
    transfer_days: int = 0
    owner_change_lock_days: int = 0
    add_grace_hours: int = 0
    add_grace_refund: bool = False
    renew_grace_days: int = 0
    registry_grace_days: int = 0
    renew_lead_days: int = 0
    redemption_days: int = 0
    may_restore: bool = True
    restore_years: int = 1
    pending_delete_days: int = 0
    email_verification: bool = False
    phone_required: bool = False
    contact_roles: tuple[str, ...] = ("registrant",)
    registrant_kinds: tuple[str, ...] = ("individual", "company", "association", "publicbody")
    eligible_countries: frozenset[str] = frozenset()
    citizens_eligible: bool = False
    extra_fields: tuple[str, ...] = ()
    https_only: bool = False
    notes: tuple[str, ...] = ()

    @cached_property
    def unicode(self) -> str:
        """The ending as people read it, without a dot before it."""
        return decode_name(self.ending)

    @cached_property
    def labels(self) -> LabelRules:
        """What this registry asks of a label."""
        return LabelRules(
            min_length=self.min_length,
            max_length=self.max_length,
            idn_scripts=self.idn_scripts,
            idn_letters=self.idn_letters,
        )

    @property
    def takes_idn(self) -> bool:
        """Whether any letter beyond a to z can be registered."""
        return bool(self.idn_scripts or self.idn_letters)


def add_years(moment: Moment, years: int) -> Moment:
    """Move a date or moment by whole years; 29 February becomes 28 February where there is none.

    Only for estimates that are marked so: the true expiry comes from the registry.
    """
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)


def expiry_after(registry_expiry: Moment, years: int) -> Moment:
    """Estimate the expiry after a renewal; the registry's own answer replaces it."""
    return add_years(registry_expiry, years)


def renewal_years(rules: TldRules, registry_expiry: Moment, today: Moment) -> tuple[int, ...]:
    """Return the terms a name may be renewed for, so that it is never paid further ahead than the registry allows."""
    latest = add_years(today, rules.max_years_ahead)
    return tuple(years for years in rules.renew_years if expiry_after(registry_expiry, years) <= latest)
