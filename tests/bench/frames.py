"""What windows cost: ready ones beside hello, their bytes and queries, and how soon one can be used in Chromium."""

import gzip
import os
import re
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median, quantiles
from typing import Any
from uuid import UUID

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy import select

from frames.kinds import KINDS
from frames.models import FrameSite
from frames.origins import host_of
from frames.published import SCRIPT, published
from frames.settings import heights_for, make_frame
from frames.snippet import Piece, integrity_of, lines_for
from storefront.core.changes import announce
from storefront.core.db import Actor, Database
from tenants.models import Reseller
from tests.bench.queries import SHOP, counting
from tests.bench.report import Row
from tests.bench.servers import Server
from tests.fixtures_app import Shop
from tests.frames.selling import Inside, new_name
from tests.journeys.walk import ARGUMENTS
from tests.waiting import until

HOST = f"{SHOP}.localhost"
TIMES, MOST_BYTES, USABLE_MS = 2.0, 35 * 1024, 150.0
# So often each kind is opened by a browser that was never there, and once more by the same one.
LOADS = 12
WIDTHS = (360, 1280)
THREES = (
    ("domain-search", "cart", "price-list"),
    ("user-login", "user-register", "password-reset"),
    ("order", "whois", "contact"),
)
PATIENCE_MS = 20_000
SETTLED_MS = 250
# What Chromium says when a page of another site asks for a window.
INSIDE = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Sec-Fetch-Dest": "iframe",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Site": "cross-site",
    "Sec-Fetch-Storage-Access": "none",
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0",
}
WORDS = "<p>We build boats, and whoever sails with us finds the name for their own harbour here.</p>" * 3
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A site of somebody</title>
<style>body {{ font: 16px/1.6 sans-serif; margin: 1rem auto; max-width: 60rem; padding: 0 1rem }}</style></head><body>
<h1>A site of somebody</h1>{words}
<script>window.begunAt = performance.timeOrigin + performance.now();</script>
{snippet}
{words}</body></html>"""
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
class Found:
    """Everything that was measured of windows."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    sent: dict[str, tuple[int, int]] = field(default_factory=dict)
    queries: dict[str, dict[str, int]] = field(default_factory=dict)
    # "cold" and "warm": ready and usable, milliseconds after the browser came to the snippet.
    loads: dict[str, list[tuple[str, float, float]]] = field(default_factory=dict)
    moved: dict[tuple[str, int], float] = field(default_factory=dict)
    browser: str = ""

    def lines(self) -> list[str]:
        """Write the tables in Markdown."""
        return [*self._windows(), "", *self._queries(), "", *self._loads(), "", self._shifts()]

    def _windows(self) -> list[str]:
        told = [
            "| window, ready | /s | times hello | by CPU | bytes as sent, document | with sheets and scripts |",
            "|---|---|---|---|---|---|",
        ]
        for kind, row in self.rows.items():
            document, whole = self.sent[kind]
            times, by_cpu = f"**{row.ratio('ready'):.2f}**", f"{row.cost_ratio('ready'):.2f}"
            told.append(f"| {kind} | {row.rate('ready'):,.0f} | {times} | {by_cpu} | {document:,} | {whole:,} |")
        least = min(row.ratio("ready") for row in self.rows.values())
        most = max(whole for _document, whole in self.sent.values())
        return [
            *told,
            "",
            (
                f"Goal: {TIMES:g} times hello at least, {_verdict(least >= TIMES)}; {MOST_BYTES:,} bytes in all at "
                f"most, {_verdict(most <= MOST_BYTES)}. `{SCRIPT}` takes {len(_packed()):,} bytes more, once a page."
            ),
        ]

    def _queries(self) -> list[str]:
        steps = list(dict.fromkeys(step for asked in self.queries.values() for step in asked))
        ready = max(asked["ready"] for asked in self.queries.values())
        return [
            "| SQL queries | " + " | ".join(steps) + " |",
            "|---|" + "---|" * len(steps),
            *[
                f"| {kind} | " + " | ".join(str(asked.get(step, "")) for step in steps) + " |"
                for kind, asked in self.queries.items()
            ],
            "",
            f"Goal: 0 for a ready window, {_verdict(ready == 0)}.",
        ]

    def _loads(self) -> list[str]:
        if not self.loads:
            return ["There is no Chromium on this machine, so nothing is told of browsers."]
        told = [
            f"From the snippet to a frame that can be used, milliseconds in {self.browser}:",
            "",
            "| browser | loads | told ready, p50 | p95 | can be used, p50 | p95 | slowest kind, p50 |",
            "|---|---|---|---|---|---|---|",
        ]
        worst = 0.0
        for name, all_loads in self.loads.items():
            ready, usable = [each[1] for each in all_loads], [each[2] for each in all_loads]
            kinds = {each[0] for each in all_loads}
            by_kind = {kind: median(each[2] for each in all_loads if each[0] == kind) for kind in kinds}
            slowest = max(by_kind, key=lambda kind: by_kind[kind])
            worst = max(worst, _p95(usable))
            told.append(
                f"| {name} | {len(all_loads)} | {median(ready):.0f} | {_p95(ready):.0f} | {median(usable):.0f} | "
                f"**{_p95(usable):.0f}** | {slowest} {by_kind[slowest]:.0f} |"
            )
        return [*told, "", f"Goal: p95 ≤ {USABLE_MS:g} ms, {_verdict(worst <= USABLE_MS)}."]

    def _shifts(self) -> str:
        moved = [f"{what} at {width} px {value:.4f}" for (what, width), value in self.moved.items() if value]
        widths = " and ".join(str(width) for width in WIDTHS)
        return (
            f"Layout shift after the first paint, in the page and in its windows, on {len(self.moved)} pages of one "
            f"and of three frames at {widths} px: "
            f"{'0' if not moved else ', '.join(moved)} (goal 0{', NOT reached' if moved else ''})."
        )


