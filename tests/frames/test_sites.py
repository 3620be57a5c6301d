"""Sites that may hold windows: named, proven, lost; nobody proves another's."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from frames.models import FrameSite
from frames.origins import MOST_SITES
from frames.site_looks import ask_for_due_sites, look_at, shops_with_due_sites
from frames.sites import (
    add_site,
    allowed_origins,
    ask_for_site_look,
    is_allowed,
    is_silent,
    prove_by_code,
    remove_site,
    sites,
    wanted_record,
)
from storefront.core import clock
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.jobs import Job
from tenants.dns_answers import Found
from tenants.models import Host
from tenants.wanted_records import Wanted, wanted_for
from tests.fixtures_app import Shop
from tests.tenants.dns_at_hand import Names, silence

ORIGIN = "https://www.fjord.com"


@pytest.fixture
def shop(database: Database, shops: dict[str, Shop]) -> Iterator[UUID]:
    """The shop in the north, without sites afterwards."""
    shop_id = shops["north"].id
    yield shop_id
    with database.work(shop_id) as db:
        db.execute(delete(FrameSite).where(FrameSite.reseller_id == shop_id))
        db.execute(delete(Job).where(Job.reseller_id == shop_id, Job.name == "look_at_frame_site"))
        db.commit()


def named(database: Database, shop: UUID) -> UUID:
    with database.work(shop) as db:
        site = add_site(db, ORIGIN)
        db.commit()
        return site.id


def state_of(database: Database, shop: UUID, site_id: UUID) -> tuple[str, str]:
    with database.work(shop) as db:
        site = db.require(FrameSite, site_id)
        return site.state, site.finding


def is_long_silent(database: Database, shop: UUID, site_id: UUID, *, hours: int) -> bool:
    with clock.Stopped(clock.now() + timedelta(hours=hours)), database.work(shop) as db:
        return is_silent(db, db.require(FrameSite, site_id))


def prove(database: Database, shop: UUID, site_id: UUID, names: Names) -> None:
    with database.work(shop) as db:
        site = db.require(FrameSite, site_id)
        wanted = wanted_for(database.config, site.host, site.code)
        names.put(wanted.challenge_name, "TXT", site.code)


def later(database: Database, shop: UUID, names: Names, site_id: UUID, *, hours: int) -> None:
    """Look again at a due moment so many hours from now."""
    with clock.Stopped(clock.now() + timedelta(hours=hours)):
        look_at(database, shop, site_id, names)


# ---------------------------------------------------------------------------------------------------------- naming one


def test_site_waits_for_its_code(db: Work) -> None:
    site = add_site(db, "Fjord.com/about")

    record = wanted_record(db, site)
    assert (site.origin, site.state, site.proof) == ("https://fjord.com", "waiting", "dns")
    assert record is not None
    assert (record.type, record.name, record.value) == ("TXT", "_shop-challenge.fjord.com", site.code)
    assert allowed_origins(db) == ()
    assert not is_allowed(db, site)
    asked = db.scalars(select(Job).where(Job.name == "look_at_frame_site"))
    assert [job.argument for job in asked] == [str(site.id)]
    assert not ask_for_site_look(db, site)


def test_code_is_another_for_every_shop_and_every_site(db: Work, stranger_db: Work) -> None:
    codes = {add_site(db, ORIGIN).code, add_site(db, "https://fjord.com").code, add_site(stranger_db, ORIGIN).code}

    assert len(codes) == 3
    assert "" not in codes


def test_site_of_a_host_of_the_shop_is_proven_by_it_and_goes_with_it(db: Work) -> None:
    host = db.add(Host(name="shop.fjord.com", state="active", activated_at=db.now))
    db.flush()

    site = add_site(db, ORIGIN)

    assert (site.state, site.proof, wanted_record(db, site)) == ("proven", "host", None)
    assert allowed_origins(db) == (ORIGIN,)
    for state, is_good in (("failing", True), ("pending", False), ("detached", False)):
        host.state = state
        db.flush()
        assert (allowed_origins(db) == (ORIGIN,)) is is_good
        assert is_allowed(db, site) is is_good


def test_name_below_the_platform_shows_nothing(db: Work, stranger_db: Work) -> None:
    for work in (db, stranger_db):
        work.add(Host(name="a.platform.com", state="active", is_platform_name=True))
        work.flush()

    assert add_site(db, "https://www.platform.com").state == "waiting"


def test_host_beside_the_platform_shows_nothing_of_what_lies_below_it(db: Work) -> None:
    db.config = replace(db.config, platform_host="shops.fjord.com")
    db.add(Host(name="www.fjord.com", state="active", activated_at=db.now))
    db.flush()

    assert add_site(db, "https://somebody.shops.fjord.com").state == "waiting"
    assert add_site(db, "https://blog.fjord.com").state == "proven"


def test_site_of_a_host_takes_a_code_of_its_own(db: Work) -> None:
    db.add(Host(name="shop.fjord.com", state="active", activated_at=db.now))
    db.flush()
    site = add_site(db, ORIGIN)

    prove_by_code(db, site)

    assert (site.state, site.proof) == ("waiting", "dns")
    assert site.code
    assert allowed_origins(db) == ()


def test_site_on_this_machine_is_taken_in_development(db: Work) -> None:
    site = add_site(db, "http://localhost:8001/page.html")

    assert (site.origin, site.state, site.proof) == ("http://localhost:8001", "proven", "machine")


def test_site_is_named_once_and_so_many_are_too_many(db: Work) -> None:
    add_site(db, ORIGIN)
    with pytest.raises(Refused):
        add_site(db, "www.fjord.com/other")
    for number in range(MOST_SITES - 1):
        add_site(db, f"https://site{number}.com")

    with pytest.raises(Refused):
        add_site(db, "https://onemore.com")
    assert len(sites(db)) == MOST_SITES == 20


def test_site_that_is_removed_holds_nothing(db: Work) -> None:
    site = add_site(db, "http://localhost:8001")

    remove_site(db, site)

    assert allowed_origins(db) == ()
    assert sites(db) == []


# ------------------------------------------------------------------------------------------------------- looking at it


def test_code_in_the_zone_proves_a_site(database: Database, shop: UUID) -> None:
    names = Names()
    site_id = named(database, shop)
    look_at(database, shop, site_id, names)
    assert state_of(database, shop, site_id) == ("waiting", "code_missing")

    prove(database, shop, site_id, names)
    look_at(database, shop, site_id, names)

    assert state_of(database, shop, site_id) == ("proven", "code_found")
    with database.work(shop) as db:
        assert allowed_origins(db) == (ORIGIN,)


def test_code_of_another_shop_proves_nothing(database: Database, shop: UUID, shops: dict[str, Shop]) -> None:
    names = Names()
    site_id, other = named(database, shop), shops["south"].id
    foreign = named(database, other)
    prove(database, other, foreign, names)

    look_at(database, shop, site_id, names)
    look_at(database, shop, foreign, names)

    assert state_of(database, shop, site_id)[0] == "waiting"
    with database.work(other) as db:
        assert db.require(FrameSite, foreign).state == "waiting"
        db.execute(delete(FrameSite).where(FrameSite.reseller_id == other))
        db.execute(delete(Job).where(Job.reseller_id == other, Job.name == "look_at_frame_site"))
        db.commit()


def test_site_loses_its_right_three_days_after_its_code_went(database: Database, shop: UUID) -> None:
    names = Names()
    site_id = named(database, shop)
    prove(database, shop, site_id, names)
    look_at(database, shop, site_id, names)
    names.records.clear()

    states = []
    for hours in (25, 50, 75, 100):
        later(database, shop, names, site_id, hours=hours)
        states.append(state_of(database, shop, site_id)[0])

    assert states == ["proven", "proven", "proven", "lost"]
    with database.work(shop) as db:
        assert allowed_origins(db) == ()
    prove(database, shop, site_id, names)
    later(database, shop, names, site_id, hours=125)
    assert state_of(database, shop, site_id)[0] == "proven"


def test_silence_takes_nothing_from_anybody(database: Database, shop: UUID) -> None:
    names = Names()
    site_id = named(database, shop)
    prove(database, shop, site_id, names)
    look_at(database, shop, site_id, names)

    with silence(names):
        for hours in (25, 50, 75, 100, 300):
            later(database, shop, names, site_id, hours=hours)
            assert not is_long_silent(database, shop, site_id, hours=hours)
        later(database, shop, names, site_id, hours=721)

    assert state_of(database, shop, site_id)[0] == "proven"
    assert is_long_silent(database, shop, site_id, hours=721)
    later(database, shop, names, site_id, hours=722)
    assert not is_long_silent(database, shop, site_id, hours=723)


def test_world_is_asked_while_no_transaction_is_open(database: Database, shop: UUID) -> None:
    class Watched(Names):
        def ask_about(self, wanted: Wanted) -> Found:
            lines.append(database.app.pool.status())
            return super().ask_about(wanted)

    site_id = named(database, shop)
    lines = [database.app.pool.status()]

    look_at(database, shop, site_id, Watched())

    assert lines[0] == lines[1]

    assert state_of(database, shop, site_id)[0] == "waiting"


def test_site_that_is_due_is_asked_about_once(database: Database, shop: UUID, stopped_clock: clock.Stopped) -> None:
    site_id = named(database, shop)
    stopped_clock.forward(timedelta(hours=1))
    with database.office_work() as db:
        assert shop in shops_with_due_sites(db)

    for _number in range(2):
        with database.work(shop) as db:
            ask_for_due_sites(db)
            db.commit()

    with database.work(shop) as db:
        asked = db.scalars(select(Job.argument).where(Job.name == "look_at_frame_site"))
        assert asked == [str(site_id)]
