"""Login and examine(): does a supplier take this key and this password, and if not, what of it is wrong."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Verdict(StrEnum):
    """What a supplier says of a login. That nobody could ask is no verdict: ``examine`` raises ``NotSent`` then."""

    ACCEPTED = "accepted"
    KEY_UNKNOWN = "key_unknown"
    PASSWORD_WRONG = "password_wrong"  # noqa: S105 - a verdict
    ADDRESS_REFUSED = "address_refused"
    OLD_VERSION = "old_version"


@dataclass(frozen=True, kw_only=True)
class Login:
    """A reseller's own account at a supplier. ``uses_old_version`` asks for the interface before the present one."""

    key: str = field(repr=False)
    password: str = field(repr=False)
    uses_old_version: bool = False


@runtime_checkable
class HasLogins(Protocol):
    """An adapter whose supplier knows its customers one by one."""

    def examine(self) -> Verdict:
        """Say whether the supplier takes the login this adapter was opened with. Reading: raises ``NotSent`` only."""
