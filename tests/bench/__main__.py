"""`./run bench`: the shop's home page against a bare "hello" under the same server, and what pages ask and hold."""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import mean

from flask import Flask
from sqlalchemy import select

from storefront.app import create_app
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.sealing import ensure_ring
from storefront.demo import load_demo
from tenants.models import Reseller
from tests.bench import asking, frames, load, pages, prices, queries, seed
from tests.bench import windows as opened
from tests.bench.apps import BARE, write_bare
from tests.bench.report import Report, Round, Row
from tests.bench.servers import Server, busy_s, held_by, serving
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT / "docs" / "performance.md"
# A worker at rest gives back what it read of the store.
AT_REST_S = 24
# Memory for the home pages of all hosts, and how many of them at least come into it each second.
ENOUGH = {
    "PAGE_MEMORY_MB": "1500",
    # What docs/operate/install.md says to whoever gives a worker so much.
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
}
WARMED_A_SECOND = 2_500
OK = 200
FEW_HOSTS = 10
HOST = f"{queries.SHOP}.localhost"


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and with ``--write`` put the tables into docs/performance.md."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each server is asked, in turn")
    parser.add_argument("--seconds", type=int, default=2, help="how long each time")
    parser.add_argument("--hosts", default="10,1000,10000,100000", help="numbers of active hosts")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/performance.md")
    parser.add_argument("--homes", action="store_true", help="only home pages, among few and many hosts")
    parser.add_argument("--asking", action="store_true", help="only the edge's questions, and the way to a shop")
    parser.add_argument("--pages", action="store_true", help="only pages: ready, made, many, publishing")
    parser.add_argument("--shops", type=int, default=pages.SHOPS, help="how many shops of twenty pages, for --pages")
    parser.add_argument("--prices", action="store_true", help="only prices: book, page, cart, grid, publishing")
    parser.add_argument("--frames", action="store_true", help="only windows: ready, bytes, queries, in a browser")
    wishes = parser.parse_args(arguments)
    counts = [int(count) for count in wishes.hosts.split(",")]

    if wishes.pages:
        os.environ["PAGE_STORE_MB"] = pages.STORE_MB
        counts = [wishes.shops]
    # A bench fills in forms faster than people do.
    config = replace(Config.from_environment(), demo=True, form_rate="1000000/hour")
    database = Database(config)
    if not seed.is_throw_away(config):
        print("This database has shops of somebody's; measure with ./run bench, which makes its own.")
        return 1
    if wishes.prices:
        counts = [prices.MANY]
    if wishes.frames:
        counts = [FEW_HOSTS]
    app = prepare(config, database, max(counts))
    parts: dict[str, list[str]] = {}
    is_one = wishes.homes or wishes.asking or wishes.prices or wishes.pages or wishes.frames
    if not is_one or wishes.homes:
        # Few hosts and many differ by less than a machine's seconds do: more rounds, and shorter ones.
        parts["hosts"] = measure_hosts(app, database, counts, 2 * wishes.rounds, max(1, wishes.seconds // 2))
    if not is_one or wishes.asking:
        parts["edge"] = measure_asking(config, app, max(counts), wishes.seconds)
    if wishes.prices or (not is_one and max(counts) >= prices.MANY):
        parts["prices"] = measure_prices(config, database, app, wishes.rounds)
    if wishes.pages:
        parts["pages"] = measure_pages(config, database, app, wishes)
    if wishes.frames:
        parts["frames"] = measure_frames(database, app, wishes)
    for lines in parts.values():
        print("\n".join([*lines, ""]))
    if wishes.write:
        write(parts)
    return 0


def write(parts: Mapping[str, list[str]]) -> None:
    """Put the tables of each part between its marks; what was not measured stays as it is."""
    text = PAPER.read_text(encoding="utf-8")
    for name, lines in parts.items():
        begin, end = f"<!-- ./run bench: {name} -->", f"<!-- end of {name} -->"
        head, _, rest = text.partition(begin)
        tail = rest.partition(end)[2]
        text = "\n".join([head + begin, "", *lines, "", end + tail])
    PAPER.write_text(text, encoding="utf-8")


def measure_hosts(app: Flask, database: Database, counts: list[int], rounds: int, seconds: int) -> list[str]:
    """Ask home pages, count the queries of pages, weigh the workers."""
    report = Report(conditions=conditions(rounds, seconds))
    for page in queries.PAGES:
        report.queries.append((page.name, queries.queries_of(app, database, page), page.goal))
    asked = queries.queries_of_random_hosts(app, database, max(counts), 2_000)
    report.random_hosts = f"2,000 home pages of random ones of {max(counts):,} hosts asked the database {asked} times."
    measure(report, counts, rounds, seconds)
    return report.lines()


def prepare(config: Config, database: Database, count: int) -> Flask:
    """Load the demo, open the shops, and put a home page that was really made into the store under every host."""
    ensure_ring(config)
    with database.office_work() as db:
        is_empty = db.scalar(select(Reseller.id).where(Reseller.slug == queries.SHOP)) is None
    if is_empty and load_demo(config, database):
        sys.exit("the demo could not be loaded")
    places = seed.seed(config, count)
    app = create_app(config, database=database)
    resolver = app.extensions["vitrine"].resolver
    resolver.versions.start()
    until(lambda: resolver.versions.is_trusted)
    client = app.test_client(use_cookies=False)
    client.get("/", base_url=f"https://{HOST}", headers={"Accept-Language": "en"})
    home = seed.home_page(resolver.store, HOST, "en")
    if home is None:
        sys.exit("the home page of the demo is not marked as ready for everybody")
    begun = time.monotonic()
    seed.fill(resolver.store, places, home)
    size = resolver.store.size_bytes / 1024 / 1024
    print(f"· {count:,} shops; their pages of {len(home.body):,} bytes take {size:.0f} MiB in the store", end="")
    print(f" ({time.monotonic() - begun:.0f} s)", flush=True)
    return app


def measure(report: Report, counts: list[int], rounds: int, seconds: int) -> None:
    """Ask the four servers for home pages, weigh their workers, and ask for a page made by the app."""
    host = f"b0{seed.SUFFIX}"
    with ExitStack() as stack:
        servers = [
            stack.enter_context(serving("hello", "tests.bench.apps:hello", {}, host)),
            stack.enter_context(serving("ready", "wsgi:app", {}, host)),
            stack.enter_context(serving("memory", "wsgi:app", ENOUGH, host)),
            stack.enter_context(serving("store", "wsgi:app", {"PAGE_MEMORY_MB": "0"}, host)),
        ]
        report.rows = ask_hosts_in_turn(servers, counts, rounds, seconds)
        time.sleep(AT_REST_S)
        report.held = {server.name: held_by(server) for server in servers}
        made = load.Visit(before=HOST, hosts=1, path="/?made=1")
        report.made = ask_in_turn("made", servers[:2], made, rounds, seconds)
        time.sleep(AT_REST_S)
        report.held["ready, after pages made by the app"] = held_by(servers[1])


def ask_hosts_in_turn(servers: list[Server], counts: list[int], rounds: int, seconds: int) -> list[Row]:
    """Ask one server for every number of hosts, then the next, round after round.

    What is compared stands side by side, with another number first in each round: few hosts and many meet the same
    seconds of the machine. Each row's ratio is to what hello answers in the whole round.
    """
    rows = {count: Row(name=f"{count:,}", rounds={server.name: [] for server in servers}) for count in counts}
    visits = {count: load.Visit(hosts=count, after=seed.SUFFIX) for count in counts}
    for count, visit in visits.items():
        for server in servers[1:]:
            load.rate(server.port, visit, 1 + count // WARMED_A_SECOND)
        print(f"· {count:,} hosts were visited", flush=True)
    for turn in range(rounds):
        hello: list[Round] = []
        first = turn % len(counts)
        for server in servers[1:]:
            hello.append(ask_once(servers[0], visits[counts[0]], seconds))
            for count in counts[first:] + counts[:first]:
                # What was in its memory a minute ago was pushed out by the other hosts.
                load.rate(server.port, visits[count], 1)
                rows[count].rounds[server.name].append(ask_once(server, visits[count], seconds))
        # To hello all hosts are one: what differs between its answers is the machine, and none of the shop's doing.
        usual = Round(rate=mean(each.rate for each in hello), cost_us=mean(each.cost_us for each in hello))
        for row in rows.values():
            row.rounds["hello"].append(usual)
    return list(rows.values())


def measure_asking(config: Config, app: Flask, count: int, seconds: int) -> list[str]:
    """Ask as the edge does, and time the way from host to shop."""
    asking.certify(config)
    with (
        serving("hello", "tests.bench.apps:hello", {}, "127.0.0.1") as hello,
        serving("asked", "wsgi:app", {}, "127.0.0.1", path="/healthz") as server,
    ):
        asked = asking.ask_at_pace(hello.port, server.port, count, max(5, 5 * seconds // 2))
    resolved = asking.resolve_all(config, app.extensions["vitrine"].resolver.store, count)
    return [*asked.lines(count), "", *resolved.lines(count)]


def measure_prices(config: Config, database: Database, app: Flask, rounds: int) -> list[str]:
    """Ask for prices in this process, and see two workers show what was published."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(name, "wsgi:app", {}, HOST)) for name in ("one", "other")]
        return prices.measure_prices(config, database, app, servers, rounds)


def measure_pages(config: Config, database: Database, app: Flask, wishes: argparse.Namespace) -> list[str]:
    """Make pages in this process, visit very many, ask for a ready one, and see two workers show what was published."""
    found = pages.Found()
    paths = pages.publish_site(database)
    until(lambda: app.test_client(use_cookies=False).get(paths[-1], base_url=f"https://{HOST}").status_code == OK)
    pages.measure_made(found, app, database, paths)
    print(f"· pages made by the app, processor ms, ms, queries: {found.made}", flush=True)
    found.ready_path, sheet = pages.page_of_size(app, paths)
    found.ready_size = len(sheet.body)
    stored_mb = pages.fill(app, seed.seed(config, wishes.shops), sheet)
    apps = []
    for limit in pages.LIMITS_MB:
        other = create_app(replace(config, page_memory_mb=limit), database=database)
        other.extensions["vitrine"].resolver.versions.start()
        until(lambda one=other: one.extensions["vitrine"].resolver.versions.is_trusted)  # type: ignore[misc]  # a default binds it
        apps.append((limit, other))
    pages.visit_many(found, apps, wishes.shops, stored_mb)
    print("· many pages were visited", flush=True)
    with ExitStack() as stack:
        hello = stack.enter_context(serving("hello", "tests.bench.apps:hello", {}, HOST))
        one, other_server = (stack.enter_context(serving(name, "wsgi:app", {}, HOST)) for name in ("one", "two"))
        visit = load.Visit(before=HOST, hosts=1, path=found.ready_path)
        answer = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "answer"
        write_bare(one.port, HOST, found.ready_path, answer)
        bare = stack.enter_context(serving("bare", "tests.bench.apps:bare", {BARE: str(answer)}, HOST))
        found.ready = ask_in_turn("ready page", [hello, one, bare], visit, wishes.rounds, wishes.seconds)
        pages.measure_publishing(found, config, database, [one, other_server], wishes.rounds)
    return [conditions(wishes.rounds, wishes.seconds), "", *found.lines()]


def measure_frames(database: Database, app: Flask, wishes: argparse.Namespace) -> list[str]:
    """Ask for ready windows as a page of somebody else does, weigh and count them, and open them in a browser."""
    found = frames.Found()
    # Its pages have the form that a window for messages shows.
    pages.publish_site(database)
    with ExitStack() as stack:
        origin, site = stack.enter_context(opened.somebody())
        windows = frames.furnish(database, origin)
        hello = stack.enter_context(serving("hello", "tests.bench.apps:hello", {}, HOST))
        ready = stack.enter_context(serving("ready", "wsgi:app", {}, HOST))
        found.queries = frames.count_queries(app, database, windows, origin)
        for window in windows:
            found.sent[window.kind] = frames.weigh(ready, window, origin)
        print(f"· bytes as sent, document and all: {found.sent}", flush=True)
        found.opened = opened.browse(f"http://{HOST}:{ready.port}", windows, origin, site)
        visits = {
            each.kind: load.Visit(before=HOST, hosts=1, path=each.path, headers=frames.headers_from(origin))
            for each in windows
        }
        found.rows = ask_all_in_turn(hello, ready, visits, wishes.rounds, max(1, wishes.seconds // 2))
    return [conditions(wishes.rounds, max(1, wishes.seconds // 2)), "", *found.lines()]


def ask_all_in_turn(
    hello: Server, server: Server, visits: Mapping[str, load.Visit], rounds: int, seconds: int
) -> dict[str, Row]:
    """Ask for many things in each round, and for hello once."""
    rows = {name: Row(name=name, rounds={"hello": [], server.name: []}) for name in visits}
    for visit in visits.values():
        load.rate(server.port, visit, 1)
    for _ in range(rounds):
        bare = ask_once(hello, next(iter(visits.values())), seconds)
        for name, visit in visits.items():
            rows[name].rounds["hello"].append(bare)
            rows[name].rounds[server.name].append(ask_once(server, visit, seconds))
    return rows


def ask_once(server: Server, visit: load.Visit, seconds: int) -> Round:
    """Ask for so long; the answers a second, and the processor time of each."""
    busy, begun = busy_s(server), time.monotonic()
    rate = load.rate(server.port, visit, seconds)
    answers = max(rate * (time.monotonic() - begun), 1)
    return Round(rate=rate, cost_us=(busy_s(server) - busy) / answers * 1e6)


def ask_in_turn(name: str, servers: list[Server], visit: load.Visit, rounds: int, seconds: int) -> Row:
    """Ask each server in each round; hello answers any path."""
    row = Row(name=name, rounds={server.name: [] for server in servers})
    for server in servers:
        load.rate(server.port, visit, 1)
    for _ in range(rounds):
        for server in servers:
            row.rounds[server.name].append(ask_once(server, visit, seconds))
    print(
        "· " + name + ": " + ", ".join(f"{server.name} {row.rate(server.name):,.0f}/s" for server in servers),
        flush=True,
    )
    return row


def conditions(rounds: int, seconds: int) -> str:
    """Say how it was measured."""
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, {platform.system()}"
    return (
        f"{machine}; Granian with one worker and 8 threads; 16 connections on the same machine; "
        f"medians of {rounds} interleaved rounds of {seconds} s."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
