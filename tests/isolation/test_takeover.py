"""Nobody takes another's name: every way we could think of, tried by a second reseller; none succeeds."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from storefront.core import clock
from storefront.core.db import Database
from storefront.core.errors import Refused
from tenants import hosts as actions
from tenants.certificate_models import HostCertificate
from tenants.host_looks import look_at
from tenants.models import HeldName, Host, HostName
from tenants.wanted_records import wanted_for
from tests.fixtures_app import Shop
from tests.tenants.dns_at_hand import Names

APEX = "owner.test"
NAME = f"shop.{APEX}"
CLAIMS = 50


@pytest.fixture
def names() -> Names:
    return Names()


@pytest.fixture
def owner(database: Database, shops: dict[str, Shop]) -> Iterator[UUID]:
    """The shop in the north, whose names these are."""
    yield shops["north"].id
    for shop in shops.values():
        with database.work(shop.id) as db:
            for host in db.scalars(select(Host).where(Host.is_platform_name.is_(False))):
                db.session.delete(host)
            db.execute(
                delete(HostName).where(HostName.reseller_id == shop.id, HostName.name.not_in(("localhost", shop.host)))
            )
            db.execute(delete(HeldName).where(HeldName.reseller_id == shop.id))
            db.execute(delete(HostCertificate).where(HostCertificate.reseller_id == shop.id))
            db.commit()


@pytest.fixture
def thief(shops: dict[str, Shop]) -> UUID:
    return shops["south"].id


def connect(database: Database, shop: UUID, name: str) -> UUID:
    with database.work(shop) as db:
        host_id = actions.connect(db, name=name).id
        db.commit()
    return host_id


def code_of(database: Database, shop: UUID, host_id: UUID) -> str:
    with database.work(shop) as db:
        return db.require(Host, host_id).code


def win(database: Database, shop: UUID, name: str, names: Names) -> UUID:
    """Connect a name honestly, as whoever keeps the zone."""
    host_id = connect(database, shop, name)
    wanted = wanted_for(database.config, name, code_of(database, shop, host_id))
    names.prove(wanted)
    look_at(database, shop, host_id, names)
    if wanted.is_apex:
        # The platform of the tests has no address that an apex could point to.
        with database.work(shop) as db:
            actions.activate(db, db.require(Host, host_id))
            db.commit()
    assert holder(database, name) == shop
    return host_id


def holder(database: Database, name: str) -> UUID | None:
    """Who has a name now."""
    with database.platform() as line:
        found: UUID | None = line.scalar(select(HostName.reseller_id).where(HostName.name == name))
        return found


def give_up(database: Database, shop: UUID, host_id: UUID) -> None:
    with database.work(shop) as db:
        actions.detach(db, db.require(Host, host_id))
        db.commit()


SPELLINGS = [NAME, NAME.upper(), f"{NAME}.", f" {NAME} ", f"https://{NAME}/", "Shop.Owner.Test", f"{NAME}:443"]


@pytest.mark.parametrize("typed", SPELLINGS)
def test_a_name_in_use_cannot_be_connected_in_any_spelling(
    database: Database, owner: UUID, thief: UUID, names: Names, typed: str
) -> None:
    win(database, owner, NAME, names)

    with pytest.raises(Refused):
        connect(database, thief, typed)

    assert holder(database, NAME) == owner


def test_another_spelling_of_an_international_name_is_the_same_name(
    database: Database, owner: UUID, thief: UUID, names: Names
) -> None:
    win(database, owner, "xn--bcher-kva.owner.test", names)

    for typed in ("bücher.owner.test", "BÜCHER.owner.test", "XN--BCHER-KVA.owner.test", "bücher.owner.test."):
        with pytest.raises(Refused):
            connect(database, thief, typed)


def test_a_name_that_was_given_up_is_held_although_its_records_still_lead_here(
    database: Database, owner: UUID, thief: UUID, names: Names
) -> None:
    host_id = win(database, owner, NAME, names)
    give_up(database, owner, host_id)

    with pytest.raises(Refused):
        connect(database, thief, NAME)
    with clock.Stopped(clock.now() + timedelta(days=29)), pytest.raises(Refused):
        connect(database, thief, NAME)


def test_after_the_hold_a_name_that_leads_here_by_habit_proves_nothing(
    database: Database, owner: UUID, thief: UUID, names: Names
) -> None:
    """The forgotten CNAME: the owner left it and the old code in the zone."""
    host_id = win(database, owner, NAME, names)
    give_up(database, owner, host_id)

    with clock.Stopped(clock.now() + timedelta(days=31)):
        stolen = connect(database, thief, NAME)
        look_at(database, thief, stolen, names)

    assert holder(database, NAME) is None


def test_a_claim_that_waited_through_the_hold_gets_nothing(
    database: Database, owner: UUID, thief: UUID, names: Names
) -> None:
    waiting = connect(database, thief, NAME)
    win(database, owner, NAME, names)
    names.put(f"_shop-challenge.{NAME}", "TXT", code_of(database, thief, waiting))

    look_at(database, thief, waiting, names)

    assert holder(database, NAME) == owner


def test_a_held_name_is_not_had_even_with_a_proof(database: Database, owner: UUID, thief: UUID, names: Names) -> None:
    waiting = connect(database, thief, NAME)
    host_id = win(database, owner, NAME, names)
    give_up(database, owner, host_id)
    names.put(f"_shop-challenge.{NAME}", "TXT", code_of(database, thief, waiting))

    look_at(database, thief, waiting, names)

    assert holder(database, NAME) is None


@pytest.mark.parametrize("below", [f"x.{APEX}", f"www.{APEX}", f"a.b.c.{APEX}", f"shop.shop.{APEX}"])
def test_a_name_below_anothers_apex_needs_its_own_proof(
    database: Database, owner: UUID, thief: UUID, names: Names, below: str
) -> None:
    win(database, owner, APEX, names)
    stolen = connect(database, thief, below)
    # The owner's zone leads every name here; and the thief's code stands anywhere but where it must.
    names.lead_here(wanted_for(database.config, below, ""))
    code = code_of(database, thief, stolen)
    names.put(f"_shop-challenge.{below}.{below}", "TXT", code)
    names.put("_shop-challenge.thief.test", "TXT", code)

    look_at(database, thief, stolen, names)

    assert holder(database, below) is None


def test_a_star_in_anothers_zone_proves_nothing(database: Database, owner: UUID, thief: UUID, names: Names) -> None:
    host_id = win(database, owner, APEX, names)
    names.put(f"*.{APEX}", "CNAME", database.config.edge_host)
    names.put(f"*.{APEX}", "TXT", code_of(database, owner, host_id))
    stolen = connect(database, thief, f"anything.{APEX}")

    look_at(database, thief, stolen, names)

    assert holder(database, f"anything.{APEX}") is None


def test_a_star_cannot_be_connected(database: Database, thief: UUID, owner: UUID) -> None:
    for typed in (f"*.{APEX}", "*", f"*.*.{APEX}"):
        with pytest.raises(Refused):
            connect(database, thief, typed)
    assert owner != thief


def test_an_old_code_of_ones_own_proves_nothing(database: Database, owner: UUID, thief: UUID, names: Names) -> None:
    """The thief had the name once, sold the domain, and its old code is still in the zone."""
    first = win(database, thief, NAME, names)
    give_up(database, thief, first)
    again = connect(database, thief, NAME)

    look_at(database, thief, again, names)

    assert holder(database, NAME) is None
    assert owner != thief


def test_the_code_of_another_host_of_ones_own_proves_nothing(
    database: Database, owner: UUID, thief: UUID, names: Names
) -> None:
    other = connect(database, thief, "mine.thief.test")
    stolen = connect(database, thief, NAME)
    wanted = wanted_for(database.config, NAME, code_of(database, thief, other))
    names.prove(wanted)

    look_at(database, thief, stolen, names)

    assert holder(database, NAME) is None
    assert owner != thief


def test_anothers_code_proves_nothing(database: Database, owner: UUID, thief: UUID, names: Names) -> None:
    """Both wait; the zone has the owner's code."""
    honest = connect(database, owner, NAME)
    stolen = connect(database, thief, NAME)
    names.prove(wanted_for(database.config, NAME, code_of(database, owner, honest)))

    look_at(database, thief, stolen, names)
    look_at(database, owner, honest, names)

    assert holder(database, NAME) == owner


