"""What a shop pays the platform: listed, found, downloaded; changes announced; for nobody else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from storefront.core import clock
from storefront.core.db import Database
from storefront.pricing.models import WholesalePlan, WholesalePrice
from storefront.pricing.sheets import read_sheet
from tests.fixtures_app import Shop
from tests.statements import counted
from tests.storefront.reseller.conftest import Enter

ADDRESS = "/reseller/purchase-prices/"


@pytest.fixture
def dearer(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """From next month on .com costs more to renew, on a plan nobody is on less; and .net on the standard one."""
    assert shops, "the shops bring the prices of the standard plan along"
    day = clock.now().date() + timedelta(days=30)
    with database.office_work() as db:
        db.add(WholesalePlan(code="gold", title="Gold", from_domains=5_000))
        row = {"action": "renew", "years": 1, "currency": "EUR", "valid_from": day}
        db.add(WholesalePrice(**row, ending="com", plan="standard", minor=1234))
        db.add(WholesalePrice(**row, ending="net", plan="gold", minor=77))
        db.commit()
    yield
    with database.office_work() as db:
        db.execute(delete(WholesalePrice).where(WholesalePrice.valid_from == day))
        db.execute(delete(WholesalePlan).where(WholesalePlan.code == "gold"))
        db.commit()


@pytest.mark.usefixtures("dearer")
def test_prices_stand_with_what_changes_next(owner: FlaskClient) -> None:
    page = owner.get(ADDRESS).text
    coming = owner.get(f"{ADDRESS}?show=coming").text

    assert "Your plan: Standard" in page
    assert "“Gold” counts from 5,000 domains" in page
    assert "€12.34 from" in page
    # What changes for others only is no change here.
    assert "€0.77" not in page
    assert ".com" in coming
    assert ".net<" not in coming


def test_ending_is_found(owner: FlaskClient) -> None:
    page = owner.get(f"{ADDRESS}?q=.CO").text
    none = owner.get(f"{ADDRESS}?q=nothing-like-it").text
    terms = owner.get(f"{ADDRESS}?q=com&show=terms&from=5").text

    assert ">.com<" in page.replace("\n", "")
    assert ">.net<" not in page.replace("\n", "")
    assert "No ending fits" in none
    assert "10 years" in terms
    assert owner.get(f"{ADDRESS}?from=²&show=nonsense&q=%00").status_code == 200


@pytest.mark.usefixtures("dearer")
def test_table_names_every_price_and_the_next(owner: FlaskClient) -> None:
    for kind in ("csv", "xlsx"):
        sheet = read_sheet(owner.get(f"{ADDRESS}download/{kind}").data, "x")
        row = next(row for row in sheet.rows if row[1:4] == ("com", "renew", "1"))
        assert (row[4], row[7]) == ("EUR", "12.34")
    assert owner.get(f"{ADDRESS}download/png").status_code == 404


def test_list_asks_few_questions(owner: FlaskClient, database: Database) -> None:
    owner.get(ADDRESS)

    with counted(database) as asked:
        owner.get(ADDRESS)

    assert len(asked) <= 16


@pytest.mark.parametrize(("role", "status"), [("sales", 200), ("read_only", 200), ("content", 403)])
def test_who_reads_prices_reads_these(enter: Enter, role: str, status: int) -> None:
    client, _token = enter(role)

    assert client.get(ADDRESS).status_code == status
