"""Windows inside pages that nobody here wrote: no style leaks either way, their height is right, axe finds nothing.

The whole matrix, eight layouts of others with every kind of window on a telephone and on a desk, is ``./run proof
frames``; here stands the worst page.
"""

import mimetypes
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Route, sync_playwright

from cms.models import Page as SitePage
from cms.models import PageVersion
from frames.kinds import KINDS
from frames.models import FrameSite
from frames.origins import host_of
from frames.published import script_integrity
from frames.settings import heights_for, make_frame
from frames.snippet import Piece, lines_for
from storefront.core.db import Database
from tests import factories
from tests.fixtures_app import Shop
from tests.frames.layouts import LAYOUTS, hostile
from tests.journeys.walk import ARGUMENTS, AXE
from tests.waiting import until

pytestmark = pytest.mark.browser

SITE = "https://www.boats.example"
WIDTHS = (1280, 360)
GROUPS = (
    ("domain-search", "user-login", "price-list"),
    ("order", "cart", "password-reset"),
    ("whois", "contact", "user-register"),
)
# How much of a window may be empty where visitors see it as a whole: its words are shorter in one language.
EMPTY = 40
WATCH = """window.shifts = []; new PerformanceObserver((list) => {
 for (const each of list.getEntries()) shifts.push(each.value); }).observe({type: "layout-shift", buffered: true});"""
# Every element with all that is reckoned for it, but for the place of a window and what is in it.
STYLES = """(place) => [...document.querySelectorAll("body, body *")].filter((each) => !place || !each.closest(place))
 .filter((each) => each.localName !== "script")
 .map((each) => each.localName + "." + each.className + "|" + [...getComputedStyle(each)]
 .filter((name) => !/^--|^(inset|bottom|top|right|left)/.test(name)).sort()
 .map((name) => name + ":" + getComputedStyle(each).getPropertyValue(name)).join(";"))"""
MEASURES = """() => ({inner: innerHeight, content: document.documentElement.getBoundingClientRect().height,
 scrolls: document.scrollingElement.scrollHeight - innerHeight,
 wide: document.documentElement.scrollWidth - innerWidth})"""


@dataclass(kw_only=True)
class Visit:
    """A page of somebody else, and what went wrong on it."""

    page: Page
    wrong: list[str] = field(default_factory=list)

    def windows(self, kinds: Sequence[str]) -> list[Frame]:
        """The windows in it, as soon as each is seen."""
        for kind in kinds:
            self.page.locator(KINDS[kind].element).wait_for(state="attached")
        for kind in kinds:  # a reader goes on when what stands there is there
            self.page.evaluate(TOWARDS, KINDS[kind].element)
            self.wait_for(KINDS[kind].element)
        self.page.evaluate("scrollTo(0, 0)")
        self.page.wait_for_timeout(200)
        found = {urlsplit(each.url).path.split("/")[2]: each for each in self.page.frames[1:]}
        return [found[kind] for kind in kinds]

    def wait_for(self, element: str) -> None:
        """Wait until a window is seen."""
        limit = time.monotonic() + PATIENCE_S
        while not self.page.evaluate(READY, element):
            assert time.monotonic() < limit, f"{element} is not shown: {self.wrong}"
            self.page.wait_for_timeout(50)


PATIENCE_S = 60
# So far that the element comes near, not into sight.
TOWARDS = (
    "(name) => scrollBy(0, Math.max(0, document.querySelector(name).getBoundingClientRect().top - innerHeight - 100))"
)
READY = """(name) => { const frame = document.querySelector(name)?.shadowRoot?.querySelector("iframe");
 return frame && getComputedStyle(frame).visibility === "visible" }"""
Open = Callable[..., Visit]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def shop(database: Database, shops: dict[str, Shop]) -> Shop:
    """A shop with a contact form, whose windows may stand on the site."""
    assert shops
    slug = f"layouts-{uuid4().hex[:6]}"
    with database.office_work() as office:
        made = factories.make_reseller(office, slug)
        office.commit()
    with database.work(made.id) as db:
        factories.stock(db)
        db.add(FrameSite(origin=SITE, host=host_of(SITE), state="proven", proof="dns", added_at=db.now))
        form = {
            "kind": "contact_form",
            "id": "b1",
            "title": "Ask us",
            "topics": [],
            "consent": "I agree.",
            "thanks": "",
        }
        page = db.add(SitePage(key="ask-us", created_at=db.now))
        db.flush()
        words = {"page_id": page.id, "locale": "en", "path": "/ask-us", "title": "Ask us", "state": "published"}
        db.add(PageVersion(**words, blocks=[form], edited_at=db.now, published_at=db.now))
        db.commit()
    return Shop(id=made.id, host=f"{slug}.localhost")


