"""The sandbox registrar: domains.md 10.7 behind the port of every registrar."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from typing import Any, ClassVar

from sqlalchemy import Connection, Row, select, update

from storefront.core import clock
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.providers.adapters.sandbox import (
    clients,
    commands,
    public_view,
    rules,
    settling,
    storage,
    tables,
    transfers,
    world,
)
from storefront.providers.adapters.sandbox.controls import SandboxStrings
from storefront.providers.adapters.sandbox.gathering import Gathering, Held
from storefront.providers.adapters.sandbox.world import Control
from storefront.providers.outcomes import Done, Misconfigured, NotSent, Outcome, Rejected, Rejection, Unknown
from storefront.providers.ports.login import Login, Verdict
from storefront.providers.ports.price_list import RegistrarPrice
from storefront.providers.ports.registrar import (
    Action,
    Availability,
    Capabilities,
    CheckResult,
    Quote,
    RegisteredDomain,
    RegistrarMessage,
    Registration,
    RegistrationData,
    Renewal,
    Transfer,
)
from storefront.providers.settings import plain, secret

QUOTE_HOLDS = timedelta(minutes=10)
TIMEOUTS_IN_A_THOUSAND = 5


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Where the registry keeps its tables, how much of its slowness is wanted (1 is life, 0 is none), who comes.

    Without a key the platform itself comes, which the sandbox always lets in.
    """

    url: str = secret(_("Database address"))
    latency: float = plain(_("Share of a real registry's latency"), default=1.0)
    key: str = secret(_("Key"), default="")
    password: str = secret(_("Password"), default="")
    uses_old_version: bool = plain(_("Use the previous version of the interface"), default=False)


