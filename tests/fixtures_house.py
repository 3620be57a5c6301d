"""The whole house as ``./run serve`` opens it, over a demo of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Addresses, made_database
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
def open_house(addresses: Addresses, data: Path, **more: str) -> Iterator[House]:
    """Open an installation on free ports; everything it starts is ended again."""
    port, gateway = free_port(), free_port()
    environment = {
        **os.environ,
        **addresses.environment(),
        "REDIS_URL": _own_queue(addresses.redis),
        "VITRINE_DATA": str(data),
        "VITRINE_MODE": "development",
        "VITRINE_DEMO": "1",
        "VITRINE_PORT": str(port),
        "VITRINE_HOST": "127.0.0.1",
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
    data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for command in ("migrate", "demo"):
            _cli(environment, command)
        for command in PROGRAMS:
            stack.enter_context(_running(environment, data, [sys.executable, "-m", "storefront.cli", command], command))
        web = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "1", "--blocking-threads", "8", "--no-ws", "--log-level", "warning", "wsgi:app",
        ]  # fmt: skip
        stack.enter_context(_running(environment, data, web, "web"))
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
def _running(environment: dict[str, str], data: Path, command: list[str], name: str) -> Iterator[None]:
    with (data / f"{name}.log").open("wb") as log:
        started = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            yield
        finally:
            started.terminate()
            try:
                started.wait(15)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()


def _await_answer(house: House) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        try:
            if httpx.get(f"http://127.0.0.1:{house.port}/healthz", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail((house.data / "web.log").read_text()[-3000:])


@pytest.fixture(scope="session")
def running_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One installation for all journeys of a worker."""
    prefix = os.environ.get("TEST_PREFIX", "vitrine_test")
    name = f"{prefix}_house_{uuid4().hex[:8]}"
    with (
        made_database(name, os.environ.get("TEST_TEMPLATE")) as addresses,
        open_house(addresses, tmp_path_factory.mktemp("house")) as opened,
    ):
        yield opened
