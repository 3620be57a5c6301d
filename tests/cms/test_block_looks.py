"""Every block as people see it: in each theme, light and dark, on a telephone and on a desk.

What is looked at is what the app answers; a browser asks it directly, so that nothing is served over a wire. The whole
matrix, ``./run proof pages``, writes the contact sheet ``docs/blocks.webp``.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from sqlalchemy import select

from cms.blocks import KINDS, block_from
from cms.pages import PageTerms, publish_page
from storefront.core.changes import SITE, announce
from storefront.core.db import Database
from tenants.resellers import current_reseller
from tests.cms.block_samples import sample
from tests.cms.block_shop import clear, furnish
from tests.fixtures_app import Shop
from tests.journeys.walk import ARGUMENTS, AXE

pytestmark = pytest.mark.browser

PATH = "/looks"
SHEET = Path(__file__).parents[2] / "docs" / "blocks.webp"
THEMES = ("default", "aurora")
SCHEMES = ("light", "dark")
WIDTHS = (1280, 320)
# How wide a picture of each width stands on the sheet, the room between them, and how high one is at most.
SHOWN = {1280: 320, 320: 110}
DRAWN = "Promise.all([...document.images].map(each => { each.loading = 'eager'; return each.decode() }))"
ROOM, HIGHEST, SIDE = 12, 420, 150


def painting(width: int = 1200, height: int = 800) -> bytes:
    """A harbour in the evening, more or less."""
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for line in range(height):
        share = line / height
        draw.line((0, line, width, line), fill=(int(240 - 150 * share), int(170 - 80 * share), int(120 + 60 * share)))
    draw.ellipse((width * 0.62, height * 0.3, width * 0.76, height * 0.51), fill=(255, 236, 190))
    draw.polygon(
        [(0, height), (0, height * 0.62), (width * 0.3, height * 0.5), (width * 0.62, height)], fill=(38, 52, 92)
    )
    draw.polygon([(width * 0.3, height), (width * 0.75, height * 0.58), (width, height)], fill=(28, 40, 74))
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


PAINTING = painting()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium from the system."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def north(database: Database, shops: dict[str, Shop]) -> Iterator[Shop]:
    """The shop in the north with a page of every block."""
    shop = shops["north"]
    with database.work(shop.id) as db:
        ids = furnish(db)
        blocks = [block_from(sample(kind, **ids)) for kind in KINDS]
        publish_page(db, PageTerms(key=PATH, locale="en", path=PATH, title="Every block", blocks=blocks))
        db.commit()
    yield shop
    with database.work(shop.id) as db:
        current_reseller(db).theme = "default"
        clear(db, ids)
        db.commit()


Open = Callable[..., Page]
# What other sites were asked for, by the pages of this module.
ASKED: list[str] = []


@pytest.fixture
def look(
    database: Database, north: Shop, client: FlaskClient, browser: Browser, heard: Callable[[Shop, int], None]
) -> Iterator[Open]:
    """Open the page of every block in a theme, a scheme and a width."""
    contexts: list[BrowserContext] = []

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.netloc != north.host:
            ASKED.append(route.request.url)
            route.fulfill(body="<!doctype html><title>A film</title><p>A film", content_type="text/html")
            return
        if parts.path.startswith("/media/"):
            route.fulfill(body=PAINTING, content_type="image/png")
            return
        told = client.get(parts.path + (f"?{parts.query}" if parts.query else ""))
        route.fulfill(status=told.status_code, body=told.get_data(), headers=dict(told.headers))

    def go(theme: str, scheme: str, width: int, *, script: bool = True) -> Page:
        ASKED.clear()
        with database.work(north.id) as db:
            current_reseller(db).theme = theme
            announce(db)
            db.commit()
            version = db.scalar(select(SITE.c.version).where(SITE.c.reseller_id == north.id)) or 0
        heard(north, version)
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            java_script_enabled=script,
            locale="en",
        )
        contexts.append(context)
        context.route("**/*", answer)
        page = context.new_page()
        page.goto(f"{north.url}{PATH}")
        return page

    yield go
    for context in contexts:
        context.close()


def faults(page: Page) -> list[str]:
    """What axe finds, and by how much the page is wider than its window."""
    found = page.evaluate(f"{AXE};axe.run({{resultTypes: ['violations']}}).then(found => found.violations)")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    told = [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]
    return [*told, *([f"sideways by {wide} px"] if wide > 0 else [])]


def test_page_of_every_block_is_whole_on_a_telephone(look: Open) -> None:
    page = look("default", "light", 320)

    assert faults(page) == []
    assert ASKED == []


def test_film_comes_after_a_click_without_scripts_too(look: Open) -> None:
    page = look("default", "light", 1280, script=False)
    page.locator(".embed").scroll_into_view_if_needed()
    assert ASKED == []

    page.get_by_role("link", name="Load it here").click()

    page.frame_locator(".embed iframe").get_by_text("A film").wait_for()
    assert ASKED == ["https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"]


def test_picture_of_a_gallery_opens_large_and_leads_on(look: Open) -> None:
    page = look("default", "light", 320)
    first = page.locator(".gallery a").first
    first.scroll_into_view_if_needed()

    first.click()
    dialog = page.get_by_role("dialog")
    dialog.locator("[data-place]", has_text="1 / 3").wait_for()
    expect(dialog.locator(":focus")).to_have_count(1)
    found = faults(page)
    page.keyboard.press("ArrowRight")
    dialog.locator("[data-place]", has_text="2 / 3").wait_for()
    dialog.get_by_role("button", name="Next picture").click()
    dialog.locator("[data-place]", has_text="3 / 3").wait_for()
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    expect(page.locator(".gallery a").last).to_be_focused()

    assert found == []
    assert page.url.endswith(PATH)


def parts_of(page: Page) -> list[Image.Image]:
    """A picture of each block, in the order of the page."""
    page.evaluate(DRAWN)
    places = page.locator("main > :is(section, div)")
    assert places.count() == len(KINDS)
    shots = [places.nth(number).screenshot(animations="disabled") for number in range(len(KINDS))]
    return [Image.open(BytesIO(each)).convert("RGB") for each in shots]


@pytest.mark.proof
def test_every_block_in_every_theme_scheme_and_width(look: Open) -> None:
    columns: list[tuple[str, list[Image.Image]]] = []

    wrong = {}
    for theme, width, scheme in product(THEMES, WIDTHS, SCHEMES):
        page = look(theme, scheme, width)
        wrong[theme, scheme, width] = faults(page)
        assert ASKED == []
        columns.append((f"{theme}, {scheme}, {width}", [shrunk(each, SHOWN[width]) for each in parts_of(page)]))

    sheet(columns).save(SHEET, "WEBP", quality=80, method=6)
    assert {place: each for place, each in wrong.items() if each} == {}


def shrunk(picture: Image.Image, width: int) -> Image.Image:
    """A picture at the width of its column, cut below what the sheet has room for."""
    height = max(1, picture.height * width // picture.width)
    small = picture.resize((width, height), Image.Resampling.LANCZOS)
    return small.crop((0, 0, width, min(height, HIGHEST)))


def sheet(columns: list[tuple[str, list[Image.Image]]]) -> Image.Image:
    """Put the pictures below each other, a row for each block and a column for each way of looking."""
    rows = [max(pictures[number].height for _name, pictures in columns) for number in range(len(KINDS))]
    widths = [pictures[0].width for _name, pictures in columns]
    whole = Image.new(
        "RGB", (SIDE + sum(widths) + ROOM * len(widths), 30 + sum(rows) + ROOM * len(rows)), (236, 236, 236)
    )
    draw = ImageDraw.Draw(whole)
    left = SIDE
    for (name, pictures), width in zip(columns, widths, strict=True):
        draw.multiline_text((left, 2), name.replace(", ", "\n", 1) if width < SIDE else name, fill=(40, 40, 40))
        top = 30
        for picture, height in zip(pictures, rows, strict=True):
            whole.paste(picture, (left, top))
            top += height + ROOM
        left += width + ROOM
    top = 30
    for kind, height in zip(KINDS, rows, strict=True):
        draw.text((ROOM, top), kind.replace("_", " "), fill=(40, 40, 40))
        top += height + ROOM
    return whole
