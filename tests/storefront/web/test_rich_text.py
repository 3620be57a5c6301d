"""The editor of a text and lists to be dragged: what a browser makes of them, under the offices' policy."""

import os
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, Response
from flask import g as globals_of_request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from cms.sanitize import clean
from storefront.machine.scripts import is_here
from storefront.web import assets
from storefront.web.headers import POLICY, protect, style_nonce
from tests.journeys.walk import ARGUMENTS
from tests.waiting import until

ROOT = Path(__file__).parents[3]
CASES = tomllib.loads((ROOT / "tests" / "cms" / "pasted.toml").read_text(encoding="utf-8"))["case"]
PASTED = [case for case in CASES if case.get("paste")]
HOST = "http://office.test/"
PASTE = """html => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "-");
  const told = {inputType: "insertFromPaste", dataTransfer: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new InputEvent("beforeinput", told));
}"""
# An editor is there, or a word on why there is none; and it has painted what it made of its text.
IS_READY = """() => (document.querySelector(".rich-note") || document.querySelector("trix-editor")?.editor) &&
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"""
SET = "value => { document.querySelector('#text').value = value; }"
FIELD = """<div class="field"><label for="text">What you say</label><p class="hint" id="hint">Shortly.</p>
<textarea class="input" data-rich id="text" name="b1.html" lang="fr" aria-describedby="hint">{value}</textarea></div>"""
LIST = """<ol data-sortable>{entries}</ol>"""
ENTRY = '<li><p>A line</p><p>Another</p><input name="rows" value="{name}"> <button type="button">Up</button></li>'
PAGE = """<!doctype html><html lang="en"><head><title>Text</title>{head}</head><body><form>{field}
<input id="next" name="title" value="A title"></form></body></html>"""

Opened = Callable[[str], Page]
Served = Callable[[str], Page]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


def head_of(name: str, *, are_here: bool = True) -> str:
    """The head of a page of an office, as one of our templates writes it."""
    folders = [ROOT / "storefront" / "web" / "templates", ROOT / "themes" / "default" / "templates"]
    environment = Environment(loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined)
    # Macros see what the whole environment knows.
    environment.globals.update(asset=lambda name: f"/assets/{name}", style_nonce=lambda: "once", _=str)
    return environment.get_template(name).render(has_asset=lambda _name: are_here)


@pytest.fixture
def served(browser: Browser) -> Iterator[Served]:
    """Open a page with these fields in it; whatever its policy refuses in our own doing fails the test."""
    if not is_here():
        pytest.skip(os.environ.get("TEST_SCRIPTS_MISSING") or "the scripts of the editors are not here: ./run scripts")
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    policy = POLICY.format(gateways="").replace("style-src 'self'", "style-src 'self' 'nonce-once'")
    shown = {"body": ""}

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if not path.startswith("assets/"):
            headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
            route.fulfill(body=shown["body"], headers=headers)
            return
        name = path.removeprefix("assets/")
        kind = "text/css" if name.endswith(".css") else "text/javascript" if name.endswith(".js") else "image/svg+xml"
        route.fulfill(body=assets.content("default", name) or b"", content_type=kind)

    page.route("**/*", answer)

    def show(body: str) -> Page:
        head = head_of("console/rich_text.html") + head_of("console/sorted.html")
        shown["body"] = PAGE.format(head=head, field=body)
        page.goto(HOST)
        return page

    yield show
    context.close()
    # Trix looks at what is pasted before we do; the policy says that its styles have no effect, which is right.
    assert [fault for fault in faults if "inline style" not in fault] == []


@pytest.fixture
def opened(served: Served) -> Opened:
    """Open a page with one text in it."""

    def show(value: str) -> Page:
        page = served(FIELD.format(value=escape(value)))
        page.wait_for_selector(".rich, .rich-note")
        page.wait_for_function(IS_READY)
        return page

    return show


