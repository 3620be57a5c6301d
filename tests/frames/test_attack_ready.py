"""Windows that are kept ready for everybody: nothing that one visitor sends may be what the next one gets."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import Client, TestResponse

from storefront.core.changes import announce
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.frames.attacks import Papers
from tests.frames.people import SITE, Windows

AREA = "Windows that are kept ready for everybody"
BROWSER = {"Accept-Language": "en", "Accept-Encoding": "gzip"}
EVIL = "https://evil.example"
# What somebody sends who wants the next visitor to get another page, or another policy.
HEADERS: dict[str, dict[str, str]] = {
    "a stranger's page around": {"Sec-Fetch-Dest": "iframe", "Referer": f"{EVIL}/", "Sec-Fetch-Site": "cross-site"},
    "the shop's own page around": {"Sec-Fetch-Dest": "iframe", "Referer": "HERE/", "Sec-Fetch-Site": "same-origin"},
    "the site around": {"Sec-Fetch-Dest": "iframe", "Referer": f"{SITE}/"},
    "an address that cannot be read": {"Sec-Fetch-Dest": "iframe", "Referer": "http://[::1/"},
    "an object around": {"Sec-Fetch-Dest": "object", "Referer": f"{EVIL}/"},
    "Origin": {"Origin": EVIL},
    "Origin null": {"Origin": "null"},
    "X-Forwarded-Host": {"X-Forwarded-Host": "evil.example"},
    "X-Forwarded-Host twice": {"X-Forwarded-Host": "evil.example, north.localhost", "X-Host": "evil.example"},
    "X-Forwarded-Proto": {"X-Forwarded-Proto": "http", "X-Forwarded-Scheme": "http"},
    "X-Forwarded-Port": {"X-Forwarded-Port": "1337"},
    "X-Forwarded-Prefix": {"X-Forwarded-Prefix": "//evil.example"},
    "X-Forwarded-For": {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
    "Forwarded": {"Forwarded": "host=evil.example;proto=http;for=127.0.0.1"},
    "X-Original-URL": {"X-Original-URL": "/account/sign-in", "X-Rewrite-URL": "/account/sign-in"},
    "X-HTTP-Method-Override": {"X-HTTP-Method-Override": "POST", "X-Method-Override": "DELETE"},
    "another language": {"Accept-Language": "pl"},
    "many languages": {"Accept-Language": ",".join(["xx", "pl;q=0.1", "fr;q=0.9"] * 40)},
    "no language": {"Accept-Language": "*"},
    "a language that is none": {"Accept-Language": '../../pl"><script>'},
    "a language without end": {"Accept-Language": "a" * 4_000},
    "nothing packed": {"Accept-Encoding": "identity"},
    "packed, but not so": {"Accept-Encoding": "gzip;q=0"},
    "JSON": {"Accept": "application/json"},
    "a script": {"X-Requested-With": "script"},
    "htmx": {"HX-Request": "true"},
    "a session": {"Cookie": "__Host-session=x"},
    "a session with a space": {"Cookie": " __Host-session =x; cart-count=9"},
    "a session of a sibling": {"Cookie": "session=x; __Host-session=y; __host-session=z"},
    "a cart": {"Cookie": "__Host-frame-cart=x"},
    "a cart's number": {"Cookie": "cart-count=99"},
    "a cart's number with a tag": {"Cookie": 'cart-count="><script>alert(1)</script>'},
    "a note": {"Cookie": "__Host-note=x"},
    "a preview": {"Cookie": "__Host-preview=99999999999.k1.x"},
    "a way back": {"Cookie": "__Host-back=x.k1.y; __Host-ticket=abc"},
    "a cookie of many": {"Cookie": "; ".join(f"a{number}=b" for number in range(300))},
    "Authorization": {"Authorization": "Bearer x"},
    "a range": {"Range": "bytes=0-10"},
    "a copy at hand": {"If-None-Match": "*"},
    "an old copy": {"If-Modified-Since": "Sat, 01 Jan 2050 00:00:00 GMT"},
    "another agent": {"User-Agent": "<script>alert(1)</script>"},
    "a request to be nowhere": {"Cache-Control": "no-cache, no-store", "Pragma": "no-cache"},
    "saved data": {"Save-Data": "on", "DNT": "1", "Sec-GPC": "1", "Sec-CH-Prefers-Color-Scheme": "dark"},
    "a prefetch": {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch"},
    "a body": {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": "9"},
}  # fmt: skip
# The same window by other names of its host and address.
NAMES: dict[str, tuple[str, str]] = {
    "the host in capitals": ("HOST", "PATH"),
    "the host with a dot": ("host.", "PATH"),
    "the host with a port": ("host:1337", "PATH"),
    "the host with the usual port": ("host:443", "PATH"),
    "the host with a user": ("evil.example@host", "PATH"),
    "two hosts": ("host, evil.example", "PATH"),
    "the host with a space": ("host evil.example", "PATH"),
    "another shop's host": ("south.localhost", "PATH"),
    "a stranger's host": ("evil.example", "PATH"),
    "no host": ("", "PATH"),
    "the whole address": ("host", "http://evil.examplePATH"),
    "a query": ("host", "PATH?step=details"),
    "an empty query": ("host", "PATH?"),
    "a query with a tag": ("host", 'PATH?"><script>alert(1)</script>'),
    "two slashes": ("host", "/PATH"),
    "a slash after": ("host", "PATH/"),
    "a semicolon": ("host", "PATH;x=y"),
    "an encoded letter": ("host", "/%66rames/user-login"),
    "an encoded slash": ("host", "/frames%2fuser-login"),
    "a way around": ("host", "/x/../frames/user-login"),
    "NUL": ("host", "PATH%00.css"),
    "a file's ending": ("host", "PATH/x.css"),
    "capitals": ("host", "/FRAMES/user-login"),
    "a language that is none": ("host", "/xx/frames/user-login"),
    "a language twice": ("host", "/en/en/frames/user-login"),
}


@pytest.fixture
def cold(database: Database, windows: Windows, heard: Callable[[Shop, int], None]) -> Callable[[], None]:
    """Forget everything that is ready: the shop has changed."""

    def forget() -> None:
        with database.work(windows.shop.id) as db:
            version = announce(db)
            db.commit()
        heard(windows.shop, version)

    return forget


def ask(app: Flask, windows: Windows, path: str, host: str = "", **headers: str) -> TestResponse:
    """Ask as a browser that nobody knows, through everything that stands before the app."""
    told = {name: value.replace("HERE", windows.shop.url) for name, value in headers.items()}
    client = Client(app, use_cookies=False)
    return client.get(path, base_url=windows.shop.url, headers={**BROWSER, "Host": host or windows.shop.host, **told})


def seen(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """What a visitor gets, but for what is told anew each time."""
    return answer.status_code, answer.data, sorted(each for each in answer.headers if each[0] not in {"Date", "Server"})


@pytest.fixture(scope="module")
def right(app: Flask, windows: Windows) -> dict[str, tuple[int, bytes, list[tuple[str, str]]]]:
    """The windows as everybody gets them, before anything was tried."""
    paths = [windows.address("user-login"), "/frames/user-login", "/pl/frames/user-login", "/frames/contact"]
    return {path: seen(ask(app, windows, path)) for path in paths}


def _left(app: Flask, windows: Windows, right: dict[str, tuple[int, bytes, list[tuple[str, str]]]]) -> list[str]:
    return [path for path, wanted in right.items() if "contact" not in path and seen(ask(app, windows, path)) != wanted]


@pytest.mark.proof
@pytest.mark.parametrize("sent", HEADERS)
def test_headers_of_one_visitor_change_nothing_for_the_next(
    app: Flask, windows: Windows, cold: Callable[[], None], right: dict[str, tuple[int, bytes, list[tuple[str, str]]]],
    papers: Papers, sent: str,
) -> None:  # fmt: skip
    cold()

    tried = {path: ask(app, windows, path, **HEADERS[sent]) for path in right for _time in range(2)}

    assert _left(app, windows, right) == []
    for answer in tried.values():
        assert b"evil" not in answer.data
        assert b"<script>alert" not in answer.data
        assert "evil" not in answer.headers.get("Content-Security-Policy", "") + answer.headers.get("Location", "")
    papers.tell(
        AREA, sent, f"answered {tried['/frames/user-login'].status_code}; the next visitor gets every byte as before"
    )


@pytest.mark.proof
@pytest.mark.parametrize("named", NAMES)
def test_other_names_of_a_window_change_nothing_for_the_next(
    app: Flask, windows: Windows, cold: Callable[[], None], right: dict[str, tuple[int, bytes, list[tuple[str, str]]]],
    papers: Papers, named: str,
) -> None:  # fmt: skip
    host, path = NAMES[named]
    own = windows.shop.host
    cold()

    answers = [
        ask(
            app,
            windows,
            path.replace("PATH", "/frames/user-login"),
            host.replace("host", own).replace("HOST", own.upper()) or " ",
        )
        for _time in range(2)
    ]

    assert _left(app, windows, right) == []
    assert not any("evil" in each.headers.get("Location", "") for each in answers)
    papers.tell(AREA, named, f"answered {answers[0].status_code}; the next visitor gets every byte as before")


@pytest.mark.parametrize("sent", ["a stranger's page around", "X-Forwarded-Host", "a session"])
def test_what_one_visitor_sends_is_nothing_the_next_one_gets(
    app: Flask, windows: Windows, cold: Callable[[], None], right: dict[str, tuple[int, bytes, list[tuple[str, str]]]],
    sent: str,
) -> None:  # fmt: skip
    cold()
    ask(app, windows, "/frames/user-login", **HEADERS[sent])

    assert _left(app, windows, right) == []
