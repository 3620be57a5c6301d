"""Requests that a stranger's page sends in a visitor's name, in every way a browser knows."""

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext

from frames.handoff import form_token, issue_code, issue_ticket
from storefront.core.db import Database
from storefront.identity.models import LoginUser
from tests import factories
from tests.frames.attacks import EVIL, Papers, Rows, Stranger
from tests.frames.people import OTHER, PAGE, SITE, Windows
from tests.storefront.account.people import PASSWORD, person

pytestmark = pytest.mark.browser

Fields = dict[str, str]


def form_of(address: str, fields: Fields, target: str, method: str = "post") -> str:
    """A form that sends itself."""
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    return f'<form method="{method}" action="{address}" target="{target}">{inputs}</form>'


SENDS = "<script>document.forms[0].submit()</script>"


def by_form(target: str) -> Callable[[str, Fields], str]:
    return lambda address, fields: f'<iframe name="w"></iframe>{form_of(address, fields, target)}{SENDS}'


def by_script(call: str) -> Callable[[str, Fields], str]:
    return lambda address, fields: (
        f"<script>const body = new URLSearchParams({json.dumps(fields)}), at = {json.dumps(address)};{call}</script>"
    )


def sandboxed(rights: str) -> Callable[[str, Fields], str]:
    def build(address: str, fields: Fields) -> str:
        inner = (form_of(address, fields, "_self") + SENDS).replace('"', "&quot;")
        return f'<iframe sandbox="{rights}" srcdoc="{inner}"></iframe>'

    return build


# How a page sends it, and how long that takes.
WAYS: dict[str, Callable[[str, Fields], str]] = {
    "a form at the top": by_form("_top"),
    "a form in a frame": by_form("w"),
    "a form in a new window": by_form("_blank"),
    "a form in a sandbox": sandboxed("allow-scripts allow-forms"),
    "a form in a sandbox with its origin": sandboxed("allow-scripts allow-forms allow-same-origin"),
    "a script that may not read": by_script(
        "fetch(at, {method: 'POST', body, mode: 'no-cors', credentials: 'include'})"
    ),
    "a script that asks whether it may": by_script(
        "fetch(at, {method: 'POST', body, credentials: 'include', headers: {'X-Requested-With': 'script'}})"
        ".catch(() => 0)"
    ),
    "a script that hides where it is": by_script(
        "fetch(at, {method: 'POST', body, mode: 'no-cors', credentials: 'include', referrerPolicy: 'no-referrer'})"
    ),
    "a beacon": by_script("navigator.sendBeacon(at, body)"),
    "a form that puts it into the address": lambda address, fields: form_of(address, fields, "_top", "get") + SENDS,
    "a picture": lambda address, fields: f'<img src="{address}?{urlencode(fields).replace("&", "&amp;")}">',
}  # fmt: skip


@pytest.fixture(scope="module")
def loot(database: Database, windows: Windows, user: LoginUser) -> dict[str, tuple[str, Fields]]:
    """What a stranger has got by themselves: an account, a good token, code, ticket and cart of their own."""
    frame = windows.keys["user-login"]
    with database.work(windows.shop.id) as db:
        made = factories.make_user(db, customer=factories.make_customer(db))
        made.signed_in_at = None
        db.flush()
        token = form_token(db, frame=frame, host=windows.shop.host)
        code = issue_code(db, made, host=windows.shop.host)
        ticket = issue_ticket(db, frame=frame, origin=SITE, event={"type": "signed-in"})
        db.commit()
    mine = {"frame": frame, "back": PAGE, "login": user.login, "password": PASSWORD, "token": token}
    register = windows.address("user-register")
    return {
        "sign in with a good token": ("/account/sign-in", mine),
        "sign in as from the shop's page": ("/account/sign-in", {"login": user.login, "password": PASSWORD}),
        "sign in from a window in Polish": ("/pl/account/sign-in", mine),
        "come in by a code": ("/account/hand-off", {"code": code, "frame": frame, "back": PAGE}),
        "leave with a cart": ("/frames/leave", {"frame": "order", "back": PAGE, "cart": "", "to": "checkout"}),
        "have a ticket told": ("/frames/told", {"ticket": ticket, "frame": frame}),
        "have a token made": ("/frames/token", {"frame": frame}),
        "put a name into the window's cart": ("/frames/order?step=add", {"name": "forged.com"}),
        "empty the window's cart": ("/frames/cart?step=empty", {"x": "1"}),
        "begin an account": (register, {"step": "details", **person()}),
        "make an account": (register, {"step": "password", **person()}),
        "have a letter sent": (windows.address("password-reset"), {"step": "forgotten", "login": user.login}),
        "write to the shop": (
            "/frames/contact", {"name": "A", "email": "a@example.test", "words": "Buy", "consent": "y"}
        ),
        "count a window as seen": (f"/frames/shown/user-login/{frame}", {"x": "1"}),
        "put a name into the shop's cart": ("/cart/add", {"name": "forged.com"}),
        "order": ("/checkout", {"pays_by": "bank", "terms": "y"}),
        "sign out": ("/account/sign-in/leave", {"x": "1"}),
    }  # fmt: skip


