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


@pytest.mark.parametrize("server", SERVERS)
def test_any_wsgi_server_serves_the_shop(server: str, own_database: Addresses, tmp_path: Path) -> None:
    config = config_for(own_database, tmp_path)
    database = Database(config)
    open_shops(database)
    database.dispose()
    port = free_port()
    environment = {
        **os.environ,
        **own_database.environment(),
        "VITRINE_DATA": str(tmp_path),
        "VITRINE_MODE": "development",
        "VITRINE_PORT": str(port),
    }
    command = [sys.executable, "-m", *(part.format(port=port) for part in SERVERS[server])]
    with (tmp_path / "log").open("wb") as log:
        started = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            answer = _ask(port, (tmp_path / "log"))
        finally:
            started.terminate()
            started.wait(20)

    assert answer.status_code == httpx.codes.OK
    assert "North" in answer.text


def _ask(port: int, log: Path) -> httpx.Response:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            return httpx.get(
                f"http://127.0.0.1:{port}/account/sign-in", headers={"Host": f"north.localhost:{port}"}, timeout=20
            )
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(log.read_text()[-2000:])
