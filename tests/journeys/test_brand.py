"""A shop gets a face: one colour and a logo, then another theme, seen on page, panel, letter and paper."""

import os
import re
import struct
import time
import zlib
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO

import pytest
from playwright.sync_api import Browser, FloatRect
from pypdf import PdfReader

from tests.fixtures_house import House
from tests.journeys.test_offices import enter
from tests.journeys.test_sale import AINO, ZOFIA, buy, download_papers, find_in_panel
from tests.journeys.walk import PICTURES as KEPT
from tests.journeys.walk import Walk

pytestmark = pytest.mark.browser

PICTURES = bool(os.environ.get("VITRINE_PICTURES"))
COLOUR = "#5b2a86"
TOP = FloatRect(x=0, y=0, width=1280, height=1900)


def picture(width: int = 240, height: int = 60, colour: tuple[int, int, int] = (91, 42, 134)) -> bytes:
    """A logo: one colour on nothing, as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    shown, clear = bytes((*colour, 255)), bytes(4)
    row = b"\0" + b"".join(shown if 10 < each < width - 10 else clear for each in range(width))
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    packed = zlib.compress(row * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def brand(walk: Walk, house: House, shop: str) -> None:
    """Give a shop one colour and a logo, and publish."""
    walk.go(house.url(shop, "/reseller/branding/"))
    walk.look("branding")
    page = walk.page
    page.locator("main [name=brand]").fill(COLOUR)
    page.locator("main [name=light_file]").set_input_files(
        {"name": "logo.png", "mimeType": "image/png", "buffer": picture()}
    )
    page.locator("main button[name=action][value=publish]").click()
    page.wait_for_url("**/reseller/branding/**")
    walk.until(page.locator("main .flashes, .main .flashes").first)


def use_theme(walk: Walk, house: House, shop: str, theme: str) -> None:
    """Look at a theme first, then use it, with the button of the preview itself."""
    walk.go(house.url(shop, "/reseller/themes/"))
    walk.look("themes", picture=PICTURES)
    walk.press(f"form[action$='/themes/{theme}/look'] button")
    walk.until(walk.page.locator(".preview-line"))
    walk.look("theme-preview", picture=PICTURES)
    walk.press(f".preview-line form[action$='/themes/{theme}/use'] button")
    walk.page.wait_for_url("**/reseller/themes/**")
    walk.until(walk.page.locator(f"section:has([action$='/{theme}/look']) .badge"))


def shown_colour(walk: Walk) -> str:
    return str(walk.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--brand').trim()"))


def letter_with_paper(house: House, name: str) -> EmailMessage:
    """Wait for the letter that brings a paper for a name."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for path in reversed(house.letters()):
            letter = message_from_bytes(path.read_bytes(), policy=policy.default)
            html = letter.get_body(("html",))
            if html is not None and name in str(html.get_content()) and any(letter.iter_attachments()):
                return letter
        time.sleep(0.3)
    return pytest.fail(f"no letter with a paper about {name}")


def theme_of(walk: Walk) -> str:
    sheet = walk.page.locator("link[rel=stylesheet]").first.get_attribute("href") or ""
    return sheet.split("/")[2]


def test_shop_takes_one_colour_a_logo_and_a_theme(browser: Browser, running_house: House) -> None:
    house, shop = running_house, "nordhost"
    office = Walk(browser, width=1280, locale=AINO.locale)
    enter(office, house, shop, "owner")
    visitor = Walk(browser, width=1280, locale=AINO.locale)

    brand(office, house, shop)
    use_theme(office, house, shop, "aurora")

    name = buy(visitor, house, AINO)
    assert shown_colour(visitor) == COLOUR
    assert theme_of(visitor) == "aurora"
    find_in_panel(visitor, house, AINO, name)
    assert (shown_colour(visitor), theme_of(visitor)) == (COLOUR, "aurora")
    logo = visitor.page.locator(".site-head .logo img").first
    assert logo.evaluate("image => image.complete && image.naturalWidth > 0")

    letter = letter_with_paper(house, name)
    html = str(letter.get_body(("html",)).get_content())  # type: ignore[union-attr]  # it was found by it
    assert COLOUR in html
    assert 'class="head"' in html
    assert [part.get_content_type() for part in letter.walk()].count("image/png") >= 1
    for paper in download_papers(visitor, house, AINO):
        drawn = PdfReader(BytesIO(paper)).pages[0]
        assert drawn.images
        # The rail of this theme goes down the whole page; the default's band lies across its top.
        assert re.search(r"\b0\.35\d* 0\.16\d* 0\.52\d* rg", drawn.get_contents().get_data().decode("latin-1"))  # type: ignore[union-attr]  # a page with words
    visitor.close()

    # Going back is the same click.
    office.go(house.url(shop, "/reseller/themes/"))
    office.press("form[action$='/themes/default/use'] button")
    office.go(house.url(shop, "/search"))
    assert theme_of(office) == "default"
    office.close()


# On a telephone in the dark, with every page looked at in both schemes; the desk once more in ./run proof.
@pytest.mark.parametrize(("width", "dark"), [pytest.param(1280, False, marks=pytest.mark.proof), (360, True)])
def test_aurora_is_in_order_in_a_bright_brand(browser: Browser, running_house: House, width: int, dark: bool) -> None:
    """The yellow shop in aurora, through search, cart, checkout and panel, with axe on every page."""
    house, shop = running_house, "rejestrator"
    office = Walk(browser, width=1280, locale="pl-PL")
    enter(office, house, shop, "owner")
    office.go(house.url(shop, "/reseller/themes/"))
    if office.page.locator("form[action$='/themes/aurora/use'] button").count():
        office.press("form[action$='/themes/aurora/use'] button")
    office.close()
    walk = Walk(browser, width=width, locale=ZOFIA.locale, dark=dark, both=True)
    walk.go(house.url(shop, "/cennik"))
    walk.look("prices")
    walk.page.goto(house.url(shop, "/nothing-here"))
    walk.look("not-found")

    name = buy(walk, house, ZOFIA)
    find_in_panel(walk, house, ZOFIA, name)

    assert theme_of(walk) == "aurora"
    walk.close()


@pytest.mark.skipif(not PICTURES, reason="the pictures of the docs are made when somebody asks for them")
@pytest.mark.parametrize(("width", "dark"), [(1280, False), (360, True)])
def test_pictures_of_aurora(browser: Browser, running_house: House, width: int, dark: bool) -> None:
    house = running_house
    office = Walk(browser, width=1280, locale="en-GB")
    enter(office, house, "domaineo", "owner")
    office.go(house.url("domaineo", "/reseller/themes/"))
    office.press("form[action$='/themes/aurora/use'] button, form[action$='/themes/aurora/look'] button")
    office.close()
    walk = Walk(browser, width=width, locale="fr-FR", dark=dark)
    walk.go(house.url("domaineo"))
    walk.look("aurora-home", picture=width < 1280)
    if width == 1280:  # all of it is too large a file
        walk.page.screenshot(path=KEPT / f"aurora-home-{width}.png", full_page=True, clip=TOP)
    walk.go(house.url("domaineo", "/search?q=atelier-lumiere"))
    walk.look("aurora-search", picture=True)
    walk.close()
