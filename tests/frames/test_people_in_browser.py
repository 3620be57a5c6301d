"""Sign in from a page of somebody else in Chromium: two sites, the sandboxes people write, with scripts and without.

The whole matrix is walked by ``./run proof``; here stands what each way out needs.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Frame

from storefront.identity.models import LoginUser
from storefront.web.sessions import SESSION_COOKIE
from tests.frames.browsing import FLAGS, LEAVES, MUTE, NAMELESS, STAYS, opened, served, visit
from tests.frames.people import SITE, Windows
from tests.storefront.account.people import PASSWORD
from tests.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(app: Flask, windows: Windows) -> Iterator[str]:
    with served(app, windows.shop.host) as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with opened(chromium, FLAGS) as browser:
        yield browser


def enter(frame: Frame, user: LoginUser) -> None:
    frame.fill("[name=login]", user.login)
    frame.fill("[name=password]", PASSWORD)
    frame.click("form[target=_top] [type=submit]")


@pytest.mark.parametrize(
    "sandbox",
    [
        pytest.param(None, id="no sandbox"),
        pytest.param(LEAVES, id="right sandbox"),
        pytest.param(MUTE, id="sandbox without scripts"),
    ],
)
def test_sign_in_leaves_the_window_and_leads_back(
    browser: Browser, address: str, windows: Windows, user: LoginUser, sandbox: str | None
) -> None:
    context = browser.new_context()
    page = context.new_page()
    (frame,) = visit(page, [address + windows.address("user-login")], sandbox)

    if sandbox == MUTE:
        frame.click("noscript a")
    enter(frame, user)
    page.wait_for_url("**/account/way-back?*")
    names = {cookie["name"] for cookie in context.cookies()}
    page.click("text=Back to localhost:9001")
    page.wait_for_url(f"{SITE}/#shop-ticket=*")

    assert SESSION_COOKIE in names
    assert not any(cookie.get("partitionKey") for cookie in context.cookies())
    context.close()


def test_window_by_itself_needs_no_script(browser: Browser, address: str, windows: Windows, user: LoginUser) -> None:
    """A frame with a process of its own is told too late that it has no scripts, so this one stands at the top."""
    page = browser.new_context(java_script_enabled=False).new_page()

    page.goto(address + windows.address("user-login"))
    page.wait_for_url("**?step=form")
    enter(page.main_frame, user)
    page.wait_for_url("**/account/way-back?*")

    assert page.locator(f"a[href^='{SITE}/#shop-ticket=']").count() == 1
    page.context.close()


@pytest.mark.parametrize(
    "sandbox", [pytest.param(STAYS, id="may not leave"), pytest.param(NAMELESS, id="without an origin")]
)
def test_window_that_may_not_leave_shows_another_way(
    browser: Browser, address: str, windows: Windows, user: LoginUser, sandbox: str
) -> None:
    page = browser.new_page()
    page.clock.install()
    (frame,) = visit(page, [address + windows.address("user-login")], sandbox)

    if sandbox == STAYS:
        enter(frame, user)
        until(lambda: bool(frame.evaluate("document.querySelector('[name=token]').value")))
        page.clock.run_for(4_000)
    frame.wait_for_selector("[data-stuck]:not([hidden]) a[target=_blank]")

    assert frame.locator("form[method=post]").is_visible() == (sandbox == STAYS)
    assert page.url == f"{SITE}/customers"
    assert page.context.cookies() == []
    page.context.close()
