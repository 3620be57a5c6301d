"""The list of orders, one order in full, money back for a failed line, giving one up."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from storefront.billing.models import Document
from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.customers.consents import record_consent
from storefront.customers.models import Customer
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.provisioning.models import Operation
from tests.fixtures_app import Shop
from tests.statements import counted
from tests.storefront.reseller.conftest import Enter
from tests.storefront.reseller.office import make_operation, make_order

ADDRESS = "/reseller/orders/"


def test_list_shows_orders_with_their_names(owner: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        order, item, _proforma = make_order(db)
        db.commit()

    answer = owner.get(ADDRESS)

    assert order.code in answer.text
    assert item.name_unicode in answer.text


@pytest.mark.parametrize(
    ("state", "item_state", "operation_state", "shown_in"),
    [
        ("awaiting_payment", "pending_payment", "", "awaiting_payment"),
        ("processing", "processing", "pending", "processing"),
        ("processing", "on_hold", "on_hold", "attention"),
        ("processing", "processing", "manual", "attention"),
        ("completed", "active", "done", "completed"),
        ("failed", "failed", "failed", "attention"),
        ("cancelled", "cancelled", "", "ended"),
    ],
)
def test_filter_finds_an_order_where_it_belongs(
    owner: FlaskClient,
    database: Database,
    shops: dict[str, Shop],
    state: str,
    item_state: str,
    operation_state: str,
    shown_in: str,
) -> None:
    with database.work(shops["north"].id) as db:
        order, _item, _proforma = make_order(db, state=state, item_state=item_state, operation_state=operation_state)
        db.commit()
    others = {"attention", "awaiting_payment", "completed"} - {shown_in}

    found = owner.get(f"{ADDRESS}?state={shown_in}").text
    elsewhere = [owner.get(f"{ADDRESS}?state={other}").text for other in others]

    assert order.code in found
    assert all(order.code not in text for text in elsewhere)


def test_code_leads_to_the_order_and_a_name_finds_it(
    owner: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        order, _item, _proforma = make_order(db, name="rare-beginning.com")
        db.commit()

    by_code = owner.get(f"{ADDRESS}?q={order.code.lower()}")
    by_name = owner.get(f"{ADDRESS}?q=rare-begin")

    assert by_code.location.endswith(str(order.id))
    assert order.code in by_name.text


@pytest.mark.parametrize("wanted", ["%", "'; --", "\x00", "😀" * 500, "{{ 7*7 }}"])
def test_wicked_search_finds_nothing_and_breaks_nothing(owner: FlaskClient, wanted: str) -> None:
    answer = owner.get(ADDRESS, query_string={"q": wanted, "state": wanted, "after": wanted})

    assert answer.status_code == 200


def test_at_most_eight_questions_however_many_rows(
    owner: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    with database.work(shops["north"].id) as db:
        for _each in range(60):
            make_order(db)
        db.commit()
    owner.get(ADDRESS)

    with counted(database) as asked:
        answer = owner.get(ADDRESS)

    assert 'rel="next"' in answer.text
    assert len(asked) <= 8, "\n".join(asked)


def test_next_page_begins_where_the_first_ended(owner: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        first, _item, _proforma = make_order(db)
        for _each in range(50):
            make_order(db)
        db.commit()

    top = owner.get(ADDRESS).text
    link = top.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    below = owner.get(link).text

    assert first.code not in top
    assert first.code in below


def test_order_shows_lines_papers_and_log(owner: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        order, item, proforma = make_order(db, state="processing", item_state="on_hold", operation_state="on_hold")
        db.commit()

    answer = owner.get(f"{ADDRESS}{order.id}")

    assert item.name_unicode in answer.text
    assert proforma.number in answer.text
    assert "Waits for credit" in answer.text


def test_order_of_the_other_shop_is_not_found(owner: FlaskClient, database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["south"].id) as db:
        order, item, _proforma = make_order(db, state="failed", item_state="failed")
        db.commit()

    assert owner.get(f"{ADDRESS}{order.id}").status_code == 404
    assert owner.post(f"{ADDRESS}{order.id}/lines/{item.id}/refund").status_code in (403, 404)


def test_money_back_is_noted_once(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    with database.work(shops["north"].id) as db:
        order, item, _proforma = make_order(db, state="failed", item_state="failed", operation_state="failed")
        db.commit()
    address = f"{ADDRESS}{order.id}/lines/{item.id}/refund"

    first = client.post(address, data={"csrf_token": token})
    second = client.post(address, data={"csrf_token": token})

    assert first.status_code == 303
    assert second.status_code == 422
    with database.work(shops["north"].id) as db:
        assert db.require(OrderItem, item.id).refund_noted_at is not None
        logged = db.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == order.id))
    assert list(logged) == ["order_item.refund_noted"]


def test_nothing_is_owed_for_a_line_that_runs(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    with database.work(shops["north"].id) as db:
        order, item, _proforma = make_order(db, state="processing", item_state="processing")
        db.commit()

    answer = client.post(f"{ADDRESS}{order.id}/lines/{item.id}/refund", data={"csrf_token": token})

    assert answer.status_code == 422
    with database.work(shops["north"].id) as db:
        assert db.require(OrderItem, item.id).refund_noted_at is None


def test_line_of_another_order_is_not_found(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    with database.work(shops["north"].id) as db:
        _paid, failed, _one = make_order(db, state="failed", item_state="failed")
        other, _item, _two = make_order(db, state="completed", item_state="active")
        db.commit()

    answer = client.post(f"{ADDRESS}{other.id}/lines/{failed.id}/refund", data={"csrf_token": token})

    assert answer.status_code == 404


def test_staff_cancel_an_unpaid_order(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    with database.work(shops["north"].id) as db:
        order, item, proforma = make_order(db)
        db.commit()

    page = client.get(f"{ADDRESS}{order.id}")
    first = client.post(f"{ADDRESS}{order.id}/cancel", data={"csrf_token": token})
    second = client.post(f"{ADDRESS}{order.id}/cancel", data={"csrf_token": token})

    assert "Yes, cancel the order" in page.text
    assert (first.status_code, second.status_code) == (303, 422)
    with database.work(shops["north"].id) as db:
        assert db.require(PurchaseOrder, order.id).state == "cancelled"
        assert db.require(OrderItem, item.id).state == "cancelled"
        assert db.require(Document, proforma.id).state == "cancelled"


def test_paid_order_is_not_cancelled_by_staff(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    with database.work(shops["north"].id) as db:
        order, _item, _proforma = make_order(db, state="processing", item_state="processing")
        db.commit()

    page = client.get(f"{ADDRESS}{order.id}")
    answer = client.post(f"{ADDRESS}{order.id}/cancel", data={"csrf_token": token})

    assert "Yes, cancel the order" not in page.text
    assert answer.status_code == 422


@pytest.mark.parametrize("role", ["read_only", "content", "accountant"])
def test_who_may_not_manage_orders_cancels_none(
    enter: Enter, database: Database, shops: dict[str, Shop], role: str
) -> None:
    client, token = enter(role)
    with database.work(shops["north"].id) as db:
        order, _item, _proforma = make_order(db)
        db.commit()

    answer = client.post(f"{ADDRESS}{order.id}/cancel", data={"csrf_token": token})

    assert answer.status_code == 403
    assert "Yes, cancel the order" not in client.get(f"{ADDRESS}{order.id}").text


def test_order_of_the_other_shop_is_not_cancelled(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    with database.work(shops["south"].id) as db:
        order, _item, _proforma = make_order(db)
        db.commit()

    answer = client.post(f"{ADDRESS}{order.id}/cancel", data={"csrf_token": token})

    assert answer.status_code == 404
    with database.work(shops["south"].id) as db:
        assert db.require(PurchaseOrder, order.id).state == "awaiting_payment"


def test_registration_that_waits_names_no_other_registrar(
    owner: FlaskClient, database: Database, shops: dict[str, Shop]
) -> None:
    told = {"expected_at": "2026-12-01T10:00:00+00:00"}
    with database.work(shops["north"].id) as db:
        order, item, _proforma = make_order(db, state="processing", item_state="processing")
        operation = make_operation(db, item, "pending", result=told, supplier_reference="R-1")
        db.commit()

    registration = owner.get(f"{ADDRESS}{order.id}").text
    with database.work(shops["north"].id) as db:
        db.require(Operation, operation.id).kind = "transfer"
        db.commit()

    assert "The other registrar has until" not in registration
    assert "The other registrar has until" in owner.get(f"{ADDRESS}{order.id}").text


def test_order_shows_what_was_agreed_to_with_it_and_with_no_other(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    owner, _token = enter()
    with database.work(shops["north"].id) as db:
        order, _item, _proforma = make_order(db)
        customer = db.require(Customer, order.customer_id)
        other, _item, _proforma = make_order(db, customer)
        record_consent(
            db, customer.id, "immediate_start", version="1", wording="At once, with order one.", order_id=order.id
        )
        db.commit()

    assert "At once, with order one." in owner.get(f"{ADDRESS}{order.id}").text
    assert "At once, with order one." not in owner.get(f"{ADDRESS}{other.id}").text
