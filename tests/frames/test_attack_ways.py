"""Redirect tricks: addresses that look like a page of the site and lead elsewhere, wherever a way back is named."""

# ruff: noqa: RUF001 - signs that look alike are what is tested

import html
import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.test import TestResponse

from storefront.identity.models import LoginUser
from storefront.web.sessions import SESSION_COOKIE
from tests.frames.attacks import Papers
from tests.frames.people import OTHER, SITE, TO_THE_TOP, Windows, sign_in_form, way_in
from tests.frames.selling import AT_TOP, Inside
from tests.frames.sites_at_hand import FJORD
from tests.storefront.account.people import OTHER_PASSWORD, PASSWORD

HOST = "www.localhost:9001"
AREA = "Addresses to be led back to"
# What somebody would be led to, if an address were read otherwise than a browser reads it.
BACKS = (
    "https://evil.example/", "http://evil.example/", "//evil.example/", "///evil.example/", "////evil.example",
    "/\\evil.example", "\\\\evil.example", "\\/evil.example", "http:evil.example", "http:/evil.example",
    "http:///evil.example", "http:\\\\evil.example", "https:evil.example", "evil.example", "@evil.example", "?evil",
    "#evil", f"http://{HOST}@evil.example/", f"http://{HOST}%40evil.example/", f"http://{HOST}:x@evil.example/",
    f"http://user@{HOST}/", f"http://user:word@{HOST}/", f"http://evil.example@{HOST}/", f"http://@{HOST}/",
    f"http://{HOST}\\@evil.example/", f"http://evil.example\\@{HOST}/", f"http://evil.example\\.{HOST}/",
    f"http://evil.example#@{HOST}/", f"http://evil.example?@{HOST}/", f"http://evil.example/@{HOST}/",
    f"http://evil.example;@{HOST}/", f"http://evil.example/{HOST}", f"http://evil.example/http://{HOST}/",
    f"http://{HOST}.evil.example/", "http://www.localhost.evil.example:9001/", f"http://evil.{HOST}/",
    f"http://evil{HOST}/", f"http://{HOST}evil/", "http://www.localhost:9001:80/", "http://www.localhost:09001/",
    "http://www.localhost:+9001/", "http://www.localhost:9001 /", "http://www.localhost: 9001/",
    "http://www.localhost:９００１/", "http://www.localhost:9００1/", "http://www.localhost:٩٠٠١/",
    "http://www.localhost:74537/", "http://www.localhost:-9001/", "http://www.localhost:/", "http://www.localhost/",
    "http://www.localhost:9002/", "http://www.localhost:80/", "http://www.localhost:0/", f"https://{HOST}/",
    f"ftp://{HOST}/", f"ws://{HOST}/", f"file://{HOST}/", f"blob:http://{HOST}/x", f"view-source:http://{HOST}/",
    "javascript:alert(1)", f"javascript://{HOST}/%0aalert(1)", f"JaVaScRiPt://{HOST}/%0aalert(1)",
    "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>", f"data:text/html,http://{HOST}/",
    "vbscript:x", "about:blank", "mailto:a@evil.example", f"\thttp://{HOST}@evil.example/",
    f" http://{HOST}@evil.example/", f"\x00http://{HOST}/", f"http\t://{HOST}@evil.example/",
    f"h\nttp://{HOST}@evil.example/", f"http://{HOST}\t@evil.example/",
    f"http://{HOST}\r\nLocation: http://evil.example/", f"http://{HOST}/\r\nSet-Cookie: __Host-session=x",
    f"http://{HOST}\x00.evil.example/", f"http://{HOST}%00.evil.example/", f"http://{HOST}%2eevil.example/",
    f"http://{HOST}%2f@evil.example/", f"http://{HOST}%5c@evil.example/", f"http://{HOST}%09@evil.example/",
    "http://www%2elocalhost:9001/", "http://www.localhost%3a9001/", "http:%2f%2fevil.example/",
    "http%3a//evil.example/", f"http://{HOST}／@evil.example/", f"http://{HOST}＠evil.example/",
    f"http://{HOST}。evil.example/", f"http://{HOST}．evil.example/", f"http://evil.example／{HOST}/",
    f"http://evil.example＃{HOST}/", f"http://evil.example？{HOST}/", "http://ｗｗｗ.localhost:9001/",
    "http://www。localhost:9001/", "http://www.lоcalhost:9001/", "http://www.loca\u200blhost:9001/",
    "http://www.local\u00adhost:9001/", "http://www.ⓛocalhost:9001/", "http://www.xn--localhost-:9001/",
    "http://www.xn--lcalhost-86g:9001/", "http://WWW.LOCALHOST:9001@evil.example/", "http://[::1]:9001/",
    "http://[::ffff:127.0.0.1]:9001/", "http://127.0.0.1:9001/", "http://0x7f.1:9001/", "http://2130706433:9001/",
    "http://[www.localhost]:9001/", f"http://[{HOST}]@evil.example/", "http://www.localhost..:9001/",
    "http://.www.localhost:9001/", "http://www..localhost:9001/", "http://*.localhost:9001/",
    "http://localhost:9001/", f"{OTHER}/", f"//{HOST}/", f"http:/{HOST}/", f"http:{HOST}/",
    f"http://{HOST},evil.example/", f"http://{HOST};evil.example/", f"http://{HOST}&evil.example/",
    f"http://{HOST}$evil.example/", f"http://{HOST}'evil.example/", f"http://{HOST}\u202e/elpmaxe.live",
    f"http://{HOST}/../../..//evil.example/", f"http://{HOST}//evil.example/", f"http://{HOST}/\\evil.example/",
    f"http://{HOST}/%5c%5cevil.example/", f"http://{HOST}/.;/evil", f"http://{HOST}/?next=https://evil.example/",
    f"http://{HOST}/#shop-ticket=" + "t" * 43, f"http://{HOST}/x#@evil.example/",
    f"http://{HOST}/'\"><script>alert(1)</script>", f"http://{HOST}/;url=https://evil.example/",
    f"http://{HOST}/, 0; url=https://evil.example/", f"http://{HOST}/" + "a" * 5_000, "http://" + "a." * 200 + HOST,
    "x" * 100_000, "\ud800",
)  # fmt: skip
NAMED = [pytest.param(each, id=f"{number}") for number, each in enumerate(BACKS)]


