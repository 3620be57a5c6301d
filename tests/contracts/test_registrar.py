"""What every registrar must do, whoever it is; run against each adapter that stands under REGISTRARS."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

import pytest

from storefront.core import clock
from storefront.core.money import Money
from storefront.providers import registry
from storefront.providers.adapters.sandbox.registrar import SandboxRegistrar
from storefront.providers.outcomes import Done, NotSent, Pending, Rejected, Rejection, Unknown
from storefront.providers.ports.registrar import (
    Action,
    Availability,
    CheckResult,
    ContactCard,
    NameServer,
    RegisteredDomain,
    Registrar,
    Registration,
    Renewal,
    Role,
    Transfer,
)

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
NEVER = 10.0


@dataclass(frozen=True, kw_only=True)
class Case:
    """A registrar, and how to come by names of each kind."""

    registrar: Registrar
    free: Callable[[], str]
    taken: str
    reserved: str
    premium: Callable[[], str]
    not_sold: str
    pending: Callable[[], str]
    rejected: Callable[[], str]
    lost: Callable[[], str]
    elsewhere: Callable[[str], str]
    code_of: Callable[[str], str]
    wait_for_pending: Callable[[], None]


def by_sandbox(registrar: SandboxRegistrar) -> Case:

    def scripted(script: str) -> Callable[[], str]:
        return lambda: f"{script}-{uuid4().hex}.com"

    def wait() -> None:
        registrar.jump(timedelta(minutes=3))

    return Case(
        registrar=registrar,
        free=scripted("available"),
        taken="google.com",
        reserved="nic.com",
        premium=scripted("premium"),
        not_sold="name.zz",
        pending=scripted("pending"),
        rejected=scripted("rejected"),
        lost=scripted("lost"),
        elsewhere=lambda script: f"{script}-{uuid4().hex[:20]}-elsewhere.com",
        code_of=lambda name: f"CODE-{name.partition('.')[0]}",
        wait_for_pending=wait,
    )


REGISTRARS = {"sandbox": by_sandbox}


@pytest.fixture(params=REGISTRARS)
def case(request: pytest.FixtureRequest, sandbox: SandboxRegistrar) -> Case:
    return REGISTRARS[request.param](sandbox)


def check(case: Case, *names: str, deadline_s: float = NEVER) -> dict[str, CheckResult]:
    return dict(asyncio.run(case.registrar.check(names, deadline_s=deadline_s)))


def wish(name: str, years: int = 1, agreed_cost: Money | None = None) -> Registration:
    servers = (NameServer(host="ns1.parking.example"), NameServer(host="ns2.parking.example"))
    contacts = {Role.OWNER: OWNER}
    return Registration(name=name, years=years, contacts=contacts, name_servers=servers, agreed_cost=agreed_cost)


def done(case: Case, name: str, reference: str = "") -> Done[RegisteredDomain]:
    answer = case.registrar.register(wish(name), reference=reference or uuid4().hex)
    assert isinstance(answer, Done)
    return answer


def test_capabilities_name_endings_without_dots(case: Case) -> None:
    capabilities = case.registrar.capabilities()

    assert capabilities.endings
    assert all(ending == ending.strip(".").lower() for ending in capabilities.endings)
    assert capabilities.max_check_batch > 0


def test_check_answers_every_name_by_its_kind(case: Case) -> None:
    free, premium = case.free(), case.premium()
    names = (free, premium, case.taken, case.reserved, case.not_sold)

    found = check(case, *names)

    assert [found[name].availability for name in names] == [
        Availability.AVAILABLE,
        Availability.PREMIUM,
        Availability.TAKEN,
        Availability.RESERVED,
        Availability.UNSUPPORTED,
    ]
    assert found[free].costs[Action.REGISTER][1].minor > 0
    assert found[premium].premium_class
    assert set(found[premium].costs) == set(Action)
    assert not found[case.taken].costs


def test_check_without_time_is_unknown_and_never_available(case: Case) -> None:
    names = [case.free() for _ in range(5)]

    found = check(case, *names, deadline_s=0.0)

    assert {result.availability for result in found.values()} == {Availability.UNKNOWN}
    assert set(found) == set(names)


def test_register_gives_the_domain_and_takes_its_price(case: Case) -> None:
    name, before = case.free(), case.registrar.balance()
    price = check(case, name)[name].costs[Action.REGISTER][2]

    answer = case.registrar.register(wish(name, years=2), reference=uuid4().hex)

    assert isinstance(answer, Done)
    assert (answer.facts.name, answer.facts.is_ours, answer.cost) == (name, True, price)
    assert 729 <= (answer.facts.expires_at - answer.facts.registered_at).days <= 731
    assert answer.facts.name_servers == ("ns1.parking.example", "ns2.parking.example")
    assert case.registrar.info(name) == answer.facts
    assert check(case, name)[name].availability is Availability.TAKEN
    after = case.registrar.balance()
    assert before is None or after is None or before - after == price


def test_register_a_taken_name(case: Case) -> None:
    answer = case.registrar.register(wish(case.taken), reference=uuid4().hex)

    assert isinstance(answer, Rejected)
    assert answer.code is Rejection.NAME_TAKEN


def test_register_what_another_reference_registered(case: Case) -> None:
    name = case.free()
    done(case, name)
    before = case.registrar.balance()

    answer = case.registrar.register(wish(name), reference=uuid4().hex)

    assert isinstance(answer, Rejected)
    assert answer.code is Rejection.NAME_TAKEN
    assert case.registrar.balance() == before


def test_register_says_which_field_is_wrong(case: Case) -> None:
    answer = case.registrar.register(replace(wish(case.free()), contacts={}), reference=uuid4().hex)

    assert isinstance(answer, Rejected)
    assert (answer.code, set(answer.fields)) == (Rejection.INVALID, {"owner"})


def test_register_premium_name_only_at_the_agreed_price(case: Case) -> None:
    name = case.premium()
    price = check(case, name)[name].costs[Action.REGISTER][1]

    without = case.registrar.register(wish(name), reference=uuid4().hex)
    wrong = case.registrar.register(wish(name, agreed_cost=Money(1, price.currency)), reference=uuid4().hex)
    right = case.registrar.register(wish(name, agreed_cost=price), reference=uuid4().hex)

    assert isinstance(without, Rejected)
    assert isinstance(wrong, Rejected)
    assert without.code is wrong.code is Rejection.PREMIUM_PRICE_CHANGED
    assert isinstance(right, Done)
    assert right.cost == price


def test_register_rejected_by_the_registry(case: Case) -> None:
    name = case.rejected()

    answer = case.registrar.register(wish(name), reference=uuid4().hex)

    assert isinstance(answer, Rejected)
    assert answer.message
    assert case.registrar.info(name) is None


def test_register_pending_ends_done_and_says_so(case: Case) -> None:
    name = case.pending()

    answer = case.registrar.register(wish(name), reference=uuid4().hex)

    assert isinstance(answer, Pending)
    facts = case.registrar.info(name)
    assert facts is not None
    assert facts.is_pending
    assert check(case, name)[name].availability is Availability.TAKEN
    case.wait_for_pending()
    ended = case.registrar.operation_status(answer.upstream_ref)
    assert isinstance(ended, Done)
    assert not ended.facts.is_pending
    assert ended.cost is not None
    told = [message for message in case.registrar.poll(limit=10_000) if message.name == name]
    assert [(message.kind, message.upstream_ref) for message in told] == [("registered", answer.upstream_ref)]
    case.registrar.acknowledge(told[0].id)
    case.registrar.acknowledge(told[0].id)
    assert not [message for message in case.registrar.poll(limit=10_000) if message.name == name]


def test_register_with_lost_answer_is_found_by_asking(case: Case) -> None:
    name, reference = case.lost(), uuid4().hex

    with pytest.raises(Unknown):
        case.registrar.register(wish(name), reference=reference)

    facts = case.registrar.info(name)
    assert facts is not None
    assert facts.is_ours
    if case.registrar.capabilities().remembers_references:
        assert facts.reference == reference


def test_same_reference_acts_once(case: Case) -> None:
    if not case.registrar.capabilities().remembers_references:
        pytest.skip("this registrar does not remember references")
    name, reference = case.free(), uuid4().hex
    first = done(case, name, reference)
    before = case.registrar.balance()

    second = case.registrar.register(wish(name), reference=reference)

    assert second == first
    assert case.registrar.balance() == before


def test_fifty_at_once_register_one_name(case: Case) -> None:
    name, before = case.free(), case.registrar.balance()

    def attempt(number: int) -> str:
        return type(case.registrar.register(wish(name), reference=f"{name}-{number}")).__name__

    with ThreadPoolExecutor(max_workers=50) as pool:
        answers = list(pool.map(attempt, range(50)))

    assert (answers.count("Done"), answers.count("Rejected")) == (1, 49)
    after = case.registrar.balance()
    if before is not None and after is not None:
        assert (before - after) == check_price(case, name)


def check_price(case: Case, name: str) -> Money:
    answer = case.registrar.quote(name, Action.REGISTER, 1)
    assert isinstance(answer, Done)
    return answer.facts.cost


def test_renew_once_however_often_it_is_sent(case: Case) -> None:
    name = case.free()
    facts = done(case, name).facts
    renewal = Renewal(name=name, years=1, current_expiry=facts.expires_at)

    first = case.registrar.renew(renewal, reference=uuid4().hex)
    second = case.registrar.renew(renewal, reference=uuid4().hex)

    assert isinstance(first, Done)
    assert 365 <= (first.facts.expires_at - facts.expires_at).days <= 366
    assert isinstance(second, Rejected)
    assert second.code is Rejection.NOT_ELIGIBLE_TO_RENEW


def test_renew_what_is_not_there(case: Case) -> None:
    answer = case.registrar.renew(Renewal(name=case.free(), years=1, current_expiry=clock.now()), reference=uuid4().hex)

    assert isinstance(answer, Rejected)
    assert answer.code is Rejection.NOT_FOUND


def move(case: Case, name: str, code: str | None = None) -> Transfer:
    return Transfer(name=name, contacts={Role.OWNER: OWNER}, auth_code=case.code_of(name) if code is None else code)


def test_code_of_a_transfer_is_not_shown_by_accident(case: Case) -> None:
    assert "secret" not in repr(move(case, "a.com", "secret-code"))


def test_transfer_waits_for_the_other_registrar_and_brings_the_term(case: Case) -> None:
    name, reference = case.elsewhere("quick"), uuid4().hex
    before, was = case.registrar.balance(), case.registrar.info(name)
    price = case.registrar.quote(name, Action.TRANSFER, 1)

    answer = case.registrar.transfer(move(case, name), reference=reference)

    assert isinstance(answer, Pending)
    assert answer.expires_at is not None
    assert isinstance(case.registrar.transfer_status(name, reference=reference), Pending)
    leaving = case.registrar.info(name)
    assert leaving is not None
    assert ("pendingTransfer" in leaving.statuses, leaving.is_ours) == (True, False)
    case.wait_for_pending()
    ended = case.registrar.operation_status(answer.upstream_ref)
    assert isinstance(ended, Done)
    assert ended.facts.is_ours
    assert was is not None
    assert 365 <= (ended.facts.expires_at - was.expires_at).days <= 366
    assert isinstance(price, Done)
    after = case.registrar.balance()
    assert before is None or after is None or before - after == price.facts.cost == ended.cost
    assert case.registrar.transfer_status(name, reference=reference) == ended


def test_transfer_with_a_wrong_code_did_nothing_and_may_be_sent_anew(case: Case) -> None:
    name, before = case.elsewhere("quick"), case.registrar.balance()

    wrong = case.registrar.transfer(move(case, name, "WRONG-123"), reference=f"{name}-1")
    right = case.registrar.transfer(move(case, name), reference=f"{name}-2")

    assert isinstance(wrong, Rejected)
    assert (wrong.code, before) == (Rejection.BAD_AUTH_CODE, before)
    assert isinstance(right, Pending)


def test_same_transfer_sent_twice_is_one(case: Case) -> None:
    name = case.elsewhere("quick")
    first = case.registrar.transfer(move(case, name), reference=f"{name}-1")
    before = case.registrar.balance()

    again = case.registrar.transfer(move(case, name), reference=f"{name}-1")
    other = case.registrar.transfer(move(case, name), reference=f"{name}-2")

    assert isinstance(first, Pending)
    assert isinstance(again, Pending)
    assert again.upstream_ref == first.upstream_ref
    assert isinstance(other, Rejected)
    assert case.registrar.balance() == before


def test_transfer_with_lost_answer_is_found_by_asking(case: Case) -> None:
    name, reference = case.elsewhere("lost"), uuid4().hex

    with pytest.raises(Unknown):
        case.registrar.transfer(move(case, name), reference=reference)

    assert isinstance(case.registrar.transfer_status(name, reference=reference), Pending)


def test_transfer_that_was_never_asked_for(case: Case) -> None:
    assert case.registrar.transfer_status(case.elsewhere("quick"), reference=uuid4().hex) is None


@pytest.mark.parametrize(
    ("script", "code"),
    [("locked", Rejection.STATUS_PROHIBITS), ("young", Rejection.NOT_ELIGIBLE_TO_TRANSFER)],
)
def test_transfer_of_a_name_that_cannot_move(case: Case, script: str, code: Rejection) -> None:
    name = case.elsewhere(script)

    answer = case.registrar.transfer(move(case, name), reference=uuid4().hex)

    assert isinstance(answer, Rejected)
    assert answer.code is code


def test_transfer_refused_by_the_other_registrar_gives_the_money_back(case: Case) -> None:
    name, before = case.elsewhere("denied"), case.registrar.balance()
    answer = case.registrar.transfer(move(case, name), reference=uuid4().hex)
    assert isinstance(answer, Pending)

    case.wait_for_pending()
    ended = case.registrar.operation_status(answer.upstream_ref)

    assert isinstance(ended, Rejected)
    assert ended.code is Rejection.TRANSFER_REFUSED
    assert case.registrar.balance() == before


def test_transfer_of_a_free_name_and_of_one_that_is_here(case: Case) -> None:
    name = case.free()
    free = case.registrar.transfer(move(case, case.free()), reference=uuid4().hex)
    done(case, name)

    own = case.registrar.transfer(move(case, name), reference=uuid4().hex)

    assert isinstance(free, Rejected)
    assert isinstance(own, Rejected)
    assert Rejection.BAD_AUTH_CODE not in {free.code, own.code}


def test_info_of_free_taken_and_own_name(case: Case) -> None:
    name = case.free()

    assert case.registrar.info(name) is None
    stranger = case.registrar.info(case.taken)
    assert stranger is not None
    assert not stranger.is_ours
    done(case, name)
    own = case.registrar.info(name)
    assert own is not None
    assert own.is_ours


def test_whois_shows_a_registration_without_a_person(case: Case) -> None:
    name = case.free()
    done(case, name)

    strange = asyncio.run(case.registrar.whois(case.taken, deadline_s=NEVER))
    own = asyncio.run(case.registrar.whois(name, deadline_s=NEVER))
    free = asyncio.run(case.registrar.whois(case.free(), deadline_s=NEVER))

    assert strange is not None
    assert strange.registered_at is not None
    assert strange.expires_at is not None
    assert strange.registered_at < clock.now() < strange.expires_at
    assert "registrant name" in strange.redacted
    assert own is not None
    assert "Virtanen" not in repr(own)
    assert free is None


def test_quote_of_premium_name_says_so(case: Case) -> None:
    answer = case.registrar.quote(case.premium(), Action.REGISTER, 1)

    assert isinstance(answer, Done)
    assert answer.facts.is_premium
    assert answer.facts.cost.minor > 0
    assert answer.facts.valid_until > clock.now()


def test_check_never_holds_up_the_loop(case: Case) -> None:
    longest = 0.0

    async def heartbeat(stop: asyncio.Event) -> None:
        nonlocal longest
        while not stop.is_set():
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before)

    async def both() -> None:
        stop = asyncio.Event()
        beat = asyncio.create_task(heartbeat(stop))
        await asyncio.gather(*(case.registrar.check([case.free()], deadline_s=NEVER) for _ in range(30)))
        stop.set()
        await beat

    asyncio.run(both())

    assert longest < 0.2


def test_unreachable_registrar_was_not_sent_to() -> None:
    nowhere = registry.open_adapter(
        "registrar", "sandbox", {"url": "postgresql://vitrine_app@127.0.0.1:1/nothing", "latency": 0.0}
    )

    with pytest.raises(NotSent):
        nowhere.register(wish("available-x.com"), reference="x")
    with pytest.raises(NotSent):
        nowhere.info("available-x.com")
