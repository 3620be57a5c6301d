"""A signed-in owner of the shop in the north."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from storefront.core.db import Database
from storefront.web.forms import token_for
from tests.fixtures_app import Shop
from tests.storefront.reseller.office import make_staff

Enter = Callable[..., tuple[FlaskClient, str]]


@pytest.fixture
def enter(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], database: Database, sign_in: Callable[..., str]
) -> Enter:
    """Sign somebody of the staff in; returns the browser and the token of its forms."""

    def go(role: str = "owner", slug: str = "north", kind: str = "staff") -> tuple[FlaskClient, str]:
        shop = shops[slug]
        client = client_of(shop)
        seed = sign_in(client, shop, make_staff(database, shop, role, kind))
        return client, token_for(seed)

    return go


@pytest.fixture
def owner(enter: Enter) -> FlaskClient:
    """A browser of the owner of the shop in the north."""
    return enter()[0]
