"""Notices of the card gateway: forged, replayed, altered, out of order, many at once; one credit."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from storefront.app import create_app
from storefront.billing.card_payments import ask_gateway_to_start, run_payment_start
from storefront.billing.models import Document, Payment, PaymentNotice
from storefront.billing.payments import start_payment
from storefront.core import clock, jobs
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.outbox import OutboxEvent
from storefront.orders.expiry import expire_overdue_orders
from storefront.providers.adapters.sandbox import notices, storage
from storefront.providers.adapters.sandbox.gateway_app import GatewaySettings
from storefront.providers.sandbox_keys import gateway_key, notice_secret
from tests import sale
from tests.conftest import Addresses
from tests.fixtures_app import Shop, config_for
from tests.fixtures_gateway import Payer, free_port, run_gateway


class House:
    """A shop with a gateway, and the way of a payment through both."""

    def __init__(self, app: Flask, database: Database, shop: Shop, other: Shop) -> None:
        self.app, self.database, self.shop, self.other = app, database, shop, other
        self.secret = notice_secret(database.config)

    def start(self) -> Payment:
        """Order something and leave for the gateway."""
        placed = sale.place(self.database, self.shop.id, f"hook-{uuid4().hex}.com")
        with self.database.work(self.shop.id) as db:
            payment = start_payment(db, db.require(Document, placed.proforma_id), "card")
            ask_gateway_to_start(db, payment, address=f"http://{self.shop.host}:1")
            db.commit()
        self.work()
        return self.look(payment.id)

    def look(self, payment_id: UUID) -> Payment:
        """Return a payment as it is now."""
        with self.database.work(self.shop.id) as db:
            return db.require(Payment, payment_id)

    def proforma_state(self, payment: Payment) -> str:
        """Return the state of what is paid."""
        with self.database.work(self.shop.id) as db:
            return db.require(Document, payment.proforma_id).state

    def work(self) -> None:
        """Run every job about payments that is due."""
        for shop in (self.shop, self.other):
            with self.database.work(shop.id) as db:
                due = db.scalars(
                    select(jobs.Job.id).where(
                        jobs.Job.state == "waiting",
                        jobs.Job.next_at <= clock.now(),
                        jobs.Job.name.in_(("verify_payment", "run_payment_start")),
                    ),
                )
            for job_id in due:
                jobs.perform(self.database, job_id, shop.id)

    def notice(
        self, payment: Payment, *, event: str = "", status: str = "paid", **more: str
    ) -> tuple[dict[str, str], bytes]:
        """Write and sign a notice as the gateway does."""
        data = {"id": payment.supplier_reference, "reference": str(payment.id), "status": status, **more}
        body = json.dumps({"type": "payment", "timestamp": clock.now().isoformat(), "data": data}).encode()
        return notices.sign(self.secret, event or f"evt_{uuid4().hex}", int(clock.now().timestamp()), body), body

    def post(
        self, headers: dict[str, str], body: bytes, *, shop: Shop | None = None, path: str = "card"
    ) -> TestResponse:
        """Send a notice; a gateway sends no Origin."""
        host = (shop or self.shop).host
        client: FlaskClient = self.app.test_client()
        return client.post(
            f"/hooks/payments/{path}",
            data=body,
            headers=headers,
            base_url=f"http://{host}",
            content_type="application/json",
        )

    def paid_events(self, payment: Payment) -> int:
        """Count how often the proforma was credited."""
        with self.database.work(self.shop.id) as db:
            statement = select(func.count()).select_from(OutboxEvent).where(OutboxEvent.name == "billing.proforma_paid")
            proforma = str(payment.proforma_id)
            return int(db.scalar(statement.where(OutboxEvent.payload["proforma_id"].astext == proforma)) or 0)

    def kept(self, payment: Payment) -> int:
        """Count the notices that were kept."""
        with self.database.work(self.shop.id) as db:
            statement = select(func.count()).select_from(PaymentNotice)
            return int(db.scalar(statement.where(PaymentNotice.payment_id == payment.id)) or 0)


@pytest.fixture(scope="module")
def house(addresses: Addresses, shops: dict[str, Shop], tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A shop and a gateway of its own."""
    port = free_port()
    where = tmp_path_factory.mktemp("hooks")
    config: Config = config_for(
        addresses, where, VITRINE_GATEWAY_URL=f"http://pay.localhost:{port}", HOOK_RATE="100000/minute"
    )
    gateway = run_gateway(
        GatewaySettings(
            public_url=config.gateway_url,
            database_url=addresses.app,
            key=gateway_key(config),
            notice_secret="nobody listens to these",
            allowed=("*.localhost",),
        ),
    )
    database = Database(config)
    app = create_app(config, database=database)
    yield House(app, database, shops["north"], shops["south"])
    app.extensions["vitrine"].resolver.close()
    gateway.stop()
    database.dispose()
    storage.close_all()


def test_notice_of_a_paid_card_pays_the_proforma(house: House, payer: Payer) -> None:
    payment = house.start()
    payer.pay(payment.leave_url)

    answer = house.post(*house.notice(payment))
    before = house.proforma_state(payment)
    house.work()

    assert (answer.status_code, before) == (200, "issued")
    assert house.proforma_state(payment) == "paid"
    assert house.look(payment.id).state == "captured"


def test_notice_that_lies_is_not_believed(house: House) -> None:
    payment = house.start()

    house.post(*house.notice(payment, status="paid"))
    house.work()

    assert house.proforma_state(payment) == "issued"
    assert house.look(payment.id).state == "pending"


