"""Proformas: what is awaited, and the confirmation of a transfer, once."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from storefront.billing.models import Document, Payment
from storefront.core.db import Database
from storefront.core.outbox import OutboxEvent
from storefront.identity.permissions import STAFF_ROLES, can
from tests.fixtures_app import Shop
from tests.statements import counted
from tests.storefront.reseller.conftest import Enter
from tests.storefront.reseller.office import make_order

ADDRESS = "/reseller/proformas/"


@pytest.fixture
def proforma(database: Database, shops: dict[str, Shop]) -> Document:
    """A proforma of the shop in the north that waits for money."""
    with database.work(shops["north"].id) as db:
        _order, _item, made = make_order(db)
        db.commit()
        return made


def state_of(database: Database, shop: Shop, proforma: Document) -> tuple[str, int]:
    with database.work(shop.id) as db:
        payments = select(func.count()).select_from(Payment).where(Payment.proforma_id == proforma.id)
        return db.require(Document, proforma.id).state, db.scalar(payments) or 0


def test_list_begins_with_what_waits(owner: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        _one, _item, waiting = make_order(db)
        _two, _item, paid = make_order(db, state="completed", item_state="active")
        db.commit()

    shown, all_paid = owner.get(ADDRESS).text, owner.get(f"{ADDRESS}?state=paid").text

    assert waiting.number in shown
    assert paid.number not in shown
    assert paid.number in all_paid


def test_late_ones_have_a_list_of_their_own(owner: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        _one, _item, late = make_order(db, due_in_days=-4)
        _two, _item, early = make_order(db)
        db.commit()

    shown = owner.get(f"{ADDRESS}?state=late").text

    assert late.number in shown
    assert "4 days late" in shown
    assert early.number not in shown


def test_number_leads_to_the_proforma(owner: FlaskClient, proforma: Document) -> None:
    answer = owner.get(ADDRESS, query_string={"q": proforma.number})

    assert answer.location.endswith(str(proforma.id))


def test_confirmation_names_number_and_amount(owner: FlaskClient, proforma: Document) -> None:
    answer = owner.get(f"{ADDRESS}{proforma.id}/confirm")

    assert proforma.number in answer.text
    assert "€10.90" in answer.text


def test_confirmed_once_and_the_second_time_told_so(
    enter: Enter, database: Database, shops: dict[str, Shop], proforma: Document
) -> None:
    client, token = enter("accountant")

    first = client.post(f"{ADDRESS}{proforma.id}/confirm", data={"csrf_token": token})
    second = client.post(f"{ADDRESS}{proforma.id}/confirm", data={"csrf_token": token})

    assert first.status_code == 303
    assert second.status_code == 422
    assert "already paid" in second.text
    assert state_of(database, shops["north"], proforma) == ("paid", 1)
    with database.work(shops["north"].id) as db:
        told = db.scalars(select(OutboxEvent.payload).where(OutboxEvent.name == "billing.proforma_paid"))
    assert [payload["proforma_id"] for payload in told].count(str(proforma.id)) == 1


def test_without_the_token_nothing_is_confirmed(
    owner: FlaskClient, database: Database, shops: dict[str, Shop], proforma: Document
) -> None:
    answer = owner.post(f"{ADDRESS}{proforma.id}/confirm")

    assert answer.status_code == 422
    assert state_of(database, shops["north"], proforma) == ("issued", 0)


@pytest.mark.parametrize("role", [role for role in STAFF_ROLES if not can(role, "billing.confirm")])
def test_other_roles_may_not_confirm(
    enter: Enter, database: Database, shops: dict[str, Shop], proforma: Document, role: str
) -> None:
    client, token = enter(role)

    answer = client.post(f"{ADDRESS}{proforma.id}/confirm", data={"csrf_token": token})

    assert answer.status_code == 403
    assert state_of(database, shops["north"], proforma) == ("issued", 0)


def test_other_shop_may_not_confirm(
    enter: Enter, database: Database, shops: dict[str, Shop], proforma: Document
) -> None:
    client, token = enter(slug="south")

    answer = client.post(f"{ADDRESS}{proforma.id}/confirm", data={"csrf_token": token})

    assert answer.status_code == 404
    assert state_of(database, shops["north"], proforma) == ("issued", 0)


def test_cancelled_proforma_is_not_confirmed(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    with database.work(shops["north"].id) as db:
        _order, _item, gone = make_order(db, state="cancelled", item_state="cancelled")
        db.commit()

    answer = client.post(f"{ADDRESS}{gone.id}/confirm", data={"csrf_token": token})

    assert answer.status_code == 422
    assert "no longer valid" in answer.text


def test_invoice_is_no_proforma(owner: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        _order, _item, paper = make_order(db)
        paper.kind = "invoice"
        db.commit()

    for page in ("", "/confirm", "/pdf"):
        assert owner.get(f"{ADDRESS}{paper.id}{page}").status_code == 404


def test_page_shows_what_was_paid(enter: Enter, proforma: Document) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}{proforma.id}/confirm", data={"csrf_token": token})

    answer = client.get(f"{ADDRESS}{proforma.id}")

    assert "received" in answer.text
    assert "Proforma paid" in answer.text


def test_at_most_eight_questions_however_many_rows(
    owner: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        for _each in range(55):
            make_order(db)
        db.commit()
    owner.get(ADDRESS)

    with counted(database) as asked:
        answer = owner.get(ADDRESS)

    assert 'rel="next"' in answer.text
    assert len(asked) <= 8, "\n".join(asked)
