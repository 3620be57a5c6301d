"""A stop at every labelled point of paying and registering: nothing twice, nothing lost, settled within two leases."""

import os
import threading
from collections.abc import Iterator
from itertools import cycle
from uuid import UUID, uuid4

import pytest

from storefront.core import clock, stops
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.money import Money
from storefront.providers.adapters.sandbox import storage
from storefront.providers.adapters.sandbox.gateway_app import GatewaySettings
from storefront.providers.connections import open_sandbox
from storefront.providers.sandbox_keys import gateway_key, notice_secret
from tenants.credits import top_up
from tests import sale
from tests.conftest import Addresses, made_database
from tests.fixtures_app import config_for, open_shops
from tests.fixtures_gateway import free_port, run_gateway

LEASE_S = 9.0
SHOP: list[UUID] = []
POINTS = (
    "claim.before_commit",
    "claim.committed",
    "call.answered",
    "settle.before_commit",
    "settle.committed",
    "charge.noted",
    "charge.fetched",
    "charge.applied",
    "charge.before_commit",
    "charge.committed",
    "job.claimed",
    "job.before_done",
    "job.done",
)
OF_AN_OPERATION = POINTS[:5]
# Each point once, a transfer where it is sent and where it is asked after; the twenty stops below meet every point in
# every way in ./run proof.
SALES = list(zip(POINTS, cycle((1, 3)), strict=False))
TRANSFERS = [("call.answered", 2, 3), ("settle.before_commit", 1, 1)]


@pytest.fixture(scope="module")
def addresses() -> Iterator[Addresses]:
    """A database of these tests alone: what others left to be done would be done here too."""
    prefix = os.environ.get("TEST_PREFIX", "vitrine_test")
    with made_database(f"{prefix}_crash_{uuid4().hex[:8]}", os.environ.get("TEST_TEMPLATE")) as made:
        yield made


@pytest.fixture(scope="module")
def world(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Config]]:
    """A shop with short leases and a gateway of its own."""
    port = free_port()
    config = config_for(
        addresses,
        tmp_path_factory.mktemp("crash"),
        OPERATION_LEASE_S=LEASE_S,
        JOB_LEASE_S=LEASE_S,
        SWEEP_S=0.5,
        VITRINE_GATEWAY_URL=f"http://pay.localhost:{port}",
    )
    running = run_gateway(
        GatewaySettings(
            public_url=config.gateway_url,
            database_url=addresses.app,
            key=gateway_key(config),
            notice_secret=notice_secret(config),
            allowed=("*.localhost",),
        ),
    )
    database = Database(config)
    SHOP[:] = [open_shops(database)["north"].id]
    with database.work(SHOP[0]) as db:
        # Some six hundred names are sold here: without this the later ones would rightly wait for credit.
        top_up(db, Money(1_000_000, "EUR"), reference="twenty stops at each point")
        db.commit()
    yield database, config
    database.dispose()
    running.stop()
    storage.close_all()


class StopOnce:
    """Ends the process, as far as the test goes, the n-th time it comes by a point."""

    def __init__(self, label: str, times: int = 1) -> None:
        self._label, self._left, self._lock = label, times, threading.Lock()
        self.has_stopped = False

    def __call__(self, label: str) -> None:
        with self._lock:
            if label != self._label or self.has_stopped:
                return
            self._left -= 1
            if self._left:
                return
            self.has_stopped = True
        raise stops.Stopped


def sell_with_a_stop(
    world: tuple[Database, Config], label: str, workers: int, times: int = 1, *, action: str = "register"
) -> bool:
    """Sell a name with one stop on the way; returns whether the point was come by. Fails if anything is not once."""
    database, _ = world
    script = "quick" if action == "transfer" else "available"
    name = f"{script}-{uuid4().hex[:12]}.com"
    open_sandbox(database.config).set_pending(takes_s=1)
    sale.forget_what_waits(database)
    with clock.Stopped(clock.now()) as stopped:
        sale.move_with(stopped)
        sold = sale.place(database, SHOP[0], name, action=action)
        payment = sale.pay_at_gateway(database, sold)
        stop = StopOnce(label, times)
        end = stops.listen(stop)
        try:
            try:
                sale.hear(database, sold, payment)
            except stops.Stopped:
                sale.hear(database, sold, payment)
            moved = sale.drain(database, workers=workers)
        finally:
            end()
        assert sale.outcome(database, sold) == sale.GOOD, f"{label} with {workers} workers"
        assert moved.total_seconds() <= 2 * LEASE_S + 2, f"{label}: settled only after {moved}"
    return stop.has_stopped


@pytest.mark.crash
@pytest.mark.parametrize(("label", "workers"), SALES)
def test_sale_survives_a_stop(world: tuple[Database, Config], label: str, workers: int) -> None:
    stopped = sell_with_a_stop(world, label, workers)

    assert stopped, f"nothing comes by {label}"


@pytest.mark.crash
@pytest.mark.parametrize(("label", "times", "workers"), TRANSFERS)
def test_transfer_survives_a_stop(world: tuple[Database, Config], label: str, times: int, workers: int) -> None:
    """The first time it is sent, the second time it is asked what became of it."""
    stopped = sell_with_a_stop(world, label, workers, times, action="transfer")

    assert stopped, f"nothing comes by {label}"


@pytest.mark.proof
@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("label", OF_AN_OPERATION)
def test_transfer_survives_twenty_stops(world: tuple[Database, Config], label: str, workers: int) -> None:
    reached = [sell_with_a_stop(world, label, workers, times=1 + run % 3, action="transfer") for run in range(20)]

    assert any(reached)


@pytest.mark.proof
@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("label", POINTS)
def test_sale_survives_twenty_stops(world: tuple[Database, Config], label: str, workers: int) -> None:
    reached = [sell_with_a_stop(world, label, workers, times=1 + run % 2) for run in range(20)]

    assert any(reached)
