"""Rates taken in by an operator and used by shops, each with its own buffer and patience."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from storefront.core import clock
from storefront.core.db import Database
from storefront.core.errors import Refused
from storefront.pricing.exchange import change_exchange_terms, own_rates
from storefront.pricing.models import ExchangeQuote
from tenants.resellers import current_reseller
from tests.fixtures_app import Shop
from tests.storefront.operator.conftest import Enter
from tests.storefront.pricing.bank import bank_day, bank_file

ADDRESS = "/operator/exchange-rates/"


@pytest.fixture(autouse=True)
def no_rates_but_ours(database: Database) -> Iterator[None]:
    """Rates are everybody's: none are found, and none are left."""
    forget_rates(database)
    yield
    forget_rates(database)


def forget_rates(database: Database) -> None:
    with database.office_work() as db:
        db.execute(delete(ExchangeQuote))
        db.commit()


def days_ago(days: int) -> date:
    return clock.now().date() - timedelta(days=days)


def send(client: FlaskClient, token: str, *days: str, **more: str) -> TestResponse:
    fields = {"csrf_token": token, "file": (io.BytesIO(bank_file(*days)), "eurofxref.xml"), **more}
    return client.post(ADDRESS, data=fields, content_type="multipart/form-data")


def test_file_is_taken_in_and_used_by_shops(enter: Enter, database: Database, own_shop: Shop) -> None:
    client, token = enter()

    empty = client.get(ADDRESS)
    sent = send(client, token, bank_day(days_ago(2).isoformat(), USD="1.25", PLN="4.2453"))
    shown = client.get(ADDRESS)

    assert "No rates yet" in empty.text
    assert sent.status_code == 303
    assert "4.2453" in shown.text
    with database.work(own_shop.id) as db:
        dollar = next(rate for rate in own_rates(db) if rate.base == "USD")
    assert (dollar.quoted, dollar.rate, dollar.buffer_percent) == ("EUR", Decimal("0.8"), Decimal(2))


def test_the_same_day_is_taken_in_twice_without_harm(enter: Enter, database: Database) -> None:
    client, token = enter()

    send(client, token, bank_day(days_ago(1).isoformat(), USD="1.25"))
    again = send(client, token, bank_day(days_ago(1).isoformat(), USD="1.26"))

    with database.office_work() as db:
        row = db.session.get(ExchangeQuote, ("EUR", "USD", days_ago(1)))
    assert again.status_code == 303
    assert row is not None
    assert row.rate == Decimal("1.26")


def test_jump_needs_a_second_look(enter: Enter) -> None:
    client, token = enter()
    send(client, token, bank_day(days_ago(2).isoformat(), USD="1.08"))

    hasty = send(client, token, bank_day(days_ago(1).isoformat(), USD="10.8"))
    sure = send(client, token, bank_day(days_ago(1).isoformat(), USD="10.8"), is_sure="y")

    assert hasty.status_code == 422
    assert "USD 900\N{NO-BREAK SPACE}%" in hasty.text
    assert sure.status_code == 303


def test_file_that_cannot_be_read_changes_nothing(enter: Enter) -> None:
    client, token = enter()

    wrong = client.post(
        ADDRESS,
        data={"csrf_token": token, "file": (io.BytesIO(b"PK\x03\x04"), "x.zip")},
        content_type="multipart/form-data",
    )
    none = client.post(ADDRESS, data={"csrf_token": token}, content_type="multipart/form-data")
    text = client.post(ADDRESS, data={"csrf_token": token, "file": "no file"})

    assert (wrong.status_code, none.status_code, text.status_code) == (422, 422, 422)
    assert "no XML file" in wrong.text
    assert "choose a file" in none.text


def test_old_rates_are_announced_and_not_used(enter: Enter, database: Database, own_shop: Shop) -> None:
    client, token = enter()
    send(client, token, bank_day(days_ago(8).isoformat(), USD="1.25"))

    page = client.get(ADDRESS)

    assert "too old" in page.text
    with database.work(own_shop.id) as db:
        assert own_rates(db) == ()
        change_exchange_terms(db, buffer_percent="0,5", valid_days="10")
        assert [rate.buffer_percent for rate in own_rates(db)] == [Decimal("0.5")]
        assert current_reseller(db).settings["exchange"] == {"buffer_percent": "0.5", "valid_days": 10}


@pytest.mark.parametrize(
    ("buffer", "days", "field"),
    [("-1", "7", "buffer_percent"), ("51", "7", "buffer_percent"), ("much", "7", "buffer_percent"),
     ("NaN", "7", "buffer_percent"), ("2", "0", "valid_days"), ("2", "61", "valid_days"), ("2", "²", "valid_days")],
)  # fmt: skip
def test_buffer_and_patience_have_limits(
    database: Database, own_shop: Shop, buffer: str, days: str, field: str
) -> None:
    with database.work(own_shop.id) as db, pytest.raises(Refused) as no:
        change_exchange_terms(db, buffer_percent=buffer, valid_days=days)

    assert no.value.field == field


def test_readers_of_the_platform_take_nothing_in(enter: Enter) -> None:
    client, _token = enter("operator_accounts")

    assert client.get(ADDRESS).status_code == 403
