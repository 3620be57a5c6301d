"""A link that opens a shop in preparation: once, on its host, for a while, for that browser."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from storefront.core import clock
from storefront.core.changes import announce
from storefront.core.db import Database
from storefront.core.errors import Refused
from storefront.web.preparing import PREVIEW_COOKIE
from tenants.hosts import hosts
from tenants.models import Host, Site
from tenants.previews import enter, invite
from tests.fixtures_app import Shop
from tests.waiting import until

Visit = Callable[[Shop], FlaskClient]


@pytest.fixture
def preparing(database: Database, shops: dict[str, Shop], client_of: Visit) -> Iterator[Shop]:
    """The shop in the north, not open yet."""
    shop = shops["north"]
    _set(database, shop, "preparing")
    visitor = client_of(shop)
    until(lambda: visitor.get("/cart").status_code == 503)
    yield shop
    _set(database, shop, "open")
    until(lambda: visitor.get("/cart").status_code == 200)


def _set(database: Database, shop: Shop, state: str) -> None:
    with database.work(shop.id) as db:
        db.session.get_one(Site, shop.id).state = state
        announce(db)
        db.commit()


def link_of(database: Database, shop: Shop) -> str:
    with database.work(shop.id) as db:
        secret = invite(db, hosts(db)[0])
        db.commit()
    return f"/preview/{secret}"


def test_a_link_opens_the_shop_for_this_browser_only(preparing: Shop, database: Database, client_of: Visit) -> None:
    guest, other = client_of(preparing), client_of(preparing)
    link = link_of(database, preparing)

    asked = guest.get(link)
    entered = guest.post(link)

    assert "A look before the opening" in asked.text
    assert entered.status_code == 303
    assert guest.get_cookie(PREVIEW_COOKIE, domain=preparing.host) is not None
    assert guest.get("/cart").status_code == 200
    assert other.get("/cart").status_code == 503


def test_page_lets_a_browser_say_where_its_own_form_comes_from(
    preparing: Shop, database: Database, client_of: Visit
) -> None:
    answer = client_of(preparing).get(link_of(database, preparing))

    # "no-referrer" makes browsers send the form with "Origin: null", which is refused.
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_opening_the_page_does_not_use_the_link_up(preparing: Shop, database: Database, client_of: Visit) -> None:
    link = link_of(database, preparing)
    for _time in range(3):
        assert client_of(preparing).get(link).status_code == 200

    assert client_of(preparing).post(link).status_code == 303


def test_a_link_works_once(preparing: Shop, database: Database, client_of: Visit) -> None:
    link = link_of(database, preparing)
    client_of(preparing).post(link)
    late = client_of(preparing)

    answer = late.post(link)

    assert answer.status_code == 422
    assert "used already" in answer.text
    assert late.get("/cart").status_code == 503


@pytest.mark.parametrize("secret", ["nothing", "x" * 43, "../../etc"])
def test_made_up_links_open_nothing(preparing: Shop, client_of: Visit, secret: str) -> None:
    visitor = client_of(preparing)

    assert visitor.post(f"/preview/{secret}").status_code in (404, 405, 422, 503)
    assert visitor.get_cookie(PREVIEW_COOKIE, domain=preparing.host) is None


def test_a_link_of_another_shop_opens_nothing(
    preparing: Shop, shops: dict[str, Shop], database: Database, client_of: Visit
) -> None:
    link = link_of(database, shops["south"])

    assert client_of(preparing).post(link).status_code == 422


def test_a_link_ends_after_half_an_hour(database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        secret = invite(db, hosts(db)[0])
        db.commit()

    late = clock.Stopped(clock.now() + timedelta(minutes=31))
    with late, database.work(shops["north"].id) as db, pytest.raises(Refused):
        enter(db, "north.localhost", secret)


def test_a_cookie_of_yesterday_opens_nothing(preparing: Shop, database: Database, client_of: Visit) -> None:
    guest = client_of(preparing)
    guest.post(link_of(database, preparing))
    assert guest.get("/cart").status_code == 200

    with clock.Stopped(clock.now() + timedelta(hours=3)):
        assert guest.get("/cart").status_code == 503


def test_a_host_of_frames_or_one_that_does_not_answer_has_no_preview(
    database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        for more in ({"state": "pending"}, {"state": "active", "purpose": "frames"}):
            with pytest.raises(Refused):
                invite(db, Host(name="x.fjord.test", **more))
