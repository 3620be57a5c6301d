"""What every test may lean on: a database of the worker's own, a queue of its own, Chromium, and the count by tier."""

import gc
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from _pytest.pathlib import import_path
from _pytest.terminal import TerminalReporter
from hypothesis import HealthCheck, settings

from storefront.core import clock
from tests import proofs
from tests.tiers import TIERS, tier_of
from tests.together import Together, put_companies_first

# Fixtures of the rooms lie beside this file: tests/fixtures_app.py and so on.
pytest_plugins = [f"tests.{path.stem}" for path in sorted(Path(__file__).parent.glob("fixtures_*.py"))]
# One may use another: whichever is imported first, its assertions are rewritten.
pytest.register_assert_rewrite(*pytest_plugins)

# A slow machine is no fault, and the same code gets the same answer twice; ./run proof tries other examples each time.
settings.register_profile(
    "house",
    deadline=None,
    derandomize=not os.environ.get("TEST_PROOF"),
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")

gc.set_threshold(50_000, 20, 100)


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """One database, as each of the three roles reaches it, and the queue of this worker."""

    database: str
    owner: str
    app: str
    office: str
    redis: str

    def environment(self) -> dict[str, str]:
        """The same, as the settings of a process of ours."""
        return {"DATABASE_URL": self.app, "OFFICE_URL": self.office, "OWNER_URL": self.owner, "REDIS_URL": self.redis}


def _address(role: str, database: str) -> str:
    url = os.environ.get(f"TEST_{role}_URL")
    if not url:
        pytest.fail("this test needs a database: start it with ./run test", pytrace=False)
    return url.format(database=database)


def _worker_number() -> int:
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def _redis_address() -> str:
    url = os.environ.get("TEST_REDIS_URL")
    if not url:
        pytest.fail("this test needs a queue: start it with ./run test", pytrace=False)
    base, _, _ = url.partition("?db=")
    number = 1 + _worker_number()
    return f"{base}?db={number}" if url.startswith("unix:") else f"{base.rstrip('/')}/{number}"


@contextmanager
def made_database(name: str, template: str | None) -> Iterator[Addresses]:
    """Make a database, give its addresses, and remove it again."""
    yield keep_database(name, template)
    _drop(_place(), name)


def keep_database(name: str, template: str | None) -> Addresses:
    """Make a database that goes with the server, and give its addresses."""
    from_template = f'TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
    with psycopg.connect(_place(), autocommit=True) as line:
        line.execute(f'CREATE DATABASE "{name}" {from_template}'.encode())
    return Addresses(
        database=name,
        owner=_address("OWNER", name),
        app=_address("APP", name),
        office=_address("OFFICE", name),
        redis=_redis_address(),
    )


def _place() -> str:
    return _address("OWNER", "postgres").replace("postgresql+psycopg:", "postgresql:", 1)


def _drop(place: str, name: str) -> None:
    """Remove a database; one that a process of a test still holds goes with the server: waiting takes five seconds."""
    with psycopg.connect(place, autocommit=True) as line, suppress(psycopg.errors.ObjectInUse):
        held = line.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", (name,)).fetchone()
        if held is not None and held[0] == 0:
            line.execute(f'DROP DATABASE IF EXISTS "{name}"'.encode())


@pytest.fixture(scope="session")
def addresses() -> Iterator[Addresses]:
    """The migrated database and the queue of this worker; tests share it, so they roll back or clean up."""
    prefix = os.environ.get("TEST_PREFIX", "vitrine_test")
    with made_database(f"{prefix}_gw{_worker_number()}", os.environ.get("TEST_TEMPLATE")) as made:
        yield made


@pytest.fixture
def own_database() -> Iterator[Addresses]:
    """A migrated database of this test alone, for what cannot be rolled back: kills, several processes."""
    prefix = os.environ.get("TEST_PREFIX", "vitrine_test")
    with made_database(f"{prefix}_{uuid4().hex}", os.environ.get("TEST_TEMPLATE")) as made:
        yield made


@pytest.fixture
def empty_database() -> Iterator[Addresses]:
    """A database of this test alone with nothing in it, for the migrations themselves."""
    prefix = os.environ.get("TEST_PREFIX", "vitrine_test")
    with made_database(f"{prefix}_{uuid4().hex}", None) as made:
        yield made


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium."""
    return os.environ["TEST_CHROMIUM"]


def pytest_collection(session: pytest.Session) -> None:
    """Let each worker of a whole run begin to import elsewhere.

    Who is the first to import a test rewrites its assertions and keeps that for the others: in a new clone all three
    would do so for all tests.
    """
    told = getattr(session.config, "workerinput", {})
    if not told or session.config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return
    paths = sorted(Path(__file__).parent.rglob("test_*.py"))
    first = len(paths) * _worker_number() // told["workercount"]
    for path in (*paths[first:], *paths[:first]):
        with suppress(Exception):  # whatever cannot be imported is told when it is collected
            import_path(path, mode="importlib", root=session.config.rootpath, consider_namespace_packages=False)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Keep those tests on one worker that share something."""
    return Together(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector: pytest.Collector, obj: object) -> list[pytest.Item] | None:
    """Make no tests of a matrix that would be left out: each process makes all of them before it leaves any out."""
    is_left_out = collector.config.getoption("markexpr") == "not proof"
    marks = getattr(obj, "pytestmark", []) if type(obj) is FunctionType else []
    is_matrix = any(mark.name == "proof" for mark in marks)
    return [] if is_left_out and is_matrix else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring them into their order; skip the browser tests where there is no browser, and say why."""
    put_companies_first(items)
    if os.environ.get("TEST_CHROMIUM"):
        return
    reason = os.environ.get("TEST_CHROMIUM_MISSING") or "no Chromium was looked for: start with ./run test"
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=f"browser: {reason}"))


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print how many tests of each tier ran, and shout when browser tests did not."""
    counts: dict[str, Counter[str]] = {tier: Counter() for tier in TIERS}
    browserless: list[str] = []
    unjudged: set[str] = set()
    for outcome in ("passed", "failed", "error", "skipped", "xfailed"):
        for report in terminalreporter.stats.get(outcome, []):
            if isinstance(report, pytest.TestReport):
                counts[tier_of(report.nodeid)][outcome] += 1
                if outcome == "skipped" and "browser: " in str(report.longrepr):
                    browserless.append(str(report.longrepr))
                if outcome == "skipped" and "checker: " in str(report.longrepr):
                    unjudged.add(str(report.longrepr).partition("checker: ")[2].rstrip("')\""))
    terminalreporter.section("tests by tier")
    for tier, found in counts.items():
        told = ", ".join(f"{number} {outcome}" for outcome, number in found.items()) or "none"
        terminalreporter.write_line(f"{tier:<14}{told}")
    if os.environ.get("TEST_PROOF"):
        _tell_proof(terminalreporter)
    if browserless:
        reason = browserless[0].partition("browser: ")[2].rstrip("')\"")
        terminalreporter.write_line(f"{len(browserless)} BROWSER TESTS DID NOT RUN: {reason}", yellow=True, bold=True)
    for reason in sorted(unjudged):
        terminalreporter.write_line(f"PAGES WERE NOT JUDGED BY {reason}", yellow=True, bold=True)


def _tell_proof(reporter: TerminalReporter) -> None:
    """Print the table of the matrices that ran, and write it into the docs when all of them ran, or a family."""
    reports = [each for outcome in ("passed", "failed") for each in reporter.stats.get(outcome, [])]
    results = [(each.nodeid, each.passed, each.duration) for each in reports if each.when == "call"]
    reporter.section("proofs")
    ran, on = os.environ["TEST_PROOF"], clock.today()
    reporter.write(proofs.table(results, on) if ran == "some" else proofs.write(results, on, whole=ran == "all"))
