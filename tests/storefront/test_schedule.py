"""What is swept away, what stays, and that one shop's trouble is not another's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from storefront import schedule
from storefront.billing.events import PaymentNeedsPeople
from storefront.billing.models import Document, Payment
from storefront.billing.payments import CARD, start_payment
from storefront.core import clock, ids
from storefront.core.db import Base, Database, Work
from storefront.core.jobs import Job
from storefront.core.outbox import OutboxEvent, publish
from storefront.identity.models import LoginSession, LoginUser, SecretCode
from storefront.orders.carts import NameWish, add_item, make_cart
from storefront.orders.models import Cart, CartItem
from storefront.pricing.queries import shelf
from tests import factories, sale
from tests.fixtures_app import Shop


@pytest.fixture
def soon() -> timedelta:
    """A little while: what is this much younger than its limit stays."""
    return timedelta(minutes=1)


def run(database: Database, name: str) -> None:
    """Run one task, three times at once and once more, as several relays would."""
    task = next(task for task in schedule.SCHEDULE if task.name == name)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(task.run, [database] * 3))
    task.run(database)


def stays(database: Database, shop: Shop, model: type[Base], row_id: UUID) -> bool:
    """Whether a row is still there."""
    with database.work(shop.id) as db:
        return db.find(model, row_id) is not None


def cart_of(db: Work, *, user: LoginUser | None, age: timedelta) -> tuple[Cart, CartItem]:
    """A cart with one name in it, left some time ago."""
    cart, _token = make_cart(db, user.id if user else None)
    item = add_item(db, cart, NameWish(name=f"cart-{uuid4().hex[:12]}.com"), shelf(db))
    cart.changed_at = db.now - age
    return cart, item


def test_cart_is_forgotten_after_thirty_days_unless_it_has_an_owner(
    database: Database, shops: dict[str, Shop], soon: timedelta
) -> None:
    month = timedelta(days=30)
    with database.work(shops["north"].id) as db:
        user = factories.make_user(db, customer=factories.make_customer(db))
        old, item = cart_of(db, user=None, age=month + soon)
        young, kept = cart_of(db, user=None, age=month - soon)
        mine, _item = cart_of(db, user=user, age=month * 12)
        db.commit()

    run(database, "sweep_old_carts")

    assert [stays(database, shops["north"], Cart, cart.id) for cart in (old, young, mine)] == [False, True, True]
    assert [stays(database, shops["north"], CartItem, each.id) for each in (item, kept)] == [False, True]


def test_secret_codes_are_forgotten_after_seven_days(
    database: Database, shops: dict[str, Shop], soon: timedelta
) -> None:
    week = timedelta(days=7)

    def code(db: Work, *, age: timedelta, lasts: timedelta) -> SecretCode:
        made_at = db.now - age
        return db.add(
            SecretCode(purpose="reset", email_key="", code_hash=ids.token(), created_at=made_at, until=made_at + lasts)
        )

    with database.work(shops["north"].id) as db:
        old = code(db, age=week + soon, lasts=soon)
        young = code(db, age=week - soon, lasts=soon)
        good = code(db, age=week + soon, lasts=week * 2)
        db.commit()

    run(database, "sweep_old_codes")

    assert [stays(database, shops["north"], SecretCode, each.id) for each in (old, young, good)] == [False, True, True]


def test_ended_sessions_are_forgotten(database: Database, shops: dict[str, Shop], soon: timedelta) -> None:
    def session(db: Work, user: LoginUser, until_in: timedelta) -> LoginSession:
        return db.add(
            LoginSession(
                user_id=user.id,
                token_hash=ids.token(),
                csrf_seed=ids.token(),
                host="north.localhost",
                address="127.0.0.1",
                browser="test",
                created_at=db.now,
                seen_at=db.now,
                until=db.now + until_in,
            )
        )

    with database.work(shops["north"].id) as db:
        user = factories.make_user(db)
        ended, good = session(db, user, -soon), session(db, user, soon)
        db.commit()

    run(database, "sweep_sessions")

    assert [stays(database, shops["north"], LoginSession, each.id) for each in (ended, good)] == [False, True]


@pytest.mark.parametrize(("state", "is_kept"), [("done", False), ("waiting", True), ("running", True), ("stuck", True)])
def test_only_done_jobs_are_forgotten_after_thirty_days(
    database: Database, shops: dict[str, Shop], soon: timedelta, state: str, *, is_kept: bool
) -> None:
    def job(db: Work, age: timedelta) -> Job:
        done_at = db.now - age
        later = db.now + timedelta(days=1)
        return db.add(
            Job(name="verify_payment", argument=ids.token(), queue="now", state=state, next_at=later, done_at=done_at)
        )

    month = timedelta(days=30)
    with database.work(shops["north"].id) as db:
        old, young = job(db, month + soon), job(db, month - soon)
        db.commit()

    run(database, "sweep_old_jobs")

    found = [stays(database, shops["north"], Job, each.id) for each in (old, young)]
    with database.work(shops["north"].id) as db:
        for each in (old, young):
            _forget(db, Job, each.id)
        db.commit()
    assert found == [is_kept, True]


@pytest.mark.parametrize(
    ("days", "is_awaited", "is_kept"), [(31, False, False), (29, False, True), (31, True, True), (None, False, True)]
)
def test_handed_event_is_forgotten_when_nothing_waits_for_it(
    database: Database, shops: dict[str, Shop], days: int | None, *, is_awaited: bool, is_kept: bool
) -> None:
    with database.work(shops["north"].id) as db:
        event = publish(db, PaymentNeedsPeople(payment_id=uuid4(), reason="test"))
        event.handed_at = None if days is None else db.now - timedelta(days=days)
        db.flush()
        if is_awaited:
            later = db.now + timedelta(days=1)
            db.add(Job(name="verify_payment", argument=str(event.id), queue="now", state="stuck", next_at=later))
        db.commit()

    run(database, "sweep_old_events")

    found = stays(database, shops["north"], OutboxEvent, event.id)
    with database.work(shops["north"].id) as db:
        for job in db.scalars(select(Job).where(Job.argument == str(event.id))):
            db.session.delete(job)
        _forget(db, OutboxEvent, event.id)
        db.commit()
    assert found is is_kept


def _forget(db: Work, model: type[Base], row_id: UUID) -> None:
    row = db.find(model, row_id)
    if row is not None:
        db.session.delete(row)


@pytest.mark.parametrize(
    ("state", "hours", "end"),
    [("started", 25, "cancelled"), ("started", 23, "started"), ("pending", 25, "pending"), ("failed", 25, "failed")],
)
def test_payment_that_never_left_ends_after_a_day(
    database: Database, shops: dict[str, Shop], state: str, hours: int, end: str
) -> None:
    placed = sale.place(database, shops["north"].id, f"left-{uuid4().hex}.com")
    with database.work(shops["north"].id) as db:
        payment = start_payment(db, db.require(Document, placed.proforma_id), CARD)
        payment.state, payment.started_at = state, db.now - timedelta(hours=hours)
        db.commit()

    run(database, "cancel_abandoned_payments")

    with database.work(shops["north"].id) as db:
        assert db.require(Payment, payment.id).state == end


def test_trouble_in_one_shop_stops_no_other(database: Database, shops: dict[str, Shop]) -> None:
    done: list[UUID] = []

    def act(db: Work) -> None:
        if db.reseller_id == shops["north"].id:
            message = "trouble"
            raise RuntimeError(message)
        done.append(db.reseller_id)

    schedule.in_each_shop(lambda _db: [shops["north"].id, shops["south"].id], act)(database)

    assert done == [shops["south"].id]


def test_task_runs_when_its_time_has_come(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[str] = []
    tasks = [
        schedule.Task(name="a", every_s=60, run=lambda _database: runs.append("a")),
        schedule.Task(name="b", every_s=60, run=lambda _database: runs.append("b")),
    ]
    monkeypatch.setattr(schedule, "SCHEDULE", tasks)
    monkeypatch.setattr(schedule, "_last", {})

    with clock.Stopped(clock.now()) as stopped:
        for seconds in (0, 59, 1, 30):
            stopped.forward(timedelta(seconds=seconds))
            schedule.run_due(database)

    assert runs == ["a", "b", "a", "b"]


def test_names_are_told_apart_and_nothing_runs_more_than_twice_a_minute() -> None:
    names = [task.name for task in schedule.SCHEDULE]

    assert len(set(names)) == len(names) > 0
    assert all(task.every_s >= 30 for task in schedule.SCHEDULE)
