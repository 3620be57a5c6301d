"""The credit: what there is, what moved it, and the wish for more."""

import pytest
from flask.testing import FlaskClient

from storefront.core.db import Database
from storefront.core.money import Money
from tenants.credits import book_top_up, credit_account
from tests.fixtures_app import Shop
from tests.storefront.reseller.conftest import Enter

ADDRESS = "/reseller/credits/"


def test_page_shows_balance_and_movements(owner: FlaskClient) -> None:
    answer = owner.get(ADDRESS)

    assert answer.status_code == 200
    assert "Topped up" in answer.text


@pytest.mark.parametrize(("typed", "minor"), [("250", 25_000), ("1 250,5", 125_050), ("0.05", 5)])
def test_wish_stands_until_credit_comes(
    enter: Enter, database: Database, shops: dict[str, Shop], typed: str, minor: int
) -> None:
    client, token = enter("accountant")

    answer = client.post(ADDRESS, data={"csrf_token": token, "amount": typed})

    assert answer.status_code == 303
    with database.work(shops["north"].id) as db:
        assert credit_account(db, "EUR").asked_minor == minor
        book_top_up(db, Money(100, "EUR"), reference=f"wish {typed}")
        assert (credit_account(db, "EUR").asked_minor, credit_account(db, "EUR").asked_at) == (0, None)


@pytest.mark.parametrize("typed", ["", "0", "-5", "1,234", "ten", "1e9", "99999999999", "\x00", "😀", "٣٤"])
def test_what_is_no_amount_is_refused_beside_the_field(enter: Enter, typed: str) -> None:
    client, token = enter()

    answer = client.post(ADDRESS, data={"csrf_token": token, "amount": typed})

    assert answer.status_code == 422
    assert 'id="amount-error"' in answer.text


def test_sales_people_do_not_see_it(enter: Enter) -> None:
    client, _token = enter("sales")

    assert client.get(ADDRESS).status_code == 403
    assert "/reseller/credits" not in client.get("/reseller/orders/").text