def selected(page: Page) -> str:
    """The words that the editor takes for selected."""
    said: str = page.evaluate(
        """(({editor}) => editor.getDocument().toString().slice(...editor.getSelectedRange()))
        (document.querySelector("trix-editor"))"""
    )
    return said


def value(page: Page) -> str:
    return str(page.eval_on_selector("#text", "field => field.value"))


@pytest.mark.browser
def test_opening_a_text_changes_nothing(opened: Opened) -> None:
    text = "<p>Two  spaces and <b>old</b> marks, c'est ça&nbsp;?</p>"

    page = opened(text)
    editor = page.locator("trix-editor")

    assert value(page) == text
    assert editor.get_attribute("lang") == "fr"
    assert page.get_by_role("textbox", name="What you say").count() == 1
    assert editor.get_attribute("aria-describedby") == "hint"


@pytest.mark.browser
def test_text_is_written_by_keyboard_alone(opened: Opened) -> None:
    page = opened("<p>Prices</p>")

    page.click("label")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # the first tool: a heading
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("First")
    page.keyboard.press("Enter")
    page.keyboard.type("see here")
    until(lambda: "see here" in value(page))
    page.keyboard.press("Shift+Home")
    until(lambda: selected(page) == "see here")  # browsers tell of a selection a moment after it was made
    page.keyboard.press("Control+k")
    expect(page.locator("trix-toolbar input[name=href]")).to_be_focused()
    page.keyboard.type("example.com")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.id") == "next"
    assert clean(value(page)) == (
        '<h2>Prices</h2><p>First</p><p><a href="https://example.com" rel="noopener">see here</a></p>'
    )


@pytest.mark.browser
def test_forms_and_scripts_read_and_write_the_field(opened: Opened) -> None:
    page = opened("<p>Before</p>")

    page.evaluate(SET, "<h2>Restored</h2><p>Quoi&nbsp;?</p>")
    page.evaluate("addEventListener('input', ({target}) => { document.title = target.name; })")
    page.click("trix-editor")
    page.keyboard.press("Control+End")
    page.keyboard.type("!")

    expect(page).to_have_title("b1.html")
    until(lambda: "!" in value(page))
    assert page.evaluate("[...new FormData(document.forms[0])]") == [
        ["b1.html", "<h2>Restored</h2><p>Quoi&nbsp;?!</p>"],
        ["title", "A title"],
    ]


@pytest.mark.browser
def test_pasted_text_is_what_the_server_makes_of_it(opened: Opened) -> None:
    page = opened("")
    found = {}

    for case in PASTED:
        page.evaluate(SET, "<p>-</p>")
        page.evaluate(SET, "")
        page.click("trix-editor")
        page.evaluate(PASTE, case["given"])
        expect(page.locator("#text")).not_to_have_value("")
        found[case["name"]] = clean(value(page))

    assert found == {case["name"]: case["kept"] for case in PASTED}


@pytest.mark.browser
def test_what_the_editor_cannot_show_stays_as_it_is(opened: Opened) -> None:
    page = opened("<table><tbody><tr><td>12</td></tr></tbody></table>")

    assert page.locator("#text").is_visible()
    assert page.locator("trix-editor").count() == 0
    assert "stands as markup" in page.inner_text(".rich-note")


@pytest.mark.browser
def test_field_that_comes_later_gets_its_editor(opened: Opened) -> None:
    page = opened("<p>One</p>")

    # As the editor of pages copies a block: without the editors in it.
    page.evaluate("document.forms[0].append(document.querySelector('.field').cloneNode(true))")

    expect(page.locator("trix-editor p")).to_have_count(2)


