"""Frames as they are made in the office and stand in a page of the reseller's own: pictures for the docs."""

import os
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.fixtures_house import House
from tests.frames.browsing import FLAGS, opened
from tests.journeys.test_offices import enter
from tests.journeys.walk import PICTURES, Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif("VITRINE_PICTURES" not in os.environ, reason="pictures are made when somebody asks for them"),
]

SITE = "http://www.polar.localhost:9010"
SITES = (SITE, "https://www.good.test")
TALLEST = 1500
COLOURS = 128  # a palette makes a picture a quarter as large
ATELIER = {
    "nordhost": ("en", "Polar Studio", "Websites from the far north", "Find a name for yours", "What names cost"),
    "domaineo": ("fr", "Atelier Polaire", "Des sites venus du nord", "Trouvez un nom", "Ce que coûtent les noms"),
}
# A page of somebody else: nothing of it is the shop's but the two elements.
AROUND = """<!doctype html><html lang="{language}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{name}</title><style>
:root {{ color-scheme: light dark }}
body {{ margin: 0; background: light-dark(#fffdf8, #1a1815); color: light-dark(#2b2620, #f1ebe0);
  font: 1.0625rem/1.5 Georgia, "DejaVu Serif", serif }}
header, main {{ max-width: 58rem; margin: auto; padding: 1.25rem }}
header {{ display: flex; justify-content: space-between; align-items: baseline; gap: 0 1rem; flex-wrap: wrap }}
header b {{ font-size: 1.25rem; letter-spacing: .04em }} header i {{ opacity: .7 }}
h2 {{ font-weight: 400; font-size: 1.75rem; margin: .5rem 0 }}
</style><header><b>{name}</b><i>{line}</i></header><main><h2>{first}</h2>{search}<h2>{second}</h2>{prices}</main>
<script src="{shop}/frames/embed.v1.js" crossorigin="anonymous" async></script></html>"""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium that lets a page of the wide world speak to this machine."""
    with opened(chromium, FLAGS) as browser:
        yield browser


def keep(walk: Walk, name: str, width: int, *, dark: bool) -> None:
    """Write a picture into the docs; what sticks to the window's lower edge shall not stand across the page."""
    page = walk.page
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(1500)
    taken = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    taken.save(PICTURES / f"{name}-{width}{'-dark' if dark else ''}.png", optimize=True)
    page.set_viewport_size({"width": width, "height": 900})


def furnish(office: Walk, house: House, shop: str) -> dict[str, str]:
    """Name two sites and make two frames, unless they are there; gives the keys of the frames by their elements."""
    page, frames = office.page, house.url(shop, "/reseller/frames/")
    office.go(frames)
    if page.locator("main table").count() == 1:
        for site in SITES:
            office.go(house.url(shop, "/reseller/frame-sites/new"))
            office.fill(origin=site)
            office.press("main form [type=submit]")
        for kind in ("domain-search", "price-list"):
            office.go(house.url(shop, f"/reseller/frames/new?kind={kind}"))
            office.page.locator("main [name=look][value=transparent]").check()
            office.press(".maker-bar [type=submit]")
        office.go(frames)
    keys = {}
    for address in [link.get_attribute("href") for link in page.locator("main table").first.locator("th a").all()]:
        office.go(house.url(shop, address or ""))
        line = page.locator("pre.pasted").first.inner_text()
        element = line.partition("<shop-")[2].partition(" ")[0]
        keys[element] = line.partition('frame="')[2].partition('"')[0]
    return keys


@pytest.mark.parametrize(
    ("shop", "width", "dark"), [("nordhost", 1280, False), ("nordhost", 360, True), ("domaineo", 360, False)]
)
def test_pictures_of_frames(browser: Browser, running_house: House, shop: str, width: int, dark: bool) -> None:
    house, (language, name, line, first, second) = running_house, ATELIER[shop]
    prefix = "frames" if shop == "nordhost" else f"{shop}-frames"
    locale = {"en": "en-GB", "fr": "fr-FR"}[language]
    office = Walk(browser, width=width, locale=locale, dark=dark)
    enter(office, house, shop, "owner")
    keys = furnish(office, house, shop)

    walk = Walk(browser, width=width, locale=locale, dark=dark)
    pieces = {"search": f'<shop-search frame="{keys["search"]}"></shop-search>'}
    pieces |= {"prices": f'<shop-prices frame="{keys["prices"]}"></shop-prices>'}
    words = {"language": language, "name": name, "line": line, "first": first, "second": second}
    html = AROUND.format(shop=house.url(shop).rstrip("/"), **words, **pieces)
    walk.page.context.route(f"{SITE}/**", lambda route: route.fulfill(body=html, content_type="text/html"))
    walk.go(f"{SITE}/")
    window = walk.page.frame_locator("shop-search iframe")
    window.locator("#q").fill("polar-studio")
    window.locator("#q").blur()
    walk.page.frame_locator("shop-prices iframe").locator("tbody tr").first.wait_for()
    walk.page.evaluate("scrollTo(0, 0)")
    keep(walk, f"{prefix}-in-a-page", width, dark=dark)
    walk.close()

    for path, told in (("frames/", "list"), ("frames/new?kind=order", "new"), ("frame-sites/", "sites")):
        office.go(house.url(shop, f"/reseller/{path}"))
        office.look(told)
        keep(office, f"{prefix}-{told}", width, dark=dark)
    office.close()
