"""What a demo, a test or an operator may do to the sandbox registry, and to no real one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol, runtime_checkable

from storefront.core.money import Money
from storefront.providers.ports.login import Login

# up: as data says · slow: every answer takes ``latency_s`` · down: nothing gets through · lost: acts, answer is lost
Mode = Literal["up", "slow", "down", "lost"]


@dataclass(frozen=True, kw_only=True)
class SeenOperation:
    """What the sandbox remembers of one reference; ``times_asked`` counts how often it was sent."""

    reference: str
    name: str
    action: str
    state: str
    times_asked: int


@runtime_checkable
class SandboxControls(Protocol):
    """Strings behind the sandbox registry."""

    def plant(self, name: str, *, registered_at: datetime, expires_at: datetime, reference: str = "") -> None:
        """Put a domain of ours into the registry, with a past; an existing one gets these dates."""

    def now(self) -> datetime:
        """Return the moment it is in the registry."""

    def jump(self, forward: timedelta) -> datetime:
        """Move the registry's clock forward and return its new moment."""

    def set_mode(self, mode: Mode, *, latency_s: float = 0) -> None:
        """Make the registry slow, unreachable or forgetful."""

    def set_pending(self, *, takes_s: float, ends: Literal["done", "rejected"] = "done") -> None:
        """Say how long a ``pending-`` registration takes, in the registry's time, and how it ends."""

    def deposit(self, amount: Money) -> Money:
        """Change our prepaid balance by an amount, which may be negative; return the new balance."""

    def open_client(self, login: Login, *, takes_our_address: bool = True, takes_old_version: bool = False) -> None:
        """Open an account at the registrar; one of the same key gets this password and these manners."""

    def operations(self, name: str) -> list[SeenOperation]:
        """Return everything that was asked about a name, oldest first."""
