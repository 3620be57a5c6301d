"""./run test and ./run proof: pytest against a throw-away PostgreSQL and Valkey."""

import json
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from storefront.machine import data as data_directory
from storefront.machine import messages, postgres
from storefront.machine.browser import lighter, need_chromium
from storefront.machine.checkers import need_checkers
from storefront.machine.children import base_environment, migration_command, run, tool
from storefront.machine.driver import is_wanted, need_driver
from storefront.machine.edge import need_edge
from storefront.machine.environment import TESTING, install_packages, need_environment
from storefront.machine.layouts import need_layouts
from storefront.machine.name_servers import need_name_servers
from storefront.machine.places import ROOT, VENV, fingerprint
from storefront.machine.scripts import need_scripts
from storefront.machine.services import throw_away
from storefront.machine.speech import CannotGoOnError, say, step

TEMPLATE = "vitrine_template"
NO_TESTS_COLLECTED = 5
# Each has a queue of its own, and one more for the house that it may open (tests/fixtures_house.py).
MOST_WORKERS = 7
# Matrices that can be run alone, and where they lie.
FAMILIES = {
    "crashes": ("tests/storefront/provisioning",),
    "pages": ("tests/cms",),
    "forms": ("tests/isolation",),
    "frames": ("tests/frames",),
    "prices": ("tests/storefront/pricing",),
    "timing": ("tests/storefront/account",),
}
HOW_TEMPLATES_ARE_COMPILED = ("tenants/themes.py", "storefront/web/rendering.py", "requirements/base.txt")
# Matrices and pictures are looked at with the whole Chromium.
SHOWN = {"TEST_PROOF", "VITRINE_PICTURES"}
ROLE_OF = {"DATABASE_URL": "APP", "OFFICE_URL": "OFFICE", "OWNER_URL": "OWNER"}


def test(arguments: Sequence[str]) -> int:
    """Run the tests; the arguments are pytest's."""
    need_environment(TESTING)
    with compiled_beside(arguments) as await_compiled:
        return _test(arguments, await_compiled)


def _test(arguments: Sequence[str], await_compiled: Callable[[], object]) -> int:
    chromium, reason = need_chromium()
    if not SHOWN & set(os.environ):
        chromium = lighter(chromium)
    edge, edge_reason = need_edge()
    name_servers, name_servers_reason = need_name_servers()
    scripts_reason = need_scripts()
    driver = need_driver() if is_wanted(places_in(arguments)) else {}
    messages.compile_stale()
    begun = time.monotonic()
    with throw_away() as (server, redis_url, base), ExitStack() as ending:
        urls = role_urls(server)
        ending.callback(remove_template, urls)
        environment = base_environment(
            **urls,
            TEST_REDIS_URL=redis_url,
            TEST_DIRECTORY=str(base),
            VITRINE_TEMPLATES=str(compiled_templates()),
            TEST_CHROMIUM=chromium or "",
            TEST_CHROMIUM_MISSING=reason,
            TEST_SCRIPTS_MISSING=scripts_reason,
            TEST_EDGE=json.dumps(edge),
            TEST_EDGE_MISSING=edge_reason,
            TEST_NAME_SERVERS=json.dumps(name_servers),
            TEST_NAME_SERVERS_MISSING=name_servers_reason,
            **driver,
            HYPOTHESIS_STORAGE_DIRECTORY=str(ROOT / ".cache" / "hypothesis"),
        )
        _migrate_template(urls, redis_url, environment)
        say(f"· database and queue are ready after {time.monotonic() - begun:.1f} s")
        await_compiled()
        return run(tool("pytest", *with_workers(arguments, os.cpu_count() or 2)), environment)


