"""The first page of the office: what needs somebody, in figures and words."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import delete

from storefront.billing.models import Payment, PaymentNotice
from storefront.core import clock, ids
from storefront.core.db import Database
from storefront.identity.permissions import STAFF_ROLES
from storefront.pricing.models import CostWarning, WholesalePrice
from tests.fixtures_app import Shop
from tests.statements import counted
from tests.storefront.reseller.conftest import Enter
from tests.storefront.reseller.office import make_order

ADDRESS = "/reseller/overview"


def test_every_role_has_a_first_page(enter: Enter) -> None:
    for role in STAFF_ROLES:
        client, _token = enter(role)

        assert client.get(ADDRESS).status_code == 200, role


def test_order_held_for_credit_says_what_is_missing(
    owner: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        make_order(db, state="processing", item_state="on_hold", operation_state="on_hold", cost_minor=100_000_00)
        db.commit()

    answer = owner.get(ADDRESS)

    assert "for your credit" in answer.text
    assert "is missing" in answer.text


def test_money_that_fits_nothing_leads_to_its_proforma(
    owner: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        _order, _item, proforma = make_order(db, state="processing", item_state="processing")
        payment = db.add(
            Payment(proforma_id=proforma.id, connection="card", amount_minor=1090, currency="EUR", started_at=db.now)
        )
        db.flush()
        db.add(
            PaymentNotice(
                connection="card",
                event_id=ids.token(),
                payment_id=payment.id,
                payload={},
                received_at=db.now,
                outcome="late",
            )
        )
        db.commit()

    answer = owner.get(ADDRESS)

    assert f"/reseller/proformas/{proforma.id}" in answer.text
    assert "Open the proforma" in answer.text


def test_purchase_prices_that_rise_are_to_do(owner: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    day = clock.now().date() + timedelta(days=300)
    key = {"ending": "museum", "action": "renew", "years": 1, "currency": "EUR", "valid_from": day}
    with database.office_work() as db:
        db.add(WholesalePrice(**key, minor=9_000))
        db.commit()
    with database.work(shops["north"].id) as db:
        db.add(CostWarning(valid_from=day, digest="overview", endings=3, warned_at=db.now))
        db.commit()

    warned = owner.get(ADDRESS)
    with database.office_work() as db:
        db.execute(delete(WholesalePrice).filter_by(**key))
        db.commit()
    withdrawn = owner.get(ADDRESS)
    with database.work(shops["north"].id) as db:
        db.execute(delete(CostWarning))
        db.commit()

    assert "3 endings cost you more from" in warned.text
    assert "cost you more from" not in withdrawn.text


def test_at_most_fourteen_questions_however_much_there_is(
    owner: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        for _each in range(20):
            make_order(db)
        db.commit()
    owner.get(ADDRESS)

    with counted(database) as asked:
        answer = owner.get(ADDRESS)

    assert answer.status_code == 200
    assert len(asked) <= 14, "\n".join(asked)
