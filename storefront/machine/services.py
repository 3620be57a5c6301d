"""The database and the queue: started under a data directory, or taken from the environment."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from storefront.machine import data as data_directory
from storefront.machine import postgres, valkey
from storefront.machine.accounts import can_enter, lent_account
from storefront.machine.places import make_private, runtime_directory, socket_base
from storefront.machine.processes import Household, reap
from storefront.machine.speech import CannotGoOnError, say, step

LONGEST_BASE = 60  # leaves room for the sockets below it
ROLE_OF_URL = {"database": "app", "office": "office", "owner": "owner"}


@dataclass(frozen=True, kw_only=True)
class Services:
    """Addresses of what the shop leans on. ``server`` is None where the database is somebody else's."""

    database_url: str
    office_url: str
    owner_url: str
    redis_url: str
    server: postgres.Server | None = None

    def environment(self) -> dict[str, str]:
        """The same, as the settings of a process of ours."""
        return {
            "DATABASE_URL": self.database_url,
            "OFFICE_URL": self.office_url,
            "OWNER_URL": self.owner_url,
            "REDIS_URL": self.redis_url,
        }


def told_database(environ: Mapping[str, str]) -> dict[str, str]:
    """The three addresses of a database that the environment names; nothing when it names none; raise on a half."""
    names = {"database_url": "DATABASE_URL", "office_url": "OFFICE_URL", "owner_url": "OWNER_URL"}
    found = {field: environ.get(name, "") for field, name in names.items()}
    if not any(found.values()):
        return {}
    if missing := [names[field] for field, value in found.items() if not value]:
        sentence = (
            "A database of your own needs three addresses, one for each role: DATABASE_URL (app), OFFICE_URL (office) "
            f"and OWNER_URL (owner). Missing: {', '.join(missing)}."
        )
        raise CannotGoOnError(sentence)
    return found


@contextmanager
def at_hand(data: Path) -> Iterator[Services]:
    """The servers of a data directory: those that ./run serve has started, else started for this one command."""
    running = data / data_directory.RUNNING
    if data_directory.is_held(data):
        deadline = time.monotonic() + 30
        while not running.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        if running.exists():
            yield Services(**json.loads(running.read_text()))
            return
    with data_directory.held(data), started(data) as (services, _):
        yield services


@contextmanager
def started(data: Path) -> Iterator[tuple[Services, Household]]:
    """Start what the environment does not name, under a data directory that is held; stop it at the end."""
    reap_orphans(data)
    told = told_database(os.environ)
    runtime = runtime_directory(data)
    household = Household(data / data_directory.RECORD)
    with ExitStack() as ending:
        ending.callback(shutil.rmtree, runtime, ignore_errors=True)
        ending.callback(household.stop)
        redis_url = os.environ.get("REDIS_URL", "")
        server = None
        if not told:
            server = start_postgres(postgres.place(data, runtime), household, data / "logs" / "postgres.log")
            told = {f"{name}_url": server.url(role) for name, role in ROLE_OF_URL.items()}
            if not server.data.is_relative_to(data):
                runs_as = server.account.name if server.account else "you"
                say(f"  PostgreSQL runs as {runs_as}, who cannot reach {data}; its data is in {server.data}")
        if not redis_url:
            redis_url = start_valkey(data / "valkey", runtime / "valkey.sock", household, data / "logs" / "valkey.log")
        services = Services(**told, redis_url=redis_url, server=server)
        running = data / data_directory.RUNNING
        data_directory.write_private(running, json.dumps({**told, "redis_url": redis_url}).encode())
        ending.callback(running.unlink, missing_ok=True)
        yield services, household


def reap_orphans(data: Path) -> None:
    """Stop what a killed start of this data directory left behind; the directory must be held."""
    reaped = reap(data / data_directory.RECORD)
    if reaped:
        say(f"· stopped {reaped} processes that an earlier start had left behind")


def start_postgres(server: postgres.Server, household: Household, log: Path) -> postgres.Server:
    """Start PostgreSQL and make its roles when its data is new."""
    if (server.data / "PG_VERSION").exists():
        postgres.initialise(server)
    else:
        with step("making the database"):
            postgres.initialise(server)
    postgres.clear_stale_lock(server)
    process = household.start(postgres.program(server, log))
    postgres.await_ready(server, process, log)
    postgres.make_roles(server)
    return server


def start_valkey(home: Path, address: Path, household: Household, log: Path, *, is_durable: bool = True) -> str:
    """Start Valkey and return its address."""
    process = household.start(valkey.program(home, address, log, is_durable=is_durable))
    valkey.await_ready(address, process, log)
    return valkey.url(address)


@contextmanager
def throw_away() -> Iterator[tuple[postgres.Server | None, str, Path]]:
    """Servers for one run of the tests: nothing is synced to disk, everything is removed at the end.

    Gives the database server (None with TEST_DATABASE_URL), the address of the queue, and the directory.
    """
    with tempfile.TemporaryDirectory(prefix="vitrine-test-", dir=_open_base(), ignore_cleanup_errors=True) as name:
        base = Path(name)
        base.chmod(0o711)
        household = Household(None)
        with ExitStack() as ending:
            ending.callback(household.stop)
            server = None
            if not os.environ.get("TEST_DATABASE_URL"):
                account = lent_account(base)
                server = postgres.Server(
                    binaries=postgres.reachable_binaries(account),
                    data=base / "postgres",
                    sockets=base / "sockets",
                    account=account,
                    is_durable=False,
                )
                log = base / "postgres.log"
                postgres.initialise(server)
                postgres.await_ready(server, household.start(postgres.program(server, log)), log)
            redis_url = os.environ.get("TEST_REDIS_URL", "")
            if not redis_url:
                home = make_private(base / "valkey")
                redis_url = start_valkey(home, home / "valkey.sock", household, base / "valkey.log", is_durable=False)
            yield server, redis_url, base


def _open_base() -> str:
    """A short directory for throw-away data that the account of PostgreSQL may enter."""
    for base in (Path(tempfile.gettempdir()), Path("/var/tmp"), socket_base()):  # noqa: S108 - mkdtemp makes it private
        if len(str(base)) < LONGEST_BASE and base.is_dir() and can_enter(lent_account(base), base):
            return str(base)
    sentence = "There is no temporary directory that PostgreSQL's account may enter. Set TMPDIR to one."
    raise CannotGoOnError(sentence)