def test_the_database_itself_keeps_a_name_from_being_had_twice(
    database: Database, owner: UUID, thief: UUID, names: Names
) -> None:
    win(database, owner, NAME, names)
    with database.work(thief) as db:
        host = db.add(Host(name=NAME, state="pending", code="vt-x", connected_at=db.now))
        db.flush()

        assert not actions.activate(db, host)
        moved = db.execute(delete(HostName).where(HostName.name == NAME))
        assert moved.rowcount == 0  # type: ignore[attr-defined]  # a cursor's
        db.commit()

    assert holder(database, NAME) == owner


def test_of_fifty_claims_at_once_one_wins(database: Database, shops: dict[str, Shop], owner: UUID) -> None:
    """Both resellers have proven the name at the same moment, fifty times each way."""
    rivals = [shops["north"].id, shops["south"].id]
    hosts = {shop: connect(database, shop, NAME) for shop in rivals}

    def claim(number: int) -> bool:
        shop = rivals[number % 2]
        with database.work(shop) as db:
            actions.hold(db, NAME)
            host = db.lock(db.require(Host, hosts[shop]))
            if host.state != "pending":
                return False
            won = actions.activate(db, host)
            db.commit()
            return won

    with ThreadPoolExecutor(8) as pool:
        wins = list(pool.map(claim, range(CLAIMS)))

    assert wins.count(True) == 1
    with database.platform() as line:
        assert line.scalar(select(func.count()).select_from(HostName).where(HostName.name == NAME)) == 1
    assert owner in rivals


