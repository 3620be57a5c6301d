"""How soon a window can be used in Chromium, and that nothing moves, on pages of a site of somebody else."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median, quantiles
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from frames.kinds import KINDS
from frames.published import SCRIPT, published
from frames.snippet import Piece, integrity_of, lines_for
from storefront.machine.browser import find_chromium, find_shell
from tests.journeys.walk import ARGUMENTS
from tests.waiting import until

USABLE_MS = 150.0
# So often each kind is opened in each way.
LOADS = 12
# Ways to a page with a window. Chromium keeps a process in reserve from its first page on.
FIRST = "opens a new browser with this page"
COLD = "comes from another page, nothing of the shop kept"
WARM = "comes back to the page"
EMPTY = "comes from another page to one with an empty frame of a third site"
WIDTHS = (360, 1280)
THREES = (
    ("domain-search", "cart", "price-list"),
    ("user-login", "user-register", "password-reset"),
    ("order", "whois", "contact"),
)
PATIENCE_MS = 20_000
SETTLED_MS = 250
WORDS = "<p>We build boats, and whoever sails with us finds the name for their own harbour here.</p>" * 3
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A site of somebody</title>
<style>body {{ font: 16px/1.6 sans-serif; margin: 1rem auto; max-width: 60rem; padding: 0 1rem }}</style></head><body>
<h1>A site of somebody</h1>{words}
<script>window.begunAt = performance.timeOrigin + performance.now();</script>
{snippet}
{words}</body></html>"""
# As little as a frame can be: what it takes is the browser's.
BARE = """<iframe src="{address}" onload="window.dispatchEvent(new Event('shop:ready'))"></iframe>"""
# Runs in the page and in every window before their own scripts. A window can be used once it was drawn and its thread
# has nothing left to do; the page's word is that the frame is there to be seen.
WATCH = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) if (!each.hadRecentInput) moved.push(each.value);
}).observe({ type: "layout-shift", buffered: true });
const soon = (name) => requestAnimationFrame(() => setTimeout(() => {
  window[name] = performance.timeOrigin + performance.now();
}));
if (parent === window) {
  window.readyAt = [];
  addEventListener("shop:ready", () => { readyAt.push(performance.timeOrigin + performance.now()); soon("seenAt"); });
} else {
  addEventListener("DOMContentLoaded", () => soon("usableAt"));
}
"""


@dataclass(frozen=True, kw_only=True)
class Window:
    """One window of the shop: its kind, the key of its frame, and the room that its lines keep."""

    kind: str
    key: str
    heights: tuple[int, ...]

    @property
    def path(self) -> str:
        """Its address."""
        return f"/frames/{self.kind}/{self.key}"


@dataclass(kw_only=True)
class Opened:
    """What browsers told: by browser and way kind, ready and usable, milliseconds after the snippet; and what moved."""

    loads: dict[tuple[str, str], list[tuple[str, float, float]]] = field(default_factory=dict)
    moved: dict[tuple[str, int], float] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Write the tables in Markdown."""
        if not self.loads:
            return ["There is no Chromium on this machine, so nothing is told of browsers."]
        told = [
            "From the snippet to a frame that can be used, milliseconds:",
            "",
            "| browser | the visitor | loads | told ready, p50 | can be used, p50 | p95 | slowest kind, p50 |",
            "|---|---|---|---|---|---|---|",
        ]
        for (browser, way), all_loads in self.loads.items():
            ready, usable = [each[1] for each in all_loads], [each[2] for each in all_loads]
            kinds = {each[0] for each in all_loads}
            by_kind = {kind: median(each[2] for each in all_loads if each[0] == kind) for kind in kinds}
            slowest = max(by_kind, key=lambda kind: by_kind[kind])
            told.append(
                f"| {browser} | {way} | {len(all_loads)} | {median(ready):.0f} | {median(usable):.0f} | "
                f"**{_p95(usable):.0f}** | {f'{slowest} {by_kind[slowest]:.0f}' if way != EMPTY else ''} |"
            )
        ours = {key: _p95([each[2] for each in found]) for key, found in self.loads.items() if key[1] != EMPTY}
        reached = sum(each <= USABLE_MS for each in ours.values())
        return [
            *told,
            "",
            (
                f"Goal: p95 ≤ {USABLE_MS:g} ms, reached in {reached} of {len(ours)} rows; "
                "an empty frame is no window of ours."
            ),
            "",
            self._shifts(),
        ]

    def _shifts(self) -> str:
        moved = [f"{what} at {width} px {value:.4f}" for (what, width), value in self.moved.items() if value]
        widths = " and ".join(str(width) for width in WIDTHS)
        return (
            f"Layout shift after the first paint, in the page and in its windows, on {len(self.moved)} pages of one "
            f"and of three frames at {widths} px: "
            f"{'0' if not moved else ', '.join(moved)} (goal 0{', NOT reached' if moved else ''})."
        )


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[94]


