"""The app, two shops that are open for business, a Work that is rolled back, a signed-in browser."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from storefront import models
from storefront.app import create_app
from storefront.core import clock
from storefront.core.config import Config
from storefront.core.db import Actor, Database, Work
from storefront.core.sealing import ensure_ring
from storefront.identity.models import LoginUser
from storefront.identity.sessions import begin_session
from storefront.providers.adapters.sandbox.storage import close_all
from storefront.web.sessions import SESSION_COOKIE
from tests import factories
from tests.conftest import Addresses
from tests.waiting import until

assert models.MODULES


@dataclass(frozen=True, kw_only=True)
class Shop:
    """One shop of the tests."""

    id: UUID
    host: str

    @property
    def url(self) -> str:
        """Where it answers; https, because its cookies are Secure."""
        return f"https://{self.host}"


def config_for(addresses: Addresses, data: Path, **more: object) -> Config:
    """Settings of a test: nothing waits, nothing is limited."""
    values = {
        "VITRINE_MODE": "development",
        "VITRINE_DATA": str(data),
        "VITRINE_TEMPLATES": os.environ.get("VITRINE_TEMPLATES", ""),
        "SANDBOX_LATENCY": "0",
        "SEARCH_RATE": "10000/minute",
        "SIGN_IN_RATE": "10000/minute",
        "SIGN_IN_NETWORK_RATE": "100000/minute",
        "MAIL_RATE": "10000/minute",
        "FORM_RATE": "10000/minute",
        **addresses.environment(),
        **{key: str(value) for key, value in more.items()},
    }
    config = Config.from_environment(values)
    ensure_ring(config)
    return config


def open_shops(database: Database) -> dict[str, Shop]:
    """Open two shops and the platform in an empty database."""
    with database.office_work() as db:
        factories.load_reference(db)
        north = factories.make_reseller(db, "north")
        south = factories.make_reseller(db, "south", country="FR", vat_number="FR40303265045", zone="Europe/Paris")
        platform = factories.make_reseller(db, "platform", is_platform=True, canonical_host="localhost")
        db.commit()
    shops = {row.slug: Shop(id=row.id, host=f"{row.slug}.localhost") for row in (north, south, platform)}
    for shop in (shops["north"], shops["south"]):
        with database.work(shop.id) as db:
            factories.stock(db)
            db.commit()
    return shops


@pytest.fixture(scope="session")
def config(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The settings of this worker's process."""
    return config_for(addresses, tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def database(config: Config) -> Iterator[Database]:
    """The engines of this worker's process."""
    made = Database(config)
    yield made
    made.dispose()
    close_all()


@pytest.fixture(scope="session")
def shops(database: Database) -> dict[str, Shop]:
    """Two shops that sell, and the platform."""
    return open_shops(database)


@pytest.fixture
def db(database: Database, shops: dict[str, Shop]) -> Iterator[Work]:
    """A Work of the shop in the north that is undone after the test."""
    with database.work(shops["north"].id, Actor(kind="staff", name="Test")) as work:
        yield work


@pytest.fixture
def stranger_db(database: Database, shops: dict[str, Shop]) -> Iterator[Work]:
    """A Work of the other shop."""
    with database.work(shops["south"].id, Actor(kind="staff", name="Stranger")) as work:
        yield work


@pytest.fixture(scope="session")
def app(config: Config, database: Database, shops: dict[str, Shop]) -> Iterator[Flask]:  # noqa: ARG001 - the shops must be open
    """The whole application."""
    made = create_app(config, database=database)
    made.testing = False
    yield made
    made.extensions["vitrine"].resolver.close()


@pytest.fixture
def client_of(app: Flask) -> Callable[[Shop], FlaskClient]:
    """A browser that visits one shop; it sends the Origin a browser sends."""

    def visit(shop: Shop) -> FlaskClient:
        client = app.test_client()
        client.environ_base.update(
            {"HTTP_ORIGIN": shop.url, "HTTP_HOST": shop.host, "wsgi.url_scheme": "https", "HTTP_ACCEPT_LANGUAGE": "en"},
        )
        client.get = _at(client.get, shop)  # type: ignore[method-assign, assignment]  # this one knows its shop
        client.post = _at(client.post, shop)  # type: ignore[method-assign, assignment]  # this one knows its shop
        return client

    return visit


@pytest.fixture
def heard(app: Flask) -> Callable[[Shop, int], None]:
    """Wait until this process has heard of a shop's change: that takes a moment, and a test asks sooner."""
    resolver = app.extensions["vitrine"].resolver
    return lambda shop, version: until(lambda: resolver.find(shop.host).version >= version)


def _at(method: Callable[..., object], shop: Shop) -> Callable[..., object]:
    return lambda path, **more: method(path, **{"base_url": shop.url, **more})


@pytest.fixture
def client(client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop]) -> FlaskClient:
    """A visitor of the shop in the north."""
    return client_of(shops["north"])


@pytest.fixture
def sign_in(database: Database) -> Callable[[FlaskClient, Shop, LoginUser], str]:
    """Sign a user in on a browser without the form; returns the CSRF seed."""

    def enter(client: FlaskClient, shop: Shop, user: LoginUser, *, second_factor: bool = False) -> str:
        with database.work(shop.id) as work:
            row, secret = begin_session(
                work, work.require(LoginUser, user.id), host=shop.host, address="127.0.0.1", browser="test"
            )
            row.second_factor_at = work.now if second_factor else None
            seed = row.csrf_seed
            work.commit()
        client.set_cookie(SESSION_COOKIE, secret, domain=shop.host, secure=True)
        return seed

    return enter


@pytest.fixture
def stopped_clock() -> Iterator[clock.Stopped]:
    """A clock that stands still until it is moved."""
    with clock.Stopped(clock.now()) as stopped:
        stopped.forward(timedelta(0))
        yield stopped
