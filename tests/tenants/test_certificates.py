"""Who gets a certificate: limits for new names, renewals free, attempts bounded, and what was seen is kept."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from storefront.core import clock, jobs
from storefront.core.clock import Stopped
from storefront.core.db import Database, Work
from storefront.core.edge import SeenCertificate
from storefront.core.jobs import Job
from tenants import certificates
from tenants.certificate_models import HostCertificate
from tenants.certificate_rules import Answer
from tenants.certificates import Decision, ask_to_look, decide, facts_of, look_at_due_certificates, note_look
from tenants.models import Host, HostName
from tests.fixtures_app import Shop


@pytest.fixture(autouse=True)
def _nothing_before(front: Database) -> Iterator[None]:
    """Every test counts from nothing."""
    yield
    with front.office_work() as db:
        db.execute(delete(HostCertificate))
        db.commit()


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[Stopped]:
    """A clock that stands still until it is moved."""
    with Stopped(clock.now()) as stopped:
        yield stopped


def asked(front: Database, shop: Shop, name: str, *, is_open: bool = True) -> Decision:
    """Decide as the edge's question does: in a Work of its own that is kept."""
    with front.work(shop.id) as db:
        decision = decide(db, name, is_open=is_open)
        db.commit()
        return decision


def seen(days: int = 90, *, is_trusted: bool = True) -> SeenCertificate:
    now = clock.now()
    return SeenCertificate(
        issuer="Pebble", valid_from=now, valid_until=now + timedelta(days=days), is_trusted=is_trusted
    )


def look(front: Database, shop: Shop, name: str, found: SeenCertificate | None, trouble: str = "") -> None:
    with front.work(shop.id) as db:
        note_look(db, name, found, trouble)
        db.commit()


def row_of(db: Work, name: str) -> HostCertificate:
    return db.session.get_one(HostCertificate, (name, db.reseller_id))


def test_new_name_is_allowed_and_looked_at_soon(front: Database, shop: Shop) -> None:
    decision = asked(front, shop, "a.one.example")

    assert decision == Decision(answer=Answer.ALLOWED)
    with front.work(shop.id) as db:
        [job] = db.scalars(select(Job).where(Job.name == "look_at_certificate"))
        assert job.argument == "a.one.example"
        assert job.next_at == clock.now() + certificates.FIRST_LOOK
        assert row_of(db, "a.one.example").registered_domain == "one.example"


def test_reseller_gets_twenty_new_names_a_day_and_more_the_next(
    front: Database, shop: Shop, neighbour: Shop, at_noon: Stopped
) -> None:
    answers = [asked(front, shop, f"shop.d{number}.example").answer for number in range(21)]

    assert answers == [Answer.ALLOWED] * 20 + [Answer.RESELLER_LIMIT]
    assert asked(front, neighbour, "shop.other.example").answer == Answer.ALLOWED
    at_noon.forward(timedelta(hours=24, minutes=1))
    assert asked(front, shop, "shop.d20.example").answer == Answer.ALLOWED


def test_names_under_one_domain_share_a_limit_whoever_has_them(
    front: Database, shop: Shop, neighbour: Shop, at_noon: Stopped
) -> None:
    first = [asked(front, shop, f"a{number}.many.example").answer for number in range(20)]
    second = [asked(front, neighbour, f"b{number}.many.example").answer for number in range(20)]
    at_noon.forward(timedelta(hours=25))

    assert {*first, *second} == {Answer.ALLOWED}
    assert asked(front, shop, "late.many.example").answer == Answer.DOMAIN_LIMIT
    assert asked(front, shop, "late.other.example").answer == Answer.ALLOWED


def test_platform_limit_holds_for_everybody(front: Database, shop: Shop, neighbour: Shop, at_noon: Stopped) -> None:
    with front.office_work() as db:
        for number in range(150):
            name = f"n{number}.example"
            taken = {"name": name, "reseller_id": shop.id, "registered_domain": name, "allowed_at": db.now}
            db.add(HostCertificate(**taken))
        db.commit()

    assert asked(front, neighbour, "shop.late.example").answer == Answer.PLATFORM_LIMIT
    at_noon.forward(timedelta(hours=3, minutes=1))
    assert asked(front, neighbour, "shop.late.example").answer == Answer.ALLOWED


def test_detaching_and_connecting_again_does_not_begin_anew(front: Database, shop: Shop) -> None:
    """The rows stay when names go, so the count does not depend on what is connected now."""
    for number in range(20):
        asked(front, shop, f"shop.d{number}.example")
        with front.work(shop.id) as db:
            db.execute(delete(HostName).where(HostName.name == f"shop.d{number}.example"))
            db.commit()

    assert asked(front, shop, "shop.another.example").answer == Answer.RESELLER_LIMIT


def test_attempts_for_one_name_end_after_three_in_an_hour(front: Database, shop: Shop, at_noon: Stopped) -> None:
    answers = [asked(front, shop, "a.one.example").answer for _ in range(5)]

    assert answers == [Answer.ALLOWED] * 3 + [Answer.FAILING] * 2
    at_noon.forward(timedelta(minutes=61))
    assert asked(front, shop, "a.one.example").answer == Answer.ALLOWED