class SandboxRegistrar(SandboxStrings):
    """A registrar and its registry in one, for development, demo and tests."""

    port: ClassVar = "registrar"
    key: ClassVar = "sandbox"
    title: ClassVar = _("Sandbox registry")
    settings_class: ClassVar = Settings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.url)
        self._latency = settings.latency
        self._login = (
            Login(key=settings.key, password=settings.password, uses_old_version=settings.uses_old_version)
            if settings.key
            else None
        )
        self._gathering = Gathering(self._read_held)

    def capabilities(self) -> Capabilities:
        """Say what this registrar can do."""
        return Capabilities(
            endings=frozenset(rules.endings()),
            max_check_batch=50,
            supports_premium=True,
            supports_poll=True,
            remembers_references=True,
            currency=rules.CURRENCY,
        )

    # ------------------------------------------------------------------------------------------ look-ups, in the loop

    async def check(self, names: Sequence[str], *, deadline_s: float) -> Mapping[str, CheckResult]:
        """Say of each name whether it is free: one query, then the registry's thinking time."""
        ends_at = time.monotonic() + deadline_s
        held = await self._held(names, deadline_s)
        if held is None or held[0].mode == "down":
            return {name: _unknown(name) for name in names}
        control, domains = held
        left = ends_at - time.monotonic()
        waits = {name: self._thinking_s(name, control) for name in names}
        await asyncio.sleep(max(0.0, min(left, max(waits.values(), default=0.0))))
        return {
            name: self._judge(name, domains.get(name), control) if waits[name] < left else _unknown(name)
            for name in names
        }

    async def whois(self, name: str, *, deadline_s: float) -> RegistrationData | None:
        """Return the public view of a taken name."""
        ends_at = time.monotonic() + deadline_s
        held = await self._held([name], deadline_s)
        wait_s = self._thinking_s(name, held[0]) if held else deadline_s
        if held is None or held[0].mode == "down" or wait_s > ends_at - time.monotonic():
            raise NotSent("the registry does not answer")
        await asyncio.sleep(wait_s)
        control, domains = held
        if name in domains:
            return public_view.of_domain(domains[name], control.now)
        label, ending = rules.split(name)
        is_taken = ending is not None and rules.standing(label, ending) is Availability.TAKEN
        return public_view.of_stranger(name, control.now) if is_taken else None

    async def _held(self, names: Sequence[str], deadline_s: float) -> Held | None:
        try:
            return await asyncio.wait_for(self._gathering.held(names), deadline_s)
        except (TimeoutError, NotSent):
            return None

    def _read_held(self, names: Sequence[str]) -> Held:
        with storage.reading(self._url) as connection:
            return world.held(connection, names)

    def _thinking_s(self, name: str, control: Control) -> float:
        if control.mode == "slow":
            return control.latency_s
        _label, ending = rules.split(name)
        # One question in two hundred is never answered, as in life; the same name is answered a minute later.
        unlucky = rules.roll(f"timeout {name} {control.now:%H:%M}", 1000) < TIMEOUTS_IN_A_THOUSAND
        if self._latency >= 1 and unlucky:
            return float("inf")
        scripted = rules.script(name.partition(".")[0]) == "slow"
        return rules.latency_s(name, ending) * (1 if scripted else self._latency)

    def _judge(self, name: str, domain: RegisteredDomain | None, control: Control) -> CheckResult:
        label, ending = rules.split(name)
        if ending is None:
            return CheckResult(name=name, availability=Availability.UNSUPPORTED, checked_at=clock.now())
        standing = Availability.TAKEN if domain else rules.standing(label, ending)
        if not standing.is_buyable:
            reason = rules.fault(label, ending) if standing is Availability.INVALID else ""
            return CheckResult(name=name, availability=standing, checked_at=clock.now(), reason=reason)
        tier = rules.premium_tier(label, ending)
        return CheckResult(
            name=name,
            availability=standing,
            checked_at=clock.now(),
            premium_class=str(tier["class"]) if tier else "",
            costs=rules.costs(label, ending),
            quote_id=_quote_id(name, control) if tier else "",
            quote_until=clock.now() + QUOTE_HOLDS if tier else None,
        )

    # ---------------------------------------------------------------------------------------------- commands, in jobs

    def quote(self, name: str, action: Action, years: int) -> Outcome[Quote]:
        """Say what an action costs us exactly."""
        control = self._reach()
        label, ending = rules.split(name)
        if ending is None:
            return Rejected(code=Rejection.UNSUPPORTED, message="This ending is not sold here.")
        sold = rules.costs(label, ending)[action]
        if years not in sold:
            return Rejected(code=Rejection.INVALID, message="Not offered.", fields={"years": "not offered"})
        return Done(
            facts=Quote(
                name=name,
                action=action,
                years=years,
                cost=sold[years],
                is_premium=rules.premium_tier(label, ending) is not None,
                valid_until=clock.now() + QUOTE_HOLDS,
                quote_id=_quote_id(name, control),
            ),
        )

    def register(self, wish: Registration, *, reference: str) -> Outcome[RegisteredDomain]:
        """Register a name."""

        def act(connection: Connection, row: Row[Any], control: Control) -> commands.Answer:
            return commands.register(connection, wish, row, control)

        return self._command(Action.REGISTER, wish.name, reference, f"{wish.years}", act)

    def renew(self, wish: Renewal, *, reference: str) -> Outcome[RegisteredDomain]:
        """Prolong a registration."""

        def act(connection: Connection, row: Row[Any], control: Control) -> commands.Answer:
            return commands.renew(connection, wish, row, control)

        return self._command(Action.RENEW, wish.name, reference, f"{wish.years} {wish.current_expiry:%Y-%m-%d}", act)

    def transfer(self, wish: Transfer, *, reference: str) -> Outcome[RegisteredDomain]:
        """Bring a name here from another registrar."""

        def act(connection: Connection, row: Row[Any], control: Control) -> commands.Answer:
            return transfers.transfer(connection, wish, row, control)

        return self._command(Action.TRANSFER, wish.name, reference, transfers.wish_text(wish), act)

    def transfer_status(self, name: str, *, reference: str) -> Outcome[RegisteredDomain] | None:
        """Say how our transfer of a name stands, None if it was never asked for."""
        control = self._reach()
        self._settle_if_due(name, control)
        with storage.reading(self._url) as connection:
            row = transfers.find(connection, name, reference)
            return None if row is None else commands.recall(connection, row, control)

    def _command(
        self,
        action: Action,
        name: str,
        reference: str,
        wish: str,
        act: Callable[[Connection, Row[Any], Control], commands.Answer],
    ) -> commands.Answer:
        control = self._reach(name)
        verdict = self.examine()
        if verdict is not Verdict.ACCEPTED:
            raise Misconfigured(f"the registrar does not take this account: {verdict}")
        with storage.writing(self._url) as connection:
            settling.settle(connection, control)
            row = commands.claim(connection, reference=reference, action=action, name=name, wish=wish, now=control.now)
            if (row.action, row.name, row.wish) != (action.value, name, wish):
                message = "This reference was used for something else."
                return Rejected(code=Rejection.INVALID, message=message, fields={"reference": "used"})
            answer = commands.recall(connection, row, control) if row.state != "new" else None
            if answer is None:
                answer = act(connection, row, control)
                commands.remember(connection, reference, answer)
        is_lost = rules.script(name.partition(".")[0]) == "lost" and row.times_asked == 1
        if is_lost or control.mode == "lost":
            raise Unknown("the registry's answer did not arrive")
        return answer

    def examine(self) -> Verdict:
        """Say whether the registrar takes the login this was opened with."""
        if self._login is None:
            return Verdict.ACCEPTED
        self._reach()
        with storage.reading(self._url) as connection:
            return clients.examine(connection, self._login)

    def _reach(self, name: str = "") -> Control:
        """Get through to the registry and wait as long as it takes; ``NotSent`` when it is down."""
        with storage.reading(self._url) as connection:
            control = world.read_control(connection)
        if control.mode == "down":
            raise NotSent("the registry does not answer")
        wait_s = self._thinking_s(name, control) if name else 0.0
        time.sleep(0 if wait_s == float("inf") else wait_s)
        return control

    def info(self, name: str) -> RegisteredDomain | None:
        """Return a domain's facts; of somebody else's only that it exists."""
        control = self._reach()
        self._settle_if_due(name, control)
        with storage.reading(self._url) as connection:
            _control, domains = world.held(connection, [name])
            is_leaving = transfers.is_under_way(connection, name)
        if name in domains:
            return domains[name]
        label, ending = rules.split(name)
        if ending is None or rules.standing(label, ending) is not Availability.TAKEN:
            return None
        public = public_view.of_stranger(name, control.now)
        return RegisteredDomain(
            name=name,
            registered_at=public.registered_at or control.now,
            expires_at=public.expires_at or control.now,
            statuses=("pendingTransfer",) if is_leaving else public.statuses,
            is_ours=False,
            registrar=public.registrar,
        )

    def operation_status(self, upstream_ref: str) -> Outcome[RegisteredDomain]:
        """Say how something that was pending ended."""
        control = self._reach()
        self._settle_if_due(upstream_ref, control)
        with storage.reading(self._url) as connection:
            row = connection.execute(
                select(tables.operation).where(tables.operation.c.upstream_ref == upstream_ref),
            ).first()
            if row is None:
                return Rejected(code=Rejection.NOT_FOUND, message="There is no such operation.")
            return commands.recall(connection, row, control)

    def _settle_if_due(self, name_or_ref: str, control: Control) -> None:
        with storage.reading(self._url) as connection:
            is_due = world.has_due(connection, control, name_or_ref)
        if is_due:
            self._settle(control)

    def _settle(self, control: Control) -> None:
        try:
            with storage.writing(self._url) as connection:
                settling.settle(connection, control)
        except Unknown as error:  # settling is the registry's own affair: to us it simply did not answer
            raise NotSent("the registry does not answer") from error

    def balance(self) -> Money | None:
        """Return what is left of our prepaid money."""
        self._reach()
        with storage.reading(self._url) as connection:
            row = connection.execute(select(tables.account)).one()
            return Money(row.balance_minor, row.currency)

    def price_list(self) -> Sequence[RegistrarPrice]:
        """Return every standard price."""
        self._reach()
        return [
            RegistrarPrice(ending=ending, action=action, years=years, cost=cost)
            for ending, own in rules.endings().items()
            for action, costs in rules.standard_costs(own).items()
            for years, cost in costs.items()
        ]

    def poll(self, limit: int = 50) -> Sequence[RegistrarMessage]:
        """Return the oldest messages not yet acknowledged."""
        self._settle(self._reach())
        waiting = (
            select(tables.message)
            .where(tables.message.c.acknowledged_at.is_(None))
            .order_by(tables.message.c.id)
            .limit(limit)
        )
        with storage.reading(self._url) as connection:
            rows = connection.execute(waiting).all()
        return [
            RegistrarMessage(
                id=str(row.id),
                at=row.at,
                kind=row.kind if row.kind in ("registered", "transferred") else "rejected",
                name=row.name,
                upstream_ref=row.upstream_ref,
                text=row.text,
            )
            for row in rows
        ]

    def acknowledge(self, message_id: str) -> None:
        """Take a message out of the queue."""
        control = self._reach()
        with storage.writing(self._url) as connection:
            connection.execute(
                update(tables.message)
                .where(tables.message.c.id == int(message_id), tables.message.c.acknowledged_at.is_(None))
                .values(acknowledged_at=control.now),
            )


def _unknown(name: str) -> CheckResult:
    return CheckResult(name=name, availability=Availability.UNKNOWN, checked_at=clock.now(), reason="no answer in time")


def _quote_id(name: str, control: Control) -> str:
    return f"Q-{rules.roll(name, 10**9):09d}-{control.now:%H%M}-{token_hex(2)}"