def test_notice_repeated_fifty_times_at_once_credits_once(house: House, payer: Payer) -> None:
    payment = house.start()
    payer.pay(payment.leave_url)
    headers, body = house.notice(payment)
    others = [house.notice(payment) for _ in range(5)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: house.post(headers, body).status_code, range(45)))
        answers += list(pool.map(lambda one: house.post(*one).status_code, others))
        list(pool.map(lambda _: house.work(), range(3)))

    assert set(answers) == {200}
    assert house.kept(payment) == 6
    assert house.paid_events(payment) == 1
    assert house.proforma_state(payment) == "paid"


def test_notices_out_of_order_end_in_the_truth(house: House, payer: Payer) -> None:
    payment = house.start()
    payer.pay(payment.leave_url)

    for status in ("paid", "failed", "open", "cancelled"):
        house.post(*house.notice(payment, status=status))
        house.work()

    assert house.look(payment.id).state == "captured"
    assert house.paid_events(payment) == 1


@pytest.mark.parametrize(("is_paid", "end"), [(True, "paid"), (False, "expired")])
def test_gateway_has_the_last_word_before_an_order_expires(
    house: House, payer: Payer, *, is_paid: bool, end: str
) -> None:
    payment = house.start()
    if is_paid:
        payer.pay(payment.leave_url)
    with house.database.work(house.shop.id) as db:
        db.require(Payment, payment.id).started_at = db.now - timedelta(days=9)
        db.require(Document, payment.proforma_id).due_on = db.today - timedelta(days=8)
        db.commit()

    for _round in range(2):
        with house.database.work(house.shop.id) as db:
            expire_overdue_orders(db)
            db.commit()
        house.work()

    assert house.proforma_state(payment) == end


def test_payment_that_was_cancelled_at_the_gateway_leaves_the_proforma_open(house: House, payer: Payer) -> None:
    payment = house.start()
    payer.submit(payment.leave_url, action="cancel")

    house.post(*house.notice(payment, status="cancelled"))
    house.work()

    assert house.look(payment.id).state == "cancelled"
    assert house.proforma_state(payment) == "issued"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda headers, body: ({**headers, "webhook-signature": "v1,AAAA"}, body),
        lambda _headers, body: ({}, body),
        lambda headers, body: (headers, body.replace(b"paid", b"open")),
        lambda headers, body: ({**headers, "webhook-id": "evt_other"}, body),
        lambda headers, body: ({**headers, "webhook-timestamp": "1"}, body),
        lambda headers, _body: (headers, b""),
        lambda headers, _body: (headers, b"\x00" * 4096),
    ],
    ids=["signature", "unsigned", "altered", "other id", "old", "empty", "nul"],
)
def test_notice_that_is_not_the_gateways_is_refused(
    house: House, spoil: Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]
) -> None:
    payment = house.start()

    answer = house.post(*spoil(*house.notice(payment)))

    assert answer.status_code == 400
    assert house.kept(payment) == 0


@pytest.mark.parametrize("seconds", [-301, 301])
def test_notice_from_another_hour_is_refused(house: House, seconds: int) -> None:
    payment = house.start()
    body = house.notice(payment)[1]
    headers = notices.sign(house.secret, "evt_1", int(clock.now().timestamp()) + seconds, body)

    answer = house.post(headers, body)

    assert answer.status_code == 400


def test_notice_signed_with_another_secret_is_refused(house: House) -> None:
    payment = house.start()
    body = house.notice(payment)[1]
    headers = notices.sign("the secret of another reseller", "evt_1", int(clock.now().timestamp()), body)

    assert house.post(headers, body).status_code == 400


def test_notice_at_the_other_shop_pays_nothing(house: House, payer: Payer) -> None:
    payment = house.start()
    payer.pay(payment.leave_url)

    answer = house.post(*house.notice(payment), shop=house.other)
    house.work()

    assert answer.status_code == 200
    assert house.proforma_state(payment) == "issued"


@pytest.mark.parametrize(
    "reference", ["", "x" * 10_000, "' OR 1=1 --", "{{ 7*7 }}", "\u202e🐦", "019aa000-0000-7000-8000-00000000dead"]
)
def test_notice_about_something_strange_is_kept_and_leads_to_nothing(house: House, reference: str) -> None:
    payment = house.start()

    answer = house.post(*house.notice(payment, reference=reference))

    assert answer.status_code == 200
    assert house.kept(payment) == 0


def test_unknown_connection_is_not_found(house: House) -> None:
    payment = house.start()

    assert house.post(*house.notice(payment), path="paypal").status_code == 404


def test_gateway_that_is_away_lets_the_payment_fail_in_words(
    addresses: Addresses, shops: dict[str, Shop], tmp_path: Path
) -> None:
    dead = config_for(addresses, tmp_path, VITRINE_GATEWAY_URL=f"http://pay.localhost:{free_port()}")
    database = Database(dead)
    placed = sale.place(database, shops["north"].id, f"away-{uuid4().hex}.com")
    with clock.Stopped(clock.now()) as stopped, database.work(shops["north"].id) as db:
        payment = start_payment(db, db.require(Document, placed.proforma_id), "card")
        ask_gateway_to_start(db, payment, address="http://north.localhost:1")
        db.commit()
        argument = f"{payment.id} http://north.localhost:1"

        with pytest.raises(jobs.Later):
            run_payment_start(database, shops["north"].id, argument)
        stopped.forward(timedelta(minutes=1))
        run_payment_start(database, shops["north"].id, argument)

    with database.work(shops["north"].id) as db:
        ended = db.require(Payment, payment.id)
    database.dispose()
    assert (ended.state, ended.reason) == ("failed", "unreachable")