@pytest.fixture(scope="module")
def lines(database: Database, shop: Shop) -> dict[str, Any]:
    """The lines of a frame of each kind, as the office gives them."""
    with database.work(shop.id) as db:
        keys = {kind: make_frame(db, kind=kind, name=kind, options={}).key for kind in KINDS}
        heights = {kind: heights_for(db, KINDS[kind]) for kind in KINDS}
        db.commit()
    return {
        kind: lines_for(
            Piece(shop=shop.url, kind=KINDS[kind], key=key, title=str(KINDS[kind].title), heights=heights[kind]),
            integrity=script_integrity(),
            pages=[SITE],
        )
        for kind, key in keys.items()
    }


@pytest.fixture
def visit(app: Flask, shop: Shop, browser: Browser) -> Iterator[Open]:
    """Open a page of the site; the shop answers, files of packages lie where they were brought, all else is silent."""
    contexts: list[BrowserContext] = []
    packages = Path(os.environ.get("TEST_LAYOUTS") or "/nowhere")
    client = app.test_client()

    def open_page(html: str, width: int) -> Visit:
        late: list[Route] = []

        def answer(route: Route) -> None:
            parts = urlsplit(route.request.url)
            if parts.netloc == shop.host and parts.path.startswith("/frames/embed") and not painted:
                late.append(route)
            elif parts.netloc == shop.host:
                asked = route.request
                told = client.open(
                    parts.path + (f"?{parts.query}" if parts.query else ""),
                    method=asked.method,
                    data=asked.post_data_buffer,
                    base_url=shop.url,
                    headers={**asked.headers, "accept-language": "en"},
                )
                route.fulfill(status=told.status_code, body=told.get_data(), headers=dict(told.headers))
            elif parts.path == "/page":
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            elif parts.netloc == host_of(SITE) and (packages / parts.path.removeprefix("/packages/")).is_file():
                place = packages / parts.path.removeprefix("/packages/")
                kind = mimetypes.guess_type(place.name)[0]
                route.fulfill(body=place.read_bytes(), content_type=kind or "application/octet-stream")
            else:
                route.fulfill(status=204)

        painted: list[bool] = []
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="light", reduced_motion="reduce", locale="en"
        )
        contexts.append(context)
        context.add_init_script(f"if (window === top) {{ {WATCH} }}")
        context.route("**/*", answer)
        made = Visit(page=context.new_page())
        made.page.on("pageerror", lambda error: made.wrong.append(str(error)))
        made.page.on(
            "console", lambda said: made.wrong.append(said.text) if said.type in ("error", "warning") else None
        )
        made.page.goto(f"{SITE}/page", wait_until="domcontentloaded")
        # The script comes after the page was painted: what it moves is seen.
        made.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        made.page.wait_for_timeout(100)
        painted.append(True)
        for route in late:
            answer(route)
        return made

    yield open_page
    for context in contexts:
        with suppress(Exception):
            context.close()