@pytest.mark.browser
def test_entries_are_dragged_by_their_handle(served: Served) -> None:
    page = served(LIST.format(entries="".join(ENTRY.format(name=name) for name in ("one", "two", "three"))))
    handles = page.locator(".sort-handle")
    expect(handles).to_have_count(3)
    page.evaluate("addEventListener('input', ({target}) => { document.title = target.value; })")

    last, first = handles.nth(2).bounding_box(), page.locator("li").first.bounding_box()
    assert last is not None
    assert first is not None
    page.mouse.move(last["x"] + 8, last["y"] + 8)
    page.mouse.down()
    page.mouse.move(last["x"] + 8, last["y"] - 20, steps=5)
    page.mouse.move(last["x"] + 8, first["y"] + 8, steps=10)
    # The list makes room when the pointer moves, and not while it still moves entries: a hand is never quite at rest.
    order = "[...document.querySelectorAll('li:not(.sortable-fallback) [name=rows]')].map((each) => each.value)"

    def makes_room() -> bool:
        for trembling in (8, 11):
            page.mouse.move(last["x"] + 8, first["y"] + trembling)
        return bool(page.evaluate(order) == ["three", "one", "two"])

    until(makes_room)
    page.mouse.up()

    expect(page).to_have_title("three")
    assert page.evaluate("new FormData(document.forms[0]).getAll('rows')") == ["three", "one", "two"]


def test_without_the_scripts_fields_are_plain() -> None:
    assert head_of("console/rich_text.html", are_here=False).strip() == ""
    assert head_of("console/sorted.html", are_here=False).strip() == ""


def test_only_a_page_that_asks_lets_a_script_add_styles() -> None:
    with Flask(__name__).test_request_context("/reseller/"):
        plain = protect(Response())
        word = style_nonce()
        asked = protect(Response())
        again = style_nonce()
        globals_of_request.pop("style_nonce")

    assert "nonce-" not in plain.headers["Content-Security-Policy"]
    assert f"style-src 'self' 'nonce-{word}';" in asked.headers["Content-Security-Policy"]
    assert word == again
    assert len(word) >= 20


FAR = """<div class="field"><label for="text-{number}">Text {number}</label>
<textarea class="input" data-rich id="text-{number}" name="t{number}.html">
&lt;p&gt;Number {number}&lt;/p&gt;</textarea></div><p>{gap}</p>"""


@pytest.fixture
def long_page(served: Served) -> Page:
    """A page with many texts below each other."""
    page = served("".join(FAR.format(number=number, gap="<br>" * 40) for number in range(20)))
    page.wait_for_selector("#text-0 + .rich trix-editor")
    page.wait_for_selector("#text-19[data-later]", state="attached")
    return page


@pytest.mark.browser
def test_text_gets_its_editor_when_it_comes_near(long_page: Page) -> None:
    before = long_page.locator("trix-editor").count()

    long_page.locator("#text-19").scroll_into_view_if_needed()

    assert before < 6
    expect(long_page.locator("#text-19 + .rich trix-editor")).to_have_text("Number 19")
    expect(long_page.locator("#text-10 + .rich")).to_have_count(0)
    sent = long_page.evaluate("() => [...new FormData(document.querySelector('form')).values()]")
    assert sent == [*(f"<p>Number {number}</p>" for number in range(20)), "A title"]


@pytest.mark.browser
def test_text_that_is_gone_to_has_its_editor_and_takes_what_is_typed(long_page: Page) -> None:
    long_page.evaluate("() => document.querySelector('#text-15').focus({ preventScroll: true })")
    editor = long_page.locator("#text-15 + .rich trix-editor")

    expect(editor).to_be_focused()
    expect(editor).to_have_text("Number 15")

    def stands_at_its_end() -> bool:
        long_page.keyboard.press("Control+End")
        return bool(editor.evaluate("({editor}) => editor.getSelectedRange()[0]") == len("Number 15"))

    until(stands_at_its_end)
    long_page.keyboard.type(" and more")

    expect(editor).to_have_text("Number 15 and more")
    expect(long_page.locator("#text-15")).to_have_value("<p>Number 15 and more</p>")
