"""The index knows every active name, forgets none, and a flood of others asks the database nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete

from storefront.core.changes import announce_host
from storefront.core.db import Database
from tenants import name_index
from tenants.certificate_models import HostCertificate
from tenants.models import HostName
from tenants.name_index import NameIndex
from tenants.resolve import Resolver
from tests.fixtures_app import Shop
from tests.statements import counted
from tests.waiting import until


@pytest.fixture
def index(front: Database, resolver: Resolver) -> NameIndex:
    """An index that has read everything."""
    made = NameIndex(front, resolver.versions)
    until(lambda: made.is_loaded)
    return made


@pytest.fixture
def asked(front: Database) -> Iterator[list[str]]:
    """What was asked of the database about names."""
    with counted(front, about="host_name") as said:
        yield said


def connect(front: Database, shop: Shop, name: str, *, is_told: bool = True) -> None:
    with front.work(shop.id) as db:
        db.add(HostName(name=name, reseller_id=shop.id, canonical=shop.host))
        if is_told:
            announce_host(db, name)
        db.commit()


def test_index_is_read_only_when_somebody_asks(front: Database, resolver: Resolver, asked: list[str]) -> None:
    made = NameIndex(front, resolver.versions)

    until(lambda: resolver.versions._seen_at is not None)

    assert asked == []
    assert not made.is_loaded
    until(lambda: made.is_loaded)
    assert len(asked) == 1  # beside the one about certificates


def test_index_knows_active_names_and_no_others(index: NameIndex, shop: Shop) -> None:
    until(lambda: index.may_be_active(shop.host), seconds=3)

    assert not index.may_be_active(f"www.{shop.host}")
    assert not index.may_be_active(shop.host.upper())


def test_index_hears_of_a_new_name(index: NameIndex, front: Database, shop: Shop) -> None:
    assert not index.may_be_active("heard.example")

    connect(front, shop, "heard.example")

    until(lambda: index.may_be_active("heard.example"), seconds=2)


def test_index_finds_a_name_whose_notice_was_lost(index: NameIndex, front: Database, shop: Shop) -> None:
    connect(front, shop, "lost.example", is_told=False)

    assert not index.may_be_active("lost.example")
    until(lambda: index.may_be_active("lost.example"), seconds=3)


def test_flood_of_names_is_one_question_a_second(index: NameIndex, asked: list[str]) -> None:
    for number in range(20_000):
        assert not index.may_be_active(f"n{number}.example")

    until(lambda: not index._doubts, seconds=3)
    assert len(asked) <= 2
    assert len(index._doubts) <= name_index.DOUBTS


def test_index_forgets_a_detached_name_with_the_next_reading(
    index: NameIndex, front: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(front, shop, "gone.example")
    until(lambda: index.may_be_active("gone.example"), seconds=2)
    with front.work(shop.id) as db:
        db.execute(delete(HostName).where(HostName.name == "gone.example"))
        db.commit()

    monkeypatch.setattr(name_index, "RELOAD", timedelta(0))

    until(lambda: not index.may_be_active("gone.example"), seconds=3)


def test_name_added_while_reading_is_kept(index: NameIndex) -> None:
    def names() -> Iterator[str]:
        yield "one.example"
        index.add("meanwhile.example")

    index.fill(names())

    assert index.may_be_active("one.example")
    assert index.may_be_active("meanwhile.example")


def test_hundred_thousand_names_fit_in_a_megabyte(index: NameIndex) -> None:
    index.fill(f"b{number}.bench.example" for number in range(100_000))

    assert len(index) == 100_000
    assert index._words.itemsize * len(index._words) < 1_000_000
    assert all(index.may_be_active(f"b{number}.bench.example") for number in range(0, 100_000, 997))
    assert sum(index.may_be_active(f"c{number}.bench.example") for number in range(20_000)) == 0


def test_trouble_with_the_database_keeps_what_is_known(
    index: NameIndex, shop: Shop, monkeypatch: pytest.MonkeyPatch, resolver: Resolver
) -> None:
    class Away:
        def platform(self) -> Engine:
            raise OSError

    until(lambda: index.may_be_active(shop.host), seconds=3)
    monkeypatch.setattr(index, "_database", Away())
    index.may_be_active("nobody.example")

    until(lambda: not index._doubts, seconds=3)

    assert index.may_be_active(shop.host)
    assert resolver.versions.is_trusted


@pytest.mark.parametrize(
    ("days", "trouble", "is_known"), [(90, "", True), (0, "", False), (-1, "", False), (90, "none", False)]
)
def test_index_knows_certificates_that_hold(
    front: Database, resolver: Resolver, shop: Shop, neighbour: Shop, days: int, trouble: str, is_known: bool
) -> None:
    with front.work(shop.id) as db:
        until_then = db.now + timedelta(days=days)
        row = HostCertificate(name=shop.host, registered_domain=shop.host, valid_until=until_then, trouble=trouble)
        row.reseller_id = shop.id
        db.add(row)
        db.commit()

    made = NameIndex(front, resolver.versions)
    until(lambda: made.is_loaded)

    assert made.has_certificate(shop.host, shop.id) is is_known
    assert not made.has_certificate(shop.host, neighbour.id)
    assert not made.has_certificate(neighbour.host, shop.id)
