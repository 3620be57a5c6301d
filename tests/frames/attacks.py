"""What the attacks on windows share: pages of strangers played in a browser, every row of the shop, and the papers."""

import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Frame, Page, Route
from sqlalchemy import text

from storefront import models
from storefront.core.db import Database
from tests.fixtures_app import Shop

PAPER = Path(__file__).parents[2] / "docs" / "attacks.md"
# A stranger, and one whose name is as like that of the site as may be; neither is anybody's site.
EVIL, EVIL_TOO = "http://evil.localhost:9666", "http://www.localhost.evil.localhost:9001"
SILENT_MS = 150
# Who looks at a page is counted, and so is a stranger who tried; searching asks the registry and keeps nothing.
COUNTED = frozenset({"foreign_try", "frame_count"})
SENT_ONCE = frozenset({"audit_entry", "outbox_event", "job"})
HEAD = """# Attacks on windows

What hostile pages, visitors and messages tried on the windows of a shop, and what came of it. Written by
`./run proof frames`; every line is a case of a matrix in [proofs.md](proofs.md), and the case fails if anything else
comes of it. "No row" says that no row of any table of the shop was added, changed or removed.
"""


@dataclass
class Stranger:
    """Pages that answer in a browser where no server is; ``put`` gives the address of one."""

    context: BrowserContext
    pages: dict[str, tuple[str, Mapping[str, str]]] = field(default_factory=dict)
    played: set[str] = field(default_factory=set)
    sent: list[str] = field(default_factory=list)

    def put(self, origin: str, path: str, html: str, **headers: str) -> str:
        """Play a page on an origin."""
        if origin not in self.played:
            self.played.add(origin)
            self.context.route(f"{origin}/**", self._answer)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[origin + path] = (f"<!doctype html><title>Page</title>{html}", named)
        return origin + path

    def _answer(self, route: Route) -> None:
        address = route.request.url.partition("#")[0]
        self.sent.append(address)
        html, headers = self.pages.get(address, ("<!doctype html>", {}))
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=dict(headers))


def shown(page: Page, shop: str) -> list[str]:
    """Return the addresses of the shop's documents that can be seen in frames of a page."""
    return [frame.url for frame in page.frames if frame is not page.main_frame and is_shown(frame, shop)]


def is_shown(frame: Frame, shop: str) -> bool:
    """Whether a frame shows a document of the shop, and no browser's page that says it was refused."""
    return frame.url.startswith(f"{shop}/") and bool(frame.evaluate("!!document.body?.firstElementChild"))


@dataclass(frozen=True)
class Rows:
    """Every row of a shop, as one number for each table."""

    database: Database
    shop: Shop

    def now(self) -> Mapping[str, str]:
        """Count and sum up the rows of all tables."""
        tables = [table.name for table in models.metadata.sorted_tables if "reseller_id" in table.columns]
        each = " UNION ALL ".join(
            f"SELECT '{name}', md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) "  # noqa: S608 - our own names
            f'FROM "{name}" t WHERE t.reseller_id = :shop'
            for name in tables
        )
        with self.database.work(self.shop.id) as db:
            found = db.session.execute(text(each), {"shop": self.shop.id})
            return {row[0]: row[1] for row in found}

    def changed(self, before: Mapping[str, str]) -> set[str]:
        """Name the tables of which a row was added, changed or removed since; what is merely counted is left out."""
        return {name for name, told in self.now().items() if before[name] != told} - COUNTED


class Papers:
    """Says of each case what was tried and what came of it; kept beside the table of proofs."""

    def __init__(self) -> None:
        self.told: OrderedDict[str, OrderedDict[tuple[str, str], list[str]]] = OrderedDict()

    def tell(self, area: str, tried: str, came: str, *, how: str = "") -> None:
        """Write a case down; cases that were tried in several ways, with the same end, share a line."""
        self.told.setdefault(area, OrderedDict()).setdefault((_cell(tried), _cell(came)), []).append(_cell(how))

    def write(self) -> None:
        """Keep the paper, where a whole family of proofs ran; areas that were not tried stay as they are."""
        if os.environ.get("TEST_PROOF") in ("family", "all") and self.told:
            before = PAPER.read_text(encoding="utf-8") if PAPER.exists() else ""
            parts = [part.rstrip("\n") + "\n" for part in [*before.split("\n## ")[1:], *self._areas()]]
            areas = {part.partition("\n")[0]: part for part in parts}
            PAPER.write_text(HEAD + "".join(f"\n## {areas[area]}" for area in sorted(areas)), encoding="utf-8")

    def _areas(self) -> Iterator[str]:
        for area, cases in self.told.items():
            number = sum(map(len, cases.values()))
            lines = [
                f"| {tried}: {'; '.join(ways)} | {came} |\n" if any(ways) else f"| {tried} | {came} |\n"
                for (tried, came), ways in cases.items()
            ]
            yield f"{area}\n\n{number} cases.\n\n| tried | came of it |\n| --- | --- |\n{''.join(lines)}"


def _cell(words: str) -> str:
    """Write words so that they are a cell of a table and nothing else."""
    plain = "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in words)
    for sign, written in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ("|", "&#124;"),
        ("`", "&#96;"),
        ("[", "&#91;"),
    ):
        plain = plain.replace(sign, written)
    return plain if len(plain) <= 160 else f"{plain[:120]} … ({len(plain)} signs)"


def listens(page: Page | Frame) -> Any:
    """Keep everything that is said to a page or frame, from whomever."""
    return page.evaluate("window.overheard = []; addEventListener('message', (each) => overheard.push(each.data))")


def overheard(page: Page | Frame) -> list[Any]:
    """Return what was kept."""
    found: list[Any] = page.evaluate("window.overheard")
    return found
