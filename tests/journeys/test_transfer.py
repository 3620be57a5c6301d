"""A name from elsewhere: from the search to the panel, with a wrong code on the way, on a desk and on a telephone."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from tests.fixtures_house import House
from tests.journeys.walk import Walk

pytestmark = pytest.mark.browser


def enter(walk: Walk, house: House, shop: str) -> None:
    """Sign in as the demo's customer."""
    login = house.login(shop, "customer")
    walk.go(house.url(shop, "/account/sign-in"))
    walk.fill(login=login["login"], password=login["password"])
    walk.press("main form button[type=submit]")


def order(walk: Walk, house: House, shop: str, name: str, code: str) -> None:
    """Put the transfer of a name into the cart, order it and pay by card."""
    page = walk.page
    walk.go(house.url(shop, f"/cart/transfer?name={name}"))
    walk.look("transfer")
    walk.fill(code_0=code)
    walk.press("main form button[data-kind=primary]")
    walk.go(house.url(shop, "/cart"))
    walk.look("cart-transfer")
    walk.go(house.url(shop, "/checkout"))
    walk.look("checkout-transfer")
    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.locator("main input[name=pays_by][value=card]").check()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url("**/pay.localhost*/**", timeout=30_000)
    walk.fill(number="4242 4242 4242 4242", expiry="12/40", code="123")
    walk.press("button.primary")
    # The page of return goes on by itself as soon as the gateway has spoken.
    page.wait_for_url(re.compile(f"{shop}[.]localhost.*/pay/[-0-9a-f]+$"), timeout=60_000)


@pytest.mark.parametrize(("shop", "width", "locale"), [("nordhost", 1280, "en-GB"), ("rejestrator", 360, "pl-PL")])
def test_transfer_with_a_wrong_code_comes_here(
    browser: Browser, running_house: House, shop: str, width: int, locale: str
) -> None:
    walk, name = Walk(browser, width=width, locale=locale), f"{uuid4().hex[:10]}-elsewhere.eu"
    page = walk.page
    enter(walk, running_house, shop)
    walk.go(running_house.url(shop, "/cart/transfer"))
    walk.look("transfers")

    order(walk, running_house, shop, name, "WRONG-1234")
    for _ in range(60):
        walk.go(running_house.url(shop, "/panel/domains/"))
        if page.locator(f"main a:has-text('{name}')").count():
            break
        page.wait_for_timeout(500)
    walk.press(f"main a:has-text('{name}')")
    address = page.url
    for _ in range(60):
        walk.go(address)
        if page.locator("main [name=code]").count():
            break
        page.wait_for_timeout(500)
    walk.look("panel-transfer-code")
    walk.fill(code=f"CODE-{name.partition('.')[0]}")
    walk.press("main form button[data-kind=primary]")
    for _ in range(60):
        walk.go(address)
        if page.locator("main form[action$='/renewal']").count():
            break
        page.wait_for_timeout(500)
    walk.look("panel-transferred")

    assert page.locator("main form[action$='/renewal']").count() == 1
    walk.close()
