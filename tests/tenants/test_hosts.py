"""Connect, prove, prefer, give up: what a reseller does with a name, and what nobody can do with another's."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from storefront.core import clock
from storefront.core.audit import AuditEntry
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.jobs import Job
from storefront.core.outbox import OutboxEvent
from tenants import hosts as actions
from tenants.models import HeldName, Host, HostName
from tenants.resellers import current_reseller
from tests.fixtures_app import Shop

NAME = "shop.fjord.test"


@pytest.fixture
def db(db: Work) -> Iterator[Work]:
    """A Work that forgets everything."""
    yield db
    db.session.rollback()


def connected(db: Work, name: str = NAME, *, purpose: str = "shop") -> Host:
    return actions.connect(db, name=name, purpose=purpose)


def active(db: Work, name: str = NAME, *, purpose: str = "shop") -> Host:
    host = connected(db, name, purpose=purpose)
    assert actions.activate(db, host)
    host.serves_at = db.now
    return host


def place_of(db: Work, name: str) -> HostName | None:
    return db.scalar(select(HostName).where(HostName.name == name))


def test_connecting_makes_a_code_asks_for_a_look_and_shows_nothing_to_the_world(db: Work) -> None:
    host = connected(db)

    assert (host.state, host.purpose, host.confirmed_at) == ("pending", "shop", None)
    assert host.code.startswith("vt-")
    assert len(host.code) == 29
    assert host.next_check_at == db.now + timedelta(minutes=1)
    assert place_of(db, NAME) is None
    looks = db.scalars(select(Job).where(Job.name == "look_at_host", Job.argument == str(host.id)))
    assert [job.state for job in looks] == ["waiting"]
    assert db.scalar(select(OutboxEvent.name).order_by(OutboxEvent.id.desc())) == "tenants.host_connected"
    assert db.scalar(select(AuditEntry.action).where(AuditEntry.subject_id == host.id)) == "host.connected"


@pytest.mark.parametrize(
    "typed",
    [
        "shop.fjord.test",
        "SHOP.Fjord.TEST",
        " shop.fjord.test ",
        "https://shop.fjord.test/",
        "shop.fjord.test.",
        "http://shop.fjord.test:80/x?y",
    ],
)
def test_a_name_is_read_however_it_was_copied(db: Work, typed: str) -> None:
    assert connected(db, typed).name == NAME


def test_a_name_with_other_letters_is_kept_as_it_stands_in_the_dns(db: Work) -> None:
    assert connected(db, "bücher.fjord.test").name == "xn--bcher-kva.fjord.test"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "shop",
        "*.fjord.test",
        "1.2.3.4",
        "a b.test",
        "shop_x.test",
        "north.localhost",
        "localhost",
        "x.north.localhost",
        "co.uk",
        "l0calhost.test",
        "-a.test",
    ],
)
def test_what_cannot_be_connected_is_refused_on_its_field(db: Work, typed: str) -> None:
    with pytest.raises(Refused) as no:
        connected(db, typed)

    assert no.value.field == "name"


def test_a_name_is_connected_once(db: Work) -> None:
    connected(db)

    with pytest.raises(Refused, match="already"):
        connected(db)


def test_a_plan_has_room_for_so_many_names(db: Work) -> None:
    current_reseller(db).settings = {**current_reseller(db).settings, "most_hosts": 1}
    connected(db)

    with pytest.raises(Refused, match="no room"):
        connected(db, "other.fjord.test")


def test_codes_are_never_the_same() -> None:
    codes = {actions.new_code() for _number in range(500)}

    assert len(codes) == 500


def test_activation_puts_the_name_into_the_map_and_tells(db: Work) -> None:
    host = active(db)

    found = place_of(db, NAME)
    assert found is not None
    assert (found.reseller_id, found.canonical, found.purpose) == (db.reseller_id, "north.localhost", "shop")
    assert host.state == "active"
    events = list(db.scalars(select(OutboxEvent.name).order_by(OutboxEvent.id)))
    assert "tenants.host_verified" in events


def test_the_preferred_host_is_the_one_all_others_lead_to(db: Work) -> None:
    host = active(db)

    assert actions.prefer(db, host)

    assert current_reseller(db).canonical_host == NAME
    canonicals = set(db.scalars(select(HostName.canonical).where(HostName.reseller_id == db.reseller_id)))
    assert canonicals == {NAME}


def test_the_old_host_keeps_working_until_the_new_one_serves(db: Work) -> None:
    host = active(db)
    host.serves_at = None

    is_so = actions.prefer(db, host)

    assert not is_so
    assert host.becomes_canonical
    assert current_reseller(db).canonical_host == "north.localhost"


def test_only_one_host_can_become_the_preferred_one(db: Work) -> None:
    first, second = connected(db), connected(db, "two.fjord.test")

    actions.prefer(db, first)
    actions.prefer(db, second)
    db.session.refresh(first)

    assert (first.becomes_canonical, second.becomes_canonical) == (False, True)


def test_a_host_of_frames_is_never_preferred(db: Work) -> None:
    host = active(db, purpose="frames")

    with pytest.raises(Refused, match="frames only"):
        actions.prefer(db, host)


def test_purpose_is_changed_in_the_map_too(db: Work) -> None:
    host = active(db)

    actions.change_purpose(db, host, "frames")

    found = place_of(db, NAME)
    assert found is not None
    db.session.refresh(found)
    assert found.purpose == "frames"
    with pytest.raises(Refused):
        actions.change_purpose(db, host, "everything")


def test_the_host_that_customers_see_cannot_show_frames_only(db: Work) -> None:
    host = active(db)
    actions.prefer(db, host)

    with pytest.raises(Refused, match="Prefer another"):
        actions.change_purpose(db, host, "frames")


def test_removing_the_preferred_host_leads_back_to_the_name_at_the_platform(db: Work) -> None:
    host = active(db)
    actions.prefer(db, host)

    actions.detach(db, host)

    assert current_reseller(db).canonical_host == "north.localhost"
    assert place_of(db, NAME) is None
    assert (host.state, host.code) == ("detached", "")
    assert host.held_until == db.now + timedelta(days=30)


def test_what_was_never_in_use_is_forgotten(db: Work) -> None:
    host = connected(db)

    actions.detach(db, host)

    assert db.find(Host, host.id) is None
    assert db.scalar(select(HeldName).where(HeldName.name == NAME)) is None


def test_a_name_at_the_platform_cannot_be_removed(db: Work) -> None:
    own = db.scalar(select(Host).where(Host.name == "north.localhost"))
    assert own is not None

    with pytest.raises(Refused):
        actions.detach(db, own)


def test_a_removed_name_comes_back_with_another_code(db: Work) -> None:
    host = active(db)
    before = host.code
    actions.detach(db, host)

    again = connected(db)

    assert again.id == host.id
    assert again.code not in ("", before)
    assert (again.state, again.held_until, again.lights) == ("pending", None, {})


def test_a_name_given_back_is_nobodys(db: Work) -> None:
    host = active(db)
    with pytest.raises(Refused):
        actions.release(db, host)
    actions.detach(db, host)

    actions.release(db, host)

    assert db.find(Host, host.id) is None
    assert db.scalar(select(HeldName).where(HeldName.name == NAME)) is None


@pytest.fixture
def held_by_south(database: Database, shops: dict[str, Shop]) -> Iterator[str]:
    """A name that the other shop uses, then holds."""
    name = "held.fjord.test"
    with database.work(shops["south"].id) as work:
        assert actions.activate(work, actions.connect(work, name=name))
        work.commit()
    yield name
    with database.work(shops["south"].id) as work:
        work.execute(delete(HeldName).where(HeldName.name == name))
        work.execute(delete(HostName).where(HostName.name == name))
        work.execute(delete(Host).where(Host.name == name))
        work.commit()


def test_anothers_name_is_refused_in_the_same_words_whether_used_or_held(
    db: Work, database: Database, shops: dict[str, Shop], held_by_south: str
) -> None:
    said = []
    with pytest.raises(Refused) as no:
        connected(db, held_by_south)
    said.append(str(no.value.message))
    db.session.rollback()
    with database.work(shops["south"].id) as work:
        host = work.scalar(select(Host).where(Host.name == held_by_south))
        assert host is not None
        actions.detach(work, host)
        work.commit()

    with pytest.raises(Refused) as no:
        connected(db, held_by_south)
    said.append(str(no.value.message))

    assert said[0] == said[1]
    assert "South" not in said[0]


def test_after_thirty_days_anybody_who_proves_it_may_have_it(
    database: Database, shops: dict[str, Shop], held_by_south: str
) -> None:
    with database.work(shops["south"].id) as work:
        host = work.scalar(select(Host).where(Host.name == held_by_south))
        assert host is not None
        actions.detach(work, host)
        work.commit()

    with clock.Stopped(clock.now() + timedelta(days=31)), database.work(shops["north"].id) as work:
        mine = actions.connect(work, name=held_by_south)

        assert mine.state == "pending"


def test_looks_are_asked_for_at_most_every_ten_seconds(db: Work) -> None:
    host = connected(db)

    assert not actions.ask_for_look(db, host)
    host.asked_at = db.now - timedelta(seconds=10)
    assert actions.ask_for_look(db, host)


def test_hosts_are_listed_with_the_preferred_one_first_and_removed_ones_last(db: Work) -> None:
    gone = active(db, "aaa.fjord.test")
    actions.detach(db, gone)
    connected(db, "bbb.fjord.test")

    names = [host.name for host in actions.hosts(db)]

    assert names[0] == "north.localhost"
    assert names[-1] == "aaa.fjord.test"
