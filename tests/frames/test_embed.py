"""embed.v1.js and frame.js in Chromium: a page on one site, windows of a shop on another; no server, no database.

Every answer is played by the browser itself, so the two sites are true ones with https.
"""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, Route, sync_playwright

from frames.kinds import KINDS
from frames.snippet import Piece, lines_for
from tests.journeys.walk import ARGUMENTS

ROOT = Path(__file__).resolve().parents[2]
EMBED = (ROOT / "frames" / "static" / "embed.v1.js").read_text(encoding="utf-8")
FRAME = (ROOT / "themes" / "default" / "static" / "js" / "frame.js").read_text(encoding="utf-8")
SHOP, SITE, EVIL = "https://shop.example.net", "https://www.example.com", "https://evil.example.org"
TICKET = "t" * 43
SHEET = "html[data-scheme=dark]{background:#000}body{margin:0}main{height:200px}main.tall{height:700px}"
WINDOW = """<!doctype html><html lang="en" data-frame="" data-kind="{kind}" data-origins="{origins}" data-look="inherit"
 data-shown="/frames/{kind}/shown" data-told="/frames/told"><title>{kind}</title>
<link rel="stylesheet" href="/assets/frame.css"><script src="/assets/frame.js"></script>
<main><form action="/frames/{kind}?step=2"><input name="q" data-prefill="search"><input type="hidden" name="back">
<button>Go</button></form></main></html>"""
PAGE = """<!doctype html><html lang="en"><title>Site</title><style>body{{margin:0;font:16px/1.5 sans-serif}}</style>
<script>
 window.heard = []; window.shifts = 0;
 for (const type of ["ready", "resize", "search", "result", "cart", "step", "signed-in", "ordered"])
  addEventListener("shop:" + type, (event) => heard.push({{on: event.target.id, ...event.detail}}));
 new PerformanceObserver((list) => {{ for (const each of list.getEntries()) shifts += each.value; }})
  .observe({{type: "layout-shift", buffered: true}});
</script>
<script src="{shop}/frames/embed.v1.js" async></script><h1>Site</h1>{body}<p id="below">Below</p></html>"""
SEARCH = """<shop-search id="{id}" {more} style="display:block;min-height:260px">
<a href="{shop}/frames/domain-search">Search</a></shop-search>"""
GIVEN_UP = "document.getElementById('one').shadowRoot?.querySelector('slot').style.display === 'contents'"

Play = Callable[..., Page]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium from the system."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1000, "height": 800}, color_scheme="light")
    yield made
    made.close()


@pytest.fixture
def played(context: BrowserContext) -> Play:
    """Open a page with some elements; ``policy`` is the page's own, ``ancestors`` that of the shop's windows."""

    def open_page(
        body: str = "",
        *,
        fragment: str = "",
        policy: str = "",
        ancestors: str = SITE,
        origins: str = f"{SITE} https://example.com",
        mute: bool = False,
        held: list[Route] | None = None,
    ) -> Page:
        def shop(route: Route) -> None:
            path = route.request.url.removeprefix(SHOP).partition("?")[0].partition("#")[0]
            if path == "/frames/embed.v1.js":
                route.fulfill(body=EMBED, content_type="text/javascript", headers={"Access-Control-Allow-Origin": "*"})
            elif path.startswith("/assets/"):
                script, sheet = ("" if mute else FRAME, "text/javascript"), (SHEET, "text/css")
                content, kind = script if path.endswith(".js") else sheet
                route.fulfill(body=content, content_type=kind)
            elif path == "/frames/told":
                paid = {"order": "A-1", "value": "12.30", "currency": "EUR", "campaign": "spring"}
                route.fulfill(json={"events": [{"type": "ordered", **paid, "email": "x@y.z"}]})
            elif path.endswith("/shown"):
                route.fulfill(status=204)
            elif held is not None:
                held.append(route)
            else:
                content = WINDOW.format(kind=path.split("/")[-1], origins=origins)
                policy_of_window = f"frame-ancestors {ancestors}"
                route.fulfill(
                    body=content, content_type="text/html", headers={"Content-Security-Policy": policy_of_window}
                )

        context.route(f"{SHOP}/**", shop)
        headers = {"Content-Security-Policy": policy} if policy else {}
        html = PAGE.format(shop=SHOP, body=body or SEARCH.format(id="one", more="", shop=SHOP))
        context.route(f"{SITE}/**", lambda route: route.fulfill(body=html, content_type="text/html", headers=headers))
        page = context.new_page()
        page.goto(f"{SITE}/page{fragment}", wait_until="domcontentloaded")
        return page

    return open_page


def until(page: Page, condition: str, seconds: float = 10) -> None:
    """Ask until it holds: a page's own policy forbids Playwright to wait inside of it."""
    limit = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < limit, condition
        page.wait_for_timeout(20)


