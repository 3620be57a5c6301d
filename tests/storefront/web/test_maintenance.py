"""A shop closed for work: 503 to visitors in the shop's look; its people, customers' accounts and machines go on."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.core import clock
from storefront.core.db import Database
from tenants.maintenance import begin_maintenance, end_maintenance
from tenants.models import Site
from tenants.resellers import current_reseller
from tests.fixtures_app import Shop
from tests.storefront.operator.conftest import own_shop
from tests.storefront.reseller.office import make_staff

__all__ = ["own_shop"]

Close = Callable[..., None]


@pytest.fixture
def change(database: Database, own_shop: Shop, heard: Callable[[Shop, int], None]) -> Close:
    """Close the own shop until a moment, or open it, and wait until the process has heard."""

    def go(*, until: datetime | None = None, is_over: bool = False) -> None:
        with database.work(own_shop.id) as db:
            reseller = current_reseller(db)
            if is_over:
                end_maintenance(db, reseller)
            else:
                begin_maintenance(db, reseller, until)
            version = db.scalar(select(Site.version).where(Site.reseller_id == own_shop.id)) or 0
            db.commit()
        heard(own_shop, version)

    return go


@pytest.fixture
def visitor(client_of: Callable[[Shop], FlaskClient], own_shop: Shop) -> FlaskClient:
    """A browser of nobody in particular."""
    return client_of(own_shop)


@pytest.mark.parametrize("path", ["/", "/price-list", "/search?q=a", "/cart", "/fr/anything", "/sitemap.xml"])
def test_visitors_are_told_to_come_back(visitor: FlaskClient, change: Close, path: str) -> None:
    change()

    answer = visitor.get(path, follow_redirects=True)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "3600"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "/assets/brand/" in answer.text
    assert "set-cookie" not in {name.lower() for name, _value in answer.headers}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/robots.txt", 200), ("/account/sign-in", 200), ("/panel/", 302), ("/reseller/", 302), ("/healthz", 200)],
)
def test_what_others_rely_on_goes_on(visitor: FlaskClient, change: Close, path: str, status: int) -> None:
    change()

    assert visitor.get(path).status_code == status


def test_page_that_was_ready_is_shown_no_more(visitor: FlaskClient, change: Close) -> None:
    assert [visitor.get("/price-list").status_code for _ in range(3)] == [200, 200, 200]

    change()

    assert visitor.get("/price-list").status_code == 503
    change(is_over=True)
    assert visitor.get("/price-list").status_code == 200


def test_nothing_is_bought_meanwhile(visitor: FlaskClient, change: Close) -> None:
    change()

    assert visitor.post("/cart/add", data={"name": "example.com"}).status_code in (404, 405, 503)
    assert visitor.post("/cart", data={}).status_code == 503


def test_it_opens_by_itself_at_its_moment(visitor: FlaskClient, change: Close) -> None:
    change(until=clock.now() + timedelta(hours=2))
    closed = visitor.get("/price-list")

    with clock.Stopped(clock.now() + timedelta(hours=3)):
        opened = visitor.get("/price-list")

    assert closed.status_code == 503
    assert 7100 < int(closed.headers["Retry-After"]) <= 7200
    assert "We expect to be back on" in closed.text
    assert opened.status_code == 200


def test_its_own_people_see_the_shop(
    visitor: FlaskClient, change: Close, database: Database, own_shop: Shop, sign_in: Callable[..., str]
) -> None:
    change()
    sign_in(visitor, own_shop, make_staff(database, own_shop))

    assert visitor.get("/price-list").status_code == 200


def test_script_is_told_without_a_page(visitor: FlaskClient, change: Close) -> None:
    change()

    answer = visitor.get("/price-list", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
