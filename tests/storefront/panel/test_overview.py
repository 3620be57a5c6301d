"""/panel/overview: what a customer sees first, in a bounded number of queries."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from storefront.core.db import Database
from storefront.identity.models import LoginUser
from storefront.portfolio.domains import NewDomain, start_domain
from tests import factories, sale
from tests.fixtures_app import Shop
from tests.statements import counted

SignIn = Callable[[FlaskClient, Shop, LoginUser], str]


def customer_with(database: Database, shop: Shop, domains: int) -> LoginUser:
    with database.work(shop.id) as db:
        customer = factories.make_customer(db)
        user = factories.make_user(db, customer=customer)
        for number in range(domains):
            name = f"{customer.code.lower()}-{number}.com"
            start_domain(
                db,
                NewDomain(
                    customer_id=customer.id, contact_id=None, name_ascii=name, name_unicode=name, ending="com",
                    connection="sandbox", registered_at=db.now - timedelta(days=350),
                    expires_at=db.now + timedelta(days=15 + number),
                ),
            )  # fmt: skip
        db.commit()
    return user


def test_overview_lists_what_ends_soon(
    database: Database, shops: dict[str, Shop], client: FlaskClient, sign_in: SignIn
) -> None:
    user = customer_with(database, shops["north"], domains=2)
    sign_in(client, shops["north"], user)

    answer = client.get("/panel/overview")

    assert answer.status_code == 200
    assert "15 days left" in answer.text


def test_overview_of_a_new_customer_says_what_to_do(
    database: Database, shops: dict[str, Shop], client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client, shops["north"], customer_with(database, shops["north"], domains=0))

    answer = client.get("/panel/overview")

    assert "No names yet" in answer.text


def test_overview_asks_twelve_questions_at_most(
    database: Database, shops: dict[str, Shop], client: FlaskClient, sign_in: SignIn
) -> None:
    shop = shops["north"]
    user = customer_with(database, shop, domains=40)
    sale.place(database, shop.id, f"{user.login}.com")
    sign_in(client, shop, user)
    client.get("/panel/overview")

    with counted(database) as sent:
        client.get("/panel/overview")

    assert len(sent) <= 12, "\n".join(sent)


def test_overview_sends_visitors_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/panel/overview")

    assert answer.status_code in (302, 303)
    assert "/account/sign-in" in answer.headers["Location"]
