"""Purchase prices of the platform: plans, who is on them, what is scheduled, downloads."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from storefront.core import clock
from storefront.core.db import Database
from storefront.core.money import Money
from storefront.portfolio.models import Domain
from storefront.pricing.models import WholesalePlan, WholesalePrice
from storefront.pricing.sheets import read_sheet
from storefront.pricing.wholesale import cost, cost_of_transfer, cost_rows, own_plan
from tenants.models import Reseller
from tests import factories
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop
from tests.storefront.operator.conftest import Enter

ADDRESS = "/operator/wholesale/"


@pytest.fixture
def plan(database: Database, shops: dict[str, Shop]) -> Iterator[str]:
    """A plan with a price of its own for .com, which counts from two domains; gone afterwards."""
    assert shops, "the shops bring the prices of the standard plan along"
    code = "silver"
    with database.office_work() as db:
        db.add(WholesalePlan(code=code, title="Silver", from_domains=2))
        since = db.now.date() - timedelta(days=1)
        row = {"ending": "com", "action": "register", "years": 1, "currency": "EUR", "valid_from": since}
        db.add(WholesalePrice(**row, plan=code, minor=123))
        db.commit()
    yield code
    with database.office_work() as db:
        db.execute(delete(WholesalePlan))
        db.execute(delete(WholesalePrice).where(WholesalePrice.plan != "standard"))
        db.commit()


def own_domains(database: Database, shop: Shop, count: int) -> None:
    with database.work(shop.id) as db:
        customer = factories.make_customer(db)
        for number in range(count):
            name = f"{shop.host.split('.')[0]}-{number}.com"
            db.add(
                Domain(
                    customer_id=customer.id,
                    name_ascii=name,
                    name_unicode=name,
                    ending="com",
                    connection="sandbox",
                    registered_at=db.now,
                    paid_until=db.now + timedelta(days=40),
                )
            )
        db.commit()


def test_plan_by_volume_counts_from_its_number_of_domains(database: Database, own_shop: Shop, plan: str) -> None:
    with database.work(own_shop.id) as db:
        before, at_first = own_plan(db), cost(db, "com", "register", 1)
    own_domains(database, own_shop, 2)

    with database.work(own_shop.id) as db:
        assert (before, own_plan(db)) == ("standard", plan)
        assert at_first != Money(123, "EUR")
        assert cost(db, "com", "register", 1) == Money(123, "EUR")
        # What the plan does not name costs what it costs everybody.
        assert cost(db, "com", "renew", 1).minor > 123
        assert cost_of_transfer(db, "com").minor > 123
        assert cost_rows(db)["domain", "com", "register", 1].cost == Money(123, "EUR")


def test_plan_agreed_by_hand_wins_over_volume(enter: Enter, database: Database, own_shop: Shop, plan: str) -> None:
    client, token = enter()
    slug = own_shop.host.split(".")[0]

    agreed = client.post(f"{ADDRESS}plans/{plan}/resellers", data={"csrf_token": token, "slug": slug})
    with database.work(own_shop.id) as db:
        by_hand = own_plan(db)
    undone = client.post(f"{ADDRESS}plans/{plan}/volume", data={"csrf_token": token, "slug": slug})
    with database.work(own_shop.id) as db:
        by_volume = own_plan(db)

    assert (agreed.status_code, undone.status_code) == (303, 303)
    assert (by_hand, by_volume) == (plan, "standard")


def test_nobody_is_put_on_a_plan_by_a_wrong_name(enter: Enter, plan: str) -> None:
    client, token = enter()

    answer = client.post(
        f"{ADDRESS}plans/{plan}/resellers", data={"csrf_token": token, "slug": "nobody"}, follow_redirects=True
    )

    assert "There is no reseller called nobody" in answer.text


def test_list_shows_plans_and_prices(enter: Enter, plan: str) -> None:
    client, _token = enter()

    answer = client.get(f"{ADDRESS}?plan={plan}&q=.com")

    assert answer.status_code == 200
    assert "Silver" in answer.text
    assert "€1.23" in answer.text
    assert ".net" not in answer.text


@pytest.mark.usefixtures("plan")
def test_plan_is_made_and_changed(enter: Enter, database: Database) -> None:
    client, token = enter()

    made = client.post(
        f"{ADDRESS}plans/new", data={"csrf_token": token, "code": "gold", "title": "Gold", "from_domains": "500"}
    )
    changed = client.post(
        f"{ADDRESS}plans/gold", data={"csrf_token": token, "code": "gold", "title": "Golden", "from_domains": ""}
    )

    with database.office_work() as db:
        row = db.session.get(WholesalePlan, "gold")
    assert (made.status_code, changed.status_code) == (303, 303)
    assert row is not None
    assert (row.title, row.from_domains) == ("Golden", None)
    assert "Golden" in client.get(f"{ADDRESS}plans/gold").text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"code": "standard", "title": "x"}, "a plan with this short name"),
        ({"code": "silver", "title": "x"}, "a plan with this short name"),
        ({"code": "Über plan", "title": "x"}, "small letters"),
        ({"code": "gold", "title": ""}, "fill this in"),
        ({"code": "gold", "title": "x", "from_domains": "2"}, "counts from this number already"),
        ({"code": "gold", "title": "x", "from_domains": "-3"}, "whole number"),
        ({"code": "gold", "title": "x", "from_domains": "²"}, "whole number"),
    ],
)
@pytest.mark.usefixtures("plan")
def test_mistake_in_a_plan_is_named(enter: Enter, typed: dict[str, str], says: str) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}plans/new", data={"csrf_token": token, **typed})

    assert answer.status_code == 422
    assert says in answer.text


def test_standard_plan_counts_for_everybody(enter: Enter) -> None:
    client, token = enter()

    answer = client.post(
        f"{ADDRESS}plans/standard", data={"csrf_token": token, "code": "standard", "title": "S", "from_domains": "9"}
    )

    assert answer.status_code == 422
    assert client.get(f"{ADDRESS}plans/standard").status_code == 200
    assert client.get(f"{ADDRESS}plans/unheard-of").status_code == 404


def test_download_can_be_taken_in_again(enter: Enter, plan: str) -> None:
    client, _token = enter()

    for kind in ("csv", "xlsx"):
        sheet = read_sheet(client.get(f"{ADDRESS}download/{kind}?plan={plan}").data, "x")
        assert sheet.head == ("kind", "ending", "action", "years", "currency", "price")
        assert ("domain", "com", "register", "1", "EUR", "1.23") in sheet.rows
    assert client.get(f"{ADDRESS}download/png").status_code == 404


def test_scheduled_change_is_shown_and_withdrawn(enter: Enter, database: Database, plan: str) -> None:
    client, token = enter()
    day = clock.now().date() + timedelta(days=30)
    with database.office_work() as db:
        db.add(
            WholesalePrice(ending="net", action="renew", years=1, currency="EUR", valid_from=day, plan=plan, minor=1)
        )
        db.commit()

    shown = client.get(ADDRESS)
    gone = client.post(f"{ADDRESS}withdraw", data={"csrf_token": token, "plan": plan, "day": day.isoformat()})
    again = client.post(f"{ADDRESS}withdraw", data={"csrf_token": token, "plan": plan, "day": day.isoformat()})
    past = client.post(f"{ADDRESS}withdraw", data={"csrf_token": token, "plan": plan, "day": "2026-01-01"})
    odd = client.post(f"{ADDRESS}withdraw", data={"csrf_token": token, "plan": plan, "day": "soon"})

    assert "Scheduled" in shown.text
    assert [answer.status_code for answer in (gone, again, past, odd)] == [303, 422, 422, 404]
    with database.office_work() as db:
        assert db.scalar(select(WholesalePrice).where(WholesalePrice.valid_from == day)) is None


def test_readers_of_the_platform_see_no_purchase_prices(enter: Enter) -> None:
    client, _token = enter("operator_read_only")

    assert client.get(ADDRESS).status_code == 403
    assert "Purchase prices" not in client.get("/operator/").text


def test_plan_of_a_shop_is_its_own(database: Database, own_shop: Shop, plan: str) -> None:
    with database.office_work() as db:
        row = db.session.get(Reseller, own_shop.id)
        assert row is not None
        row.wholesale_plan = plan
        db.commit()

    with database.work(open_shop(database).id) as db:
        assert own_plan(db) == "standard"
