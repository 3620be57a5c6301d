"""Search and order inside a page of somebody else in Chromium, where cookies of other sites are blocked.

The whole matrix is walked by ``./run proof``; here stands what each way through needs.
"""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, Frame

from frames.settings import make_frame
from frames.sites import add_site
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.web.sessions import CART_COOKIE, FRAME_CART_COOKIE, SESSION_COOKIE
from tests import factories
from tests.fixtures_app import Shop
from tests.fixtures_sale import believe
from tests.frames.browsing import BLOCKED, LEAVES, NAMELESS, STAYS, opened, served, visit
from tests.frames.people import SITE, make_customer
from tests.journeys.walk import Walk
from tests.storefront.account.people import PASSWORD
from tests.waiting import until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shop(database: Database, shops: dict[str, Shop]) -> Shop:
    assert shops
    slug = f"shop-in-browser-{uuid4().hex[:6]}"
    with database.office_work() as office:
        made = factories.make_reseller(office, slug)
        office.commit()
    with database.work(made.id) as db:
        factories.stock(db)
        add_site(db, SITE)
        db.commit()
    return Shop(id=made.id, host=f"{slug}.localhost")


@pytest.fixture(scope="module")
def key(database: Database, shop: Shop) -> str:
    with database.work(shop.id) as db:
        made = make_frame(db, kind="order", name="Order", options={}).key
        db.commit()
    return made


@pytest.fixture(scope="module")
def address(app: Flask, shop: Shop) -> Iterator[str]:
    with served(app, shop.host) as address:
        yield address


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with opened(chromium, BLOCKED) as browser:
        yield browser


@pytest.fixture
def wanted(config: Config, shop: Shop) -> str:
    """A name whose registry has answered already."""
    name = f"browser-{uuid4().hex[:10]}.com"
    believe(config, shop, name)
    return name


def search(frame: Frame, name: str) -> None:
    frame.fill("#q", name)
    frame.click("form[role=search] [type=submit]")
    frame.wait_for_selector(".result[data-best]")


@pytest.mark.usefixtures("valkey")
@pytest.mark.parametrize(
    ("sandbox", "script"),
    [
        pytest.param(LEAVES, True, id="right sandbox"),
        pytest.param(None, False, id="no script"),
    ],
)
def test_order_goes_through_its_steps_and_leaves_with_the_cart(
    browser: Browser, address: str, key: str, wanted: str, sandbox: str | None, script: bool
) -> None:
    context = browser.new_context(java_script_enabled=script)
    page = context.new_page()
    (frame,) = visit(page, [f"{address}/frames/order/{key}"], sandbox)

    search(frame, wanted)
    frame.click(".result[data-best] button")
    frame.click("text=Continue to the cart")
    frame.click("text=Continue to the summary")
    before = context.cookies()
    frame.click("text=Continue to your details")
    page.wait_for_url("**/checkout*")
    after = {cookie["name"] for cookie in context.cookies()}

    assert {cookie["name"] for cookie in before} == {FRAME_CART_COOKIE}
    assert all(cookie.get("partitionKey") for cookie in before)
    assert CART_COOKIE in after
    assert SESSION_COOKIE not in after
    page.goto(f"{address}/cart")
    assert page.locator(f".line-name:text-is('{wanted}')").count() == 1
    context.close()


@pytest.mark.usefixtures("valkey")
def test_windows_of_a_page_share_their_cart_and_who_signs_in_takes_it_along_although_foreign_cookies_are_blocked(
    browser: Browser, address: str, wanted: str, database: Database, shop: Shop
) -> None:
    user = make_customer(database, shop)
    page = browser.new_page()
    windows = [f"{address}/frames/{kind}" for kind in ("domain-search", "cart", "user-login")]
    first, second, third = visit(page, windows, LEAVES)
    third.focus("[name=login]")
    until(lambda: bool(third.evaluate("document.querySelector('[name=token]').value")))

    search(first, wanted)
    first.click(".result[data-best] button")
    first.wait_for_selector(".frame-bar")

    # The cart follows by itself what another window of the page did.
    second.wait_for_selector(f".line-name:text-is('{wanted}')")
    third.fill("[name=login]", user.login)
    third.fill("[name=password]", PASSWORD)
    third.click("form[target=_top] [type=submit]")
    page.wait_for_url("**/account/way-back?*")
    page.goto(f"{address}/cart")
    assert page.locator(f".line-name:text-is('{wanted}')").count() == 1
    page.context.close()


@pytest.mark.usefixtures("valkey")
@pytest.mark.parametrize(
    "sandbox", [pytest.param(STAYS, id="may not leave"), pytest.param(NAMELESS, id="without an origin")]
)
def test_window_that_may_not_leave_shows_another_way(browser: Browser, address: str, wanted: str, sandbox: str) -> None:
    page = browser.new_page()
    page.clock.install()
    (frame,) = visit(page, [f"{address}/frames/domain-search"], sandbox)

    search(frame, wanted)
    if sandbox == STAYS:
        frame.click(".result[data-best] button")
        frame.click(".frame-bar a")
        frame.click("form[target=_top] button")
        page.clock.run_for(4_000)
    frame.wait_for_selector("[data-stuck]:not([hidden]) a[target=_blank]")

    assert page.url == f"{SITE}/customers"
    page.context.close()


@pytest.mark.usefixtures("valkey")
def test_every_step_is_whole_on_the_smallest_telephone(browser: Browser, address: str, key: str, wanted: str) -> None:
    walk = Walk(browser, width=280, locale="en-GB", both=True)

    walk.go(f"{address}/frames/order/{key}")
    walk.look("box")
    walk.fill(q=wanted)
    walk.press("form[role=search] [type=submit]")
    walk.look("answers")
    walk.press(".result[data-best] button")
    walk.look("options")
    walk.press("text=Continue to the cart")
    walk.look("cart")
    walk.press("text=Continue to the summary")
    walk.look("summary")
    walk.close()