@contextmanager
def somebody() -> Iterator[tuple[str, dict[str, str]]]:
    """Serve a site of somebody else until the block ends; gives its origin and its pages by path."""
    pages: dict[str, str] = {}

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer."""
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Keep still."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://www.site.localhost:{server.server_address[1]}", pages
        server.shutdown()


def browse(shop: str, windows: Sequence[Window], origin: str, pages: dict[str, str]) -> "Opened":
    """Open the windows in Chromium, by pages that hold one of them, and by such that hold three."""
    found, by_kind = Opened(), {window.kind: window for window in windows}
    groups = {kind: (kind,) for kind in by_kind} | {" + ".join(three): three for three in THREES}
    for number, kinds in enumerate(groups.values()):
        pages[f"/{number}"] = PAGE.format(words=WORDS, snippet=_snippet(shop, [by_kind[kind] for kind in kinds]))
    pages["/before"] = "<!doctype html><title>A page before</title><p>A page before"
    bare = BARE.format(address=origin.replace("//www.site.", "//other.third.") + "/before")
    pages["/empty"] = PAGE.format(words=WORDS, snippet=bare)
    for name, path in chromiums().items():
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS])
            called = f"{name} {browser.version}"
            for number in range(-1, LOADS):
                for at, kind in enumerate(by_kind):
                    for way, times in _ways(browser, origin, f"{origin}/{at}").items():
                        if number >= 0:
                            found.loads.setdefault((called, way), []).append((kind, *times))
            print(f"· {called}: {4 * LOADS * len(by_kind)} pages were opened", flush=True)
            if not found.moved:
                for width in WIDTHS:
                    for number, (what, kinds) in enumerate(groups.items()):
                        found.moved[what, width] = _moved(browser, f"{origin}/{number}", width, len(kinds))
            browser.close()
    return found


def chromiums() -> dict[str, str]:
    """Find Chromium as people have it, and the one without windows that tests look at pages with."""
    found = {"Chromium": find_chromium(), "Chromium without windows": find_shell()}
    return {name: path for name, path in found.items() if path}


def _ways(browser: Browser, origin: str, address: str) -> dict[str, tuple[float, float]]:
    """Open a page in every way."""
    found = {}
    with _visitor(browser) as context:
        found[FIRST] = _opened(context.new_page(), address)
    with _visitor(browser) as context:
        page = context.new_page()
        for way in (COLD, WARM):
            page.goto(f"{origin}/before")
            page.wait_for_timeout(SETTLED_MS)
            found[way] = _opened(page, address)
    with _visitor(browser) as context:
        page = context.new_page()
        page.goto(f"{origin}/before")
        page.wait_for_timeout(SETTLED_MS)
        found[EMPTY] = _opened(page, f"{origin}/empty")
    return found


def _snippet(shop: str, windows: Sequence[Window]) -> str:
    integrity = integrity_of(published(SCRIPT))
    lines = [
        lines_for(
            Piece(
                shop=shop,
                kind=KINDS[window.kind],
                title=escape(str(KINDS[window.kind].title)),
                key=window.key,
                heights=window.heights,
            ),
            integrity=integrity,
        )
        for window in windows
    ]
    return "\n".join([lines[0].both, *(f"{WORDS}\n{each.element}" for each in lines[1:])])


@contextmanager
def _visitor(browser: Browser, width: int = 1280) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-GB")
    context.add_init_script(WATCH)
    yield context
    context.close()


def _opened(page: Page, address: str) -> tuple[float, float]:
    """Return when the window told that it is ready, and when it could be used, milliseconds after the snippet."""
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.seenAt", timeout=PATIENCE_MS, polling=20)
    (frame,) = [each for each in page.frames if each.parent_frame]
    # A window's policy forbids to wait inside of it.
    until(lambda: bool(frame.evaluate("window.usableAt")), seconds=PATIENCE_MS / 1000)
    begun, ready, seen = page.evaluate("[begunAt, readyAt[0], seenAt]")
    return ready - begun, max(seen, frame.evaluate("usableAt")) - begun


def _moved(browser: Browser, address: str, width: int, frames: int) -> float:
    """Go through a page from its top to its end as a visitor does, and return how much moved by itself."""
    with _visitor(browser, width) as context:
        page = context.new_page()
        page.goto(address)
        for number in range(frames):
            page.evaluate(
                "at => document.querySelectorAll('[frame]')[at].scrollIntoView({ block: at ? 'center' : 'nearest' })",
                number,
            )
            page.wait_for_function("at => readyAt.length > at", arg=number, timeout=PATIENCE_MS, polling=50)
            page.wait_for_timeout(SETTLED_MS)
        return sum(sum(each.evaluate("moved")) for each in page.frames)
