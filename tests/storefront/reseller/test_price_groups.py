"""The pages of price groups: who sees them, what each button does."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from storefront.core.db import Database
from storefront.customers.models import Customer
from storefront.pricing.offer_models import GroupPrice, PriceGroup
from tests import factories
from tests.fixtures_app import Shop
from tests.storefront.account.people import errors_in

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/price-groups/"


def make_group(database: Database, shop: Shop, **more: object) -> PriceGroup:
    with database.work(shop.id) as db:
        group = factories.make_group(db, f"Group {uuid4().hex[:8]}", **more)
        db.commit()
    return group


def make_customer(database: Database, shop: Shop, group: PriceGroup | None = None) -> Customer:
    with database.work(shop.id) as db:
        customer = factories.make_customer(db, price_group_id=group.id if group else None)
        db.commit()
    return customer


def fresh(database: Database, shop: Shop, group: PriceGroup) -> PriceGroup:
    with database.work(shop.id) as db:
        return db.require(PriceGroup, group.id)


def test_group_is_made_changed_and_listed(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    name = f"Partners {uuid4().hex[:6]}"
    data = {"csrf_token": token, "name": name, "line": "main", "discount_percent": "12,5", "from_domains": "50"}
    data |= {"may_lose": "y"}

    made = client.post(f"{ADDRESS}new", data=data)

    page = client.get(ADDRESS)
    with database.work(shops["north"].id) as db:
        group = db.scalar(select(PriceGroup).where(PriceGroup.name == name))
    assert made.status_code == 303, errors_in(made)
    assert group is not None
    assert name in page.text
    assert "12.5\N{NO-BREAK SPACE}% less" in page.text
    assert "from 50 domains on" in page.text
    changed = client.post(f"{ADDRESS}{group.id}", data={**data, "discount_percent": "20", "from_domains": ""})
    assert changed.status_code == 303, errors_in(changed)
    assert fresh(database, shops["north"], group).discount_percent == 20


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("discount_percent", "101"),
        ("discount_percent", "-1"),
        ("discount_percent", "ten"),
        ("discount_percent", "NaN"),
        ("from_domains", "0"),
        ("from_domains", "many"),
        ("from_turnover", "1,234,5"),
        ("from_turnover", "999999999"),
        ("from_domains", "9" * 5_000),
        ("line", "nothing"),
    ],
)
def test_group_that_makes_no_sense_is_refused(enter: Enter, field: str, typed: str) -> None:
    client, token = enter()
    data = {"csrf_token": token, "name": uuid4().hex, "line": "main", "discount_percent": "10"}

    answer = client.post(f"{ADDRESS}new", data={**data, field: typed})

    assert answer.status_code == 422


def test_single_price_is_set_and_taken_away(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    group = make_group(database, shops["north"])
    data = {"csrf_token": token, "ending": ".com", "action": "register", "years": "1", "amount": "7,50"}

    kept = client.post(f"{ADDRESS}{group.id}/prices", data=data)

    page = client.get(f"{ADDRESS}{group.id}")
    with database.work(shops["north"].id) as db:
        price = db.scalar(select(GroupPrice).where(GroupPrice.price_group_id == group.id))
    assert kept.status_code == 303, errors_in(kept)
    assert price is not None
    assert "€7.50" in page.text
    gone = client.post(f"{ADDRESS}{group.id}/prices/{price.id}/remove", data={"csrf_token": token})
    assert gone.status_code == 303
    assert "€7.50" not in client.get(f"{ADDRESS}{group.id}").text


@pytest.mark.parametrize(
    ("field", "typed"), [("ending", "nowhere"), ("amount", "free"), ("amount", "-3"), ("years", "7")]
)
def test_single_price_of_nothing_is_refused(
    enter: Enter, database: Database, shops: dict[str, Shop], field: str, typed: str
) -> None:
    client, token = enter()
    group = make_group(database, shops["north"])
    data = {"csrf_token": token, "ending": "com", "action": "register", "years": "1", "amount": "7.50"}

    answer = client.post(f"{ADDRESS}{group.id}/prices", data={**data, field: typed})

    assert answer.status_code == 422


def test_customers_are_moved_together(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    group = make_group(database, shops["north"], discount_percent=0)
    people = [make_customer(database, shops["north"]) for _each in range(2)]

    moved = client.post(
        f"{ADDRESS}customers",
        data={"csrf_token": token, "customer": [str(each.id) for each in people], "group": str(group.id)},
    )

    page = client.get(f"{ADDRESS}customers?group={group.id}")
    assert moved.status_code == 303, errors_in(moved)
    assert all(each.code in page.text for each in people)


def test_nobody_ticked_is_said_and_not_done(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    group = make_group(database, shops["north"])

    answer = client.post(f"{ADDRESS}customers", data={"csrf_token": token, "group": str(group.id)})

    assert answer.status_code == 422
    assert "Tick the customers to move" in answer.text


def test_customer_of_another_shop_cannot_be_moved(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    group = make_group(database, shops["north"])
    stranger = make_customer(database, shops["south"])

    client.post(f"{ADDRESS}customers", data={"csrf_token": token, "customer": str(stranger.id), "group": str(group.id)})

    with database.work(shops["south"].id) as db:
        assert db.require(Customer, stranger.id).price_group_id is None


def test_group_with_customers_is_closed_only_when_they_know_where_to_go(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()
    group = make_group(database, shops["north"])
    customer = make_customer(database, shops["north"], group)

    refused = client.post(f"{ADDRESS}{group.id}/close", data={"csrf_token": token, "move_to": ""})
    closed = client.post(f"{ADDRESS}{group.id}/close", data={"csrf_token": token, "move_to": "none"})

    assert refused.status_code == 422
    assert closed.status_code == 303, errors_in(closed)
    assert fresh(database, shops["north"], group).closed_at is not None
    assert client.get(f"{ADDRESS}{group.id}").status_code == 404
    with database.work(shops["north"].id) as db:
        assert db.require(Customer, customer.id).price_group_id is None


def test_signed_in_customer_of_a_group_sees_its_prices(
    client_of: Callable[[Shop], FlaskClient],
    sign_in: Callable[..., str],
    database: Database,
    shops: dict[str, Shop],
) -> None:
    group = make_group(database, shops["north"], discount_percent=50)
    with database.work(shops["north"].id) as db:
        user = factories.make_user(db, customer=factories.make_customer(db, price_group_id=group.id))
        db.commit()
    client = client_of(shops["north"])
    sign_in(client, shops["north"], user)

    client.post("/cart/add", data={"name": f"group-{uuid4().hex[:8]}.com", "csrf_token": "x"})
    page = client.get("/cart/transfer")

    assert "€6.45" in page.text
    assert "€12.90" not in page.text


@pytest.mark.parametrize("role", ["support", "content", "accountant"])
def test_others_do_not_change_groups(enter: Enter, database: Database, shops: dict[str, Shop], role: str) -> None:
    client, token = enter(role)
    group = make_group(database, shops["north"])

    answers = {
        client.post(f"{ADDRESS}new", data={"csrf_token": token, "name": "x"}).status_code,
        client.post(f"{ADDRESS}{group.id}/close", data={"csrf_token": token}).status_code,
        client.post(f"{ADDRESS}customers", data={"csrf_token": token}).status_code,
    }

    assert answers == {403}


@pytest.fixture(autouse=True)
def tidy(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Leave no group behind that would change prices of other tests."""
    yield
    with database.work(shops["north"].id) as db:
        db.execute(update(PriceGroup).where(PriceGroup.reseller_id == shops["north"].id).values(is_default=False))
        db.commit()


