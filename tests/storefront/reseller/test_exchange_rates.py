"""Rates as a shop uses them: its buffer, its patience, and what it reads when they are too old."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete

from storefront.core import clock
from storefront.core.db import Database
from storefront.pricing.models import ExchangeQuote
from tenants.resellers import current_reseller
from tests.fixtures_app import Shop
from tests.storefront.reseller.conftest import Enter

ADDRESS = "/reseller/exchange-rates/"


@pytest.fixture
def rates(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """A dollar of yesterday and a złoty of last month; the shop's own terms are as before afterwards."""
    with database.office_work() as db:
        today = clock.now().date()
        for currency, rate, days in (("USD", "1.25", 1), ("PLN", "4.2", 30)):
            day = today - timedelta(days=days)
            db.add(ExchangeQuote(base="EUR", quoted=currency, on_day=day, rate=Decimal(rate), source="ECB"))
        db.commit()
    with database.work(shops["north"].id) as db:
        kept = current_reseller(db).settings
    yield
    with database.office_work() as db:
        db.execute(delete(ExchangeQuote))
        db.commit()
    with database.work(shops["north"].id) as db:
        current_reseller(db).settings = kept
        db.commit()


@pytest.mark.usefixtures("rates")
def test_rates_stand_with_the_buffer_and_old_ones_are_named(enter: Enter) -> None:
    client, token = enter()

    page = client.get(ADDRESS).text
    saved = client.post(f"{ADDRESS}change", data={"csrf_token": token, "buffer_percent": "5", "valid_days": "40"})
    later = client.get(ADDRESS).text

    assert "0.80" in page
    assert "0.816" in page
    assert "Some rates are too old" in page
    assert saved.status_code == 303
    assert "0.84" in later
    assert "Some rates are too old" not in later


@pytest.mark.usefixtures("rates")
def test_mistake_is_named_beside_its_field(enter: Enter) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}change", data={"csrf_token": token, "buffer_percent": "99", "valid_days": "7"})

    assert answer.status_code == 422
    assert "between 0 and 50 percent" in answer.text


def test_without_rates_the_page_says_so(enter: Enter) -> None:
    client, _token = enter("read_only")

    page = client.get(ADDRESS).text

    assert "No rates yet" in page
    assert 'name="buffer_percent"' not in page


def test_reader_may_not_change_them(enter: Enter) -> None:
    client, token = enter("read_only")

    answer = client.post(f"{ADDRESS}change", data={"csrf_token": token, "buffer_percent": "5", "valid_days": "40"})

    assert answer.status_code == 403