def cookies_of(context: BrowserContext) -> list[tuple[str, str]]:
    return sorted((each["name"], each["value"]) for each in context.cookies() if each["name"] != "__Host-note")


def send(context: BrowserContext, entry: str, path: str, asked: list[str]) -> None:
    """Open a page and wait until the shop has answered what it sends."""
    asked.clear()
    page = context.new_page()
    page.goto(entry, wait_until="commit")
    limit = time.monotonic() + 10
    while not any(each.endswith(f" {path}") for each in asked):
        assert time.monotonic() < limit, f"nothing was sent to {path}: {asked}"
        page.wait_for_timeout(20)
    page.wait_for_timeout(60)


def attack(
    context: BrowserContext,
    rows: Rows,
    asked: list[str],
    build: Callable[[str, Fields], str],
    target: tuple[str, Fields],
    *,
    origin: str = EVIL,
) -> tuple[set[str], bool]:
    """Send something from a page; return which rows changed, and whether the visitor's cookies did."""
    before, carried = rows.now(), cookies_of(context)
    entry = Stranger(context).put(origin, "/", build(*target))
    send(context, entry, urlsplit(target[0]).path, asked)
    return rows.changed(before), cookies_of(context) != carried


@pytest.mark.proof
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "what",
    [
        "sign in with a good token", "sign in as from the shop's page", "sign in from a window in Polish",
        "come in by a code", "leave with a cart", "have a ticket told", "have a token made",
        "put a name into the window's cart", "empty the window's cart", "begin an account", "make an account",
        "have a letter sent", "write to the shop", "count a window as seen", "put a name into the shop's cart", "order",
        "sign out",
    ],
)  # fmt: skip
def test_stranger_does_nothing_in_a_visitors_name(
    chrome: Browser,
    attacked: str,
    signed_in: Any,
    loot: Any,
    rows: Rows,
    asked: list[str],
    papers: Papers,
    what: str,
    way: str,
) -> None:
    path, fields = loot[what]
    context = chrome.new_context(storage_state=signed_in)

    changed, is_other = attack(context, rows, asked, WAYS[way], (attacked + path, fields))

    context.close()
    assert (changed - {"login_session"}, is_other) == (set(), False)
    papers.tell("Requests in a visitor's name", f"{what}, by {way}", "no row; the visitor's cookies are the same")


@pytest.mark.proof
@pytest.mark.parametrize("origin", [SITE, OTHER, "http://north.localhost:9001", "http://shop.localhost:9001"])
@pytest.mark.parametrize(
    "what", ["sign in with a good token", "come in by a code", "leave with a cart", "have a ticket told"]
)
def test_nor_does_a_site_that_may_hold_windows(
    context: BrowserContext,
    attacked: str,
    loot: Any,
    rows: Rows,
    asked: list[str],
    papers: Papers,
    what: str,
    origin: str,
) -> None:
    path, fields = loot[what]

    changed, is_other = attack(context, rows, asked, by_form("_top"), (attacked + path, fields), origin=origin)

    assert (changed, is_other) == (set(), False)
    papers.tell("Requests in a visitor's name", f"{what}, by a form of {origin}", "no row; no cookie")


def test_stranger_signs_nobody_in(
    context: BrowserContext, attacked: str, loot: Any, rows: Rows, asked: list[str]
) -> None:
    found = [
        attack(context, rows, asked, WAYS[way], (attacked + loot[what][0], loot[what][1]))
        for what, way in (
            ("sign in with a good token", "a form at the top"),
            ("come in by a code", "a form in a sandbox"),
        )
    ]

    assert found == [(set(), False)] * 2
