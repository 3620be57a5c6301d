"""``wsgi:app`` is an ordinary WSGI callable: servers that know nothing of us serve it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from storefront.core.db import Database
from tests.conftest import Addresses
from tests.fixtures_app import config_for, open_shops
from tests.fixtures_gateway import free_port

SERVERS = {
    "gunicorn": ["gunicorn", "--threads", "4", "--bind", "127.0.0.1:{port}", "wsgi:app"],
    "waitress": ["waitress", "--listen", "127.0.0.1:{port}", "wsgi:app"],
}


def test_any_wsgi_server_serves_the_shop(own_database: Addresses, tmp_path: Path) -> None:
    config = config_for(own_database, tmp_path)
    database = Database(config)
    open_shops(database)
    database.dispose()
    ports = {server: free_port() for server in SERVERS}
    started = [_start(server, ports[server], own_database, tmp_path) for server in SERVERS]
    try:
        answers = {server: _ask(ports[server], tmp_path / server) for server in SERVERS}
    finally:
        for each in started:
            each.terminate()
        for each in started:
            each.wait(20)

    for server, answer in answers.items():
        assert answer.status_code == httpx.codes.OK, server
        assert "North" in answer.text, server


def _start(server: str, port: int, addresses: Addresses, folder: Path) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        **addresses.environment(),
        "VITRINE_DATA": str(folder),
        "VITRINE_MODE": "development",
        "VITRINE_PORT": str(port),
    }
    command = [sys.executable, "-m", *(part.format(port=port) for part in SERVERS[server])]
    with (folder / server).open("wb") as log:
        return subprocess.Popen(command, env=environment, stdout=log, stderr=log)


def _ask(port: int, log: Path) -> httpx.Response:
    until = time.monotonic() + 90
    host = {"Host": f"north.localhost:{port}"}
    with httpx.Client(verify=False, timeout=20, headers=host) as client:  # noqa: S501 - plain http; trust takes time
        while time.monotonic() < until:
            try:
                return client.get(f"http://127.0.0.1:{port}/account/sign-in")
            except httpx.TransportError:
                time.sleep(0.2)
    pytest.fail(log.read_text()[-2000:])
