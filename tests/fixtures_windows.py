"""A shop with windows on a page of somebody else, one for each test module that asks for it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from storefront.core.db import Database
from storefront.identity.models import LoginUser
from tests.fixtures_app import Shop
from tests.frames.people import Windows, make_customer, open_windows


@pytest.fixture(scope="module")
def windows(request: pytest.FixtureRequest, database: Database, shops: dict[str, Shop]) -> Windows:
    """The shop and its windows for people; it is called as the module that tests it."""
    assert shops
    return open_windows(database, request.module.__name__.rpartition(".test_")[2].replace("_", "-"))


@pytest.fixture(scope="module")
def user(database: Database, windows: Windows) -> LoginUser:
    """Somebody with an account there."""
    return make_customer(database, windows.shop)


@pytest.fixture
def visitor(client_of: Callable[[Shop], FlaskClient], windows: Windows) -> FlaskClient:
    """Somebody whom that shop does not know yet."""
    return client_of(windows.shop)
