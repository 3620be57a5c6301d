"""A look at a host: what is asked, what is written down, what becomes of the host."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from storefront.core import clock
from storefront.core.db import Database, Work
from storefront.core.jobs import Job
from storefront.core.outbox import OutboxEvent
from tenants import hosts as actions
from tenants.certificate_models import HostCertificate
from tenants.dns_answers import Found
from tenants.host_looks import (
    ask_for_due_looks,
    end_holds,
    look_at,
    shops_with_due_hosts,
    shops_with_ended_holds,
)
from tenants.models import HeldName, Host, HostName
from tenants.resellers import current_reseller
from tenants.sightings import read_found
from tenants.wanted_records import Wanted, wanted_for
from tests.fixtures_app import Shop
from tests.tenants.dns_at_hand import ELSEWHERE, Names, silence

NAME = "look.fjord.test"


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
def shop(database: Database, shops: dict[str, Shop]) -> Iterator[UUID]:
    """The shop in the north, which forgets its hosts afterwards."""
    shop_id = shops["north"].id
    yield shop_id
    with database.work(shop_id) as db:
        current_reseller(db).canonical_host = "north.localhost"
        for host in db.scalars(select(Host).where(Host.is_platform_name.is_(False))):
            db.session.delete(host)
        db.execute(delete(HostName).where(HostName.reseller_id == shop_id, HostName.name != "north.localhost"))
        db.execute(delete(HeldName).where(HeldName.reseller_id == shop_id))
        db.execute(delete(HostCertificate).where(HostCertificate.reseller_id == shop_id))
        for place in db.scalars(select(HostName).where(HostName.reseller_id == shop_id)):
            place.canonical = "north.localhost"
        db.commit()


def connect(database: Database, shop: UUID, name: str = NAME, *, becomes_canonical: bool = False) -> UUID:
    with database.work(shop) as db:
        host = actions.connect(db, name=name, becomes_canonical=becomes_canonical)
        host_id = host.id
        db.commit()
    return host_id


def host_of(db: Work, host_id: UUID) -> Host:
    return db.require(Host, host_id)


def prove(database: Database, shop: UUID, host_id: UUID, names: Names) -> None:
    with database.work(shop) as db:
        host = host_of(db, host_id)
        names.prove(wanted_for(database.config, host.name, host.code))


def test_from_nothing_to_in_use(database: Database, shop: UUID, names: Names) -> None:
    host_id = connect(database, shop, becomes_canonical=True)
    look_at(database, shop, host_id, names)
    with database.work(shop) as db:
        host = host_of(db, host_id)
        assert host.state == "pending"
        assert host.confirmed_at is not None  # nothing is there that could be lost
        assert host.lights["ownership"]["light"] != "right"

    prove(database, shop, host_id, names)
    look_at(database, shop, host_id, names)

    with database.work(shop) as db:
        host = host_of(db, host_id)
        assert host.state == "active"
        assert {name: each["light"] for name, each in host.lights.items() if name != "certificate"} == {
            "dns": "right",
            "ownership": "right",
        }
        # Without TLS, as here, it serves at once; so it became what customers see.
        assert host.serves_at is not None
        assert current_reseller(db).canonical_host == NAME
        assert db.scalar(select(HostName.reseller_id).where(HostName.name == NAME)) == shop


def test_what_was_found_is_read_again_as_it_was(database: Database, shop: UUID, names: Names) -> None:
    host_id = connect(database, shop)
    prove(database, shop, host_id, names)

    look_at(database, shop, host_id, names)

    with database.work(shop) as db:
        host = host_of(db, host_id)
        found = read_found(host.found)
        assert found is not None
        assert found.records(f"_shop-challenge.{NAME}", "TXT") == (host.code,)
        assert read_found({}) is None
        assert read_found({**host.found, "answers": [{"kind": "strange"}]}) is None


def test_a_name_in_use_waits_for_somebody_who_knows(database: Database, shop: UUID, names: Names) -> None:
    names.put(NAME, "A", ELSEWHERE)
    host_id = connect(database, shop)
    look_at(database, shop, host_id, names)
    names.put(NAME, "A")
    prove(database, shop, host_id, names)
    look_at(database, shop, host_id, names)
    with database.work(shop) as db:
        assert host_of(db, host_id).state == "pending"

        actions.confirm(db, host_of(db, host_id))
        db.commit()
    look_at(database, shop, host_id, names)

    with database.work(shop) as db:
        assert host_of(db, host_id).state == "active"


def test_silence_tells_nothing(database: Database, shop: UUID, names: Names) -> None:
    host_id = connect(database, shop)
    with silence(names):
        look_at(database, shop, host_id, names)

    with database.work(shop) as db:
        host = host_of(db, host_id)
        assert host.lights["dns"]["light"] == "could_not_ask"
        assert host.confirmed_at is None


def test_a_changed_code_makes_a_running_look_worthless(database: Database, shop: UUID) -> None:
    host_id = connect(database, shop)

    class Slow(Names):
        def ask_about(self, wanted: Wanted) -> Found:
            self.prove(wanted)
            with database.work(shop) as db:
                host_of(db, host_id).code = actions.new_code()
                db.commit()
            return super().ask_about(wanted)

    look_at(database, shop, host_id, Slow())

    with database.work(shop) as db:
        host = host_of(db, host_id)
        assert (host.state, host.checked_at) == ("pending", None)


def days_of(
    database: Database, shop: UUID, host_id: UUID, names: Names, days: int, *, silent: tuple[int, ...] = ()
) -> list[str]:
    """Look once a day and return how the host stood each day."""
    states = []
    start = clock.now()
    for day in range(1, days + 1):
        with clock.Stopped(start + timedelta(days=day, minutes=day)):
            names.is_silent = day in silent
            look_at(database, shop, host_id, names)
            with database.work(shop) as db:
                states.append(host_of(db, host_id).state)
    return states


def test_three_bad_days_warn_and_seven_detach(database: Database, shop: UUID, names: Names) -> None:
    host_id = connect(database, shop)
    prove(database, shop, host_id, names)
    look_at(database, shop, host_id, names)
    names.put(NAME, "CNAME", "somewhere.else.example")

    states = days_of(database, shop, host_id, names, 9)

    assert states == ["active"] * 3 + ["failing"] * 4 + ["detached"] * 2
    with database.work(shop) as db:
        told = list(db.scalars(select(OutboxEvent.name).where(OutboxEvent.payload["host_id"].astext == str(host_id))))
        assert told.count("tenants.host_failing") == 1
        assert told.count("tenants.host_detached") == 1
        assert db.scalar(select(HostName.name).where(HostName.name == NAME)) is None


def test_days_on_which_nobody_answers_count_neither_for_nor_against(
    database: Database, shop: UUID, names: Names
) -> None:
    host_id = connect(database, shop)
    prove(database, shop, host_id, names)
    look_at(database, shop, host_id, names)

    states = days_of(database, shop, host_id, names, 12, silent=tuple(range(1, 13)))

    assert states == ["active"] * 12


def test_a_stale_code_is_a_miss_although_the_name_leads_here(database: Database, shop: UUID, names: Names) -> None:
    host_id = connect(database, shop)
    prove(database, shop, host_id, names)
    look_at(database, shop, host_id, names)
    names.put(f"_shop-challenge.{NAME}", "TXT", actions.new_code())

    states = days_of(database, shop, host_id, names, 4)

    assert states[-1] == "failing"


def test_a_host_in_danger_recovers(database: Database, shop: UUID, names: Names) -> None:
    host_id = connect(database, shop)
    prove(database, shop, host_id, names)
    look_at(database, shop, host_id, names)
    names.put(NAME, "CNAME", "somewhere.else.example")
    assert days_of(database, shop, host_id, names, 5)[-1] == "failing"
    prove(database, shop, host_id, names)

    with clock.Stopped(clock.now() + timedelta(days=6)):
        look_at(database, shop, host_id, names)

    with database.work(shop) as db:
        host = host_of(db, host_id)
        assert (host.state, host.misses, host.first_missed_at) == ("active", 0, None)


def test_looking_by_hand_all_day_is_one_miss(database: Database, shop: UUID, names: Names) -> None:
    host_id = connect(database, shop)
    prove(database, shop, host_id, names)
    look_at(database, shop, host_id, names)
    names.put(NAME, "CNAME", "somewhere.else.example")

    for _time in range(5):
        look_at(database, shop, host_id, names)

    with database.work(shop) as db:
        assert host_of(db, host_id).misses == 1


def test_history_tells_what_changed_and_no_more(database: Database, shop: UUID, names: Names) -> None:
    host_id = connect(database, shop)
    prove(database, shop, host_id, names)
    for _time in range(3):
        look_at(database, shop, host_id, names)

    with database.work(shop) as db:
        about = [(line["about"], line["light"]) for line in host_of(db, host_id).history]

    assert about.count(("dns", "right")) == 1
    assert about.count(("ownership", "right")) == 1


def test_due_hosts_are_asked_for_once(database: Database, shop: UUID) -> None:
    host_id = connect(database, shop)
    with clock.Stopped(clock.now() + timedelta(hours=2)):
        with database.office_work() as office:
            assert shop in shops_with_due_hosts(office)
        with database.work(shop) as db:
            ask_for_due_looks(db)
            assert host_of(db, host_id).asked_at == db.now
            assert db.scalar(select(Job.state).where(Job.name == "look_at_host", Job.argument == str(host_id)))
            before = host_of(db, host_id).asked_at
            ask_for_due_looks(db)
            assert host_of(db, host_id).asked_at == before


def test_holds_end_after_thirty_days(database: Database, shop: UUID, names: Names) -> None:
    host_id = connect(database, shop)
    prove(database, shop, host_id, names)
    look_at(database, shop, host_id, names)
    with database.work(shop) as db:
        actions.detach(db, host_of(db, host_id))
        db.commit()

    with clock.Stopped(clock.now() + timedelta(days=30, minutes=1)):
        with database.office_work() as office:
            assert shop in shops_with_ended_holds(office)
        with database.work(shop) as db:
            end_holds(db)
            db.commit()

    with database.work(shop) as db:
        assert db.find(Host, host_id) is None
        assert db.scalar(select(HeldName.name).where(HeldName.name == NAME)) is None
