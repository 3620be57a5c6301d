"""The strings behind the sandbox registry: past, clock, moods and money, for demo, tests and operators."""

from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import insert as plain_insert
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from storefront.core import clock
from storefront.core.ids import uuid7
from storefront.core.money import Money
from storefront.providers.adapters.sandbox import clients, rules, storage, tables, world
from storefront.providers.outcomes import Misconfigured
from storefront.providers.ports.login import Login
from storefront.providers.ports.sandbox import Mode, SeenOperation


class SandboxStrings:
    """Pulls at the registry's tables; the registrar is one, and so is a test."""

    def __init__(self, url: str) -> None:
        self._url = url

    def plant(self, name: str, *, registered_at: datetime, expires_at: datetime, reference: str = "") -> None:
        """Put a domain of ours into the registry, with a past; an existing one gets these dates."""
        _label, ending = rules.split(name)
        if ending is None:
            raise Misconfigured(f"the sandbox does not sell the ending of {name}")
        past: dict[str, Any] = {
            "is_pending": False,
            "registered_at": registered_at,
            "expires_at": expires_at,
            "released_at": world.released_at(expires_at, ending),
            "changed_at": registered_at,
            "reference": reference,
            "name_servers": [],
        }
        planted = insert(tables.domain).values(name=name, **past)
        with storage.writing(self._url) as connection:
            connection.execute(planted.on_conflict_do_update(index_elements=["name"], set_=past))

    def now(self) -> datetime:
        """Return the moment it is in the registry."""
        with storage.reading(self._url) as connection:
            return world.read_control(connection).now

    def jump(self, forward: timedelta) -> datetime:
        """Move the registry's clock forward and return its new moment."""
        if forward < timedelta(0):
            raise ValueError("a registry's clock never goes back")
        self._change(ahead_s=tables.control.c.ahead_s + forward.total_seconds())
        return self.now()

    def set_mode(self, mode: Mode, *, latency_s: float = 0) -> None:
        """Make the registry slow, unreachable or forgetful."""
        self._change(mode=mode, latency_s=latency_s)

    def set_pending(self, *, takes_s: float, ends: Literal["done", "rejected"] = "done") -> None:
        """Say how long a ``pending-`` registration takes, in the registry's time, and how it ends."""
        self._change(pending_s=takes_s, pending_ends=ends)

    def _change(self, **values: object) -> None:
        with storage.writing(self._url) as connection:
            connection.execute(update(tables.control).values(**values))

    def deposit(self, amount: Money) -> Money:
        """Change our prepaid balance by an amount, which may be negative; return the new balance."""
        with storage.writing(self._url) as connection:
            left = connection.execute(
                update(tables.account)
                .where(tables.account.c.currency == amount.currency)
                .values(balance_minor=tables.account.c.balance_minor + amount.minor)
                .returning(tables.account.c.balance_minor),
            ).scalar_one()
            connection.execute(
                plain_insert(tables.entry).values(
                    reference=f"deposit-{uuid7()}", kind="deposit", amount_minor=amount.minor, at=clock.now()
                ),
            )
        return Money(left, amount.currency)

    def open_client(self, login: Login, *, takes_our_address: bool = True, takes_old_version: bool = False) -> None:
        """Open an account at the registrar; one of the same key gets this password and these manners."""
        with storage.writing(self._url) as connection:
            clients.open_client(
                connection,
                login,
                at=clock.now(),
                takes_our_address=takes_our_address,
                takes_old_version=takes_old_version,
            )

    def operations(self, name: str) -> list[SeenOperation]:
        """Return everything that was asked about a name, oldest first."""
        asked = (
            select(tables.operation)
            .where(tables.operation.c.name == name)
            .order_by(tables.operation.c.created_at, tables.operation.c.upstream_ref)
        )
        with storage.reading(self._url) as connection:
            rows = connection.execute(asked).all()
        return [
            SeenOperation(
                reference=row.reference, name=row.name, action=row.action, state=row.state, times_asked=row.times_asked
            )
            for row in rows
        ]
