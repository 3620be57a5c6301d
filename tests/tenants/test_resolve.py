"""Host header → shop: what is a name, whose it is, and that a flood of names costs nothing."""

from dataclasses import replace
from threading import get_ident

import pytest
from sqlalchemy import Engine, delete, event, update

from storefront.core.changes import announce, announce_host
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.store import Store
from tenants import resolve
from tenants.models import HostName, Site
from tenants.resellers import suspend
from tenants.resolve import Resolver, Unreachable, normalise
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop
from tests.waiting import until

LONG = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])

GOOD = {
    "shop.example": "shop.example",
    "SHOP.Example": "shop.example",
    "shop.example:8000": "shop.example",
    "shop.example:1": "shop.example",
    "shop.example:65535": "shop.example",
    "shop.example.": "shop.example",
    "shop.example.:443": "shop.example",
    "localhost": "localhost",
    "nordhost.localhost:8000": "nordhost.localhost",
    "a.b.c.d.e.f": "a.b.c.d.e.f",
    "3com.example": "3com.example",
    "1.example": "1.example",
    "a--b.example": "a--b.example",
    "xn--bcher-kva.example": "xn--bcher-kva.example",
    "XN--BCHER-KVA.example": "xn--bcher-kva.example",
    "bücher.example": "xn--bcher-kva.example",
    "bücher.example".encode().decode("latin-1"): "xn--bcher-kva.example",
    "BÜCHER.example:80": "xn--bcher-kva.example",
    "żółw.example": "xn--w-uga1v8h.example",
    LONG: LONG,
    f"{LONG}.": LONG,
}

# What no shop may ever be chosen by. Werkzeug, proxies and browsers disagree about many of these.
ODD = [
    "",
    " ",
    ".",
    "..",
    ":",
    ":80",
    "shop.example:",
    "shop.example:0",
    "shop.example:65536",
    "shop.example:99999",
    "shop.example:123456",
    "shop.example:80:80",
    "shop.example:-1",
    "shop.example:+80",
    "shop.example:80 ",
    "shop.example:٨٠",
    "shop.example: 80",
    "shop.example:8o",
    "shop.example,other.example",
    "shop.example, other.example",
    "shop.example,",
    ",shop.example",
    "shop.example;other.example",
    "shop.example other.example",
    " shop.example",
    "shop.example ",
    "\tshop.example",
    "shop.example\r\nX-Evil: 1",
    "shop.example\n",
    "shop.example\r",
    "shop.example\x00",
    "shop.example\x00.evil.example",
    "shop.example%00",
    "shop%2eexample",
    "shop..example",
    ".shop.example",
    "shop.example..",
    "-shop.example",
    "shop-.example",
    "shop_one.example",
    "_dmarc.shop.example",
    "*.shop.example",
    "user@shop.example",
    "user:password@shop.example",
    "shop.example@evil.example",
    "http://shop.example",
    "//shop.example",
    "shop.example/",
    "shop.example/path",
    "shop.example?query",
    "shop.example#part",
    "shop.example\\evil.example",
    "127.0.0.1",
    "127.0.0.1:8000",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "[::1]",
    "[::1]:8000",
    "::1",
    "[v1.a]",
    "shop.123",
    f"{LONG}e",
    "a" * 64 + ".example",
    "a." * 130 + "example",
    "x" * 10_000,
    "xn--.example",
    "xn--zz-zzzzzzzz.example",
    "xn--bücher-kva.example",
    "bü cher.example",
    "<script>.example",
    "${jndi:ldap://x}",
    "{{7*7}}.example",
    "' OR 1=1 --",
    "shop.example\u202e",
    "\ud800.example",
    "\x80\x81.example",
    "😀.example",
    "None",
    "null, null",
]


@pytest.mark.parametrize(("header", "name"), GOOD.items())
def test_normalise_a_name_gives_its_one_spelling(header: str, name: str) -> None:
    assert normalise(header) == name


@pytest.mark.parametrize("header", [odd for odd in ODD if odd != "None"])
def test_normalise_an_odd_header_is_refused(header: str) -> None:
    assert normalise(header) is None


def test_normalise_twice_changes_nothing() -> None:
    once = [normalise(header) for header in GOOD]

    assert [normalise(name or "") for name in once] == once


class Count:
    """Counts the statements of this thread; that of the changes looks at the table in between."""

    def __init__(self, engine: Engine) -> None:
        self.number = 0
        self._thread = get_ident()
        event.listen(engine, "before_cursor_execute", self._one_more)

    def _one_more(self, *_: object) -> None:
        self.number += get_ident() == self._thread


def test_find_a_host_gives_its_shop(resolver: Resolver, shop: Shop) -> None:
    place = resolver.find(shop.host)

    assert place is not None
    assert (place.reseller_id, place.slug, place.state) == (shop.id, shop.host.partition(".")[0], "open")
    assert (place.canonical, place.version, place.is_platform) == (shop.host, 1, False)
    assert place.locales[0] == "en"


