"""Search, measured: our own time a name, fifty endings at once, and the home page while two hundred people search.

Each function returns a ``Figure``; ``./run bench`` and ``./run proof`` print them. They need the addresses of a process
of ours in the environment; the last one also a running shop with its look-up process and ``SEARCH_RATE`` raised.
"""

import asyncio
import http.client
import multiprocessing
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from urllib.parse import urlsplit
from uuid import uuid4

from storefront.core import cache
from storefront.core.config import Config
from storefront.lookups import THREADS
from storefront.providers.connections import open_registrar, open_sandbox
from storefront.providers.ports.registrar import Capabilities, CheckResult, Registrar, RegistrationData
from storefront.provisioning.availability import answers, answers_key, ask
from storefront.provisioning.inquiries import LookUps

ROUNDS = 5
VISITORS = 200
PAUSES_S = (0.25, 0.5, 1.0, 2.0, 2.0, 2.0)  # as js/search.js waits while nothing comes


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One measured number beside its goal."""

    name: str
    value: float
    goal: float
    unit: str

    @property
    def is_reached(self) -> bool:
        """Whether it is good enough."""
        return self.value <= self.goal

    def __str__(self) -> str:
        verdict = "" if self.is_reached else ", MISSED"
        return f"{self.name:<58}{self.value:>9.2f} {self.unit:<3} (goal {self.goal:g}{verdict})"


@dataclass
class Timed:
    """A registrar that remembers when it was asked about each name and when it had answered."""

    inner: Registrar
    asked: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)

    def capabilities(self) -> Capabilities:
        """Say what the registrar behind it can do."""
        return self.inner.capabilities()

    async def check(self, names: Sequence[str], *, deadline_s: float) -> Mapping[str, CheckResult]:
        """Ask the registrar behind it."""
        self.asked.update(dict.fromkeys(names, time.monotonic()))
        found = await self.inner.check(names, deadline_s=deadline_s)
        self.answered.update(dict.fromkeys(names, time.monotonic()))
        return found

    async def whois(self, name: str, *, deadline_s: float) -> RegistrationData | None:
        """Ask the registrar behind it."""
        return await self.inner.whois(name, deadline_s=deadline_s)


def _answer(config: Config, line: Connection) -> None:
    """Answer questions in this process until told to stop; then say how long the registrar took for each name."""
    registrar = Timed(open_registrar(config))

    async def run() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        loop.set_default_executor(ThreadPoolExecutor(THREADS))
        loop.add_reader(line.fileno(), stop.set)
        await LookUps(config, {"sandbox": registrar}).run(stop)  # type: ignore[dict-item]  # three methods are called

    asyncio.run(run())
    line.send({name: moment - registrar.asked[name] for name, moment in registrar.answered.items()})


@contextmanager
def _answering(config: Config) -> Iterator[Callable[[], dict[str, float]]]:
    """Run the look-ups as they run in life, in a process of their own; the yielded function ends it."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_answer, args=(config, there))
    process.start()

    def finish() -> dict[str, float]:
        here.send("stop")
        took: dict[str, float] = here.recv()
        return took

    try:
        yield finish
    finally:
        process.join(10)


def _warm(config: Config, endings: Sequence[str]) -> None:
    """Have every desk and connection opened once."""
    for _ in range(3):
        _watch(config, [f"warm-{uuid4().hex[:6]}.{ending}" for ending in endings])


def _watch(config: Config, names: Sequence[str]) -> tuple[float, dict[str, float]]:
    """Ask about names; return when, and when each answer could be read."""
    reseller, line = uuid4(), cache.connect(config)
    begun = time.monotonic()
    search_id = ask(config, reseller, names).search_id
    place, seen = answers_key(reseller, search_id), dict[str, float]()
    # Only the length is looked at while waiting: the watcher must not take the time it measures.
    while len(seen) < len(names) and time.monotonic() - begun < config.lookup_deadline_s + 2:
        time.sleep(0.001)
        if line.llen(place) > len(seen):
            now = time.monotonic()
            progress = answers(config, reseller, search_id, since=len(seen))
            seen |= dict.fromkeys(progress.changed if progress else (), now)
    return begun, seen


