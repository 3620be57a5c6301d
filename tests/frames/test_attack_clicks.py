"""A page that covers a window and has its visitor click into it: what one click does, control by control.

The page is one that may hold windows, the visitor is signed in at the shop, and the page writes into the fields all it
can. Whatever a click may do, nobody is signed in or out, nothing is ordered, paid, written or sent by it.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page

from storefront.core.config import Config
from storefront.core.db import Database
from storefront.web.sessions import SESSION_COOKIE
from tests import factories
from tests.fixtures_sale import believe
from tests.frames.attacks import Papers, Rows, Stranger
from tests.frames.people import SITE, Windows

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("valkey")]

CONTROLS = "a[href], button, input[type=submit], input[type=checkbox], select"
COVER = """<style>iframe {{ position: absolute; inset: 0; opacity: 0.01 }}</style><h1>Win a prize</h1>
<iframe src="{address}#{told}" width="900" height="1400" name="w"></iframe>"""
PREFILLED = {
    "host": "1", "back": f"{SITE}/won", "email": "victim@example.test", "name": "Vic Tim", "search": "won.com",
    "code": "WON", "campaign": "won",
}  # fmt: skip
# What a click may change: the cart of the window, and with it the visitor's own at the top (security 2.3, F5). A letter
# with a link that nobody else can read is asked for by whoever likes, from any machine.
MAY_CHANGE = frozenset({"cart", "cart_item"})
MAY_ASK = frozenset({"outbox_event", "audit_entry"})


# What is shown when the click comes: the address, and what the visitor did there before.
SCENES: dict[str, tuple[str, tuple[str, ...]]] = {
    "found": ("/frames/domain-search?q=NAME", ()),
    "order, options": ("/frames/order?q=NAME", (".result[data-best] button",)),
    "order, cart": ("/frames/order?q=NAME", (".result[data-best] button", "text=Continue to the cart")),
    "order, summary": (
        "/frames/order?q=NAME",
        (".result[data-best] button", "text=Continue to the cart", "text=Continue to the summary"),
    ),
    "sign in": ("user-login", ()),
    "sign in, without scripts": ("user-login?step=form", ()),
    "new password": ("password-reset", ()),
    "new account": ("user-register", ()),
    "contact": ("/frames/contact", ()),
    "a preview": ("/frames/user-login/preview", ()),
}


@pytest.fixture(scope="module")
def stocked(database: Database, windows: Windows) -> Windows:
    """The shop sells."""
    with database.work(windows.shop.id) as db:
        factories.stock(db)
        db.commit()
    return windows


@pytest.fixture
def covered(attacked: str, stocked: Windows, config: Config) -> Callable[[BrowserContext, str], tuple[Page, Frame]]:
    """Open a page that covers a window, and go to where the visitor is when the click comes."""

    def open_page(context: BrowserContext, scene: str) -> tuple[Page, Frame]:
        name = f"click-{uuid4().hex[:10]}.com"
        believe(config, stocked.shop, name)
        path, steps = SCENES[scene]
        kind, mark, query = path.partition("?")
        where = (path if path.startswith("/") else f"{stocked.address(kind)}{mark}{query}").replace("NAME", name)
        html = COVER.format(address=attacked + where, told=urlencode(PREFILLED))
        page = context.new_page()
        page.goto(Stranger(context).put(SITE, "/", html))
        frame = page.frame(name="w") or next(each for each in page.frames if each is not page.main_frame)
        for step in steps:
            frame.click(step)
            frame.wait_for_load_state("load")
        return page, frame

    return open_page


def told(frame: Frame, number: int) -> str:
    """Say what a control is called."""
    control = frame.locator(CONTROLS).nth(number)
    words = control.evaluate(
        "(each) => (each.innerText || each.name || each.getAttribute('aria-label') || each.type || '')"
    )
    kind: str = control.evaluate("(each) => each.localName")
    return f"{kind} “{' '.join(words.split())[:60]}”"


def came_of(page: Page, frame: Frame, before: int) -> str:
    """Say what was seen of a click."""
    if len(page.context.pages) > before:
        return "another window of the browser opens"
    if not page.url.startswith(SITE):
        return f"the browser leaves for /{page.url.split('/', 3)[3].partition('?')[0]} of the shop"
    return "only the window itself may show something else" if frame.url else ""


@pytest.mark.proof
@pytest.mark.parametrize("scene", SCENES)
def test_one_click_does_nothing_unsafe(
    chrome: Browser, signed_in: Any, covered: Callable[..., tuple[Page, Frame]], rows: Rows, papers: Papers, scene: str
) -> None:
    number, many = 0, 1
    while number < many:
        context = chrome.new_context(storage_state=signed_in)
        page, frame = covered(context, scene)
        page.wait_for_timeout(100)
        many = frame.locator(CONTROLS).count()
        control = frame.locator(CONTROLS).nth(number)
        if many and control.is_visible():
            named, before = told(frame, number), rows.now()
            session = [each["value"] for each in context.cookies() if each["name"] == SESSION_COOKIE]
            pages = len(context.pages)

            control.click(force=True, no_wait_after=True)
            page.wait_for_timeout(250)

            changed = rows.changed(before) - MAY_CHANGE
            asks = changed <= MAY_ASK and (scene == "new password" or changed <= {"audit_entry"})
            assert asks, (scene, named, changed)
            assert session == [each["value"] for each in context.cookies() if each["name"] == SESSION_COOKIE]
            papers.tell("One click into a window under a cover", f"{scene}: {named}", came_of(page, frame, pages))
        context.close()
        number += 1
    assert number > 0
