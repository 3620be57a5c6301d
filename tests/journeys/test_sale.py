"""The whole sale, from a Host header to a registered domain in the customer's panel."""

import os
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from tests.fixtures_house import House
from tests.journeys.walk import Walk

pytestmark = pytest.mark.browser

PASSWORD = "seven purple lighthouse keys"


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Somebody who buys, with an address that fits the country."""

    shop: str
    locale: str
    given: str
    family: str
    street: str
    postcode: str
    city: str
    phone: str


AINO = Buyer(
    shop="nordhost", locale="en-GB", given="Aino", family="Virtanen", street="Kalevankatu 18 B 12", postcode="00100",
    city="Helsinki", phone="+358 40 1234567",
)  # fmt: skip
ZOFIA = Buyer(
    shop="rejestrator", locale="pl-PL", given="Zofia", family="Wójcik", street="ul. Ogrodowa 12/4", postcode="61-821",
    city="Poznań", phone="+48 601 234 567",
)  # fmt: skip


def buy(walk: Walk, house: House, buyer: Buyer, *, picture: bool = False) -> str:
    """Search, put into the cart, open an account, order, pay by card, find the domain in the panel."""
    name = f"available-{uuid4().hex[:10]}"
    page = walk.page
    walk.go(house.url(buyer.shop))
    walk.look("home", picture=picture)

    page.locator("main input[name=q]").first.fill(name)
    page.locator("main input[name=q]").first.press("Enter")
    add = page.locator("form[action*='/cart/add'] button").first
    walk.until(add)
    walk.look("search", picture=picture)
    walk.press("form[action*='/cart/add'] button")
    walk.go(house.url(buyer.shop, "/cart"))
    walk.look("cart", picture=picture)

    walk.go(house.url(buyer.shop, "/checkout"))
    walk.look("checkout-sign-in")
    walk.press("main a[href*='sign-up']")
    walk.look("sign-up", picture=picture)
    email = f"{name}@example.org"
    walk.fill(
        given=buyer.given,
        family=buyer.family,
        street=buyer.street,
        postcode=buyer.postcode,
        city=buyer.city,
        phone=buyer.phone,
        email=email,
        password=PASSWORD,
    )
    walk.press("main form button[type=submit]:not([name])")
    page.wait_for_url(re.compile("/checkout"))
    walk.look("checkout", picture=picture)

    for box in page.locator("main input[type=checkbox]").all():
        box.check()
    page.locator("main input[name=pays_by][value=card]").check()
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile("pay[.]localhost"), timeout=30_000)
    walk.look("gateway", picture=picture)
    walk.fill(number="4242 4242 4242 4242", expiry="12/40", code="123")
    walk.press("button.primary")
    # The page of return goes on by itself as soon as the gateway has spoken.
    page.wait_for_url(re.compile(f"{buyer.shop}[.]localhost.*/pay/[-0-9a-f]+$"), timeout=60_000)
    walk.look("paid", picture=picture)
    return name


def find_in_panel(walk: Walk, house: House, buyer: Buyer, name: str, *, picture: bool = False) -> None:
    """Wait until the domain is there, and look at every page of the panel."""
    page = walk.page
    for _ in range(60):
        walk.go(house.url(buyer.shop, "/panel/domains/"))
        if page.locator(f"main a:has-text('{name}')").count():
            break
        page.wait_for_timeout(500)
    walk.look("panel-domains", picture=picture)
    walk.press(f"main a:has-text('{name}')")
    walk.look("panel-domain", picture=picture)
    for path, label in (
        ("/panel/overview", "panel"),
        ("/panel/orders/", "panel-orders"),
        ("/panel/documents/", "panel-documents"),
        ("/panel/profile", "panel-profile"),
    ):
        walk.go(house.url(buyer.shop, path))
        walk.look(label, picture=picture)


def download_papers(walk: Walk, house: House, buyer: Buyer) -> list[bytes]:
    """Download every paper of the panel."""
    walk.go(house.url(buyer.shop, "/panel/documents/"))
    papers = []
    for link in walk.page.locator("main a[href$='/pdf']").all():
        with walk.page.expect_download() as download:
            link.click()
        papers.append(download.value.path().read_bytes())
    return papers


def test_sale_in_english_on_a_desk(browser: Browser, running_house: House) -> None:
    house = running_house
    walk = Walk(browser, width=1280, locale=AINO.locale)
    picture = bool(os.environ.get("VITRINE_PICTURES"))

    name = buy(walk, house, AINO, picture=picture)
    find_in_panel(walk, house, AINO, name, picture=picture)
    papers = download_papers(walk, house, AINO)

    assert len(papers) == 2
    assert all(paper.startswith(b"%PDF") for paper in papers)
    assert {host.partition(":")[0] for host in walk.hosts} <= {"nordhost.localhost", "pay.localhost", "data"}
    subjects = [message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"] for path in house.letters()]
    assert any(name in subject for subject in subjects)
    walk.close()


def test_sale_in_polish_on_a_telephone(browser: Browser, running_house: House) -> None:
    house = running_house
    walk = Walk(browser, width=360, locale=ZOFIA.locale)
    picture = bool(os.environ.get("VITRINE_PICTURES"))

    name = buy(walk, house, ZOFIA, picture=picture)
    find_in_panel(walk, house, ZOFIA, name, picture=picture)

    assert walk.page.locator("html").get_attribute("lang") == "pl"
    walk.close()


def test_sale_without_scripts(browser: Browser, running_house: House) -> None:
    house = running_house
    walk = Walk(browser, width=1280, locale=AINO.locale, script=False)

    name = buy(walk, house, AINO)
    find_in_panel(walk, house, AINO, name)

    walk.close()
