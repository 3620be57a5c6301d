"""A world of one's own for each worker: tests here change rows on purpose."""

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest

from storefront.app import create_app
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.providers.adapters.sandbox.storage import close_all
from tests import factories
from tests.conftest import Addresses, made_database
from tests.fixtures_app import Shop, config_for, open_shops
from tests.isolation.world import World, furnish


@pytest.fixture(scope="session")
def own_addresses() -> Iterator[Addresses]:
    """A database that only the tests of this folder change."""
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


def make_world(config: Config, database: Database) -> World:
    """Open the shops, fill them, and put the application in front of them."""
    shops = open_shops(database)
    estates = {}
    for slug in ("north", "south"):
        with database.work(shops[slug].id) as db:
            estates[slug] = furnish(db, shops[slug])
            db.commit()
    with database.work(shops["platform"].id) as db:
        operator = factories.make_user(db, kind="operator", role="operator", name="Operator")
        db.commit()
    app = create_app(config, database=database)
    app.testing = False
    return World(
        app=app,
        database=database,
        north=estates["north"],
        south=estates["south"],
        platform=Shop(id=shops["platform"].id, host="localhost"),
        operator_id=operator.id,
    )