def look(
    visit: Open, lines: dict[str, Any], write: Callable[[Path, str, str], str], kinds: Sequence[str], width: int
) -> list[str]:
    """Compare a page with windows to the same page without, and each window to the same in an empty page."""
    packages = Path(os.environ.get("TEST_LAYOUTS") or "/nowhere")
    script = lines[kinds[0]].script
    held = visit(write(packages, script, "".join(lines[kind].element for kind in kinds)), width)
    windows = held.windows(kinds)
    faults = []
    boxes = {}
    for kind, window in zip(kinds, windows, strict=True):
        boxes[kind] = held.page.evaluate(
            """(name) => { const at = document.querySelector(name), frame = at.shadowRoot.querySelector("iframe");
            const style = getComputedStyle(frame);
            return {whole: at.shadowRoot.querySelector("div").offsetHeight, high: frame.offsetHeight,
             wide: frame.offsetWidth, src: frame.getAttribute("src"), scheme: frame.style.colorScheme,
             link: at.querySelector("a").checkVisibility(), seen: style.visibility + style.display + style.opacity};
            }""",
            KINDS[kind].element,
        )
        seen, of = boxes[kind], window.evaluate(MEASURES)
        empty = seen["high"] - of["content"]
        if of["scrolls"] > 0 or of["wide"] > 0 or not -1 < empty <= EMPTY or seen["whole"] != seen["high"]:
            faults.append(f"{kind} is {seen} high and holds {of}")
        if seen["seen"] != "visibleblock1" or seen["link"]:
            faults.append(f"{kind} is not seen as it should be: {seen}")
        inside = window.evaluate(
            f"{AXE};axe.run({{preload: false, resultTypes: ['violations']}}).then((found) => found.violations)"
        )
        around = held.page.evaluate(
            f"(name) => {{ {AXE};"
            "return axe.run({include: [[name]]}, {iframes: false, preload: false, resultTypes: ['violations']})"
            ".then((found) => found.violations) }",
            KINDS[kind].element,
        )
        faults += [f"axe in {kind}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in inside + around]
        faults += [f"in {kind}: {each}" for each in differences(window.evaluate(STYLES, ""), bare(visit, seen))]
    names = ",".join(KINDS[kind].element for kind in kinds)
    mine = held.page.evaluate(STYLES, names)
    boxes_alone = "".join(
        f'<div class="place" style="display:block!important;box-sizing:content-box!important;'
        f'height:{boxes[kind]["whole"]}px!important"></div>'
        for kind in kinds
    )
    alone = visit(write(packages, "", boxes_alone), width)
    alone.page.wait_for_timeout(200)
    faults += [f"around: {each}" for each in differences(mine, alone.page.evaluate(STYLES, ".place"))]
    moved = held.page.evaluate("shifts.reduce((sum, each) => sum + each, 0)")
    moved -= alone.page.evaluate("shifts.reduce((sum, each) => sum + each, 0)")
    if moved > 0 and write is not hostile:  # which takes away the room that the lines keep
        faults.append(f"it moves by {moved}")
    faults += [f"the page says {each}" for each in held.wrong if each not in alone.wrong]
    return faults


def bare(visit: Open, seen: dict[str, Any]) -> list[str]:
    """The styles of the same window in a page that has none of its own."""
    frame = (
        f'<iframe src="{seen["src"].replace("&", "&amp;")}" title="w" width="{seen["wide"]}" height="{seen["high"]}"'
    )
    page = visit(
        f'<!doctype html><title>w</title>{frame} style="border:0;color-scheme:{seen["scheme"]}"></iframe>', 1400
    )
    until(lambda: len(page.page.frames) == 2 and page.page.frames[1].evaluate("document.readyState") == "complete")
    page.page.wait_for_timeout(150)
    found: list[str] = page.page.frames[1].evaluate(STYLES, "")
    return found


def differences(here: list[str], there: list[str]) -> list[str]:
    """Say which elements look otherwise, and in what: a few of them."""
    if len(here) != len(there):
        return [f"{len(here)} elements and not {len(there)}"]
    found = []
    for one, other in zip(here, there, strict=True):
        if one != other:
            parts = [f"{a} ≠ {b}" for a, b in zip(one.split(";"), other.split(";"), strict=False) if a != b]
            found.append(f"{one.partition('|')[0]}: {parts[:4]}")
    return found[:3]


def test_a_hostile_page_neither_changes_a_window_nor_is_changed(visit: Open, lines: dict[str, Any]) -> None:
    assert look(visit, lines, hostile, ("user-login",), 360) == []


# Every kind on a desk and on a telephone, every layout at both widths.
CASES = [
    pytest.param(layout, width, GROUPS[(at + WIDTHS.index(width)) % len(GROUPS)], id=f"{layout}-{width}")
    for at, layout in enumerate(LAYOUTS)
    for width in WIDTHS
]


@pytest.mark.proof
@pytest.mark.parametrize(("layout", "width", "kinds"), CASES)
def test_windows_in_layouts_of_others(
    visit: Open, lines: dict[str, Any], layout: str, width: int, kinds: tuple[str, ...]
) -> None:
    if reason := os.environ.get("TEST_LAYOUTS_MISSING", "they were not looked for: start with ./run proof"):
        pytest.skip(f"checker: layouts of others, {reason}")

    assert look(visit, lines, LAYOUTS[layout], kinds, width) == []
