"""A world of one's own for each worker: tests here change rows on purpose."""

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

from storefront.core.db import Database
from storefront.providers.adapters.sandbox.storage import close_all
from tests.conftest import Addresses, made_database
from tests.fixtures_app import config_for
from tests.isolation.world import World, make_world


@pytest.fixture(scope="session")
def own_addresses() -> Iterator[Addresses]:
    """A database that only the tests of this folder change."""
    prefix = os.environ.get("TEST_PREFIX", "vitrine_test")
    with made_database(f"{prefix}_{uuid4().hex}", os.environ.get("TEST_TEMPLATE")) as made:
        yield made


@pytest.fixture(scope="module")
def other_addresses() -> Iterator[Addresses]:
    """A database for the tests of one module."""
    prefix = os.environ.get("TEST_PREFIX", "vitrine_test")
    with made_database(f"{prefix}_{uuid4().hex}", os.environ.get("TEST_TEMPLATE")) as made:
        yield made


@pytest.fixture(scope="session")
def world(own_addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two shops full of marked rows, and the application in front of them."""
    config = config_for(own_addresses, tmp_path_factory.mktemp("world"))
    database = Database(config)
    try:
        made = make_world(config, database)
        yield made
        made.app.extensions["vitrine"].resolver.close()
    finally:
        database.dispose()
        close_all()


@pytest.fixture(scope="module")
def fresh_world(other_addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world for tests that really change it: what one test does may be missed by the next, never by other modules."""
    config = config_for(other_addresses, tmp_path_factory.mktemp("fresh"))
    database = Database(config)
    try:
        made = make_world(config, database)
        yield made
        made.app.extensions["vitrine"].resolver.close()
    finally:
        database.dispose()
        close_all()
