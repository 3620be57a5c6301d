"""Hostile words in a real Chromium, without the policy that would forbid scripts: nothing runs, nobody else is asked.

What is looked at is what the app answers; a browser asks it directly. Of every page all that a visitor could set off by
chance is set off: what reacts to pointers, to the keyboard, to loading and to failing.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, sync_playwright

from cms.models import PageVersion
from cms.tree import new_page
from storefront.core.db import Database
from tests.cms.test_hostile import VECTORS, shown
from tests.fixtures_app import Shop
from tests.journeys.walk import ARGUMENTS
from tests.storefront.reseller.office import make_staff

pytestmark = [pytest.mark.browser, pytest.mark.proof]

USED = (shown,)  # the fixture that publishes a page of every block

# Whatever hostile words would call.
HOOKS = """
window.hits = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) window[name] = (...given) => window.hits.push(name);
"""
SET_OFF = """() => {
  for (const each of document.querySelectorAll('main *, header *, footer *'))
    for (const name of ['pointerover', 'mouseover', 'mouseenter', 'focus', 'focusin', 'keydown', 'input', 'change',
        'toggle', 'load', 'error', 'animationend', 'transitionend', 'wheel', 'copy', 'paste', 'drag'])
      each.dispatchEvent(new Event(name, {bubbles: true, cancelable: true}));
  for (const each of document.querySelectorAll('a[href]'))
    if (/^(javascript|data|vbscript):/i.test(each.href)) window.hits.push(each.href);
  return window.hits;
}"""
EDITOR_READY = "document.querySelectorAll('trix-editor').length > 0"
AT_ONCE = 24


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium from the system."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


class Looking:
    """A window that shows what the app answers, and remembers which other hosts pages asked."""

    def __init__(self, page: Page, shop: Shop, client: FlaskClient) -> None:
        self.page, self._shop, self._client = page, shop, client
        self.asked: list[str] = []
        page.add_init_script(HOOKS)
        page.route("**/*", self._answer)
        page.on("dialog", lambda dialog: dialog.dismiss())

    def _answer(self, route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.netloc != self._shop.host:
            self.asked.append(route.request.url)
            route.abort()
            return
        told = self._client.get(parts.path + (f"?{parts.query}" if parts.query else ""))
        headers = {name: value for name, value in told.headers if "content-security-policy" not in name.lower()}
        route.fulfill(status=told.status_code, body=told.get_data(), headers=headers)

    def hits(self, path: str) -> list[str]:
        """Open a page, set everything off; return what ran and who was asked."""
        self.asked.clear()
        self.page.goto(f"{self._shop.url}{path}")
        ran: list[str] = self.page.evaluate(SET_OFF)
        return [*ran, *self.asked]


@pytest.fixture
def looking(browser: Browser, shops: dict[str, Shop], client: FlaskClient) -> Iterator[Looking]:
    """A window of a visitor."""
    context = browser.new_context(service_workers="block", locale="en", reduced_motion="reduce")
    yield Looking(context.new_page(), shops["north"], client)
    context.close()


def test_what_runs_is_seen(looking: Looking) -> None:
    looking.page.set_content("<main><img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a></main>")
    looking.page.evaluate(HOOKS)

    assert looking.page.evaluate(SET_OFF) != []


@pytest.mark.parametrize("vector", VECTORS)
def test_hostile_words_in_every_block_run_nothing_in_chromium(
    shown: Callable[[str], str],
    looking: Looking,
    vector: str,
) -> None:
    page = shown(vector)
    path = page.partition('rel="canonical" href="')[2].partition('"')[0]

    assert "/hostile-" in path
    assert looking.hits(urlsplit(path).path) == []


@pytest.mark.parametrize("start", range(0, len(VECTORS), AT_ONCE))
def test_hostile_rich_text_runs_nothing_in_the_editor(
    database: Database,
    shops: dict[str, Shop],
    client_of: Callable[[Shop], FlaskClient],
    sign_in: Callable[..., str],
    browser: Browser,
    start: int,
) -> None:
    shop = shops["north"]
    client = client_of(shop)
    sign_in(client, shop, make_staff(database, shop))
    vectors = [each.replace("\x00", "") for each in VECTORS[start : start + AT_ONCE]]
    with database.work(shop.id) as db:
        draft = new_page(db, "Hostile", "en")
        # Past all checks, as if somebody had written into the table.
        db.require(PageVersion, draft.id).blocks = [
            {"kind": "rich_text", "id": f"b{number}", "title": vector, "html": vector}
            for number, vector in enumerate(vectors)
        ]
        path = f"/reseller/pages/{draft.page_id}/en/"
        db.commit()
    context = browser.new_context(service_workers="block", locale="en", reduced_motion="reduce")
    try:
        looking = Looking(context.new_page(), shop, client)
        looking.page.goto(f"{shop.url}{path}")
        looking.page.wait_for_function(EDITOR_READY)
        for number in range(len(vectors)):
            looking.page.evaluate(f"document.querySelector('[data-item=b{number}] a').click()")

        assert looking.hits(path) == []
    finally:
        context.close()