def test_while_a_name_is_released_nobody_slips_in(database: Database, owner: UUID, thief: UUID, names: Names) -> None:
    """Removing and claiming at once, again and again: the hold stands before the name is free."""
    host_id = win(database, owner, NAME, names)
    with database.work(thief) as db:
        claim = db.add(Host(name=NAME, state="pending", code="vt-x", connected_at=db.now))
        db.flush()
        claim_id = claim.id
        db.commit()

    def steal(_number: int) -> bool:
        with database.work(thief) as db:
            won = actions.activate(db, db.require(Host, claim_id))
            db.commit()
            return won

    with ThreadPoolExecutor(8) as pool:
        stolen = [pool.submit(steal, number) for number in range(CLAIMS // 2)]
        gone = pool.submit(give_up, database, owner, host_id)
        stolen += [pool.submit(steal, number) for number in range(CLAIMS // 2)]
        gone.result()
        successes = [each.result() for each in stolen].count(True)

    assert successes == 0
    assert holder(database, NAME) is None


@pytest.mark.parametrize(
    "typed",
    ["l0calhost.test", "1ocalhost.test", "iocalhost.test", "l\u043ecalhost.test", "local-host.test", "x.localhost"],
)
def test_names_that_look_like_the_platforms_are_nobodys(
    database: Database, owner: UUID, thief: UUID, typed: str
) -> None:
    with pytest.raises(Refused):
        connect(database, thief, typed)
    assert owner != thief


def test_a_host_of_another_reseller_is_not_found(database: Database, owner: UUID, thief: UUID, names: Names) -> None:
    host_id = win(database, owner, NAME, names)

    with database.work(thief) as db:
        assert db.find(Host, host_id) is None
        look_at(database, thief, host_id, names)

    assert holder(database, NAME) == owner