def test_discount_below_cost_needs_a_tick(enter: Enter) -> None:
    # A renewal of .com costs 9.40; 13.90 with VAT less 40 percent is 6.65 without.
    client, token = enter()
    name = f"Cheap {uuid4().hex[:6]}"
    data = {"csrf_token": token, "name": name, "line": "main", "discount_percent": "40"}

    refused = client.post(f"{ADDRESS}new", data=data)
    kept = client.post(f"{ADDRESS}new", data={**data, "may_lose": "y"})

    assert refused.status_code == 422
    assert "A renewal of .com for 1 year" in refused.text
    assert "less than it costs you" in refused.text
    assert kept.status_code == 303, errors_in(kept)
    assert name in client.get(ADDRESS).text


def test_change_that_loses_nothing_new_needs_no_tick(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    group = make_group(database, shops["north"], discount_percent=40)
    client, token = enter()
    data = {"csrf_token": token, "name": group.name, "line": "main", "discount_percent": "40", "from_domains": "9"}

    same = client.post(f"{ADDRESS}{group.id}", data=data)
    more = client.post(f"{ADDRESS}{group.id}", data={**data, "discount_percent": "90"})

    assert (same.status_code, more.status_code) == (303, 422), errors_in(same)
    assert fresh(database, shops["north"], group).discount_percent == 40


def test_single_price_below_cost_needs_a_tick(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    group = make_group(database, shops["north"], discount_percent=0)
    client, token = enter()
    data = {"csrf_token": token, "ending": ".fr", "action": "register", "years": "1", "amount": "1"}

    refused = client.post(f"{ADDRESS}{group.id}/prices", data=data)
    kept = client.post(f"{ADDRESS}{group.id}/prices", data={**data, "price_may_lose": "y"})

    assert (refused.status_code, kept.status_code) == (422, 303), errors_in(kept)
    assert "less than it costs you" in refused.text


def test_customers_go_below_cost_only_with_a_tick(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    group = make_group(database, shops["north"], discount_percent=40)
    client, token = enter()
    first, second = make_customer(database, shops["north"]), make_customer(database, shops["north"])
    data = {"csrf_token": token, "group": str(group.id), "customer": str(first.id)}

    answers = [
        client.post(address, data={**data, **more}).status_code
        for more in ({}, {"may_lose": "y"})
        for address in (f"{ADDRESS}customers", f"/reseller/customers/{second.id}/group")
    ]

    with database.work(shops["north"].id) as db:
        moved = [db.require(Customer, each.id).price_group_id for each in (first, second)]
    assert answers == [422, 422, 303, 303]
    assert moved == [group.id, group.id]
