"""Invoices of the office: written by themselves, listed and downloaded, never another shop's."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.billing.events import ProformaPaid
from storefront.billing.issue import issue_invoice_for
from storefront.billing.models import Document
from storefront.billing.payments import confirm_transfer
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.storefront.reseller.office import make_order

ADDRESS = "/reseller/invoices/"


def make_invoice(database: Database, shop: Shop) -> Document:
    with database.work(shop.id) as db:
        _order, _item, proforma = make_order(db)
        payment = confirm_transfer(db, proforma)
        issue_invoice_for(db, ProformaPaid(proforma_id=proforma.id, payment_id=payment.id))
        invoice = db.scalar(select(Document).where(Document.proforma_id == proforma.id))
        db.commit()
    assert invoice is not None
    return invoice


def test_list_shows_the_invoice_of_a_paid_proforma(
    owner: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    invoice = make_invoice(database, shops["north"])

    assert invoice.number in owner.get(ADDRESS).text


def test_invoice_that_is_not_rendered_yet_is_waited_for(
    owner: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    invoice = make_invoice(database, shops["north"])

    answer = owner.get(f"{ADDRESS}{invoice.id}/pdf")

    assert answer.status_code == 202
    assert answer.headers["Refresh"]


def test_invoice_of_another_shop_is_not_found(owner: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    invoice = make_invoice(database, shops["south"])

    assert owner.get(f"{ADDRESS}{invoice.id}/pdf").status_code == 404


def test_visitor_is_sent_to_sign_in(client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop]) -> None:
    answer = client_of(shops["north"]).get(ADDRESS)

    assert answer.status_code in (302, 303)
