"""Browsers driven over WebDriver BiDi, and the table of what they did; shouts where one of them was not there."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from _pytest.terminal import TerminalReporter

from storefront.core.config import Config
from storefront.core.db import Database
from tests.driver.driven import Driven, chromium_behind, driven, firefox_behind
from tests.fixtures_app import Shop
from tests.frames.stalls import FAR, Stalls, open_stalls

ALLOWED, AS_SHIPPED, BLOCKED = "allowed", "as it comes", "blocked"
# Firefox: all, each site its own jar (what it does if nobody changes it), none of other sites.
BEHAVIOURS = {ALLOWED: 0, AS_SHIPPED: 5, BLOCKED: 1}
MATRIX = "test_browser_matrix.py"
WEBKIT = (
    "WebKit: not driven, because Debian's webkit2gtk-driver wants some fifty packages and a display, "
    "which ./run does not install"
)


class Browsers:
    """Opens one browser at a time, and keeps it for the next who wants the same."""

    def __init__(self, stalls: Stalls) -> None:
        """Behind the proxy of this world."""
        self._stalls = stalls
        self._stack = ExitStack()
        self._open: tuple[str, str, Driven] | None = None

    def open(self, name: str, cookies: str) -> Driven:
        """Return Chromium or Firefox that takes foreign cookies, or does not; it has been seen to do so."""
        if self._open is None or self._open[:2] != (name, cookies):
            self.close()
            program, options = _program(name), self._options(name, cookies)
            self._open = (name, cookies, self._stack.enter_context(driven(_driver(), name, program, options)))
            self._try(self._open[2], takes=cookies != BLOCKED)
        return self._open[2]

    def close(self) -> None:
        """End the one that is open."""
        self._open = None
        self._stack.close()

    def _options(self, name: str, cookies: str) -> dict[str, object]:
        port = self._stalls.world.port
        if name == "firefox":
            return firefox_behind(port, cookie_behaviour=BEHAVIOURS[cookies])
        folder = self._stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
        return chromium_behind(port, blocks_foreign_cookies=cookies == BLOCKED, folder=Path(folder))

    def _try(self, browser: Driven, *, takes: bool) -> None:
        """See whether a site inside another one is sent the cookie that it set; a browser may take a moment to know."""
        for _attempt in range(5):
            browser.begin()
            before = len(self._stalls.world.seen)
            for _time in range(2):
                browser.go(f"{self._stalls.sites[FAR]}/probe")
                browser.see("h2", 0)
            came = [each.cookies for each in self._stalls.world.seen[before:] if each.path == "/third-party"]
            if ("third" in came[-1]) is takes:
                return
        pytest.fail("this browser does with foreign cookies what it was not told to do")


def _driver() -> str:
    reason = os.environ.get("TEST_DRIVER_MISSING", "nobody looked for it: start with ./run test")
    if reason:
        pytest.skip(f"driver: {reason}")
    return os.environ["TEST_DRIVER"]


def _program(name: str) -> str:
    found = os.environ.get(f"TEST_{'CHROMIUM' if name == 'chrome' else 'FIREFOX'}")
    if not found:
        setting = "TEST_CHROMIUM_MISSING" if name == "chrome" else "TEST_FIREFOX_MISSING"
        pytest.skip(f"driver: {os.environ.get(setting, 'nobody looked for it')}")
    return found


@pytest.fixture(scope="module")
def stalls(
    database: Database, config: Config, shops: dict[str, Shop], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stalls]:
    """A shop and two sites that hold its windows, in a world of their own."""
    assert shops
    with open_stalls(database, config, tmp_path_factory.mktemp("world")) as made:
        yield made


@pytest.fixture(scope="module")
def browsers(stalls: Stalls) -> Iterator[Browsers]:
    """Browsers in that world."""
    made = Browsers(stalls)
    yield made
    made.close()


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print the matrix by browser and kind, and say what did not run, and why."""
    skipped = [str(each.longrepr) for each in terminalreporter.stats.get("skipped", [])]
    silent = [told for told in skipped if "driver: " in told]
    if silent:
        reason = silent[0].partition("driver: ")[2].rstrip("')\"")
        line = f"{len(silent)} TESTS IN FIREFOX AND CHROMIUM DID NOT RUN: {reason}"
        terminalreporter.write_line(line, yellow=True, bold=True)
    lines = table(terminalreporter)
    if lines:
        terminalreporter.section("windows in browsers")
        for line in lines:
            terminalreporter.write_line(line)


def table(reporter: TerminalReporter) -> list[str]:
    """Write what came of the matrix: a line for each browser and kind, right ones of all."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for outcome in ("passed", "failed"):
        for each in reporter.stats.get(outcome, []):
            path, _, name = each.nodeid.partition("::")
            if not path.endswith(MATRIX) or each.when != "call":
                continue
            function, _, told = name.rstrip("]").partition("[")
            browser = function.removeprefix("test_").replace("_", " ")
            found.setdefault((browser, told.partition(" in ")[0]), Counter())[outcome] += 1
    lines = [f"{browser:<44} {kind:<16} {n['passed']:>3} of {n.total()}" for (browser, kind), n in found.items()]
    return [*lines, WEBKIT] if lines else []