@contextmanager
def compiled_beside(arguments: Sequence[str], environment: Path = VENV) -> Iterator[Callable[[], object]]:
    """Compile the tests while browsers and servers are fetched for them; yields what waits until that is done.

    In a fresh clone each of pytest's workers would compile all of them anew, at the same moment.
    """
    done = environment / "tests-compiled"
    if places_in(arguments) or done.exists():
        yield lambda: None
        return
    command = tool("pytest", "--collect-only", "-n", "0")
    beside = subprocess.Popen(
        command, cwd=ROOT, env=base_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield beside.wait
        done.touch()
    finally:
        beside.terminate()
        beside.wait()


def compiled_templates() -> Path:
    """Where templates stay compiled from one run to the next; another environment or Jinja has another folder.

    Jinja compares each with its source, but not what it was compiled with.
    """
    told = "".join((ROOT / name).read_text(encoding="utf-8") for name in HOW_TEMPLATES_ARE_COMPILED)
    return ROOT / ".cache" / "templates" / fingerprint(told)


def with_workers(arguments: Sequence[str], processors: int) -> list[str]:
    """Pytest's arguments with a number of workers: one for a single file or test, else one more than processors.

    One of them is often waiting: for a browser, a certificate, a letter.
    """
    told = any(
        argument.startswith(("-n", "--numprocesses", "--pdb", "--collect-only", "--co")) for argument in arguments
    )
    if told:
        return list(arguments)
    places = places_in(arguments)
    is_narrow = len(places) == 1 and (".py" in places[0] or "::" in places[0])
    if is_narrow:
        return ["-n", "0", *arguments]
    # tests/together.py says what stays on one worker.
    return [
        "-n",
        str(min(max(2, processors) + 1, MOST_WORKERS)),
        "--dist",
        "loadscope",
        "--no-loadscope-reorder",
        *arguments,
    ]


def places_in(arguments: Sequence[str]) -> list[str]:
    """Pick the files and folders out of pytest's arguments."""
    return [argument for argument in arguments if not argument.startswith("-") and "test" in argument]


@contextmanager
def migrated_throw_away() -> Iterator[dict[str, str]]:
    """Throw-away servers with one migrated database, as the settings of a process of ours."""
    with throw_away() as (server, redis_url, base), ExitStack() as ending:
        urls = role_urls(server)
        ending.callback(remove_template, urls)
        data = data_directory.make(base / "data")
        addresses = {
            name: urls[f"TEST_{role}_URL"].format(database=urls["TEST_TEMPLATE"]) for name, role in ROLE_OF.items()
        }
        settings = {"REDIS_URL": redis_url, "VITRINE_MODE": "development", "VITRINE_DATA": str(data)}
        environment = base_environment(**addresses, **settings)
        _migrate_template(urls, redis_url, {**environment, "TEST_DIRECTORY": str(data)})
        yield environment


def bench(arguments: Sequence[str]) -> int:
    """Measure, against throw-away servers: the arguments are those of tests/bench."""
    need_environment(TESTING)
    if not (ROOT / "tests" / "bench" / "__main__.py").exists():
        say("There is nothing to measure yet.")
        return 0
    need_wrk()
    with migrated_throw_away() as environment:
        return run(tool("tests.bench", *arguments), environment)


def need_wrk() -> None:
    """Bring the program that asks servers; without it clients of our own do, and take more time than what they ask."""
    if shutil.which("wrk"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        with step("installing wrk, which asks servers"):
            install_packages(["wrk"])
    if not shutil.which("wrk"):
        say("There is no wrk on this machine: ratios to hello come out far too small. Install the package wrk.")


def role_urls(server: postgres.Server | None) -> dict[str, str]:
    """The addresses of the tests' databases for each role, with {database} where its name goes."""
    if server is not None:
        postgres.make_roles(server)
        postgres.execute(server, "postgres", f"CREATE DATABASE {TEMPLATE} OWNER vitrine_owner")
        found = {role: server.url(role, "{database}") for role in postgres.SHORT_NAMES}
        prefix, template = "vitrine_test", TEMPLATE
    else:
        password, run_id = secrets.token_hex(16), secrets.token_hex(4)
        prefix, template = f"vitrine_test_{run_id}", f"vitrine_template_{run_id}"
        url = os.environ["TEST_DATABASE_URL"]
        _make_roles_elsewhere(url, password, template)
        found = {role: for_role(url, role, password) for role in postgres.SHORT_NAMES}
    names = {f"TEST_{role.upper()}_URL": url for role, url in found.items()}
    return {**names, "TEST_TEMPLATE": template, "TEST_PREFIX": prefix}


def for_role(url: str, role: str, password: str) -> str:
    """The address of somebody's server for one of our roles, with {database} where the name goes."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    netloc = f"vitrine_{role}:{quote(password, safe='')}@{place}"
    return urlunsplit(("postgresql+psycopg", netloc, "/{database}", parts.query, ""))


def _make_roles_elsewhere(url: str, password: str, template: str) -> None:
    statements = []
    for name, rights in postgres.ROLES.items():
        ask = f"SELECT 1 FROM pg_roles WHERE rolname = '{name}'"  # noqa: S608 - our own constants
        statements.append(f'DO $$ BEGIN IF NOT EXISTS ({ask}) THEN CREATE ROLE "{name}"; END IF; END $$')
        statements.append(f"ALTER ROLE \"{name}\" {rights} PASSWORD '{password}'")
    statements += ["ALTER ROLE vitrine_app SET plan_cache_mode = force_custom_plan"]
    _execute_elsewhere(url, *statements, f'CREATE DATABASE "{template}" OWNER vitrine_owner')


def _execute_elsewhere(url: str, *statements: str) -> None:
    command = [
        str(postgres.wheel_binaries() / "psql"),
        "-X",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-d",
        postgres.libpq_url(url),
    ]
    for statement in statements:
        command += ["-c", statement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sentence = f"The server of TEST_DATABASE_URL refused: {done.stderr.strip()}"
        raise CannotGoOnError(sentence)


def remove_template(urls: Mapping[str, str]) -> None:
    """Leave nothing behind on a server that is somebody else's; our own is thrown away whole."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        # The second one is made by the first test that wants a demo (tests/fixtures_house.py).
        for name in (urls["TEST_TEMPLATE"], f"{urls['TEST_PREFIX']}_furnished"):
            _execute_elsewhere(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _migrate_template(urls: Mapping[str, str], redis_url: str, environment: Mapping[str, str]) -> None:
    command = migration_command()
    if command is None:
        return
    addresses = {
        name: urls[f"TEST_{role}_URL"].format(database=urls["TEST_TEMPLATE"]) for name, role in ROLE_OF.items()
    }
    settings = {**environment, **addresses, "REDIS_URL": redis_url, "VITRINE_MODE": "development"}
    settings["VITRINE_DATA"] = environment["TEST_DIRECTORY"]
    with step("migrating the template database"):
        done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-25:])
        sentence = f"The migrations failed:\n{tail}"
        raise CannotGoOnError(sentence)


def proof(arguments: Sequence[str]) -> int:
    """Run the full matrices one after the other, with their tables printed; families of them, or what pytest is told.

    All of them write docs/proofs.md anew, families replace their own rows in it, anything else only prints.
    """
    ran, told = matrices(arguments)
    os.environ["TEST_PROOF"] = ran
    if ran != "family" or "pages" in arguments:
        os.environ.update(need_checkers())
    if ran != "family" or "frames" in arguments:
        os.environ.update(need_layouts())
    code = test(["-n", "0", "-m", "proof or law", *told])
    if code == NO_TESTS_COLLECTED:
        say("There is no matrix to run yet.")
        return 0
    return code


def matrices(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """Say how much of the matrices is meant, "all", "family" or "some", and what pytest is to be told."""
    if arguments and all(each in FAMILIES for each in arguments):
        return "family", [place for each in arguments for place in FAMILIES[each]]
    return ("some" if arguments else "all"), list(arguments)
