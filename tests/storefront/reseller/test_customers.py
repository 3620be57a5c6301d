"""Customers: found by how a name or an address begins, and shown with everything of theirs."""

import pytest
from flask.testing import FlaskClient

from storefront.core import ids
from storefront.core.alphabet import sort_key
from storefront.core.db import Database
from storefront.customers.models import Customer
from tests import factories
from tests.fixtures_app import Shop
from tests.statements import counted
from tests.storefront.reseller.conftest import Enter
from tests.storefront.reseller.office import make_order

ADDRESS = "/reseller/customers/"


@pytest.mark.parametrize("wanted", ["Šimů", "simu", "ŠIMŮ", "simunkova j"])
def test_found_however_the_name_is_typed(
    owner: FlaskClient, database: Database, shops: dict[str, Shop], wanted: str
) -> None:
    with database.work(shops["north"].id) as db:
        customer = factories.make_customer(db, given="Jana", family="Šimůnková", sort_key=sort_key("Šimůnková Jana"))
        db.commit()

    answer = owner.get(ADDRESS, query_string={"q": wanted})

    assert str(customer.id) in answer.text


def test_found_by_address_and_by_code(owner: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        customer = factories.make_customer(db)
        factories.make_customer(db)
        db.commit()

    for wanted in (customer.email.upper()[:14], customer.code.lower()):
        answer = owner.get(ADDRESS, query_string={"q": wanted})

        assert answer.text.count("/reseller/customers/0") == 1, wanted
        assert str(customer.id) in answer.text


def test_nobody_found_says_what_to_do(owner: FlaskClient) -> None:
    answer = owner.get(f"{ADDRESS}?q=nobody-is-called-so")

    assert "No customer fits" in answer.text


def test_page_shows_orders_and_papers(owner: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        customer = factories.make_customer(db)
        factories.make_user(db, customer=customer, login=f"seen-{ids.public_code(6).lower()}")
        order, _item, proforma = make_order(db, customer)
        db.commit()

    answer = owner.get(f"{ADDRESS}{customer.id}")

    assert order.code in answer.text
    assert proforma.number in answer.text
    assert "seen-" in answer.text


def test_customer_of_the_other_shop_is_not_found(
    owner: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["south"].id) as db:
        customer = factories.make_customer(db)
        db.commit()

    assert owner.get(f"{ADDRESS}{customer.id}").status_code == 404
    assert str(customer.id) not in owner.get(ADDRESS, query_string={"q": customer.code}).text


def test_at_most_eight_questions_however_many_rows(
    owner: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        for _each in range(55):
            factories.make_customer(db)
        db.commit()
    owner.get(ADDRESS)

    with counted(database) as asked:
        answer = owner.get(ADDRESS)

    assert 'rel="next"' in answer.text
    assert len(asked) <= 8, "\n".join(asked)


def test_customer_is_moved_from_their_own_page(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        customer = factories.make_customer(db, is_grouped_by_rule=True)
        group = factories.make_group(db, f"Group {ids.public_code(8)}", discount_percent=0)
        db.commit()
    client, token = enter()

    into = client.post(f"{ADDRESS}{customer.id}/group", data={"csrf_token": token, "group": str(group.id)})
    seen = client.get(f"{ADDRESS}{customer.id}").text
    client.post(f"{ADDRESS}{customer.id}/group", data={"csrf_token": token, "group": "none"})

    assert into.status_code == 303
    assert f'<dd><span class="break">{group.name}</span>' in seen
    with database.work(shops["north"].id) as db:
        moved = db.require(Customer, customer.id)
        assert moved.price_group_id is None
        assert not moved.is_grouped_by_rule


@pytest.mark.parametrize("wanted", ["", "nothing", "01a201d1-6e78-7e0a-83d5-328c78c15e87"])
def test_customer_is_not_moved_into_what_is_no_group(
    enter: Enter, database: Database, shops: dict[str, Shop], wanted: str
) -> None:
    with database.work(shops["north"].id) as db:
        customer = factories.make_customer(db)
        factories.make_group(db, f"Group {ids.public_code(8)}")
        db.commit()
    client, token = enter()

    answer = client.post(f"{ADDRESS}{customer.id}/group", data={"csrf_token": token, "group": wanted})

    assert answer.status_code == 422


def test_support_reads_the_price_group_and_moves_nobody(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        group = factories.make_group(db, f"Group {ids.public_code(8)}")
        customer = factories.make_customer(db, price_group_id=group.id)
        db.commit()
    client, token = enter("support")

    page = client.get(f"{ADDRESS}{customer.id}").text
    answer = client.post(f"{ADDRESS}{customer.id}/group", data={"csrf_token": token, "group": "none"})

    assert group.name in page
    assert "Move to" not in page
    assert answer.status_code == 403