def overhead_a_name(config: Config, *, searches: int = 50) -> Figure:
    """Measure what we add to the registrar's own time, 95th percentile over single names and lists of twelve."""
    endings = sorted(open_registrar(config).capabilities().endings)[:12]
    seen: dict[str, float] = {}
    with _answering(config) as finish:
        _warm(config, endings)
        for number in range(searches):
            names = [f"bench{number}-{uuid4().hex[:6]}.{ending}" for ending in (endings if number % 2 else endings[:1])]
            begun, moments = _watch(config, names)
            seen |= {name: moment - begun for name, moment in moments.items()}
        took = finish()
    # What the registrar never answered has no time of its own to be measured against.
    added = [(moment - took[name]) * 1000 for name, moment in seen.items() if name in took]
    value = statistics.quantiles(added, n=20)[-1]
    return Figure(name="our own time a name, p95", value=value, goal=20, unit="ms")


def fifty_endings(config: Config, *, rounds: int = ROUNDS) -> Figure:
    """Measure what fifty endings take beyond the slowest of them, median of some rounds."""
    endings = sorted(open_registrar(config).capabilities().endings)[:50]
    seen: list[tuple[list[str], float]] = []
    with _answering(config) as finish:
        _warm(config, endings)
        for number in range(rounds):
            names = [f"bench{number}-{uuid4().hex[:6]}.{ending}" for ending in endings]
            begun, moments = _watch(config, names)
            seen.append((names, max(moments.values()) - begun))
        took = finish()
    added = [(whole - max(took.get(name, 0.0) for name in names)) * 1000 for names, whole in seen]
    return Figure(name="fifty endings beyond the slowest", value=statistics.median(added), goal=100, unit="ms")


def _get(address: str, host: str, path: str) -> tuple[int, bytes]:
    place = urlsplit(address)
    line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=30)
    try:
        line.request("GET", path, headers={"Host": host, "Accept": "text/html"})
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def _home_page_ms(address: str, host: str, stop: threading.Event) -> list[float]:
    """Visit the home page thirty times a second, one visit after the other, until stopped."""
    took: list[float] = []
    while not stop.wait(0.033):
        begun = time.perf_counter()
        status, _ = _get(address, host, "/")
        if status != http.client.OK:
            sys.exit(f"the home page answers {status}")
        took.append((time.perf_counter() - begun) * 1000)
    return took


def _search_like_a_browser(address: str, host: str, number: int) -> None:
    # People press the button within a second of each other, not within a millisecond.
    time.sleep(number / VISITORS)
    _, page = _get(address, host, f"/search?q=crowd{number}-{uuid4().hex[:6]}")
    marked = page.partition(b'data-search="')[2].partition(b'"')[0].decode()
    for pause in PAUSES_S:
        time.sleep(pause)
        _, piece = _get(address, host, f"{marked.replace('&amp;', '&')}{'&' if '?' in marked else '?'}since=0")
        if b"data-done" in piece:
            return


def home_page_while_searching(config: Config, address: str, host: str, *, rounds: int = ROUNDS) -> Figure:
    """Measure the home page (median) while 200 visitors search at a registrar that takes its time, as a ratio to peace.

    It takes half a second less than the deadline: silent to the end it would blow its fuse, everybody would be told
    at once that nobody knows, and only the first round would measure what it should.
    """
    strings = open_sandbox(config)
    strings.set_mode("slow", latency_s=config.lookup_deadline_s - 0.5)
    try:
        ratios = [_crowd_ms(address, host) / _peace_ms(address, host) for _ in range(rounds)]
    finally:
        strings.set_mode("up")
    return Figure(name="home page while 200 visitors search", value=statistics.median(ratios), goal=1.2, unit="x")


def _peace_ms(address: str, host: str) -> float:
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        visits = pool.submit(_home_page_ms, address, host, stop)
        time.sleep(4)
        stop.set()
        return statistics.median(visits.result())


def _crowd_ms(address: str, host: str) -> float:
    stop = threading.Event()
    with ThreadPoolExecutor(VISITORS + 1) as pool:
        visits = pool.submit(_home_page_ms, address, host, stop)
        crowd = [pool.submit(_search_like_a_browser, address, host, number) for number in range(VISITORS)]
        for visitor in crowd:
            visitor.result()
        stop.set()
        return statistics.median(visits.result())


def main() -> None:
    """Print the figures; with an address and a host name (``http://127.0.0.1:8000 nordhost.localhost``) all three."""
    config = Config.from_environment()
    print(overhead_a_name(config))
    print(fifty_endings(config))
    if len(sys.argv) > 2:
        print(home_page_while_searching(config, sys.argv[1], sys.argv[2]))


if __name__ == "__main__":
    main()
