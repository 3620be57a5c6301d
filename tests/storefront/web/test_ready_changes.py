"""Ready pages: new within a second after a change, within their bounds, by the manners of WSGI."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from werkzeug.test import Client, run_wsgi_app
from werkzeug.wrappers import Request, Response

from storefront.core.changes import announce
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.store import Store
from storefront.web import kept
from storefront.web import ready as ready_module
from storefront.web.ready import Ready
from tenants.models import HostName
from tenants.resellers import suspend
from tenants.resolve import Resolver
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop
from tests.fixtures_ready import BROWSER, Ask, House, words
from tests.waiting import until

# ------------------------------------------------------------------------------------------------------------- changes


def test_page_after_a_change_is_new_within_a_second(ask: Ask, front: Database, shop: Shop) -> None:
    before = words(ask())

    with front.work(shop.id) as db:
        announce(db)
        db.commit()

    until(lambda: words(ask()) != before, seconds=1)


def test_page_of_the_neighbour_stays_after_a_change(ask: Ask, front: Database, shop: Shop, neighbour: Shop) -> None:
    before = words(ask(host=neighbour.host))
    mine = words(ask())

    with front.work(shop.id) as db:
        announce(db)
        db.commit()

    until(lambda: words(ask()) != mine, seconds=1)
    assert words(ask(host=neighbour.host)) == before


def test_page_of_a_suspended_shop_is_the_apps_and_not_kept(ask: Ask, house: House, front: Database, shop: Shop) -> None:
    ask()
    house.says["/"] = lambda _request: Response("closed for the moment", status=503)

    with front.office_work() as db:
        suspend(db, shop.id)
        db.commit()

    until(lambda: ask().status_code == 503, seconds=1)


def test_page_of_a_released_host_is_gone_within_a_second(ask: Ask, front: Database, shop: Shop) -> None:
    ask()

    with front.work(shop.id) as db:
        db.execute(delete(HostName).where(HostName.name == shop.host))
        announce(db)
        db.commit()

    until(lambda: ask().status_code == 421, seconds=1)


def test_page_of_a_moved_host_is_the_new_shops(ask: Ask, front: Database, shop: Shop, neighbour: Shop) -> None:
    ask()

    with front.office_work() as db:
        db.execute(update(HostName).where(HostName.name == shop.host).values(reseller_id=neighbour.id))
        announce(db, shop.id)
        db.commit()

    until(lambda: neighbour.host.partition(".")[0] in words(ask()), seconds=1)


def test_page_made_while_the_shop_changes_is_not_kept(
    ask: Ask, house: House, front: Database, shop: Shop, resolver: Resolver
) -> None:
    def changed_meanwhile(request: Request) -> Response:
        version = resolver.find(shop.host)
        with front.work(shop.id) as db:
            announce(db)
            db.commit()
        until(lambda: resolver.find(shop.host) != version)
        return house.page(request)

    house.says["/"] = changed_meanwhile
    stale = words(ask())
    house.says.clear()

    assert words(ask()) != stale


def test_page_that_lasts_some_seconds_is_made_anew(ask: Ask, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.says["/"] = lambda _request: Response("x", headers={"X-Vitrine-Ready": "60"})
    ask()
    ask()
    assert len(house.asked) == 1
    now = time.time()

    monkeypatch.setattr(time, "time", lambda: now + 61)

    ask()
    assert len(house.asked) == 2


def test_page_of_another_edition_is_not_shown(ask: Ask, house: House, ready: Ready) -> None:
    ask()
    ready._memory.clear()

    ready._edition = "other"

    ask()
    assert len(house.asked) == 2


def test_page_is_made_anew_when_a_template_changes(
    house: House,
    front_config: Config,
    resolver: Resolver,
    shop: Shop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept, "ROOT", tmp_path)
    for place in kept.SOURCES:
        (tmp_path / place / "templates" / "__pycache__").mkdir(parents=True)
    template = tmp_path / "themes" / "templates" / "page.html"
    template.write_text("one")
    client = Client(Ready(house, front_config, resolver), use_cookies=False)
    ask = partial(client.get, "/", headers={"Host": shop.host, **BROWSER})
    before = words(ask())

    edition = kept.edition()

    (template.parent / "__pycache__" / "page.pyc").write_bytes(b"compiled")
    assert kept.edition() == edition
    template.write_text("other")

    until(lambda: words(ask()) != before, seconds=2)
    assert len(house.asked) == 2


def test_page_without_database_is_still_served(
    ask: Ask, house: House, front_config: Config, store: Store, shop: Shop
) -> None:
    before = words(ask())
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    lost = Resolver(Database(replace(front_config, database_url=nowhere, office_url=nowhere)), store)
    lost.versions.start()
    until(lambda: lost.versions.is_trusted)
    client = Client(Ready(house, front_config, lost), use_cookies=False)

    known = client.get("/", headers={"Host": shop.host, **BROWSER})
    unknown = client.get("/", headers={"Host": "nobody.example", **BROWSER})

    lost.close()
    assert words(known) == before
    assert unknown.status_code == 503
    assert unknown.headers["Retry-After"]


# --------------------------------------------------------------------------------------------------------------- bounds


def test_flood_of_made_up_addresses_keeps_nothing(ask: Ask, house: House, ready: Ready) -> None:
    house.otherwise = lambda _request: Response("no such page", status=404)

    for number in range(300):
        ask(f"/made-up-{number}")

    assert len(ready._memory) == 0
    assert next(iter(ready._answers), None) is None


def test_shop_with_too_many_answers_keeps_no_more(
    ask: Ask, house: House, ready: Ready, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready_module, "MAX_ANSWERS", 5)

    for number in range(10):
        assert words(ask(f"/page-{number}"))

    assert len(ready._memory) == 5
    for number in range(10):
        ask(f"/page-{number}")
    assert len(house.asked) == 15


def test_address_that_is_too_long_is_not_kept(ask: Ask, house: House) -> None:
    ask("/" + "a" * 300)
    ask("/" + "a" * 300)

    assert len(house.asked) == 2


def test_page_that_is_too_large_is_passed_on_whole(ask: Ask, house: House) -> None:
    large = b"x" * (kept.MAX_BODY + 1)
    house.says["/"] = lambda _request: Response(large, headers={"X-Vitrine-Ready": "1"})

    assert ask().get_data() == ask().get_data() == large
    assert len(house.asked) == 2


def test_memory_of_pages_stays_within_its_bytes(
    house: House, front: Database, front_config: Config, resolver: Resolver
) -> None:
    house.otherwise = lambda _request: Response(
        os.urandom(100_000), mimetype="image/png", headers={"X-Vitrine-Ready": "1"}
    )
    ready = Ready(house, replace(front_config, page_memory_mb=1), resolver)
    client = Client(ready, use_cookies=False)
    hosts = [open_shop(front).host for _ in range(20)]

    for host in hosts:
        client.get("/", headers={"Host": host, **BROWSER})

    assert ready._memory.cost <= 1024 * 1024
    assert len(ready._memory) <= 10
    for host in hosts:
        client.get("/", headers={"Host": host, **BROWSER})
    assert len(house.asked) == 20


# -------------------------------------------------------------------------------------------------------- WSGI manners


class Pieces:
    """A body in pieces that says its status late and notes that it was closed."""

    def __init__(self, start: Callable[[], object]) -> None:
        self._start = start
        self.is_closed = False

    def __iter__(self) -> Iterator[bytes]:
        self._start()
        yield b"a"
        yield b"b"

    def close(self) -> None:
        self.is_closed = True


@pytest.mark.parametrize("marked", [True, False])
def test_body_in_pieces_is_whole_and_closed(
    front_config: Config,
    resolver: Resolver,
    shop: Shop,
    marked: bool,
) -> None:
    bodies: list[Pieces] = []

    def app(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        headers = [("Content-Type", "text/plain"), ("Content-Length", "2"), *([("X-Vitrine-Ready", "1")] * marked)]
        bodies.append(Pieces(lambda: start_response("200 OK", headers)))
        return bodies[-1]

    ready = Ready(app, front_config, resolver)
    environ = Request.from_values(headers={"Host": shop.host}).environ

    said: list[tuple[str, dict[str, str]]] = []

    def start(status: str, headers: list[tuple[str, str]], _problem: Any = None, /) -> Callable[[bytes], object]:
        said.append((status, dict(headers)))
        return bytes

    for _ in range(2):
        body = ready(dict(environ), start)
        assert b"".join(body) == b"ab"
        assert said[-1][0] == "200 OK"
        assert "X-Vitrine-Ready" not in said[-1][1]
        getattr(body, "close", lambda: None)()

    assert len(bodies) == (1 if marked else 2)
    assert all(body.is_closed for body in bodies)


def test_write_of_an_old_fashioned_app_comes_first(front_config: Config, resolver: Resolver, shop: Shop) -> None:
    def app(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        write = start_response("200 OK", [("Content-Type", "text/plain"), ("X-Vitrine-Ready", "1")])
        write(b"a")
        return [b"b"]

    environ = Request.from_values(headers={"Host": shop.host}).environ

    body, _, headers = run_wsgi_app(Ready(app, front_config, resolver), environ)

    assert b"".join(body) == b"ab"
    assert "X-Vitrine-Ready" not in headers
