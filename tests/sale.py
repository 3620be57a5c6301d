"""One sale from order to domain, driven by hand: for tests of what happens between two steps."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, func, select, update

from storefront import reactions
from storefront.billing.card_payments import ask_gateway_to_start
from storefront.billing.issue import LineTerms, ProformaTerms, issue_proforma
from storefront.billing.models import Document, Payment
from storefront.billing.payments import CARD, Notice, keep_notice, start_payment
from storefront.core import clock, ids, jobs, relay, stops
from storefront.core.db import Database
from storefront.core.jobs import Job
from storefront.core.money import Money
from storefront.core.outbox import OutboxEvent
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.portfolio.models import Domain
from storefront.providers.connections import open_sandbox
from storefront.provisioning.models import Operation
from storefront.provisioning.transfer_codes import seal_code
from tenants.models import CreditEntry
from tests import factories
from tests.fixtures_gateway import CARD as GOOD_CARD
from tests.fixtures_gateway import Payer

MOST_ROUNDS = 200


@dataclass(frozen=True, kw_only=True)
class Sale:
    """An order whose proforma waits for money."""

    reseller_id: UUID
    order_id: UUID
    proforma_id: UUID
    name: str


def place(
    database: Database, reseller_id: UUID, name: str, *, action: str = "register", code: str | None = None
) -> Sale:
    """Write an order of one name with its proforma; a transfer comes with the right code unless told otherwise."""
    right = f"CODE-{name.partition('.')[0]}"
    with database.work(reseller_id) as db:
        customer = factories.make_customer(db)
        contact = factories.make_contact(db, customer)
        order = db.add(
            PurchaseOrder(
                code=ids.public_code(8),
                once_key=ids.token(),
                customer_id=customer.id,
                state="awaiting_payment",
                currency="EUR",
                total_minor=1090,
                locale="en",
                is_consumer=True,
                pays_by="card",
                placed_at=db.now,
            ),
        )
        db.flush()
        fields = ("kind", "given", "family", "orgname", "street", "postcode", "city", "country", "phone", "email")
        registrant = {field: getattr(contact, field) or "" for field in fields} | {"street2": "", "region": ""}
        db.add(
            OrderItem(
                order_id=order.id,
                position=0,
                action=action,
                name_ascii=name,
                name_unicode=name,
                ending=name.partition(".")[2],
                years=1,
                state="pending_payment",
                contact_id=contact.id,
                registrant=registrant,
                auth_code_sealed=seal_code(db, right if code is None else code) if action == "transfer" else "",
                price_minor=1090,
                net_minor=869,
                currency="EUR",
            ),
        )
        line = LineTerms(title=f"Registration of {name}", price=Money(1090, "EUR"))
        terms = ProformaTerms(
            customer=customer,
            lines=[line],
            amounts="gross",
            shop_percent=Decimal("25.5"),
            locale="en",
            order_id=order.id,
            order_code=order.code,
        )
        proforma = issue_proforma(db, terms)
        db.commit()
    return Sale(reseller_id=reseller_id, order_id=order.id, proforma_id=proforma.id, name=name)


def pay_at_gateway(database: Database, sale: Sale) -> Payment:
    """Leave for the gateway and pay there; the shop has not heard of it yet."""
    with database.work(sale.reseller_id) as db:
        payment = start_payment(db, db.require(Document, sale.proforma_id), CARD)
        ask_gateway_to_start(db, payment, address="http://north.localhost:1")
        db.commit()
    drain(database, workers=1)
    with database.work(sale.reseller_id) as db:
        payment = db.require(Payment, payment.id)
        url = payment.leave_url
    payer = Payer()
    payer.pay(url, GOOD_CARD)
    payer.close()
    return payment


def hear(database: Database, sale: Sale, payment: Payment, event_id: str = "evt-1") -> None:
    """Let the shop hear the gateway's notice."""
    with database.work(sale.reseller_id) as db:
        keep_notice(
            db,
            Notice(
                connection=CARD,
                event_id=f"{payment.id}-{event_id}",
                payment_id=payment.id,
                supplier_reference=payment.supplier_reference,
                payload={},
            ),
        )
        db.commit()


