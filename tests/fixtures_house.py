"""The whole house as ``./run serve`` opens it, over a demo of its own."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Addresses, keep_database, made_database
from tests.fixtures_gateway import free_port

ROOT = Path(__file__).parents[1]
# Valkey has sixteen queues; the first eight are the workers' own.
HOUSES = 7
PROGRAMS = ("worker", "relay", "lookups", "gateway")


@dataclass(frozen=True, kw_only=True)
class House:
    """A running installation with the three demo shops."""

    port: int
    data: Path
    environment: dict[str, str]
    addresses: Addresses

    def url(self, slug: str, path: str = "/") -> str:
        """Return the address of a page of a shop; ``""`` is the platform itself."""
        host = f"{slug}.localhost" if slug else "localhost"
        return f"http://{host}:{self.port}{path}"

    def login(self, shop: str, who: str) -> dict[str, str]:
        """Return one of the demo's logins."""
        logins: list[dict[str, str]] = json.loads((self.data / "demo-logins.json").read_text())
        return next(login for login in logins if (login["shop"], login["who"]) == (shop, who))

    def letters(self) -> list[Path]:
        """List the letters that went out, oldest first."""
        return sorted((self.data / "mail").rglob("*.eml"), key=lambda path: path.stat().st_mtime)


@contextmanager
def furnished(kind: str) -> Iterator[Addresses]:
    """A database with the demo, copied from one that is furnished once for all workers of this run."""
    prefix = os.environ.get("TEST_PREFIX", "vitrine_test")
    template = f"{prefix}_furnished"
    shared = _shared()
    with (shared / "furnishing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "furnished").exists():
            addresses = keep_database(template, os.environ.get("TEST_TEMPLATE"))
            environment = {**os.environ, **addresses.environment(), **_settings(shared / "data", 8000)}
            for command in ("migrate", "demo"):
                _cli(environment, command)
            (shared / "furnished").touch()
    with made_database(f"{prefix}_{kind}_{uuid4().hex[:8]}", template) as addresses:
        yield addresses


def _shared() -> Path:
    """The directory of this run, which all workers know."""
    shared = Path(os.environ["TEST_DIRECTORY"]) / "furnished_house"
    shared.mkdir(exist_ok=True)
    return shared


def _settings(data: Path, port: int) -> dict[str, str]:
    return {
        "VITRINE_DATA": str(data),
        "VITRINE_MODE": "development",
        "VITRINE_DEMO": "1",
        "VITRINE_PORT": str(port),
        "VITRINE_HOST": "127.0.0.1",
    }


@contextmanager
def open_house(addresses: Addresses, data: Path, **more: str) -> Iterator[House]:
    """Open an installation on free ports over a furnished database; everything it starts is ended again."""
    port, gateway = free_port(), free_port()
    environment = {
        **os.environ,
        **addresses.environment(),
        "REDIS_URL": _own_queue(addresses.redis),
        **_settings(data, port),
        "VITRINE_GATEWAY_PORT": str(gateway),
        "SANDBOX_LATENCY": "0.2",
        "SEARCH_RATE": "1000/minute",
        "SIGN_IN_RATE": "1000/minute",
        "SIGN_IN_NETWORK_RATE": "10000/minute",
        "MAIL_RATE": "1000/minute",
        "FORM_RATE": "1000/minute",
        **more,
    }
    house = House(port=port, data=data, environment=environment, addresses=addresses)
    # Keys, logins and files belong to what is in the database.
    shutil.copytree(_shared() / "data", data, dirs_exist_ok=True)
    web = [
        "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "8", "--no-ws", "--log-level", "warning", "wsgi:app",
    ]  # fmt: skip
    commands = {**{name: ["storefront.cli", name] for name in PROGRAMS}, "web": web}
    with _running(environment, data, commands):
        _await_answer(house)
        yield house


def _own_queue(url: str) -> str:
    """Return another queue of the same server: the house's look-ups must not answer for other tests."""
    head, mark, number = url.rpartition("=" if "=" in url else "/")
    return f"{head}{mark}{int(number) + HOUSES}"


def _cli(environment: dict[str, str], command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "storefront.cli", command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _running(environment: dict[str, str], data: Path, commands: dict[str, list[str]]) -> Iterator[None]:
    """Start programs, each with a log of its own; at the end all are asked to stop before one is waited for."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        for name, command in commands.items():
            with (data / f"{name}.log").open("wb") as log:
                arguments = [sys.executable, "-m", *command]
                started.append(subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=log, stderr=log))
        yield
    finally:
        for each in started:
            each.terminate()
        for each in started:
            try:
                each.wait(15)
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait()


def _await_answer(house: House) -> None:
    until = time.monotonic() + 180
    with httpx.Client(verify=False, timeout=2) as client:  # noqa: S501 - plain http; reading the authorities takes time
        while time.monotonic() < until:
            try:
                if client.get(f"http://127.0.0.1:{house.port}/healthz").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
    pytest.fail((house.data / "web.log").read_text()[-3000:])


@pytest.fixture(scope="session")
def running_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One installation for all journeys of a worker."""
    with furnished("house") as addresses, open_house(addresses, tmp_path_factory.mktemp("house")) as opened:
        yield opened
