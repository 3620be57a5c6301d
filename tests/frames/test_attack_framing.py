"""Pages of strangers that put a window into themselves, in every way a browser knows; and pages that are no windows."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.frames.attacks import EVIL, EVIL_TOO, Papers, Rows, Stranger, is_shown, shown
from tests.frames.people import OTHER, SITE, Windows

pytestmark = pytest.mark.browser

Build = Callable[[Stranger, str], str]


def frame(address: str, **more: str) -> str:
    attributes = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in more.items())
    return f'<iframe src="{address}" width="500" height="500"{attributes}></iframe>'


def quoted(html: str) -> str:
    return html.replace("&", "&amp;").replace('"', "&quot;")


def at(origin: str, **headers: str) -> Build:
    """The window in a page of an origin."""
    return lambda pages, window: pages.put(origin, "/", frame(window), **headers)


def nested(*origins: str) -> Build:
    """Pages in pages, the outermost first, and the window in the innermost."""

    def build(pages: Stranger, window: str) -> str:
        inner = window
        for number, origin in enumerate(reversed(origins)):
            inner = pages.put(origin, f"/{number}", frame(inner))
        return inner

    return build


def holding(html: str, origin: str = EVIL, **headers: str) -> Build:
    """A page of a stranger with the window in some words of HTML."""
    return lambda pages, window: pages.put(origin, "/", html.replace("WINDOW", window), **headers)


def inside(attribute: str, origin: str, **more: str) -> Build:
    """The window in a frame that has no address of its own."""

    def build(pages: Stranger, window: str) -> str:
        inner = quoted(frame(window))
        value = inner if attribute == "srcdoc" else f"data:text/html,{inner.replace('#', '%23')}"
        attributes = "".join(f' {name}="{each}"' for name, each in more.items())
        return pages.put(origin, "/", f'<iframe {attribute}="{value}" width="500" height="500"{attributes}></iframe>')

    return build


WRITTEN = """<iframe id="empty"></iframe><script>const inside = document.getElementById("empty").contentDocument;
inside.write('<iframe src="WINDOW"></iframe>'); inside.close();</script>"""
OF_A_BLOB = """<script>const made = new Blob(['<iframe src="WINDOW"></iframe>'], {type: "text/html"});
const at = document.createElement("iframe"); at.src = URL.createObjectURL(made); document.body.append(at);</script>"""
LED = """<iframe name="w" src="about:blank"></iframe><script>open("WINDOW", "w");</script>"""
FENCED = '<fencedframe></fencedframe><script>try { document.querySelector("fencedframe").config = new FencedFrameConfig("WINDOW") } catch {}</script>'  # noqa: E501 - one line of a page
POSTED = '<iframe name="w"></iframe><form method="post" target="w" action="WINDOW"><input name="step" value="form"></form><script>document.forms[0].submit()</script>'  # noqa: E501 - one line of a page
ASKED = '<iframe name="w"></iframe><form target="w" action="WINDOW"><input name="step" value="form"></form><script>document.forms[0].submit()</script>'  # noqa: E501 - one line of a page

# Where a window that may stand on the site alone is put, and how.
HOSTS: dict[str, Build] = {
    "a stranger's page": at(EVIL),
    "a stranger whose name begins with the site's": at(EVIL_TOO),
    "another proven site of the shop that this frame may not stand on": at(OTHER),
    "the site's name with another port": at("http://www.localhost:9002"),
    "the site's name with https": at("https://www.localhost:9001"),
    "a name below the site's": at("http://shop.www.localhost:9001"),
    "the name above the site's": at("http://localhost:9001"),
    "the site's number instead of its name": at("http://127.0.0.1:9001"),
    "a stranger's page that hides where it is": at(EVIL, Referrer_Policy="no-referrer"),
    "a stranger's page that tells its whole address": at(EVIL, Referrer_Policy="unsafe-url"),
    "a stranger's page with the site in its path": holding(frame("WINDOW", referrerpolicy="unsafe-url")),
    "the site inside a stranger's page": nested(EVIL, SITE),
    "a stranger's page inside the site": nested(SITE, EVIL),
    "the site, a stranger, the site": nested(SITE, EVIL, SITE),
    "a stranger, the site, the site": nested(EVIL, SITE, SITE),
    "the site inside another proven one": nested(OTHER, SITE),
    "another proven one inside the site": nested(SITE, OTHER),
    "a stranger's srcdoc": inside("srcdoc", EVIL),
    "a stranger's data: address": inside("src", EVIL),
    "a stranger's blob": holding(OF_A_BLOB),
    "a stranger's about:blank that was written into": holding(WRITTEN),
    "a stranger's empty frame, led there by its name": holding(LED),
    "a stranger's frame with a form that asks": holding(ASKED),
    "a stranger's frame with a form that sends": holding(POSTED),
    "a stranger's frame without credentials": holding(frame("WINDOW", credentialless="")),
    "a stranger's frame with all of a sandbox": holding(frame("WINDOW", sandbox="allow-scripts allow-forms")),
    "a stranger's lazy frame with a policy of its own": holding(frame("WINDOW", csp="frame-ancestors *")),
    "a stranger's object": holding('<object data="WINDOW" width="400" height="400"></object>'),
    "a stranger's embed": holding('<embed src="WINDOW" width="400" height="400">'),
    "a stranger's frameset": holding('<frameset cols="*"><frame src="WINDOW"></frameset>'),
    "a stranger's fenced frame": holding(FENCED),
    "a stranger's page that isolates itself": at(
        EVIL, Cross_Origin_Opener_Policy="same-origin", Cross_Origin_Embedder_Policy="credentialless"
    ),
    "a data: address inside the site": inside("src", SITE),
    "a sandboxed srcdoc inside the site": inside("srcdoc", SITE, sandbox="allow-scripts allow-forms"),
    "the site under a policy that takes its origin away": at(
        SITE, Content_Security_Policy="sandbox allow-scripts allow-forms"
    ),
}
# Where it may be shown, so that all else is not for want of a window.
ALLOWED: dict[str, Build] = {
    "the site": at(SITE),
    "the site inside the site": nested(SITE, SITE),
    "the site's srcdoc": inside("srcdoc", SITE),
    "the site's about:blank that was written into": holding(WRITTEN, SITE),
}
# What is no window, asked for by a page that may hold windows.
PAGES = (
    "/", "/en/", "/cart", "/checkout", "/search?q=fjord.com", "/account/sign-in", "/account/sign-in/second-step",
    "/account/sign-in/choose", "/account/sign-up", "/account/recovery", "/account/hand-off", "/account/way-back",
    "/panel/", "/panel/profile", "/reseller/", "/reseller/frames/", "/operator/", f"/pay/{uuid4()}", "/frames/leave",
    "/frames/told", "/frames/token", "/frames/shown/order", "/frames/nothing", "/frames/user-login/preview",
    "/frames/order/preview?look=dark", "/frames/embed.v1.js", "/assets/css/frame.css", "/robots.txt",
    "/.well-known/security.txt", "/pl/account/sign-in", "/%2e%2e/account/sign-in", "/frames/../account/sign-in",
    "/frames/user-login/%2e%2e/%2e%2e/account/sign-in", "//account/sign-in", "/frames//user-login",
)  # fmt: skip


def look(page: Page, address: str) -> None:
    page.goto(address, wait_until="load")
    page.wait_for_timeout(60)


def tried(rows: Rows, page: Page, entry: str, shop: str) -> tuple[list[str], set[str], list[Any]]:
    """Open a page; return what it shows of the shop, which rows changed, and the cookies that are there."""
    before = rows.now()
    look(page, entry)
    return shown(page, shop), rows.changed(before), page.context.cookies()


@pytest.mark.proof
@pytest.mark.parametrize("host", HOSTS)
def test_window_is_shown_to_no_stranger(
    context: BrowserContext, stranger: Stranger, attacked: str, windows: Windows, rows: Rows, papers: Papers, host: str
) -> None:
    window = attacked + windows.address("user-login")
    page = context.new_page()

    seen, changed, cookies = tried(rows, page, HOSTS[host](stranger, window), attacked)
    page.mouse.click(120, 120)
    page.wait_for_timeout(60)

    assert (seen, changed, cookies) == ([], set(), [])
    assert stranger.sent
    assert not any(is_shown(each, attacked) for each in page.frames)
    papers.tell("A window in a page that may not hold it", host, "not shown; no row, no cookie, a click does nothing")


@pytest.mark.proof
@pytest.mark.parametrize("host", ALLOWED)
def test_window_is_shown_where_it_may(
    context: BrowserContext, stranger: Stranger, attacked: str, windows: Windows, papers: Papers, host: str
) -> None:
    window = attacked + windows.address("user-login")
    page = context.new_page()

    look(page, ALLOWED[host](stranger, window))

    assert shown(page, attacked) == [window]
    assert context.cookies() == []
    papers.tell("A window in a page that may not hold it", f"({host}, which may)", "shown; no cookie")


@pytest.mark.proof
@pytest.mark.parametrize("path", PAGES)
def test_what_is_no_window_is_shown_in_no_page(
    context: BrowserContext, stranger: Stranger, attacked: str, rows: Rows, papers: Papers, path: str
) -> None:
    entry = stranger.put(SITE, "/", frame(attacked + path))

    seen, changed, cookies = tried(rows, context.new_page(), entry, attacked)

    assert (seen, changed, cookies) == ([], set(), [])
    papers.tell("What is no window, in a page that may hold windows", path, "not shown; no row, no cookie")


@pytest.mark.proof
@pytest.mark.parametrize("kind", ["user-login", "user-register", "password-reset"])
def test_stranger_who_opened_a_window_at_the_top_hears_nothing(
    context: BrowserContext, stranger: Stranger, attacked: str, windows: Windows, papers: Papers, kind: str
) -> None:
    entry = stranger.put(EVIL, "/", "<script>window.all = []; onmessage = (each) => all.push(each.data)</script>")
    page = context.new_page()
    page.goto(entry)

    with context.expect_page() as opened:
        page.evaluate("address => { window.held = open(address) }", f"{attacked}{windows.address(kind)}#host=1")
    opened.value.wait_for_load_state("load")
    page.evaluate("for (const each of ['ready', {v: 1, type: 'ready'}]) held.postMessage(each, '*')")
    page.wait_for_timeout(100)

    assert page.evaluate("all") == []
    assert opened.value.evaluate("document.querySelectorAll('form').length") > 0
    papers.tell("A window in a page that may not hold it", f"{kind}, opened at the top by a stranger", "tells nothing")


def test_strangers_see_no_window_and_the_site_does(
    context: BrowserContext, stranger: Stranger, attacked: str, windows: Windows, rows: Rows
) -> None:
    window, page = attacked + windows.address("user-login"), context.new_page()
    hosts = ("a stranger's page", "the site inside a stranger's page", "a stranger's page inside the site")

    found = [tried(rows, page, HOSTS[each](stranger, window), attacked) for each in hosts]
    look(page, ALLOWED["the site"](stranger, window))

    assert found == [([], set(), [])] * 3
    assert shown(page, attacked) == [window]
