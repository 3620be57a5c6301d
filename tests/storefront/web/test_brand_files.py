"""The sheet and the picture of a shop's look: kept under their one address, and under no made-up one."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from storefront.core import files
from storefront.core.db import Database
from tenants.resellers import current_reseller, suspend
from tests.fixtures_app import Shop
from tests.storefront.operator.conftest import own_shop
from tests.waiting import until

__all__ = ["own_shop"]


def kept(app: Flask) -> int:
    """How many answers the front has kept so far."""
    found: int = app.wsgi_app.counts["made"]  # type: ignore[attr-defined]  # it is the front
    return found


@pytest.mark.parametrize("kind", ["css", "svg"])
def test_file_of_the_look_is_kept_under_its_address_only(
    app: Flask, client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], kind: str
) -> None:
    client = client_of(shops["north"])
    stamp = re.search(r"/assets/brand/([0-9a-f]+)\.css", client.get("/").text)[1]  # type: ignore[index]  # it is there
    before = kept(app)

    own = client.get(f"/assets/brand/{stamp}.{kind}")
    after_its_own = kept(app)
    made_up = client.get(f"/assets/brand/0123456789ab.{kind}")

    assert made_up.data == own.data
    assert "immutable" in own.headers["Cache-Control"]
    assert made_up.headers["Cache-Control"] == "public, max-age=60"
    assert after_its_own == before + 1
    assert kept(app) == after_its_own


def test_a_suspended_shop_keeps_its_pictures(
    client_of: Callable[[Shop], FlaskClient], own_shop: Shop, database: Database
) -> None:
    client = client_of(own_shop)
    with database.work(own_shop.id) as db:
        shop = current_reseller(db)
        shop.logo_light = files.keep(db.config, own_shop.id, b"a logo")
        picture = f"/media/{shop.logo_light}.png"
        db.commit()
    with database.office_work() as db:
        suspend(db, own_shop.id)
        db.commit()
    until(lambda: client.get("/price-list").status_code == 503)

    assert client.get(picture).data == b"a logo"