def test_seen_certificate_is_renewed_without_counting(front: Database, shop: Shop) -> None:
    asked(front, shop, "a.one.example")
    look(front, shop, "a.one.example", seen())
    for number in range(19):
        asked(front, shop, f"shop.d{number}.example")

    decisions = [asked(front, shop, "a.one.example") for _ in range(10)]

    assert {decision.answer for decision in decisions} == {Answer.ALLOWED}
    assert decisions[0].valid_until == clock.now() + timedelta(days=90)


@pytest.mark.parametrize("trouble", ["none", "untrusted", "away"])
def test_certificate_that_no_browser_takes_is_no_proof(front: Database, shop: Shop, trouble: str) -> None:
    found = seen(is_trusted=False) if trouble == "untrusted" else None
    asked(front, shop, "a.one.example")
    look(front, shop, "a.one.example", found, trouble)

    decisions = [asked(front, shop, "a.one.example") for _ in range(3)]

    assert [decision.answer for decision in decisions] == [Answer.ALLOWED, Answer.ALLOWED, Answer.FAILING]
    assert {decision.valid_until for decision in decisions} == {None}


def test_edge_that_is_away_takes_nothing_back(front: Database, shop: Shop) -> None:
    asked(front, shop, "a.one.example")
    look(front, shop, "a.one.example", seen())

    look(front, shop, "a.one.example", None, "away")

    assert asked(front, shop, "a.one.example").valid_until == clock.now() + timedelta(days=90)


def test_expired_certificate_counts_as_new_again(front: Database, shop: Shop, at_noon: Stopped) -> None:
    asked(front, shop, "a.one.example")
    look(front, shop, "a.one.example", seen(days=10))
    at_noon.forward(timedelta(days=11))

    asked(front, shop, "a.one.example")

    with front.work(shop.id) as db:
        assert row_of(db, "a.one.example").allowed_at == clock.now()


def test_suspended_shop_renews_and_gets_nothing_new(front: Database, shop: Shop) -> None:
    asked(front, shop, "a.one.example")
    look(front, shop, "a.one.example", seen())

    assert asked(front, shop, "a.one.example", is_open=False).answer == Answer.ALLOWED
    assert asked(front, shop, "b.one.example", is_open=False).answer == Answer.SUSPENDED


def test_host_that_leads_elsewhere_for_days_gets_nothing(front: Database, shop: Shop) -> None:
    asked(front, shop, shop.host)
    look(front, shop, shop.host, seen())
    with front.work(shop.id) as db:
        db.execute(update(Host).where(Host.name == shop.host).values(state="failing"))
        db.commit()

    assert asked(front, shop, shop.host).answer == Answer.FAILING


def test_facts_tell_the_doctor_what_is_known(front: Database, shop: Shop) -> None:
    with front.work(shop.id) as db:
        before = facts_of(db, "a.one.example")
    for _ in range(4):
        asked(front, shop, "a.one.example")
    with front.work(shop.id) as db:
        refused = facts_of(db, "a.one.example")
    look(front, shop, "a.one.example", seen())
    with front.work(shop.id) as db:
        issued = facts_of(db, "a.one.example")

    now = clock.now()
    assert (before.issued_until, before.refusal) == (None, "")
    assert (refused.refusal, refused.refused_at, refused.again_at) == ("other", now, now + timedelta(hours=1))
    assert (issued.issued_until, issued.refusal, issued.again_at) == (now + timedelta(days=90), "", None)


def test_host_that_was_waited_for_is_due_when_its_certificate_is_seen(front: Database, shop: Shop) -> None:
    asked(front, shop, shop.host)
    with front.work(shop.id) as db:
        db.execute(
            update(Host).where(Host.name == shop.host).values(serves_at=None, next_check_at=None, asked_at=clock.now())
        )
        db.commit()

    look(front, shop, shop.host, seen())

    with front.work(shop.id) as db:
        [host] = db.scalars(select(Host).where(Host.name == shop.host))
        assert host.next_check_at == clock.now()
        # Somebody who waited had one asked for seconds ago; the next is not left to the schedule.
        looks = db.scalars(select(Job.next_at).where(Job.name == "look_at_host", Job.argument == str(host.id)))
        assert looks == [clock.now()]


def test_looks_that_are_due_are_asked_for_once(front: Database, shop: Shop, at_noon: Stopped) -> None:
    asked(front, shop, "a.one.example")
    at_noon.forward(timedelta(minutes=1))

    for _ in range(2):
        with front.work(shop.id) as db:
            look_at_due_certificates(db)
            db.commit()

    with front.work(shop.id) as db:
        assert [row.argument for row in db.scalars(select(Job).where(Job.name == "look_at_certificate"))] == [
            "a.one.example"
        ]
        look_at = row_of(db, "a.one.example").look_at
        assert look_at is not None
        assert look_at > clock.now()


def test_look_at_a_host_that_is_gone_is_the_last(front: Database, shop: Shop) -> None:
    with front.work(shop.id) as db:
        ask_to_look(db, "gone.one.example")
        db.commit()

    certificates.look_at_certificate(front, shop.id, "gone.one.example")

    with front.work(shop.id) as db:
        assert row_of(db, "gone.one.example").look_at is None


def test_look_without_an_edge_says_so_and_comes_again(front: Database, shop: Shop) -> None:
    certificates.look_at_certificate(front, shop.id, shop.host)

    with front.work(shop.id) as db:
        row = row_of(db, shop.host)
    assert row.trouble == "away"
    assert row.look_at is not None


def test_look_is_a_job_that_may_be_asked_for() -> None:
    assert jobs.JOBS["look_at_certificate"].opens_own_work
