"""A signed-in operator on the platform's own host, and a shop of the test's own to do things to."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from storefront.core import ids
from storefront.core.db import Database
from storefront.providers.adapters.sandbox import storage
from storefront.web.forms import token_for
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.reseller.office import make_staff

Enter = Callable[..., tuple[FlaskClient, str]]


@pytest.fixture(scope="session", autouse=True)
def no_line_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hang up at the sandbox registry, which the page of health asks for its clock, before the database goes."""
    request.getfixturevalue("addresses")
    yield
    storage.close_all()


@pytest.fixture
def platform(shops: dict[str, Shop]) -> Shop:
    """The platform's own shop at its own host."""
    return replace(shops["platform"], host="localhost")


@pytest.fixture
def enter(
    client_of: Callable[[Shop], FlaskClient], platform: Shop, database: Database, sign_in: Callable[..., str]
) -> Enter:
    """Sign an operator in, with the second factor unless told otherwise; returns the browser and its token."""

    def go(role: str = "operator", *, second_factor: bool = True, kind: str = "operator") -> tuple[FlaskClient, str]:
        client = client_of(platform)
        user = make_staff(database, platform, role, kind)
        seed = sign_in(client, platform, user, second_factor=second_factor)
        return client, token_for(seed)

    return go


@pytest.fixture
def operator(enter: Enter) -> FlaskClient:
    """A browser of an operator."""
    return enter()[0]


@pytest.fixture
def own_shop(database: Database) -> Shop:
    """A shop that only this test knows."""
    slug = f"own{ids.public_code(8).lower().replace('-', '')}"
    with database.office_work() as db:
        made = factories.make_reseller(db, slug)
        db.commit()
    shop = Shop(id=made.id, host=f"{slug}.localhost")
    with database.work(shop.id) as db:
        factories.stock(db)
        db.commit()
    return shop
