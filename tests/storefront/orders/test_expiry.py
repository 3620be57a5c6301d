"""Orders nobody paid in time: when they end, and that no money which may have come is overlooked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from storefront import schedule
from storefront.billing.closing import shops_with_overdue_proformas
from storefront.billing.models import Document, Payment
from storefront.billing.payments import CARD, confirm_transfer, start_payment
from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.core.jobs import Job
from storefront.core.outbox import OutboxEvent
from storefront.orders.expiry import expire_overdue_orders
from storefront.orders.fulfilment import items_of
from storefront.orders.models import PurchaseOrder
from tenants.resellers import current_reseller
from tests import sale
from tests.fixtures_app import Shop
from tests.sale import Sale


def overdue(database: Database, shop: Shop, days: int) -> Sale:
    """An order that should have been paid some days ago."""
    placed = sale.place(database, shop.id, f"expiry-{uuid4().hex}.com")
    with database.work(shop.id) as db:
        db.require(Document, placed.proforma_id).due_on = db.today - timedelta(days=days)
        db.commit()
    return placed


def begin_payment(database: Database, placed: Sale, state: str, *, days: int = 3) -> Payment:
    """A card payment that was begun some days ago."""
    with database.work(placed.reseller_id) as db:
        payment = start_payment(db, db.require(Document, placed.proforma_id), CARD)
        payment.state, payment.started_at = state, db.now - timedelta(days=days)
        db.commit()
    return payment


def expire(database: Database, placed: Sale) -> tuple[str, str]:
    """Let orders expire; returns what became of the order and of its proforma."""
    with database.work(placed.reseller_id) as db:
        expire_overdue_orders(db)
        db.commit()
    with database.work(placed.reseller_id) as db:
        return db.require(PurchaseOrder, placed.order_id).state, db.require(Document, placed.proforma_id).state


EXPIRED, WAITS = ("expired", "expired"), ("awaiting_payment", "issued")


@pytest.mark.parametrize(("days", "end"), [(-1, WAITS), (7, WAITS), (8, EXPIRED), (400, EXPIRED)])
def test_order_expires_more_than_seven_days_after_its_due_date(
    database: Database, shops: dict[str, Shop], days: int, end: tuple[str, str]
) -> None:
    placed = overdue(database, shops["north"], days)

    assert expire(database, placed) == end


@pytest.mark.parametrize(("setting", "end"), [(2, EXPIRED), (30, WAITS), ("many", EXPIRED), (-5, EXPIRED)])
def test_shop_sets_the_days_and_nonsense_is_seven(
    database: Database, shops: dict[str, Shop], setting: object, end: tuple[str, str]
) -> None:
    placed = overdue(database, shops["south"], 8)
    with database.work(placed.reseller_id) as db:
        current_reseller(db).settings = {"expires_after_days": setting}
        db.commit()

    try:
        assert expire(database, placed) == end
    finally:
        with database.work(placed.reseller_id) as db:
            current_reseller(db).settings = {}
            db.commit()


def test_expiry_ends_the_lines_is_logged_and_told_once(database: Database, shops: dict[str, Shop]) -> None:
    placed = overdue(database, shops["north"], 8)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: expire(database, placed), range(3)))

    with database.work(placed.reseller_id) as db:
        told = select(OutboxEvent.name).where(OutboxEvent.payload["order_id"].astext == str(placed.order_id))
        logged = select(AuditEntry.action).where(AuditEntry.subject_id.in_((placed.order_id, placed.proforma_id)))
        assert [item.state for item in items_of(db, placed.order_id)] == ["cancelled"]
        assert list(db.scalars(told)) == ["orders.order_expired"]
        assert sorted(db.scalars(logged)) == ["order.expired", "proforma.expired", "proforma.issued"]


@pytest.mark.parametrize("state", ["started", "pending"])
def test_gateway_is_asked_a_last_time_before(database: Database, shops: dict[str, Shop], state: str) -> None:
    placed = overdue(database, shops["north"], 8)
    payment = begin_payment(database, placed, state)

    first, second = expire(database, placed), expire(database, placed)
    with database.work(placed.reseller_id) as db:
        asked = db.scalars(select(Job).where(Job.name == "verify_payment", Job.argument.startswith(str(payment.id))))
        assert [job.argument for job in asked] == [f"{payment.id} before_expiry"]
        asked[0].state = "done"
        db.commit()
    third = expire(database, placed)

    assert (first, second, third) == (WAITS, WAITS, EXPIRED)


@pytest.mark.parametrize("state", ["waiting", "running", "stuck"])
def test_no_answer_of_the_gateway_ends_nothing(database: Database, shops: dict[str, Shop], state: str) -> None:
    placed = overdue(database, shops["north"], 100)
    payment = begin_payment(database, placed, "pending")
    expire(database, placed)
    with database.work(placed.reseller_id) as db:
        job = db.scalar(select(Job).where(Job.argument == f"{payment.id} before_expiry"))
        assert job is not None
        job.state = state
        db.commit()

    assert expire(database, placed) == WAITS


def test_somebody_who_is_paying_now_is_let_finish(database: Database, shops: dict[str, Shop]) -> None:
    placed = overdue(database, shops["north"], 8)
    begin_payment(database, placed, "pending", days=0)

    assert expire(database, placed) == WAITS


def test_paid_order_never_expires(database: Database, shops: dict[str, Shop]) -> None:
    placed = overdue(database, shops["north"], 8)
    with database.work(placed.reseller_id) as db:
        confirm_transfer(db, db.require(Document, placed.proforma_id))
        db.commit()

    assert expire(database, placed) == ("awaiting_payment", "paid")


def test_captured_money_stops_it_even_if_the_proforma_does_not_know(database: Database, shops: dict[str, Shop]) -> None:
    placed = overdue(database, shops["north"], 8)
    begin_payment(database, placed, "captured")

    assert expire(database, placed) == WAITS


def test_many_are_done_in_one_go(database: Database, shops: dict[str, Shop], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storefront.orders.expiry.BATCH", 2)
    waits = overdue(database, shops["north"], 9)
    begin_payment(database, waits, "pending")
    all_placed = [overdue(database, shops["north"], 8) for _ in range(5)]

    ends = [expire(database, placed) for placed in all_placed[:1]]

    with database.work(shops["north"].id) as db:
        ends += [
            (db.require(PurchaseOrder, each.order_id).state, db.require(Document, each.proforma_id).state)
            for each in all_placed[1:]
        ]
    assert ends == [EXPIRED] * 5


def test_schedule_finds_the_shops_and_keeps_what_it_did(database: Database, shops: dict[str, Shop]) -> None:
    north, south = overdue(database, shops["north"], 8), overdue(database, shops["south"], 8)
    with database.office_work() as db:
        concerned = set(shops_with_overdue_proformas(db))
    task = next(task for task in schedule.SCHEDULE if task.name == "expire_overdue_orders")

    task.run(database)

    assert {shops["north"].id, shops["south"].id} <= concerned
    for placed in (north, south):
        with database.work(placed.reseller_id) as db:
            assert db.require(PurchaseOrder, placed.order_id).state == "expired"
