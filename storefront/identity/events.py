"""What happens to those who sign in: they come, they fail, their codes, factors, addresses and colleagues change."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from storefront.core.events import Event, event

# What only the letter may show is sealed for this purpose, with the reseller as owner (decision 20):
# ``core.sealing.unseal(config, event.sealed, purpose=LETTER, owner=db.reseller_id)`` gives JSON.
LETTER = "letter"


@event("identity.user_registered")
@dataclass(frozen=True, kw_only=True)
class UserRegistered(Event):
    """Somebody has an account now."""

    user_id: UUID
    customer_id: UUID | None = None


@event("identity.signed_in")
@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """Somebody came in."""

    user_id: UUID


@event("identity.sign_in_failed")
@dataclass(frozen=True, kw_only=True)
class SignInFailed(Event):
    """Somebody did not come in: what they typed was looked up by ``key``, known or not."""

    key: str
    kinds: str
    user_id: UUID | None = None


@event("identity.sign_up_code_asked")
@dataclass(frozen=True, kw_only=True)
class SignUpCodeAsked(Event):
    """Somebody wants an account and must show that the address is theirs.

    ``sealed`` holds ``{"email", "name", "code"}``; the code is good until ``until``.
    """

    code_id: UUID
    locale: str
    until: datetime
    sealed: str


@event("identity.sign_up_code_missed")
@dataclass(frozen=True, kw_only=True)
class SignUpCodeMissed(Event):
    """Somebody typed a wrong code."""

    code_id: UUID


@event("identity.password_reset_asked")
@dataclass(frozen=True, kw_only=True)
class PasswordResetAsked(Event):
    """Somebody forgot a password; nobody has looked yet whether the address is known, so that the page cannot tell.

    ``sealed`` holds the typed address and the origin of the shop. The letter follows from ``PasswordResetPrepared``.
    """

    locale: str
    sealed: str


@event("identity.password_reset_prepared")
@dataclass(frozen=True, kw_only=True)
class PasswordResetPrepared(Event):
    """Links to choose a new password wait to be sent to an address that has accounts.

    ``sealed`` holds ``{"email", "accounts": [{"login", "name", "link"}]}``; the links are good until ``until``.
    """

    locale: str
    until: datetime
    sealed: str


@event("identity.password_changed")
@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """Somebody has a new password: ``by`` says how, "reset" or "profile"; its owner should hear of it."""

    user_id: UUID
    by: str


@event("identity.code_missed")
@dataclass(frozen=True, kw_only=True)
class CodeMissed(Event):
    """Somebody typed wrong digits for a code."""

    code_id: UUID


@event("identity.own_code_asked")
@dataclass(frozen=True, kw_only=True)
class OwnCodeAsked(Event):
    """Somebody must show that the address of their account is still theirs: at the second step, or before a change.

    ``sealed`` holds ``{"code"}``; the code is good until ``until``.
    """

    user_id: UUID
    locale: str
    until: datetime
    sealed: str


@event("identity.second_factor_changed")
@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(Event):
    """A second factor was switched on or off: ``factor`` is "authenticator", "email", "passkey" or "recovery"."""

    user_id: UUID
    factor: str
    is_on: bool


@event("identity.recovery_codes_low")
@dataclass(frozen=True, kw_only=True)
class RecoveryCodesLow(Event):
    """A recovery code was used, and few are left."""

    user_id: UUID
    left: int


@event("identity.new_browser_seen")
@dataclass(frozen=True, kw_only=True)
class NewBrowserSeen(Event):
    """Somebody of an office came in with a browser that was not seen with this account before."""

    user_id: UUID
    browser: str
    address: str


@event("identity.email_change_asked")
@dataclass(frozen=True, kw_only=True)
class EmailChangeAsked(Event):
    """Somebody wants another address for their account. ``sealed`` holds ``{"email", "name", "code"}``."""

    user_id: UUID
    locale: str
    until: datetime
    sealed: str


@event("identity.email_changed")
@dataclass(frozen=True, kw_only=True)
class EmailChanged(Event):
    """An account has another address: the one before is told. ``sealed`` holds ``{"before", "after"}``."""

    user_id: UUID
    sealed: str


@event("identity.staff_invited")
@dataclass(frozen=True, kw_only=True)
class StaffInvited(Event):
    """Somebody may join the staff. ``sealed`` holds ``{"email", "link"}``; the link is good until ``until``."""

    invitation_id: UUID
    until: datetime
    sealed: str


@event("identity.staff_changed")
@dataclass(frozen=True, kw_only=True)
class StaffChanged(Event):
    """Who works here, or what they may do, has changed: the owners are told.

    ``change`` is "joined", "role", "suspended", "resumed" or "removed".
    """

    user_id: UUID
    change: str
    role: str
    by: str
