"""What customers saw on a day: by group and ending, one thing's whole history, as evidence to keep."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from storefront.core.db import Database
from storefront.pricing.history import note_prices
from storefront.pricing.models import Price, PriceList
from storefront.pricing.sheets import read_sheet
from storefront.web.forms import token_for
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.operator.conftest import own_shop
from tests.storefront.reseller.conftest import Enter
from tests.storefront.reseller.office import make_staff

__all__ = ["own_shop"]
ADDRESS = "/reseller/price-history/"


@pytest.fixture
def client(
    client_of: Callable[[Shop], FlaskClient],
    own_shop: Shop,
    shops: dict[str, Shop],
    database: Database,
    sign_in: Callable[..., str],
) -> FlaskClient:
    """The owner of a shop with a history: .com cost 8.90 until a moment ago, friends pay a tenth less."""
    assert shops, "the shops bring endings along"
    with database.work(own_shop.id) as db:
        factories.make_group(db, "Friends", discount_percent=10)
        made = db.add(
            PriceList(
                name="Before",
                currency="EUR",
                amounts="gross",
                starts_at=db.now - timedelta(days=20),
                published_at=db.now - timedelta(days=20),
            )
        )
        db.flush()
        db.add(Price(price_list_id=made.id, ending="com", action="register", years=1, minor=890))
        db.flush()
        note_prices(db, because="first")
        db.commit()
    browser = client_of(own_shop)
    token_for(sign_in(browser, own_shop, make_staff(database, own_shop)))
    return browser


def item(client: FlaskClient, **more: str) -> str:
    asked = {"kind": "domain", "ending": "com", "action": "register", "years": "1", **more}
    return client.get(f"{ADDRESS}item", query_string=asked).text


def test_day_shows_what_everybody_saw(client: FlaskClient, database: Database, own_shop: Shop) -> None:
    today = client.get(f"{ADDRESS}?q=com").text
    with database.work(own_shop.id) as db:
        before_day = db.today - timedelta(days=10)
    before = client.get(f"{ADDRESS}?day={before_day}").text
    long_ago = client.get(f"{ADDRESS}?day=2020-01-01").text

    assert "€10.90" in today
    assert "€8.90" in before
    assert "€10.90" not in before
    assert "Nothing was seen on this day" in long_ago


def test_group_saw_prices_of_its_own(client: FlaskClient) -> None:
    page = client.get(ADDRESS).text
    group = page.split('<option value="')[2].split('"')[0]

    friends = client.get(f"{ADDRESS}?group={group}&q=com").text

    assert "Friends" in page
    assert "€9.81" in friends
    assert client.get(f"{ADDRESS}?group=00000000-0000-7000-8000-000000000000").status_code == 404


def test_history_of_one_thing_says_what_may_be_claimed(client: FlaskClient) -> None:
    page = item(client)

    assert "€8.90" in page
    assert "A reduction may be compared to it" in page
    assert page.index("€10.90") < page.rindex("€8.90")


@pytest.mark.parametrize(
    "wrong", [{"ending": "nothing"}, {"years": "²"}, {"years": "99"}, {"action": "\0"}, {"kind": ""}]
)
def test_thing_that_nobody_saw_is_not_found(client: FlaskClient, wrong: dict[str, str]) -> None:
    assert "€" not in item(client, **wrong)


def test_evidence_is_a_table(client: FlaskClient) -> None:
    for kind in ("csv", "xlsx"):
        sheet = read_sheet(client.get(f"{ADDRESS}download/{kind}").data, "x")
        assert ("Everybody", "domain", "com", "register", "1", "EUR") in {row[:6] for row in sheet.rows}
    assert client.get(f"{ADDRESS}download/png").status_code == 404
    assert client.get(f"{ADDRESS}?day=soon&from=9999999&q=%00").status_code == 200
    assert client.get(f"{ADDRESS}?day=0001-01-01").status_code == 200
    assert client.get(f"{ADDRESS}?day=9999-12-31").status_code == 200


def test_shop_without_history_says_when_it_begins(owner: FlaskClient, enter: Enter) -> None:
    page = owner.get(ADDRESS).text
    content, _token = enter("content")

    assert "Price history" in page
    assert content.get(ADDRESS).status_code == 403