def _verdict(is_reached: bool) -> str:
    return "reached" if is_reached else "NOT reached"


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[94]


def _packed() -> bytes:
    return gzip.compress(published(SCRIPT), 6)


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


def furnish(database: Database, origin: str) -> list[Window]:
    """Let the site hold one frame of every kind."""
    with database.work(_shop(database), Actor(kind="staff", name="bench")) as db:
        db.add(FrameSite(origin=origin, host=host_of(origin), state="proven", proof="dns", added_at=db.now))
        made = [
            Window(
                kind=kind,
                key=make_frame(db, kind=kind, name="Bench", options={}, sites=None).key,
                heights=heights_for(db, KINDS[kind]),
            )
            for kind in KINDS
        ]
        announce(db)
        db.commit()
    return made


def _shop(database: Database) -> UUID:
    with database.office_work() as db:
        found: UUID = db.execute(select(Reseller.id).where(Reseller.slug == SHOP)).scalar_one()
    return found


def headers_from(origin: str) -> tuple[tuple[str, str], ...]:
    """Return what a browser sends when a page of this site holds a window."""
    return (*INSIDE.items(), ("Referer", f"{origin}/"))


def weigh(server: Server, window: Window, origin: str) -> tuple[int, int]:
    """Return the bytes of a window as they are sent: the document, and all that it needs."""
    document = _fetch(server, window.path, dict(headers_from(origin)))
    text = gzip.decompress(document).decode()
    needed = dict.fromkeys(re.findall(r'<(?:script src|link rel="(?:stylesheet|modulepreload)" href)="([^"]+)"', text))
    return len(document), len(document) + sum(len(_fetch(server, address, {})) for address in needed)


def _fetch(server: Server, path: str, headers: Mapping[str, str]) -> bytes:
    line = HTTPConnection("127.0.0.1", server.port, timeout=10)
    asked = {"Accept-Language": "en", "Accept-Encoding": "gzip", "Host": f"{HOST}:{server.port}", **headers}
    line.request("GET", path, headers=asked)
    answer = line.getresponse()
    body = answer.read()
    line.close()
    if answer.status != 200 or answer.headers["Content-Encoding"] != "gzip":
        raise RuntimeError(f"{path}: {answer.status}, packed as {answer.headers['Content-Encoding']}")
    return body


def count_queries(app: Flask, database: Database, windows: Sequence[Window], origin: str) -> dict[str, dict[str, int]]:
    """Count what each kind asks the database in a process that is warm."""
    shop = Shop(id=_shop(database), host=HOST)
    found = {}
    for window in windows:
        visit = Inside(app, shop, window.path, cookies=True)

        def asks(path: str, visit: Inside = visit) -> int:
            for _ in range(2):
                visit.look(path, **dict(headers_from(origin)))
            with counting(database) as count:
                visit.look(path, **dict(headers_from(origin)))
            assert visit.answer.status_code == 200, (path, visit.answer.status)
            return count.number

        found[window.kind] = {"ready": asks(window.path), "made": asks(f"{window.path}?made=1")}
        if window.kind in {"domain-search", "order"}:
            found[window.kind] |= _selling(database, visit, window)
    return found


def _selling(database: Database, visit: Inside, window: Window) -> dict[str, int]:
    visit.look(f"{window.path}?q={new_name()}")
    with counting(database) as searched:
        visit.look(f"{window.path}?q={new_name()}")
    assert visit.answer.status_code == 200, visit.answer.status
    added = []
    for _ in range(2):
        # The first makes the cart; what follows it is not counted.
        with counting(database) as count:
            answer = visit.client.post(
                f"{window.path}?step=add",
                data={"name": new_name(), **visit.carried()},
                base_url=f"https://{HOST}",
                headers={"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "same-origin", "Origin": f"https://{HOST}"},
            )
        assert answer.status_code in {200, 303}, (answer.status, answer.text[:300])
        added.append(count.number)
    return {"search step": searched.number, "add to cart, the first": added[0], "add to cart": added[1]}


def browse(found: Found, server: Server, windows: Sequence[Window], origin: str, pages: dict[str, str]) -> None:
    """Open the windows in Chromium, by pages that hold one of them, and by such that hold three."""
    chromium = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        return
    shop, by_kind = f"http://{HOST}:{server.port}", {window.kind: window for window in windows}
    groups = {kind: (kind,) for kind in by_kind} | {" + ".join(three): three for three in THREES}
    for number, kinds in enumerate(groups.values()):
        pages[f"/{number}"] = PAGE.format(words=WORDS, snippet=_snippet(shop, [by_kind[kind] for kind in kinds]))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS])
        found.browser = f"Chromium {browser.version}"
        found.loads = {"cold, nothing kept of the shop": [], "warm, the same page once more": []}
        for number in range(-1, LOADS):
            for at, kind in enumerate(by_kind):
                for name, (ready, usable) in zip(found.loads, _twice(browser, f"{origin}/{at}"), strict=True):
                    if number >= 0:
                        found.loads[name].append((kind, ready, usable))
        print(f"· {2 * LOADS * len(by_kind)} pages were opened", flush=True)
        for width in WIDTHS:
            for number, (what, kinds) in enumerate(groups.items()):
                found.moved[what, width] = _moved(browser, f"{origin}/{number}", width, len(kinds))
        browser.close()


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


def _twice(browser: Browser, address: str) -> list[tuple[float, float]]:
    """Open a page by a browser that was never there, and once more."""
    with _visitor(browser) as context:
        page = context.new_page()
        return [_opened(page, address) for _ in range(2)]


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
