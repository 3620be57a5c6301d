"""What the Host header may do: choose a shop by its exact name, and nothing else."""

import io
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from storefront.core.changes import announce, announce_host
from storefront.core.db import Work
from storefront.web.sessions import SESSION_COOKIE
from tenants.hosts import switch_to
from tenants.models import Host, HostName
from tests.isolation.marks import mark_of
from tests.isolation.world import World, has_marks, signed_in
from tests.waiting import until

NORTH = "north.localhost"
REFUSED = [
    "",
    " ",
    ".",
    "..",
    ":",
    ":443",
    "unknown.localhost",
    "north",
    "localhost.north",
    "north.localhost.evil.test",
    "evil.north.localhost",
    "north.localhost..",
    ".north.localhost",
    "north..localhost",
    "north.localhost:",
    "north.localhost:0",
    "north.localhost:65536",
    "north.localhost:999999",
    "north.localhost:http",
    "north.localhost:-1",
    "north.localhost:80:80",
    "north.localhost,south.localhost",
    "north.localhost, south.localhost",
    "north.localhost;south.localhost",
    "north.localhost south.localhost",
    "north.localhost/south.localhost",
    "north.localhost\\south.localhost",
    "user@north.localhost",
    "user:pass@north.localhost",
    "http://north.localhost",
    "https://north.localhost/",
    "//north.localhost",
    "north.localhost?x=1",
    "north.localhost#x",
    "north.localhost\x00",
    "north.localhost\x00.evil.test",
    "north.localhost\r\nX-Evil: 1",
    "north.localhost\n",
    "north.localhost\t",
    " north.localhost",
    "north.localhost ",
    "north_localhost",
    "north!localhost",
    "north.local host",
    "-north.localhost",
    "north-.localhost",
    "127.0.0.1",
    "127.0.0.1:8000",
    "0.0.0.0",
    "2130706433",
    "0x7f000001",
    "[::1]",
    "[::1]:8000",
    "::1",
    "[north.localhost]",
    "*",
    "*.localhost",
    "%6eorth.localhost",
    "north%2elocalhost",
    "nörth.localhost",
    "ńorth.localhost",
    "xn--north.localhost",
    "xn--a.localhost",
    "xn--nrth-5qa.localhost",
    "🦭.localhost",
    "north。localhost。evil",
    "a" * 254,
    "a." * 200 + "localhost",
    "a" * 64 + ".localhost",
    "x" * 10_000,
    "{{7*7}}.localhost",
    "'; DROP TABLE host_name; --",
    "<script>alert(1)</script>",
]
ACCEPTED = [NORTH, "NORTH.LOCALHOST", "North.Localhost", f"{NORTH}.", f"{NORTH}:443", f"{NORTH}:8000"]


def ask(world: World, host: str | None, path: str = "/", **more: Any) -> tuple[int, list[tuple[str, str]], str]:
    """Speak WSGI, so that no client mends the header first."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.url_scheme": "https",
        "wsgi.version": (1, 0),
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **more,
    }
    if host is not None:
        environ["HTTP_HOST"] = host
    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        told[:] = [int(status.split(maxsplit=1)[0]), headers]
        return io.BytesIO().write

    answer: Iterable[bytes] = world.app.wsgi_app(environ, start)
    body = b"".join(answer).decode("utf-8", "replace")
    if close := getattr(answer, "close", None):
        close()
    return told[0], told[1], body


def test_there_are_sixty_odd_headers() -> None:
    assert len(set(REFUSED)) >= 60


@pytest.mark.parametrize("host", [None, *REFUSED], ids=lambda host: repr(host)[:40])
def test_odd_host_gets_a_bare_page_without_cookie(world: World, host: str | None) -> None:
    status, headers, body = ask(world, host)

    assert status == 421
    assert [value for name, value in headers if name.lower() == "set-cookie"] == []
    assert "<link" not in body
    assert "<script" not in body
    assert has_marks(body, ()) == []


@pytest.mark.parametrize("host", ACCEPTED)
def test_name_of_a_shop_is_known_in_every_spelling(world: World, host: str) -> None:
    status, _headers, body = ask(world, host, "/cart")

    assert status == 200
    assert "North" in body


@pytest.mark.parametrize("name", ["X_FORWARDED_HOST", "X_HOST", "FORWARDED", "X_ORIGINAL_HOST", "X_FORWARDED_SERVER"])
def test_forwarded_hosts_are_not_believed(world: World, name: str) -> None:
    value = "host=south.localhost" if name == "FORWARDED" else "south.localhost"

    plain = ask(world, NORTH, "/cart")
    forwarded = ask(world, NORTH, "/cart", **{f"HTTP_{name}": value})

    assert forwarded[0] == plain[0] == 200
    assert forwarded[2] == plain[2]


def test_forwarded_host_opens_no_unknown_shop(world: World) -> None:
    status, _headers, _body = ask(world, "unknown.localhost", HTTP_X_FORWARDED_HOST=NORTH)

    assert status == 421


def test_links_never_carry_the_header(world: World) -> None:
    """A redirect and every address in a page come from the shop's own names."""
    _status, headers, body = ask(world, "NORTH.localhost:8000", "/panel/")

    assert "NORTH" not in body + str(headers)


