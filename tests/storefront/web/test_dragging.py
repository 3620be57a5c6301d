"""Pages of the tree are dragged by a finger and by a mouse; what is sent says where they were let go."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from storefront.web import assets
from tests.journeys.walk import ARGUMENTS

HOST = "http://office.test/"
ROW = """<li class="tree-page" id="p-{page}" data-page="{page}" data-parent=""><div class="tree-row">
<button class="tree-handle" type="button" data-move="/move/{page}" data-step="/step">move</button>
<div class="tree-name"><a href="/{page}">Page {page}</a></div></div></li>"""
PAGE = """<!doctype html><html lang="en" data-scripts><head><title>Pages</title>
<link rel="stylesheet" href="/assets/css/console.css"><link rel="stylesheet" href="/assets/css/pages.css">
<script type="module" src="/assets/js/pages.js"></script></head><body><ol class="tree-level" data-page-tree>{rows}</ol>
<form method="post" hidden data-tree-form><input type="hidden" name="parent"><input type="hidden" name="before">
<input type="hidden" name="to"></form></body></html>"""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


def finger(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    line = page.context.new_cdp_session(page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in places]})

    touch("touchStart", start)
    for step in range(1, 9):
        touch("touchMove", (start[0] + (end[0] - start[0]) * step / 8, start[1] + (end[1] - start[1]) * step / 8))
    touch("touchEnd")


def mouse(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=8)
    page.mouse.up()


def middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.browser
@pytest.mark.parametrize("by", [finger, mouse])
def test_page_lands_where_it_is_let_go(browser: Browser, by: Callable[..., None]) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=by is finger, is_mobile=by is finger
    )
    page = context.new_page()
    sent: list[tuple[str, dict[str, str]]] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if route.request.method == "POST":
            sent.append((path, dict(parse_qsl(route.request.post_data or "", keep_blank_values=True))))
        if path.startswith("assets/"):
            name = path.removeprefix("assets/")
            kind = "text/css" if name.endswith(".css") else "text/javascript"
            route.fulfill(body=assets.content("default", name) or b"", content_type=kind)
            return
        route.fulfill(
            body=PAGE.format(rows="".join(ROW.format(page=name) for name in "abcd")), content_type="text/html"
        )

    page.route("**/*", answer)
    for target, part in (("b", 0.1), ("a", 0.5), ("d", 0.9)):
        page.goto(HOST)
        page.wait_for_load_state("load")
        row = page.locator(f"#p-{target} > .tree-row").bounding_box()
        assert row is not None
        with page.expect_request(lambda request: request.method == "POST"):
            by(page, middle(page, "#p-c .tree-handle"), (row["x"] + 20, row["y"] + row["height"] * part))
    handle = page.locator("#p-c .tree-handle").bounding_box()
    context.close()

    assert [path for path, _values in sent] == ["move/c"] * 3
    # Before the second, below the first, behind the last.
    assert [(values["parent"], values["before"]) for _path, values in sent] == [("", "b"), ("a", ""), ("", "")]
    if by is finger:
        assert handle is not None
        assert min(handle["width"], handle["height"]) >= 44
