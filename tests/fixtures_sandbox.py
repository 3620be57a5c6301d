"""A sandbox registry to play with: its clock, its moods and its money are put back after the test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from storefront.providers.adapters.sandbox import storage, tables
from storefront.providers.adapters.sandbox.registrar import SandboxRegistrar, Settings
from tests.conftest import Addresses


@pytest.fixture
def sandbox(addresses: Addresses) -> Iterator[SandboxRegistrar]:
    """The registry of this worker's database, without latency. Names in it stay, so every test takes its own."""
    with storage.reading(addresses.app) as connection:
        control = connection.execute(select(tables.control)).one()._asdict()
        account = connection.execute(select(tables.account)).one()._asdict()
    yield SandboxRegistrar(Settings(url=addresses.app, latency=0.0))
    with storage.writing(addresses.app) as connection:
        connection.execute(update(tables.control).values(control))
        connection.execute(update(tables.account).values(account))
    storage.close_all()
