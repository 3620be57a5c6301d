"""A real kill -9 of the worker at three points: the next worker brings the sale to its end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from storefront.billing.models import Document
from storefront.billing.payments import confirm_transfer
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.providers.adapters.sandbox import storage
from tests import sale
from tests.conftest import Addresses
from tests.fixtures_app import config_for, open_shops

LEASE_S = 3
POINTS = ("claim.committed", "call.answered", "job.before_done")


@contextmanager
def program(config: Config, addresses: Addresses, command: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of our programs as ``./run`` does."""
    environment = {
        **os.environ,
        **addresses.environment(),
        "VITRINE_DATA": str(config.data_dir),
        "VITRINE_MODE": "development",
        "OPERATION_LEASE_S": str(LEASE_S),
        "JOB_LEASE_S": str(LEASE_S),
        "SWEEP_S": "0.5",
        "SANDBOX_LATENCY": "0",
        **more,
    }
    started = subprocess.Popen(
        [sys.executable, "-m", "storefront.cli", command],
        cwd=Path(__file__).parents[3],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            started.terminate()
            started.wait(15)


def kill_and_recover(addresses: Addresses, folder: Path, label: str) -> sale.Outcome:
    """Sell a name with a worker that dies at a point; return what it came to with the next worker."""
    config = config_for(addresses, folder)
    database = Database(config)
    try:
        shop = open_shops(database)["north"]
        sold = sale.place(database, shop.id, f"available-{uuid4().hex[:12]}.com")
        with database.work(shop.id) as db:
            confirm_transfer(db, db.require(Document, sold.proforma_id))
            db.commit()
        with program(config, addresses, "relay"):
            with program(config, addresses, "worker", VITRINE_KILL_AT=label) as worker:
                assert worker.wait(60) == -signal.SIGKILL
            with program(config, addresses, "worker"):
                return _await_end(database, sold)
    finally:
        database.dispose()
        storage.close_all()


def _await_end(database: Database, sold: sale.Sale) -> sale.Outcome:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = sale.outcome(database, sold)
        if found == sale.GOOD:
            return found
        time.sleep(0.3)
    return sale.outcome(database, sold)


@pytest.mark.crash
def test_killed_worker_loses_nothing(own_database: Addresses, tmp_path: Path) -> None:
    found = kill_and_recover(own_database, tmp_path, "call.answered")

    assert found == sale.GOOD


@pytest.mark.proof
@pytest.mark.parametrize("run", range(3))
@pytest.mark.parametrize("label", POINTS)
def test_killed_worker_loses_nothing_anywhere(own_database: Addresses, tmp_path: Path, label: str, run: int) -> None:
    found = kill_and_recover(own_database, tmp_path, label)

    assert found == sale.GOOD, f"{label}, run {run}"
