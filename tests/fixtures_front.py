"""A database of a module's own, shops opened at will, and a resolver that listens: for the way from host to page."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from storefront import models
from storefront.core import ids
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.store import Store
from tenants.models import Reseller
from tenants.resellers import open_reseller
from tenants.resolve import Resolver
from tests.conftest import made_database
from tests.fixtures_app import Shop, config_for
from tests.waiting import until

assert models.MODULES


@pytest.fixture(scope="module")
def front_config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Config]:
    """Settings with a database of this module alone."""
    name = f"{os.environ.get('TEST_PREFIX', 'vitrine_test')}_{uuid4().hex}"
    with made_database(name, os.environ.get("TEST_TEMPLATE")) as addresses:
        yield config_for(addresses, tmp_path_factory.mktemp("front"))


@pytest.fixture(scope="module")
def front(front_config: Config) -> Iterator[Database]:
    """The engines of one process."""
    made = Database(front_config)
    yield made
    made.dispose()


def open_shop(database: Database, locales: tuple[str, ...] = ("en", "fr", "pl")) -> Shop:
    """Open a shop of a new name."""
    slug = f"shop-{uuid4().hex[:12]}"
    host = f"{slug}.localhost"
    with database.office_work() as db:
        row = Reseller(
            id=ids.uuid7(),
            slug=slug,
            name=slug,
            canonical_host=host,
            opened_at=db.now,
            legal_name="Shop Oy",
            street="Street 1",
            postcode="00500",
            city="Helsinki",
            country="FI",
            email=f"hello@{host}",
            currency="EUR",
            default_locale=locales[0],
            locales=list(locales),
        )
        open_reseller(db, row, hosts=[host])
        db.commit()
        return Shop(id=row.id, host=host)


@pytest.fixture
def shop(front: Database) -> Shop:
    """A shop that this test may do anything to."""
    return open_shop(front)


@pytest.fixture
def neighbour(front: Database) -> Shop:
    """Another shop."""
    return open_shop(front)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store of this test alone."""
    return Store(tmp_path / "pages", 16)


@pytest.fixture
def resolver(front: Database, store: Store) -> Iterator[Resolver]:
    """A resolver that knows all changes so far."""
    made = Resolver(front, store)
    made.versions.start()
    until(lambda: made.versions.is_trusted)
    yield made
    made.close()
