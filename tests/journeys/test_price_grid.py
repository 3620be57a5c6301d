"""A list of prices changed like a spreadsheet: pasted, filled down, taken back, set in bulk, scheduled."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fixtures_house import House
from tests.journeys.walk import Walk

pytestmark = pytest.mark.browser

SHOP = "nordhost"
PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(paste);
}"""


def price(walk: Walk, name: str) -> str:
    return walk.page.locator(f"[name='{name}']").input_value()


def begin_draft(walk: Walk, house: House) -> str:
    """Sign in and copy the live list; returns the address of the draft."""
    login = house.login(SHOP, "owner")
    walk.go(house.url(SHOP, "/reseller/price-lists/"))
    walk.fill(login=login["login"], password=login["password"])
    walk.press("main form button[type=submit]")
    walk.page.wait_for_url("**/reseller/price-lists/")
    walk.look("price-lists")
    walk.page.locator("main form[action$='/copy'] button").first.click()
    walk.page.wait_for_url(re.compile(r"/price-lists/[0-9a-f-]{36}$"))
    return walk.page.url


def keep_view(walk: Walk, draft: str) -> str:
    """Keep the filters under a name and come back by it; returns what the first price is then."""
    page = walk.page
    page.locator("[data-views] summary").click()
    page.locator("[data-views] input").fill("Three endings")
    page.locator("[data-views-keep]").click()
    walk.look("price-grid-views")
    page.goto(draft)
    page.locator("[data-views] summary").click()
    page.get_by_role("button", name="Three endings", exact=True).click()
    page.wait_for_url("**?q=.com*")
    return price(walk, "register.1.com")


def ask_by_keys(page: Page) -> None:
    """Go over the prices of a list that stays as it is, and ask how one came about."""
    page.locator("span.cell[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("?")
    expect(page.locator(".popover.why")).to_contain_text("Customer pays", timeout=20_000)
    page.keyboard.press("Escape")
    expect(page.locator("span.cell[role=button]:focus")).to_have_count(1)


def test_prices_are_changed_like_a_spreadsheet(browser: Browser, running_house: House) -> None:
    walk = Walk(browser, width=1280, locale="en-GB")
    draft = begin_draft(walk, running_house)
    page = walk.page
    # A few rows say all that a hundred would, and axe looks at each of their cells.
    walk.go(f"{draft}?q=.com+.net+.fi")
    walk.look("price-grid")
    before = price(walk, "register.1.com")
    rows = page.locator(".sheet tbody tr")
    second = rows.nth(1).get_attribute("data-shown") or ""

    page.locator("[name='register.1.com']").click()
    page.evaluate(PASTE, "21,90\t22,90\n19,90\t20,90")
    pasted = price(walk, "register.1.com"), price(walk, "renew.1.com")
    page.keyboard.press("Control+z")
    undone = price(walk, "register.1.com")
    page.keyboard.type("24.90")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+d")
    filled = price(walk, f"register.1.{second.removeprefix('.')}")
    expect(page.locator("[data-status]")).to_have_text("Saved", timeout=20_000)
    kept = keep_view(walk, draft)

    page.locator("input[name=chosen][value=net]").check()
    page.locator("[data-bulk] button[value=preview]").click()
    expect(page.locator("[data-preview]")).to_contain_text("change", timeout=20_000)
    page.locator("[data-bulk] [data-none]").click()
    page.locator("[name='register.1.com']").click()
    page.locator(".cell-why").click()
    expect(page.locator(".popover.why")).to_contain_text("Customer pays", timeout=20_000)
    walk.look("price-grid-why")

    page.goto(f"{draft}/check")
    walk.look("price-list-check")
    day = datetime.now(UTC) + timedelta(days=40)
    page.locator("[name=when][value=later]").check()
    page.locator("[name=starts_on]").fill(day.date().isoformat())
    if page.locator("[name=has_seen]").count():
        page.locator("[name=has_seen]").check()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(re.escape(draft) + "(#|$)"))
    expect(page.locator("[data-badge]")).to_have_text("Scheduled")
    ask_by_keys(page)
    page.locator("main form[action$='/withdraw'] button").click()
    expect(page.locator("[data-badge]")).to_contain_text("Draft")
    walk.close()

    assert pasted == ("21.90", "22.90")
    assert undone == before
    assert filled == kept == "24.90"


def test_grid_without_scripts_on_a_telephone(browser: Browser, running_house: House) -> None:
    walk = Walk(browser, width=360, locale="en-GB", script=False, dark=True)
    begin_draft(walk, running_house)
    walk.look("price-grid-plain")

    walk.page.locator("[name='renew.1.com']").fill("33,30")
    walk.page.locator("form[data-grid] button[type=submit]").click()
    expect(walk.page.locator(".flashes")).to_contain_text("1 price is saved.")
    kept = price(walk, "renew.1.com")
    walk.close()

    assert kept == "33.30"
