"""The shop through the eyes of a group: only for staff, only in this browser, and only for a while."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from storefront.core import clock
from storefront.core.changes import announce
from storefront.core.db import Database
from storefront.customers.models import Customer
from storefront.pricing.offer_models import PriceGroup
from storefront.web.price_groups import GROUP_COOKIE
from tests import factories
from tests.fixtures_app import Shop

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/see-as/"
HALF = "€5.45"  # of 10.90


@pytest.fixture
def group(database: Database, shops: dict[str, Shop], heard: Callable[[Shop, int], None]) -> Iterator[PriceGroup]:
    """A group that pays half."""
    with database.work(shops["north"].id) as db:
        row = db.add(PriceGroup(name="Partners", discount_percent=Decimal(50), changed_at=db.now))
        version = announce(db)
        db.commit()
    heard(shops["north"], version)
    yield row
    with database.work(shops["north"].id) as db:
        db.execute(update(Customer).where(Customer.price_group_id == row.id).values(price_group_id=None))
        db.execute(delete(PriceGroup).where(PriceGroup.id == row.id))
        announce(db)
        db.commit()


def ticket_of(client: FlaskClient, shop: Shop) -> str:
    cookie = client.get_cookie(GROUP_COOKIE, domain=shop.host)
    return cookie.value if cookie else ""


def test_staff_see_the_prices_of_a_group_and_a_line_that_says_so(enter: Enter, group: PriceGroup) -> None:
    client, token = enter()
    before = client.get("/price-list").text

    listed = client.get(ADDRESS)
    led = client.post(f"{ADDRESS}{group.id}", data={"csrf_token": token})
    seen = client.get("/price-list")
    client.post(f"{ADDRESS}leave", data={"csrf_token": token})
    after = client.get("/price-list").text

    assert "See the shop as Partners" in listed.text
    assert led.location == "/price-list"
    assert HALF in seen.text
    assert "You see the prices of the group Partners." in seen.text
    assert seen.headers["Cache-Control"] == "no-store"
    assert HALF not in before + after
    assert "Partners" not in after


def test_nobody_else_sees_it(
    enter: Enter, client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop], group: PriceGroup
) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}{group.id}", data={"csrf_token": token})
    ticket = ticket_of(client, shops["north"])
    colleague, _token = enter("sales")
    visitor = client_of(shops["north"])
    for other in (colleague, visitor):
        other.set_cookie(GROUP_COOKIE, ticket, domain=shops["north"].host, secure=True)

    seen = [other.get("/price-list").text for other in (client, colleague, visitor)]

    assert [HALF in text for text in seen] == [True, False, False]


def test_it_ends_by_itself(enter: Enter, shops: dict[str, Shop], group: PriceGroup) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}{group.id}", data={"csrf_token": token})

    with clock.Stopped(clock.now() + timedelta(minutes=31)):
        late = client.get("/price-list").text

    assert HALF not in late
    assert ticket_of(client, shops["north"])


@pytest.mark.parametrize(
    "change", [lambda ticket: ticket[:-2] + "xx", lambda ticket: "x" + ticket, lambda _t: "..", str.upper]
)
def test_forged_ticket_counts_for_nothing(
    enter: Enter, shops: dict[str, Shop], group: PriceGroup, change: Callable[[str], str]
) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}{group.id}", data={"csrf_token": token})
    forged = change(ticket_of(client, shops["north"]))

    client.set_cookie(GROUP_COOKIE, forged, domain=shops["north"].host, secure=True)

    assert HALF not in client.get("/price-list").text


def test_closed_group_is_not_found(enter: Enter, database: Database, shops: dict[str, Shop], group: PriceGroup) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}{group.id}", data={"csrf_token": token})
    with database.work(shops["north"].id) as db:
        db.require(PriceGroup, group.id).closed_at = db.now
        db.commit()

    again = client.post(f"{ADDRESS}{group.id}", data={"csrf_token": token})

    assert again.status_code == 404
    assert "You see the prices" not in client.get("/price-list").text


def test_customer_of_a_group_sees_its_prices(
    client: FlaskClient, database: Database, shops: dict[str, Shop], sign_in: Callable[..., str], group: PriceGroup
) -> None:
    with database.work(shops["north"].id) as db:
        user = factories.make_user(db, customer=factories.make_customer(db, price_group_id=group.id))
        db.commit()
    sign_in(client, shops["north"], user)

    seen = client.get("/price-list").text

    assert HALF in seen
    assert "You see the prices" not in seen


def test_content_staff_do_not_get_in(enter: Enter, group: PriceGroup) -> None:
    client, token = enter("content")

    assert client.get(ADDRESS).status_code == 403
    assert client.post(f"{ADDRESS}{group.id}", data={"csrf_token": token}).status_code == 403
