"""The sandbox registry's own tricks: its moods, its clock, its memory."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, func, inspect, select

from storefront.core import clock
from storefront.core.money import Money
from storefront.providers.adapters.sandbox import storage, tables
from storefront.providers.adapters.sandbox.registrar import SandboxRegistrar, Settings
from storefront.providers.adapters.sandbox.rules import years_later
from storefront.providers.outcomes import Done, NotSent, Pending, Rejected, Rejection, Unknown
from storefront.providers.ports.registrar import Availability, ContactCard, Registration, Renewal, Role, Transfer
from storefront.providers.ports.sandbox import SandboxControls
from tests.conftest import Addresses

OWNER = ContactCard(
    kind="individual",
    given_name="Aino",
    family_name="Virtanen",
    street=("Kalevankatu 18 B 12",),
    city="Helsinki",
    postal_code="00100",
    country="FI",
    phone="+358.401234567",
    email="aino@virtanen.example",
)


def wish(name: str, years: int = 1) -> Registration:
    return Registration(name=name, years=years, contacts={Role.OWNER: OWNER})


def fresh(script: str = "available") -> str:
    return f"{script}-{uuid4().hex}.com"


def availability(sandbox: SandboxRegistrar, name: str, deadline_s: float = 9.0) -> Availability:
    return asyncio.run(sandbox.check([name], deadline_s=deadline_s))[name].availability


def test_sandbox_has_its_strings(sandbox: SandboxRegistrar) -> None:
    assert isinstance(sandbox, SandboxControls)


def test_registry_that_is_down(sandbox: SandboxRegistrar) -> None:
    name = fresh()
    sandbox.set_mode("down")

    assert availability(sandbox, name) is Availability.UNKNOWN
    with pytest.raises(NotSent):
        sandbox.register(wish(name), reference=f"{name}-1")
    with pytest.raises(NotSent):
        sandbox.info(name)
    with pytest.raises(NotSent):
        asyncio.run(sandbox.whois("google.com", deadline_s=1))
    sandbox.set_mode("up")
    assert sandbox.operations(name) == []
    assert availability(sandbox, name) is Availability.AVAILABLE


def test_registry_that_is_slow_answers_within_or_not_at_all(sandbox: SandboxRegistrar) -> None:
    name = fresh()
    sandbox.set_mode("slow", latency_s=0.2)
    began = time.monotonic()

    within = availability(sandbox, name, deadline_s=2.0)
    took_s = time.monotonic() - began
    beyond = availability(sandbox, name, deadline_s=0.1)

    assert (within, beyond) == (Availability.AVAILABLE, Availability.UNKNOWN)
    assert 0.2 <= took_s < 1.0


def test_many_names_take_as_long_as_the_slowest(sandbox: SandboxRegistrar) -> None:
    sandbox.set_mode("slow", latency_s=0.2)
    names = [f"available-{number}.com" for number in range(50)]
    began = time.monotonic()

    found = asyncio.run(sandbox.check(names, deadline_s=5))

    assert {result.availability for result in found.values()} == {Availability.AVAILABLE}
    assert time.monotonic() - began < 1.0


def test_registry_that_forgets_to_answer_acts_all_the_same(sandbox: SandboxRegistrar) -> None:
    name = fresh()
    sandbox.set_mode("lost")

    with pytest.raises(Unknown):
        sandbox.register(wish(name), reference=f"{name}-1")

    sandbox.set_mode("up")
    facts = sandbox.info(name)
    assert facts is not None
    assert facts.reference == f"{name}-1"


def test_lost_label_answers_who_asks_again(sandbox: SandboxRegistrar) -> None:
    name = fresh("lost")
    with pytest.raises(Unknown):
        sandbox.register(wish(name), reference=f"{name}-1")

    again = sandbox.register(wish(name), reference=f"{name}-1")

    assert isinstance(again, Done)
    [seen] = sandbox.operations(name)
    assert (seen.reference, seen.times_asked, seen.state) == (f"{name}-1", 2, "done")


def test_reference_used_for_another_name(sandbox: SandboxRegistrar) -> None:
    name, other = fresh(), fresh()
    sandbox.register(wish(name), reference=f"{name}-1")

    answer = sandbox.register(wish(other), reference=f"{name}-1")

    assert isinstance(answer, Rejected)
    assert answer.fields == {"reference": "used"}
    assert sandbox.info(other) is None


def test_pending_registration_that_is_rejected_gives_the_money_back(sandbox: SandboxRegistrar) -> None:
    name = fresh("pending")
    sandbox.set_pending(takes_s=60, ends="rejected")
    before = sandbox.balance()
    answer = sandbox.register(wish(name), reference=f"{name}-1")
    assert isinstance(answer, Pending)
    assert sandbox.balance() != before

    sandbox.jump(timedelta(seconds=61))

    ended = sandbox.operation_status(answer.upstream_ref)
    assert isinstance(ended, Rejected)
    assert sandbox.info(name) is None
    assert sandbox.balance() == before
    assert [message.kind for message in sandbox.poll(limit=10_000) if message.name == name] == ["rejected"]
    assert availability(sandbox, name) is Availability.AVAILABLE


def test_prepaid_money_that_is_too_little(sandbox: SandboxRegistrar) -> None:
    name = fresh()
    balance = sandbox.balance()
    sandbox.deposit(Money(100 - balance.minor if balance else 0, "EUR"))

    answer = sandbox.register(wish(name), reference=f"{name}-1")

    assert isinstance(answer, Rejected)
    assert answer.code is Rejection.NO_FUNDS
    assert sandbox.info(name) is None
    assert sandbox.balance() == Money(100, "EUR")


def test_ledger_adds_up_to_the_balance(sandbox: SandboxRegistrar, addresses: Addresses) -> None:
    def booked() -> int:
        with storage.reading(addresses.app) as connection:
            return int(connection.scalar(select(func.sum(tables.entry.c.amount_minor))) or 0)

    first, booked_before = sandbox.balance(), booked()
    for name in (fresh(), fresh("pending"), fresh("rejected")):
        sandbox.register(wish(name), reference=name)
    sandbox.deposit(Money(500, "EUR"))

    last = sandbox.balance()
    assert first is not None
    assert last is not None
    assert last - first == Money(booked() - booked_before, "EUR")
    assert last != first + Money(500, "EUR")


def test_name_is_free_again_when_its_time_is_over(sandbox: SandboxRegistrar) -> None:
    name = fresh()
    sandbox.register(wish(name), reference=f"{name}-1")
    seen = []

    for days in (364, 2, 45, 30, 6):
        sandbox.jump(timedelta(days=days))
        facts = sandbox.info(name)
        seen.append(facts.statuses if facts else ())

    assert seen == [
        ("clientTransferProhibited",),
        ("autoRenewPeriod",),
        ("pendingDelete", "redemptionPeriod"),
        ("pendingDelete",),
        (),
    ]
    assert availability(sandbox, name) is Availability.AVAILABLE
    assert isinstance(sandbox.register(wish(name), reference=f"{name}-2"), Done)


def test_clock_never_goes_back(sandbox: SandboxRegistrar) -> None:
    with pytest.raises(ValueError, match="never"):
        sandbox.jump(timedelta(days=-1))


def test_renewal_beyond_ten_years(sandbox: SandboxRegistrar) -> None:
    name = fresh()
    answer = sandbox.register(wish(name, years=9), reference=f"{name}-1")
    assert isinstance(answer, Done)
    renewal = Renewal(name=name, years=2, current_expiry=answer.facts.expires_at)

    no = sandbox.renew(renewal, reference=f"{name}-2")
    yes = sandbox.renew(replace(renewal, years=1), reference=f"{name}-3")

    assert isinstance(no, Rejected)
    assert no.fields == {"years": "not offered"}
    assert isinstance(yes, Done)


def test_renewal_in_redemption(sandbox: SandboxRegistrar) -> None:
    name = fresh()
    end = clock.now() - timedelta(days=50)
    sandbox.plant(name, registered_at=end - timedelta(days=365), expires_at=end)

    answer = sandbox.renew(Renewal(name=name, years=1, current_expiry=end), reference=f"{name}-1")

    assert isinstance(answer, Rejected)
    assert answer.code is Rejection.STATUS_PROHIBITS


def test_planted_domain_is_ours_with_its_past(sandbox: SandboxRegistrar) -> None:
    name = fresh("taken")
    born, end = clock.now() - timedelta(days=300), clock.now() + timedelta(days=65)

    sandbox.plant(name, registered_at=born, expires_at=end, reference="demo")

    facts = sandbox.info(name)
    assert facts is not None
    assert (facts.is_ours, facts.registered_at, facts.expires_at, facts.reference) == (True, born, end, "demo")


def test_holder_outside_of_europe(sandbox: SandboxRegistrar) -> None:
    name = fresh()
    abroad = replace(wish("available-x.eu"), contacts={Role.OWNER: replace(OWNER, country="US")})

    answer = sandbox.register(abroad, reference=f"{name}-1")

    assert isinstance(answer, Rejected)
    assert set(answer.fields) == {"owner.country"}


def test_citizen_of_europe_who_lives_elsewhere(sandbox: SandboxRegistrar) -> None:
    name = fresh().replace(".com", ".eu")
    abroad = replace(wish(name), contacts={Role.OWNER: replace(OWNER, country="US")}, extra={"citizenship": "FI"})

    answer = sandbox.register(abroad, reference=name)

    assert isinstance(answer, Done)


def test_memory_survives_a_kill(sandbox: SandboxRegistrar, addresses: Addresses) -> None:
    before, during = fresh(), fresh()
    program = f"""if True:
        import os
        from storefront.providers.adapters.sandbox import commands
        from storefront.providers.adapters.sandbox.registrar import SandboxRegistrar, Settings
        from tests.storefront.providers.adapters.sandbox.test_registrar import wish
        registrar = SandboxRegistrar(Settings(url="{addresses.app}", latency=0.0))
        registrar.register(wish("{before}"), reference="{before}")
        commands.remember = lambda *_: os.kill(os.getpid(), 9)
        registrar.register(wish("{during}"), reference="{during}")
    """

    ended = subprocess.run([sys.executable, "-c", program], check=False, env={**os.environ, "PYTHONPATH": "."})

    assert ended.returncode == -signal.SIGKILL
    assert sandbox.info(before) is not None
    assert sandbox.info(during) is None
    assert isinstance(sandbox.register(wish(during), reference=during), Done)


@pytest.mark.usefixtures("sandbox")
def test_office_may_use_the_registry(addresses: Addresses) -> None:
    office, name = SandboxRegistrar(Settings(url=addresses.office, latency=0.0)), fresh()

    assert isinstance(office.register(wish(name), reference=name), Done)


def test_tables_are_those_of_the_migration(addresses: Addresses) -> None:
    engine = create_engine(addresses.owner)
    found = inspect(engine)

    for table in tables.metadata.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name, schema="sandbox")}
        assert columns == {column.name: bool(column.nullable) for column in table.columns}, table.name
    assert {f"sandbox.{name}" for name in found.get_table_names(schema="sandbox")} == set(tables.metadata.tables)
    engine.dispose()


def move(name: str, code: str | None = None) -> Transfer:
    right = f"CODE-{name.partition('.')[0]}"
    return Transfer(name=name, contacts={Role.OWNER: OWNER}, auth_code=right if code is None else code)


def elsewhere(script: str = "", ending: str = "com") -> str:
    return f"{script}{'-' if script else ''}{uuid4().hex[:16]}-elsewhere.{ending}"


def test_transfer_takes_five_days_of_the_registrys_clock(sandbox: SandboxRegistrar) -> None:
    name, reference = elsewhere(), uuid4().hex

    asked = sandbox.transfer(move(name), reference=reference)
    sandbox.jump(timedelta(days=4))
    early = sandbox.transfer_status(name, reference=reference)
    sandbox.jump(timedelta(days=1, minutes=1))
    late = sandbox.transfer_status(name, reference=reference)

    assert isinstance(asked, Pending)
    assert asked.waiting_for == "registrar"
    assert asked.poll_after_s <= 3600
    assert isinstance(early, Pending)
    assert isinstance(late, Done)


@pytest.mark.parametrize(("ending", "years", "anew"), [("eu", 1, False), ("fi", 0, False), ("de", 1, True)])
def test_transfer_in_real_time_brings_the_term_of_its_ending(
    sandbox: SandboxRegistrar, ending: str, years: int, *, anew: bool
) -> None:
    name = elsewhere(ending=ending)
    before = sandbox.info(name)

    answer = sandbox.transfer(move(name), reference=uuid4().hex)

    assert before is not None
    assert isinstance(answer, Done)
    begins = sandbox.now() if anew else before.expires_at
    assert abs(answer.facts.expires_at - years_later(begins, years)) < timedelta(minutes=1)


def test_transfer_of_a_tag_ending_needs_no_code(sandbox: SandboxRegistrar) -> None:
    assert isinstance(sandbox.transfer(move(elsewhere(ending="co.uk"), ""), reference=uuid4().hex), Done)


def test_transfer_of_free_and_own_names_says_why_not(sandbox: SandboxRegistrar) -> None:
    name = fresh()
    free = sandbox.transfer(move(fresh()), reference=uuid4().hex)
    sandbox.register(wish(name), reference=uuid4().hex)

    own = sandbox.transfer(move(name), reference=uuid4().hex)

    assert isinstance(free, Rejected)
    assert isinstance(own, Rejected)
    assert (free.code, own.code) == (Rejection.NOT_FOUND, Rejection.POLICY)


def test_code_stands_in_no_table_of_the_registry(sandbox: SandboxRegistrar, addresses: Addresses) -> None:
    name, code = elsewhere("quick"), f"wrong-{uuid4().hex}"

    sandbox.transfer(move(name, code), reference=uuid4().hex)

    with storage.reading(addresses.app) as connection:
        rows = connection.execute(select(tables.operation).where(tables.operation.c.name == name)).all()
    assert rows
    assert code not in repr(rows)
