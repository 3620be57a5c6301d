"""What windows cost: ready ones beside hello, their bytes and queries."""

import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from frames.kinds import KINDS
from frames.models import FrameSite
from frames.origins import host_of
from frames.published import SCRIPT, published
from frames.settings import heights_for, make_frame
from storefront.core.changes import announce
from storefront.core.db import Actor, Database
from tenants.models import Reseller
from tests.bench.queries import SHOP, counting
from tests.bench.report import Row
from tests.bench.servers import Server
from tests.bench.windows import Opened, Window
from tests.fixtures_app import Shop
from tests.frames.selling import Inside, new_name

HOST = f"{SHOP}.localhost"
TIMES, MOST_BYTES = 2.0, 35 * 1024
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


@dataclass(kw_only=True)
class Found:
    """Everything that was measured of windows."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    sent: dict[str, tuple[int, int]] = field(default_factory=dict)
    queries: dict[str, dict[str, int]] = field(default_factory=dict)
    opened: Opened = field(default_factory=Opened)

    def lines(self) -> list[str]:
        """Write the tables in Markdown."""
        return [*self._windows(), "", *self._queries(), "", *self.opened.lines()]

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


def _verdict(is_reached: bool) -> str:
    return "reached" if is_reached else "NOT reached"


def _packed() -> bytes:
    return gzip.compress(published(SCRIPT), 6)


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
