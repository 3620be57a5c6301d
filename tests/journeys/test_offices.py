"""The offices as staff and operators use them: every page, at two widths, in both schemes."""

import os
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Browser

from tests.fixtures_house import House
from tests.journeys.walk import Walk

pytestmark = pytest.mark.browser

RESELLER = ("overview", "orders/", "proformas/", "invoices/", "customers/", "credits", "messages/")
OPERATOR = ("overview", "resellers/", "operations/", "health")
DESK = 1280
# The pictures of the docs are made on the way, when somebody asks for them.
PICTURES = bool(os.environ.get("VITRINE_PICTURES"))
# One scheme to walk in; each page is looked at in both.
SIZES = [(DESK, False), (360, True)]


def enter(walk: Walk, house: House, shop: str, who: str) -> None:
    """Sign in as staff or operator; an operator proves the second factor as well."""
    login = house.login("localhost" if who == "operator" else shop, who)
    area = "operator" if who == "operator" else "reseller"
    walk.go(house.url(shop, f"/{area}/overview"))
    walk.look("sign-in")
    walk.page.locator("main [name=login]").fill(login["login"])
    walk.page.locator("main [name=password]").fill(login["password"])
    walk.press("main form button[type=submit]")
    if login["second_factor"]:
        walk.look("second-step")
        app = pyotp.TOTP(login["second_factor"])
        walk.fill(code=app.now())
        walk.press("main form button[type=submit]")
        if walk.page.locator("main [name=code]").count():
            # Somebody used the code of this half minute already; the next one counts, too.
            walk.fill(code=app.at(datetime.now(UTC) + timedelta(seconds=30)))
            walk.press("main form button[type=submit]")
    walk.page.wait_for_url(f"**/{area}/**")


def look_round(walk: Walk, house: House, shop: str, area: str, *, picture: bool = False) -> None:
    """Open every list of an office, and the first thing of each."""
    pages = RESELLER if area == "reseller" else OPERATOR
    for page in pages:
        walk.go(house.url(shop, f"/{area}/{page}"))
        name = f"{area}-{page.strip('/')}"
        walk.look(name, picture=picture)
        first = walk.page.locator("main table tbody tr th a, main table tbody tr td a").first
        address = first.get_attribute("href") if first.count() else None
        if address and f"/{area}/" in address and not address.endswith("/pdf"):
            walk.press("main table tbody tr th a, main table tbody tr td a")
            walk.look(f"{name}-one")


@pytest.mark.parametrize(("width", "dark"), SIZES)
def test_reseller_office_is_in_order(browser: Browser, running_house: House, width: int, dark: bool) -> None:
    walk = Walk(browser, width=width, locale="en-GB", dark=dark, both=True)

    enter(walk, running_house, "nordhost", "owner")
    look_round(walk, running_house, "nordhost", "reseller", picture=PICTURES and width == DESK and not dark)

    walk.close()


def test_operator_office_is_in_order(browser: Browser, running_house: House) -> None:
    # One window: a code of the second factor counts once, and the next one comes only after thirty seconds.
    walk = Walk(browser, width=1280, locale="en-GB", both=True)

    enter(walk, running_house, "", "operator")
    look_round(walk, running_house, "", "operator", picture=PICTURES)
    walk.page.set_viewport_size({"width": 360, "height": 900})
    look_round(walk, running_house, "", "operator")

    walk.close()


@pytest.mark.parametrize("slug", ["domaineo", "rejestrator"])
@pytest.mark.parametrize(("width", "dark"), SIZES)
def test_shop_pages_are_in_order(browser: Browser, running_house: House, slug: str, width: int, dark: bool) -> None:
    walk = Walk(browser, width=width, locale={"domaineo": "fr-FR", "rejestrator": "pl-PL"}[slug], dark=dark, both=True)

    for path, name in (
        ("/", "home"),
        ("/search?q=atelier-lumiere", "search"),
        ("/cart", "cart-empty"),
        ("/nowhere", "not-found"),
    ):
        walk.page.goto(running_house.url(slug, path))
        walk.look(f"{slug}-{name}", picture=PICTURES and name == "home")

    walk.close()
