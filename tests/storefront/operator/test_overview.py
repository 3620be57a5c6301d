"""Overview: what the operator sees first, and nobody else."""

from collections.abc import Callable

from flask.testing import FlaskClient

from storefront.core.db import Database
from storefront.core.money import Money
from tenants import credits as credit
from tests.fixtures_app import Shop
from tests.storefront.operator.conftest import Enter

ADDRESS = "/operator/overview"


def test_overview_counts_what_there_is(operator: FlaskClient) -> None:
    answer = operator.get(ADDRESS, follow_redirects=True)

    assert answer.status_code == 200
    assert "North" in answer.text or "Resellers" in answer.text


def test_overview_shows_who_asks_for_credit(operator: FlaskClient, database: Database, own_shop: Shop) -> None:
    with database.work(own_shop.id) as db:
        credit.ask_for_top_up(db, Money(12_300, "EUR"))
        db.commit()

    answer = operator.get(ADDRESS, follow_redirects=True)

    assert "€123.00" in answer.text


def test_overview_is_not_found_without_the_second_factor(enter: Enter) -> None:
    client, _token = enter(second_factor=False)

    answer = client.get(ADDRESS, follow_redirects=True)

    assert answer.status_code == 404


def test_overview_answers_on_the_platform_host_only(
    client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop]
) -> None:
    answer = client_of(shops["north"]).get(ADDRESS)

    assert answer.status_code == 404