@pytest.mark.parametrize("shape", ["x.{0}", "x{0}", "{0}x", "{0}.evil.example", "localhost", "x-{0}"])
def test_find_only_exact_names(resolver: Resolver, shop: Shop, shape: str) -> None:
    resolver.find(shop.host)

    assert resolver.find(shape.format(shop.host)) is None


def test_find_a_known_host_asks_nothing(resolver: Resolver, front: Database, shop: Shop) -> None:
    first = resolver.find(shop.host)
    count = Count(front.app)

    again = [resolver.find(shop.host) for _ in range(100)]

    assert all(place is first for place in again)
    assert count.number == 0


def test_find_a_host_of_the_store_asks_nothing(resolver: Resolver, front: Database, shop: Shop) -> None:
    first = resolver.find(shop.host)
    other = Resolver(front, resolver.store)
    other.versions.start()
    until(lambda: other.versions.is_trusted)
    count = Count(front.app)

    again = other.find(shop.host)

    other.close()
    assert again == first
    assert again is not first
    assert count.number == 0


def test_find_after_a_suspension_says_so_within_a_second(resolver: Resolver, front: Database, shop: Shop) -> None:
    resolver.find(shop.host)

    with front.office_work() as db:
        suspend(db, shop.id)
        db.commit()

    until(lambda: getattr(resolver.find(shop.host), "state", "") == "suspended", seconds=1)


def test_find_a_released_host_is_unknown_within_a_second(resolver: Resolver, front: Database, shop: Shop) -> None:
    resolver.find(shop.host)

    with front.work(shop.id) as db:
        db.execute(delete(HostName).where(HostName.name == shop.host))
        announce(db)
        db.commit()

    until(lambda: resolver.find(shop.host) is None, seconds=1)


def test_find_a_moved_host_belongs_to_its_new_shop(
    resolver: Resolver, front: Database, shop: Shop, neighbour: Shop
) -> None:
    resolver.find(shop.host)

    with front.office_work() as db:
        db.execute(update(HostName).where(HostName.name == shop.host).values(reseller_id=neighbour.id))
        announce(db, shop.id)
        db.commit()

    until(lambda: getattr(resolver.find(shop.host), "reseller_id", None) == neighbour.id, seconds=1)


def test_find_a_new_host_is_known_within_a_second(resolver: Resolver, front: Database, shop: Shop) -> None:
    assert resolver.find("new.example") is None

    with front.work(shop.id) as db:
        db.add(HostName(name="new.example", reseller_id=shop.id, canonical=shop.host))
        announce_host(db, "new.example")
        db.commit()

    until(lambda: resolver.find("new.example") is not None, seconds=1)


def test_find_what_was_undone_is_not_heard(resolver: Resolver, front: Database, shop: Shop, neighbour: Shop) -> None:
    first = resolver.find(shop.host)

    with front.work(shop.id) as db:
        announce(db)
    with front.work(neighbour.id) as db:
        announce(db)
        db.commit()

    until(lambda: getattr(resolver.find(neighbour.host), "version", 0) == 2)
    assert resolver.find(shop.host) is first


def test_find_names_in_a_flood_keeps_memory_bounded(
    front: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolve, "UNKNOWN_LIMIT", 50)
    monkeypatch.setattr(resolve, "KNOWN_LIMIT", 3)
    resolver = Resolver(front, store)
    known = [open_shop(front).host for _ in range(6)]

    found = [resolver.find(host) for host in known]
    lost = [resolver.find(f"n{number}.example") for number in range(200)]

    resolver.close()
    assert [place.host for place in found if place] == known
    assert lost == [None] * 200
    assert len(resolver._unknown) <= 50
    assert len(resolver._known) <= 3


def test_find_an_unknown_name_again_asks_nothing(resolver: Resolver, front: Database) -> None:
    resolver.find("nobody.example")
    count = Count(front.app)

    assert [resolver.find("nobody.example") for _ in range(50)] == [None] * 50
    assert count.number == 0


def test_find_without_a_turn_says_it_cannot_be_known(resolver: Resolver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "TURN_S", 0.01)
    for _ in range(resolve.LOOKUPS):
        resolver._turns.acquire()

    with pytest.raises(Unreachable):
        resolver.find("nobody.example")


def test_find_without_database_goes_on_with_what_is_known(front_config: Config, shop: Shop, resolver: Resolver) -> None:
    known = resolver.find(shop.host)
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    lost = Resolver(Database(replace(front_config, database_url=nowhere, office_url=nowhere)), resolver.store)

    lost.versions.start()
    until(lambda: lost.versions.is_trusted)
    found = lost.find(shop.host)
    with pytest.raises(Unreachable):
        lost.find("nobody.example")

    lost.close()
    assert found == known


def test_find_by_a_site_row_that_is_closed_says_closed(resolver: Resolver, front: Database, neighbour: Shop) -> None:
    with front.office_work() as db:
        db.execute(update(Site).where(Site.reseller_id == neighbour.id).values(state="closed"))
        announce(db, neighbour.id)
        db.commit()

    until(lambda: getattr(resolver.find(neighbour.host), "state", "") == "closed", seconds=1)
