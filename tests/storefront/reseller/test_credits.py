"""The credit: what there is, what moved it, and the wish for more."""

from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from storefront.core.db import Database
from storefront.core.money import Money
from storefront.web.credit_words import entry_rows
from tenants.credits import book_top_up, charge, charged_among, credit_account, entries, hold
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


def test_what_was_charged_is_not_held_any_more(database: Database, shops: dict[str, Shop]) -> None:
    done, open_one = uuid4(), uuid4()
    with database.work(shops["north"].id) as db:
        book_top_up(db, Money(10_000, "EUR"), reference="charged")
        for operation_id in (done, open_one):
            hold(db, Money(700, "EUR"), operation_id=operation_id)
        charge(db, operation_id=done)
        moved = entries(db)
        words = {row["entry"].operation_id: str(row["words"]) for row in entry_rows(moved, charged_among(db, moved))}

    assert (words[done], words[open_one]) == ("Charged", "Held for a command")
