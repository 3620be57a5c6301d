"""Papers in the panel: listed, downloaded, and only by their customer."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from storefront.billing.files import render_document
from storefront.billing.issue import LineTerms, ProformaTerms, issue_proforma
from storefront.billing.models import Document
from storefront.core.db import Database
from storefront.core.money import Money
from storefront.identity.models import LoginUser
from tests import factories
from tests.fixtures_app import Shop

ADDRESS = "/panel/documents/"
SignIn = Callable[[FlaskClient, Shop, LoginUser], str]


def make_paper(database: Database, shop: Shop) -> tuple[LoginUser, Document]:
    with database.work(shop.id) as db:
        customer = factories.make_customer(db)
        user = factories.make_user(db, customer=customer)
        lines = [LineTerms(title="Registration of fjordlight.eu", price=Money(1090, "EUR"))]
        terms = ProformaTerms(
            customer=customer, lines=lines, amounts="gross", shop_percent=Decimal("25.5"), locale="en"
        )
        proforma = issue_proforma(db, terms)
        db.commit()
    return user, proforma


@pytest.fixture
def mine(database: Database, shops: dict[str, Shop]) -> tuple[LoginUser, Document]:
    return make_paper(database, shops["north"])


def test_list_shows_what_is_to_be_paid(
    mine: tuple[LoginUser, Document], client: FlaskClient, sign_in: SignIn, shops: dict[str, Shop]
) -> None:
    user, proforma = mine
    sign_in(client, shops["north"], user)

    answer = client.get(ADDRESS)

    assert proforma.number in answer.text
    assert "To be paid" in answer.text


def test_paper_is_waited_for_and_then_downloaded(
    mine: tuple[LoginUser, Document], client: FlaskClient, sign_in: SignIn, shops: dict[str, Shop], database: Database
) -> None:
    user, proforma = mine
    sign_in(client, shops["north"], user)
    waiting = client.get(f"{ADDRESS}{proforma.id}/pdf")

    with database.work(shops["north"].id) as db:
        render_document(db, str(proforma.id))
        db.commit()
    ready = client.get(f"{ADDRESS}{proforma.id}/pdf")

    assert waiting.status_code == 202
    assert ready.data.startswith(b"%PDF")
    assert "attachment" in ready.headers["Content-Disposition"]
    assert "no-store" in ready.headers["Cache-Control"]


def test_paper_of_another_customer_is_not_found(
    mine: tuple[LoginUser, Document], client: FlaskClient, sign_in: SignIn, shops: dict[str, Shop], database: Database
) -> None:
    _user, proforma = mine
    stranger, _own = make_paper(database, shops["north"])
    sign_in(client, shops["north"], stranger)

    assert client.get(f"{ADDRESS}{proforma.id}/pdf").status_code == 404