def forget_what_waits(database: Database) -> None:
    """Take away what others want done later, or were stopped at: waiting for it would be counted as this sale's."""
    with database.office_work() as db:
        db.execute(delete(Job).where(Job.state.in_(("waiting", "running"))))
        db.execute(update(OutboxEvent).where(OutboxEvent.handed_at.is_(None)).values(handed_at=db.now))
        db.commit()


def drain(database: Database, *, workers: int) -> timedelta:
    """Run everything that is due, and what becomes due later, moving a stopped clock; returns how far it moved.

    With several workers every job is handed to all of them at once, as a queue that delivers twice would.
    """
    begun_at = clock.now()
    due: list[tuple[UUID, UUID]] = []
    for _ in range(MOST_ROUNDS):
        handed = relay.hand_over(database, reactions.REACTIONS)
        due.clear()
        relay.ring_due(database, lambda _queue, job_id, owner: due.append((job_id, owner)))
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(lambda job: _perform(database, *job), due * workers))
        if not handed and not due and not _wait(database):
            return clock.now() - begun_at
    with database.office_work() as db:
        left = db.execute(
            select(Job.name, Job.state, Job.attempts, Job.error).where(Job.id.in_([each for each, _ in due]))
        )
        message = f"the work never ends: {left.all()}"
    raise AssertionError(message)


def _perform(database: Database, job_id: UUID, reseller_id: UUID) -> None:
    try:
        jobs.perform(database, job_id, reseller_id)
    except stops.Stopped:
        return


def _wait(database: Database) -> bool:
    """Move the stopped clock to the next thing that is due; False if nothing is, for an hour."""
    with database.office_work() as db:
        moments = db.execute(
            select(func.min(func.greatest(Job.next_at, Job.lease_until))).where(Job.state.in_(("waiting", "running"))),
        ).scalar()
    if moments is None or moments - clock.now() > timedelta(minutes=9):
        return False
    sweep = timedelta(seconds=database.config.sweep_s)
    _move(max(moments - clock.now(), timedelta(0)) + sweep + timedelta(milliseconds=1))
    return True


_move: Callable[[timedelta], None] = lambda _by: None  # noqa: E731 - set by move_with


def move_with(stopped: clock.Stopped) -> None:
    """Say which stopped clock ``drain`` moves."""
    global _move  # noqa: PLW0603 - one clock a process
    _move = stopped.forward


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a sale came to: each number must be one."""

    order: str
    domains: int
    invoices: int
    captured: int
    registered_at_registry: int
    charged: int
    held: int


def outcome(database: Database, sale: Sale) -> Outcome:
    """Count what happened, in our books and at the registry."""
    asked = open_sandbox(database.config).operations(sale.name)
    with database.work(sale.reseller_id) as db:
        item = db.scalar(select(OrderItem.id).where(OrderItem.order_id == sale.order_id))
        operation = db.scalar(select(Operation.id).where(Operation.order_item_id == item))
        entries = db.execute(
            select(CreditEntry.kind, func.count())
            .where(CreditEntry.operation_id == operation, CreditEntry.ledger == "held")
            .group_by(CreditEntry.kind),
        )
        counted = {row[0]: row[1] for row in entries}

        def count(model: type, *where: object) -> int:
            return int(db.scalar(select(func.count()).select_from(model).where(*where)) or 0)  # type: ignore[arg-type]  # any condition

        return Outcome(
            order=db.require(PurchaseOrder, sale.order_id).state,
            domains=count(Domain, Domain.name_ascii == sale.name),
            invoices=count(Document, Document.kind == "invoice", Document.order_id == sale.order_id),
            captured=count(Payment, Payment.proforma_id == sale.proforma_id, Payment.state == "captured"),
            registered_at_registry=len([each for each in asked if each.state == "done"]),
            charged=counted.get("charge", 0),
            held=counted.get("hold", 0),
        )


GOOD = Outcome(order="completed", domains=1, invoices=1, captured=1, registered_at_registry=1, charged=1, held=1)