@pytest.mark.parametrize("who", ["customer", "owner"])
def test_session_of_one_shop_is_none_at_another(world: World, who: str) -> None:
    user = world.south.first.user_id if who == "customer" else world.south.staff["owner"]
    at_home = signed_in(world, user, world.south.shop)
    away = signed_in(world, user, world.south.shop, at=world.north.shop)
    path = "/panel/" if who == "customer" else "/reseller/"

    assert at_home.send("GET", path).status_code == 200
    answer = away.send("GET", path)

    assert answer.status_code == 302
    assert "/account/sign-in" in answer.location
    assert has_marks(answer.text, (mark_of("north"),)) == []


def test_session_is_none_on_another_host_of_the_same_shop(world: World) -> None:
    browser = signed_in(world, world.north.first.user_id, world.north.shop)
    client: FlaskClient = world.app.test_client()
    client.set_cookie(SESSION_COOKIE, browser.secret, domain="localhost", secure=True)

    answer = client.get("/panel/", base_url="https://localhost")

    assert answer.status_code == 302


def test_offices_answer_only_on_their_own_hosts(world: World) -> None:
    shop = [ask(world, NORTH, "/operator/")[0], ask(world, "localhost", "/operator/")[0]]
    office = [ask(world, NORTH, "/reseller/")[0]]

    assert shop == [404, 302]
    assert office == [302]


# Names of the resellers' own: two that show the shop, one for frames, for each of them.
FURTHER, OTHER, FRAMES = "shop.{}.example", "www.{}.example", "frames.{}.example"
SPELLINGS = ["{}", "{}.", "{}:443", "{}:8000", "UPPER", "Title"]
STRANGE = [
    "evil.{}",
    "{}.evil.test",
    "x{}",
    "{}x",
    "{} ",
    "{},north.localhost",
    "*.{}",
    "{}..",
    "user@{}",
    "{}/",
    "{}\x00",
]


@pytest.fixture
def own_hosts(world: World) -> Iterator[World]:
    """Both shops with names of their own; they lead to the shops' names at the platform."""
    for estate in (world.north, world.south):
        with world.database.work(estate.shop.id) as db:
            slug = estate.shop.host.partition(".")[0]
            for name, purpose in ((FURTHER, "shop"), (OTHER, "shop"), (FRAMES, "frames")):
                host = db.add(Host(name=name.format(slug), state="active", purpose=purpose, serves_at=db.now))
                db.add(
                    HostName(name=host.name, reseller_id=db.reseller_id, canonical=estate.shop.host, purpose=purpose)
                )
                announce_host(db, host.name)
            db.commit()
    until(lambda: ask(world, FURTHER.format("north"), "/cart")[0] == 308)
    until(lambda: ask(world, FURTHER.format("south"), "/cart")[0] == 308)
    yield world
    for estate in (world.north, world.south):
        with world.database.work(estate.shop.id) as db:
            switch_to(db, _at_platform(db, estate.shop.host))
            db.execute(
                delete(HostName).where(HostName.reseller_id == db.reseller_id, HostName.name != estate.shop.host)
            )
            for host in db.scalars(
                select(Host).where(Host.name.like(f"%.{estate.shop.host.partition('.')[0]}.example"))
            ):
                db.session.delete(host)
            announce(db)
            db.commit()
    until(lambda: ask(world, FURTHER.format("north"), "/cart")[0] == 421)


def _at_platform(db: Work, name: str) -> Host:
    found = db.scalar(select(Host).where(Host.name == name))
    assert found is not None
    return found


def _is_shown(world: World, host: str) -> bool:
    return ask(world, host, "/cart")[0] == 200