def windows(page: Page) -> list[Frame]:
    return [frame for frame in page.frames if frame.url.startswith(SHOP)]


def say(frame: Frame, event: dict[str, object]) -> None:
    """Let a window's document say what happened, as pages of the shop do."""
    frame.evaluate(
        "said => { const at = document.createElement('div'); at.dataset.event = said; document.body.append(at); }",
        json.dumps(event),
    )


def heard(page: Page, kind: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = page.evaluate("kind => heard.filter((each) => each.type === kind)", kind)
    return found


def box(page: Page, element: str = "one") -> dict[str, object]:
    found: dict[str, object] = page.evaluate(
        """id => { const frame = document.getElementById(id).shadowRoot.querySelector("iframe");
        const link = document.getElementById(id).querySelector("a");
        return { height: frame?.offsetHeight, shown: frame ? getComputedStyle(frame).visibility : "none",
                 link: !!link && link.checkVisibility(), sandbox: frame?.getAttribute("sandbox"), title: frame?.title,
                 whole: document.getElementById(id).offsetHeight }; }""",
        element,
    )
    return found


def test_a_window_is_shown_and_follows_its_content_without_a_jump(played: Play) -> None:
    page = played()

    until(page, "heard.some((each) => each.type === 'ready')")
    first = box(page)
    top = page.evaluate("document.getElementById('below').offsetTop")
    page.wait_for_timeout(300)
    shifts = page.evaluate("shifts")
    windows(page)[0].evaluate("document.querySelector('main').className = 'tall'")
    until(page, "heard.some((each) => each.type === 'resize' && each.height === 700)")

    assert shifts == 0
    assert (first["shown"], first["link"], first["height"], first["title"]) == ("visible", False, 260, "Search")
    assert first["sandbox"] == (
        "allow-forms allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox "
        "allow-top-navigation-by-user-activation"
    )
    assert box(page)["height"] == 700
    assert top == page.evaluate("document.getElementById('below').offsetTop") - 440
    assert windows(page)[0].evaluate("scrollY + document.documentElement.scrollWidth - innerWidth") == 0


def test_what_the_page_says_reaches_the_window_and_its_address_bar_alone(played: Play) -> None:
    more = 'look="dark" accent="#aa0000" search="fjord" lang="pl" loading="eager"'
    page = played(SEARCH.format(id="one", more=more, shop=SHOP))

    until(page, "heard.some((each) => each.type === 'ready')")
    window = windows(page)[0]

    assert window.url == f"{SHOP}/pl/frames/domain-search"
    assert window.evaluate("document.documentElement.dataset.scheme") == "dark"
    assert window.evaluate("document.documentElement.style.getPropertyValue('--brand')") == "#aa0000"
    assert window.evaluate("document.querySelector('[name=q]').value") == "fjord"
    assert window.evaluate("document.querySelector('[name=back]').value") == f"{SITE}/page"
    # The next document of the same window still knows it.
    window.evaluate("document.querySelector('form').submit()")
    until(page, "heard.filter((each) => each.type === 'ready').length === 2")
    assert windows(page)[0].url.endswith("?q=fjord&back=https%3A%2F%2Fwww.example.com%2Fpage")
    assert windows(page)[0].evaluate("document.documentElement.dataset.scheme") == "dark"


def test_a_plain_window_knows_its_site_after_a_step_too(played: Play) -> None:
    page = played(f'<iframe title="w" src="{SHOP}/frames/domain-search" width="400" height="300"></iframe>')
    page.frame_locator("iframe").locator("form").wait_for()
    window = windows(page)[0]
    window.wait_for_selector("[name=back]", state="attached")
    window.wait_for_function("document.querySelector('[name=back]').value")

    window.evaluate("document.querySelector('form').submit()")
    window.wait_for_url("**?q=*")
    window.wait_for_function("document.querySelector('[name=back]')?.value")

    assert window.evaluate("document.querySelector('[name=back]').value") == f"{SITE}/"


def test_events_are_checked_frozen_and_told_to_a_data_layer_only_if_it_is_asked_for(played: Play) -> None:
    two = SEARCH.format(id="one", more="data-layer", shop=SHOP) + SEARCH.format(id="two", more="", shop=SHOP)
    page = played(two)
    until(page, "heard.filter((each) => each.type === 'ready').length === 2")

    for frame in windows(page):
        say(frame, {"type": "search", "names": 2, "extensions": ["com", "pl"], "words": "john smith"})
        say(frame, {"type": "cart", "lines": -1, "value": "1", "currency": "EUR"})
        say(frame, {"type": "result", "available": 1})
        say(frame, {"type": "nonsense"})
        say(frame, {"type": "cart", "lines": 1, "value": "12.30", "currency": "EUR"})
    until(page, "heard.filter((each) => each.type === 'cart').length === 2")

    assert sorted(heard(page, "search"), key=lambda each: str(each["on"])) == [
        {"on": name, "v": 1, "type": "search", "frame": "", "kind": "domain-search", "names": 2,
         "extensions": ["com", "pl"]}
        for name in ("one", "two")
    ]  # fmt: skip
    assert heard(page, "result") == []
    layer = page.evaluate("dataLayer.map((each) => [each.event, each.shop.lines ?? null, Object.isFrozen(each.shop)])")
    assert layer == [["shop_ready", None, True], ["shop_search", None, True], ["shop_cart", 1, True]]


def test_messages_from_elsewhere_do_nothing(played: Play, context: BrowserContext) -> None:
    forger = """<script>for (const target of [parent, parent.frames[0], top]) for (const v of [1, "1"])
     for (const type of ["ready", "resize", "ordered"]) target.postMessage({v, type, frame: "", kind: "order",
     height: 4000, order: "A-1", value: "1", currency: "EUR", campaign: ""}, "*")</script>"""
    context.route(f"{EVIL}/**", lambda route: route.fulfill(body=forger, content_type="text/html"))
    page = played(SEARCH.format(id="one", more="", shop=SHOP) + f'<iframe id="evil" src="{EVIL}/"></iframe>')
    until(page, "heard.some((each) => each.type === 'ready')")

    page.evaluate(
        """for (let number = 0; number < 40; number += 1)
        postMessage({v: 1, type: ["resize", "ordered", "ready", "__proto__"][number % 4], frame: "", kind: "order",
                     height: 3000, order: "A", value: "1", currency: "EUR", campaign: ""}, "*")"""
    )
    page.wait_for_timeout(300)

    assert box(page)["height"] == 260
    assert heard(page, "ordered") == []
    assert len(heard(page, "ready")) == 1
    # The window itself is led away: its frame is ours, what speaks in it is not.
    windows(page)[0].evaluate("address => { location.href = address; }", f"{EVIL}/")
    page.wait_for_timeout(400)
    assert heard(page, "ordered") == []
    assert len(heard(page, "ready")) == 1


def test_wrong_words_of_the_shop_itself_are_dropped(played: Play) -> None:
    page = played()
    until(page, "heard.some((each) => each.type === 'ready')")

    windows(page)[0].evaluate(
        """site => { for (const wrong of [null, 7, "ready", [], {v: 2, type: "ready"}, {v: 1, type: "toString"},
        {v: 1, type: "resize", frame: "", kind: "order", height: NaN},
        {v: 1, type: "resize", frame: "x", kind: "order", height: 900},
        {v: 1, type: "resize", frame: "", kind: "order", height: Infinity},
        {v: 1, type: "ordered", frame: "", kind: "order", order: "<b>", value: "1", currency: "EUR", campaign: ""},
        {v: 1, type: "ordered", frame: "", kind: "order", order: "A", value: "1", currency: "EUR", campaign: "<b>"}])
          parent.postMessage(wrong, site);
        parent.postMessage({v: 1, type: "resize", frame: "", kind: "order", height: 1e9}, site); }""",
        SITE,
    )
    until(page, "heard.some((each) => each.height > 4000)")

    assert box(page)["height"] == 5000
    assert heard(page, "ordered") == []
    assert len(heard(page, "ready")) == 1


@pytest.mark.parametrize(
    "way",
    [
        "not allowed",
        "policy of the page",
        *(pytest.param(way, marks=pytest.mark.proof) for way in ("slow", "no script", "not named")),
    ],
)
def test_a_window_that_cannot_be_shown_is_a_link(played: Play, way: str) -> None:
    own = f"frame-src 'none'; script-src 'unsafe-inline' {SHOP}; style-src 'unsafe-inline'"
    settings: dict[str, dict[str, object]] = {
        "not allowed": {"ancestors": EVIL},
        "policy of the page": {"policy": own},
        "slow": {"held": []},
        "no script": {"mute": True},
        "not named": {"origins": EVIL},
    }
    begun = time.monotonic()
    page = played(SEARCH.format(id="one", more='wait="0.5"', shop=SHOP), **settings[way])

    until(page, GIVEN_UP)

    seen = box(page)
    assert (seen["shown"], seen["link"], seen["whole"]) == ("hidden", True, 260)
    assert page.evaluate("shifts") == 0
    assert heard(page, "ready") == []
    assert time.monotonic() - begun < 30


def test_a_late_window_comes_back(played: Play) -> None:
    held: list[Route] = []
    page = played(SEARCH.format(id="one", more='wait="0.2"', shop=SHOP), held=held)
    until(page, GIVEN_UP)

    held[0].fulfill(body=WINDOW.format(kind="domain-search", origins=SITE), content_type="text/html")
    until(page, "heard.some((each) => each.type === 'ready')")

    assert (box(page)["shown"], box(page)["link"]) == ("visible", False)


def test_a_ticket_leaves_the_address_and_is_told_once(played: Play) -> None:
    two = SEARCH.format(id="one", more="", shop=SHOP) + SEARCH.format(id="two", more="", shop=SHOP)
    page = played(two, fragment=f"#shop-ticket={TICKET}")

    until(page, "heard.some((each) => each.type === 'ordered')")

    assert page.url == f"{SITE}/page"
    told = [(each["order"], each["value"], each["campaign"], "email" in each) for each in heard(page, "ordered")]
    assert told == [("A-1", "12.30", "spring", False)]
    assert [TICKET in frame.url for frame in windows(page)] == [False, False]


def test_far_windows_wait_until_they_are_near(played: Play) -> None:
    far = '<div style="height:4000px"></div>' + SEARCH.format(id="two", more="", shop=SHOP)
    page = played(SEARCH.format(id="one", more="", shop=SHOP) + far)
    until(page, "heard.some((each) => each.type === 'ready')")
    page.wait_for_timeout(200)
    before = len(windows(page))

    page.evaluate("document.getElementById('two').scrollIntoView()")
    until(page, "heard.some((each) => each.type === 'ready' && each.on === 'two')")

    assert before == 1
    assert page.evaluate("shifts") == 0


def test_a_page_of_the_shops_own_origin_gets_a_link(played: Play) -> None:
    page = played(f'<shop-login id="one" shop="{SITE}" title="Sign in"></shop-login>')

    until(page, "document.querySelector('#one a')")

    assert page.evaluate("document.querySelector('#one a').href") == f"{SITE}/frames/user-login"
    assert windows(page) == []


def test_names_that_visitors_write_into_the_page_lead_no_window_elsewhere(
    played: Play, context: BrowserContext
) -> None:
    """A document answers to the names of its pictures before its own (HTML standard, named elements)."""
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    written = f'<img name="currentScript" alt="" src="{EVIL}/frames/embed.v1.js">'
    page = played(written + SEARCH.format(id="one", more="", shop=SHOP))

    until(page, "heard.some((each) => each.type === 'ready')")

    assert [each.url for each in windows(page)] == [f"{SHOP}/frames/domain-search"]
    assert not [each for each in asked if each.startswith(f"{EVIL}/frames/domain")]


def test_dark_pages_get_dark_windows_and_keep_their_own_fragment(played: Play) -> None:
    dark = '<div style="background:#111;color:#eee">' + SEARCH.format(id="one", more="", shop=SHOP) + "</div>"
    page = played(dark, fragment="#chapter-2")

    until(page, "heard.some((each) => each.type === 'ready')")

    assert windows(page)[0].evaluate("document.documentElement.dataset.scheme") == "dark"
    assert page.url == f"{SITE}/page#chapter-2"


def lines(kind: str, name: str, more: str = "") -> str:
    """What the office gives for a page, with a name to find it by."""
    piece = Piece(shop=SHOP, kind=KINDS[kind], title="Search")
    return lines_for(piece, integrity="sha384-x").element.replace(" title=", f' id="{name}" {more} title=', 1)


def test_room_that_is_not_needed_is_given_back_where_nobody_sees_it(played: Play) -> None:
    below = '<div style="height:250px"></div>' + lines("user-login", "two") + lines("contact", "three")
    page = played(lines("user-login", "one") + below)

    until(page, "heard.filter((each) => each.type === 'ready').length === 3")
    page.wait_for_timeout(200)

    # Seen as a whole, so that nothing may move; reaching below the edge; below it, and more than half of it a hole.
    assert [box(page, name)["whole"] for name in ("one", "two", "three")] == [363, 200, 200]
    assert page.evaluate("shifts") == 0


def test_the_lines_of_the_office_keep_the_room_that_the_window_takes(played: Play) -> None:
    columns = [
        f'<div style="width:{width}px;font:{font} sans-serif">{lines("user-login", f"w{width}")}</div>'
        for width, font in ((290, "12px/1.2"), (700, "20px/2"))  # whose lines are lower and higher than most
    ]
    page = played("".join(columns))

    until(page, "heard.filter((each) => each.type === 'ready').length === 2")
    page.wait_for_timeout(100)

    assert box(page, "w290")["whole"] == 385
    assert (
        page.evaluate("document.getElementById('w700').offsetTop")
        == page.evaluate("document.getElementById('w290').offsetTop") + 385
    )
    assert page.evaluate("shifts") == 0