@pytest.fixture(scope="module")
def reader(chrome: Browser) -> Iterator[Page]:
    """A browser that says where an address leads, seen from a page of the shop."""
    page = chrome.new_page()
    yield page
    page.close()


# To which origin a browser goes that is given an address by a page of the shop.
ORIGIN = "([address, base]) => new URL(address, base).origin"


def sign_in(client: FlaskClient, windows: Windows, user: LoginUser, back: str, **changes: str) -> TestResponse:
    """Sign in from a window that names a way back."""
    form = sign_in_form(client, windows.address("user-login"))
    values = {**form.values, "back": back, "login": user.login, "password": PASSWORD, **changes}
    return client.post("/account/sign-in", data=values, headers=TO_THE_TOP)


def refreshes(answer: TestResponse) -> list[str]:
    """The addresses that a page leads to by itself."""
    return [html.unescape(each) for each in re.findall(r'http-equiv="refresh" content="\d+; url=([^"]*)"', answer.text)]


def where(client: FlaskClient, windows: Windows, user: LoginUser, back: str) -> list[str]:
    """Name a way back at every place that takes one; return the addresses that visitors are led to."""
    key, named = windows.keys["user-login"], back.encode("utf-8", "replace").decode()
    path = f"/account/way-back?{urlencode({'frame': key, 'back': named})}"
    early = client.get(path)
    asked = client.get("/account/sign-in", query_string={"next": path})
    wrong = sign_in(client, windows, user, named, password=OTHER_PASSWORD)
    entered = sign_in(client, windows, user, named)
    end, again = client.get(entered.location), client.get(path)
    answers = (early, asked, wrong, entered, end, again)
    client.delete_cookie(SESSION_COOKIE, domain=windows.shop.host)
    led = [each.location or "" for each in answers] + [way_in(each) for each in answers]
    return [each for each in [*led, *(to for answer in answers for to in refreshes(answer))] if each]


@pytest.mark.proof
@pytest.mark.browser
@pytest.mark.parametrize("back", NAMED)
def test_nobody_is_led_elsewhere(
    visitor: FlaskClient, windows: Windows, user: LoginUser, reader: Page, papers: Papers, back: str
) -> None:
    led = where(visitor, windows, user, back)

    origins = {reader.evaluate(ORIGIN, [each, f"{windows.shop.url}/"]) for each in led}
    assert origins <= {SITE, windows.shop.url}, led
    assert not any(sign in each for each in led for sign in "\r\n\t <>\\")
    papers.tell(AREA, back, "led to the site" if SITE in origins else "no way back")


@pytest.mark.proof
@pytest.mark.browser
@pytest.mark.parametrize("back", NAMED)
def test_order_is_told_to_nobody_elsewhere(
    app: Flask, inside: Callable[..., Inside], reader: Page, papers: Papers, back: str
) -> None:
    window, back = inside(), back.replace(f"http://{HOST}", FJORD).replace(HOST, "www.fjord.com")

    answer = app.test_client().post(
        "/frames/leave",
        data={"frame": "order", "back": back.encode("utf-8", "replace").decode(), "cart": ""},
        base_url=window.shop.url,
        headers={**AT_TOP, "Origin": window.shop.url},
    )

    kept = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("__Host-back=")]
    named = [json.loads(b64decode(each.split("=", 1)[1].partition(".")[0] + "==", b"-_"))["back"] for each in kept]
    assert {reader.evaluate(ORIGIN, [each, "https://shop.example/"]) for each in named} <= {FJORD}
    papers.tell("Addresses to be told of an order", back, "the site is kept" if named else "nothing is kept")


def test_addresses_that_look_like_the_site_lead_nowhere(
    visitor: FlaskClient, windows: Windows, user: LoginUser
) -> None:
    for back in (f"http://{HOST}\\@evil.example/", f"http://{HOST}／@evil.example/", f"http://{HOST}%2f@evil.example/"):
        led = where(visitor, windows, user, back)

        assert not any("evil" in each.partition("?")[0] for each in led), led