def told(headers: list[tuple[str, str]], name: str) -> str:
    return next((value for each, value in headers if each.lower() == name), "")


def origin(world: World, host: str) -> str:
    return str(world.app.extensions["vitrine"].config.origin(host))


@pytest.mark.parametrize("slug", ["north", "south"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_further_host_leads_to_its_own_shop_with_path_and_query(own_hosts: World, slug: str, spelling: str) -> None:
    name = FURTHER.format(slug)
    header = {"UPPER": name.upper(), "Title": name.title()}.get(spelling) or spelling.format(name)

    status, headers, body = ask(own_hosts, header, "/search", QUERY_STRING="q=a%20b&page=2")

    assert status == 308
    assert told(headers, "location") == origin(own_hosts, f"{slug}.localhost") + "/search?q=a%20b&page=2"
    assert told(headers, "set-cookie") == ""
    assert has_marks(body, ()) == []


@pytest.mark.parametrize("spelling", STRANGE)
def test_a_name_that_only_resembles_an_own_host_is_nobodys(own_hosts: World, spelling: str) -> None:
    assert ask(own_hosts, spelling.format(FURTHER.format("north")), "/cart")[0] == 421


@pytest.mark.parametrize("path", ["//evil.test/", "/\\evil.test", "/a//b", "/ż%2F", "/a;b=c", "/%0d%0aX: 1"])
def test_a_redirect_never_leaves_the_shop(own_hosts: World, path: str) -> None:
    status, headers, _body = ask(own_hosts, FURTHER.format("north"), path.encode().decode("latin-1"))

    where = told(headers, "location")
    assert status in (308, 404)
    assert not where or where.startswith(origin(own_hosts, "north.localhost") + "/")
    assert "\r" not in where
    assert "\n" not in where


def test_what_is_sent_is_not_redirected(own_hosts: World) -> None:
    status, _headers, _body = ask(own_hosts, FURTHER.format("north"), "/cart", REQUEST_METHOD="POST")

    assert status != 308


@pytest.mark.parametrize(
    "path",
    ["/", "/cart", "/search", "/account/sign-in", "/panel/", "/reseller/", "/operator/", "/preview/x", "/framesx"],
)
def test_a_host_of_frames_answers_nothing_else(own_hosts: World, path: str) -> None:
    assert ask(own_hosts, FRAMES.format("north"), path)[0] == 404


def test_a_host_of_frames_has_what_frames_are_made_of(own_hosts: World) -> None:
    assert ask(own_hosts, FRAMES.format("north"), "/assets/default/0/css/shop.css")[0] == 200


def test_every_host_has_what_frames_are_made_of(own_hosts: World) -> None:
    assert ask(own_hosts, FURTHER.format("north"), "/assets/default/0/css/shop.css")[0] == 200
    assert ask(own_hosts, FURTHER.format("north"), "/frames/user-login")[0] != 308


def test_preferring_another_host_is_known_everywhere_within_a_second(own_hosts: World) -> None:
    """The first host is in memory as a redirect, the second as a page, and both change."""
    first, second = FURTHER.format("north"), OTHER.format("north")
    for preferred, further in ((first, second), (second, first)):
        ask(own_hosts, first, "/cart")
        ask(own_hosts, second, "/cart")
        with own_hosts.database.work(own_hosts.north.shop.id) as db:
            switch_to(db, _at_platform(db, preferred))
            db.commit()

        until(partial(_is_shown, own_hosts, preferred), seconds=1.0)
        status, headers, _body = ask(own_hosts, further, "/cart")

        assert status == 308
        assert told(headers, "location") == origin(own_hosts, preferred) + "/cart"
        # Nobody else's shop has moved.
        assert ask(own_hosts, "south.localhost", "/cart")[0] == 200
        assert told(ask(own_hosts, FURTHER.format("south"), "/cart")[1], "location").startswith(
            origin(own_hosts, "south.localhost")
        )


def test_offices_never_answer_on_a_host_of_the_resellers_own(own_hosts: World) -> None:
    first = FURTHER.format("north")
    with own_hosts.database.work(own_hosts.north.shop.id) as db:
        switch_to(db, _at_platform(db, first))
        db.commit()
    until(lambda: ask(own_hosts, first, "/cart")[0] == 200, seconds=2.0)

    assert [ask(own_hosts, first, path)[0] for path in ("/reseller/", "/operator/")] == [404, 404]
