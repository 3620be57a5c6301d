"""A shop that writes letters: something happens, its reactions run, jobs deliver, and the letters can be read."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from storefront.billing.events import InvoiceIssued, PaymentNeedsPeople, ProformaPaid
from storefront.billing.issue import LineTerms, ProformaTerms, issue_invoice_for, issue_proforma
from storefront.billing.models import Document, Payment
from storefront.core import clock, ids, jobs, relay
from storefront.core.config import Config
from storefront.core.db import Database, Work
from storefront.core.events import Event
from storefront.core.jobs import Job
from storefront.core.money import Money
from storefront.core.outbox import publish
from storefront.core.sealing import seal
from storefront.customers.events import AgreementChanges, AgreementStays
from storefront.customers.models import Customer
from storefront.identity.events import (
    LETTER,
    PasswordChanged,
    PasswordResetPrepared,
    SignUpCodeAsked,
    UserRegistered,
)
from storefront.identity.models import LoginUser
from storefront.notifications import deliver
from storefront.notifications.models import Message
from storefront.orders.events import OrderPlaced
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.portfolio.events import DomainRegistered, DomainTransferred
from storefront.portfolio.models import Domain
from storefront.pricing.events import CostsRise
from storefront.pricing.models import STANDARD_PLAN, CostWarning, WholesalePrice
from storefront.provisioning.events import OperationFailed, OperationNeedsPeople, TransferCodeRefused
from storefront.provisioning.models import Operation
from storefront.reactions import REACTIONS
from tenants.events import (
    CreditShort,
    HostDetached,
    HostFailing,
    HostVerified,
    SenderCodeAsked,
    SupplierAccountRefused,
    VisitorWrote,
)
from tenants.models import Host
from tests import factories
from tests.conftest import Addresses, made_database
from tests.fixtures_app import config_for, open_shops
from tests.letters_about_people import ABOUT_A_USER, ABOUT_STAFF, event_about_staff, event_about_user

CODE = "204816"
VISITOR: dict[str, object] = {
    "name": "Marta",
    "email": "marta@ogrod.example",
    "words": "How long does a transfer take?",
    "topic": "A domain",
    "phone": "",
    "page": "Contact",
}
LINK = "https://north.localhost/account/recovery/not-for-staff"


@dataclass
class PostOffice:
    """One shop with its letters, in a database of its own."""

    config: Config
    database: Database
    reseller_id: UUID
    platform_id: UUID
    happened: list[UUID] = field(default_factory=list)

    def happen(self, event: Event) -> UUID:
        """Let something happen, with all its reactions still to come."""
        with self.database.work(self.reseller_id) as db:
            row = publish(db, event)
            db.flush()
            event_id = row.id
            db.commit()
        return event_id

    def hand_over(self) -> None:
        """Make jobs of the letters of what happened; other reactions have their own tests."""
        only_letters = {
            kind: [each for each in found if each.__name__.startswith("send_letters")]
            for kind, found in REACTIONS.items()
        }
        while relay.hand_over(self.database, only_letters):
            pass

    def work_off(self) -> None:
        """Do every job that is due, and what follows from it."""
        while due := self.due():
            for job_id, reseller_id in due:
                jobs.perform(self.database, job_id, reseller_id)

    def due(self) -> list[tuple[UUID, UUID]]:
        """List the jobs that a relay would ring for now."""
        with self.database.office_work() as db:
            statement = select(Job).where(Job.next_at <= db.now).order_by(Job.next_at, Job.id)
            return [
                (job.id, job.reseller_id)
                for job in db.scalars(statement)
                if job.state == "waiting" or (job.state == "running" and (job.lease_until or db.now) < db.now)
            ]

    def run(self, event: Event) -> UUID:
        """Let something happen and all its letters go out."""
        event_id = self.happen(event)
        self.hand_over()
        self.work_off()
        return event_id

    def messages(self, event_id: UUID, *, reseller_id: UUID | None = None) -> list[Message]:
        """Read the rows of an event."""
        with self.database.work(reseller_id or self.reseller_id) as db:
            return list(db.scalars(select(Message).where(Message.cause_id == event_id).order_by(Message.letter)))

    @property
    def folder(self) -> Path:
        """Where letters land without a mail server."""
        return self.config.data_dir / "mail"

    def letter(self, message: Message) -> EmailMessage:
        """Read a letter as it left."""
        wanted = f"<{message.id}@"
        for path in self.folder.glob("*.eml"):
            written = path.read_bytes()
            if wanted.encode() not in written:  # taking all of them apart takes long
                continue
            letter = message_from_bytes(written, policy=default)
            if str(letter["Message-ID"]).startswith(wanted):
                return letter
        return pytest.fail("this letter did not leave")


@pytest.fixture(scope="module")
def own_addresses() -> Iterator[Addresses]:
    """A migrated database for the tests of one file."""
    with made_database(f"vitrine_letters_{ids.uuid7().hex}", os.environ.get("TEST_TEMPLATE")) as made:
        yield made


@pytest.fixture(scope="module")
def post_office(own_addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    """A shop whose letters land in a folder."""
    config = config_for(own_addresses, tmp_path_factory.mktemp("letters"), MAIL_FROM="post@mail.example")
    database = Database(config)
    shops = open_shops(database)
    office = PostOffice(
        config=config, database=database, reseller_id=shops["north"].id, platform_id=shops["platform"].id
    )
    office.hand_over()
    office.work_off()
    yield office
    deliver._mailer.cache_clear()
    database.dispose()


@dataclass(frozen=True, kw_only=True)
class Sold:
    """An order with everything that may be written about it."""

    customer: Customer
    order: PurchaseOrder
    item: OrderItem
    proforma: Document


def sell(db: Work, name: str = "fjordlight.eu", *, locale: str = "en", **more: str) -> Sold:
    """Write an order of one name with its proforma."""
    customer = factories.make_customer(db, locale=locale, **more)
    order = db.add(
        PurchaseOrder(
            code=ids.public_code(),
            once_key=ids.token(),
            customer_id=customer.id,
            state="awaiting_payment",
            currency="EUR",
            total_minor=1090,
            locale=locale,
            is_consumer=True,
            pays_by="bank",
            placed_at=db.now,
        )
    )
    db.flush()
    item = db.add(
        OrderItem(
            order_id=order.id,
            position=0,
            action="register",
            name_ascii=name,
            name_unicode=name,
            ending="eu",
            years=1,
            state="queued",
            registrant={},
            price_minor=1090,
            net_minor=869,
            currency="EUR",
        )
    )
    line = LineTerms(title=f"Registration of {name}", term="1 year from registration", price=Money(1090, "EUR"))
    terms = ProformaTerms(
        customer=customer,
        lines=[line],
        amounts="gross",
        shop_percent=Decimal("25.5"),
        locale=locale,
        order_id=order.id,
        order_code=order.code,
    )
    proforma = issue_proforma(db, terms)
    db.flush()
    return Sold(customer=customer, order=order, item=item, proforma=proforma)


def pay(db: Work, sold: Sold) -> tuple[Payment, Document]:
    """Pay it by transfer and write the invoice."""
    payment = db.add(
        Payment(
            proforma_id=sold.proforma.id,
            connection="bank",
            state="captured",
            amount_minor=1090,
            currency="EUR",
            started_at=db.now,
            captured_at=db.now,
        )
    )
    sold.proforma.state, sold.proforma.paid_at = "paid", db.now
    db.flush()
    issue_invoice_for(db, ProformaPaid(proforma_id=sold.proforma.id, payment_id=payment.id))
    db.flush()
    invoice = db.scalar(select(Document).where(Document.kind == "invoice", Document.proforma_id == sold.proforma.id))
    assert invoice is not None
    return payment, invoice


def operate(db: Work, sold: Sold, state: str) -> Operation:
    """Write the command of an order's line."""
    operation = db.add(
        Operation(
            kind="register",
            connection="sandbox",
            subject=sold.item.name_ascii,
            natural_key=f"create:{sold.item.name_ascii}:{ids.token()}",
            order_item_id=sold.item.id,
            wish={"name_unicode": sold.item.name_unicode},
            state=state,
            cost_minor=820,
            cost_currency="EUR",
            attempts=7,
            error="2302 Object exists",
            requested_at=db.now,
        )
    )
    db.flush()
    return operation


def own(db: Work, sold: Sold) -> Domain:
    """Write the domain that came of an order."""
    domain = db.add(
        Domain(
            customer_id=sold.customer.id,
            name_ascii=f"{ids.public_code(8).lower()}.eu",
            name_unicode=sold.item.name_unicode,
            ending="eu",
            connection="sandbox",
            registered_at=db.now,
            paid_until=db.now + timedelta(days=365),
            registry_expires_at=db.now + timedelta(days=365),
            nameservers=["ns1.example.net", "ns2.example.net"],
        )
    )
    db.flush()
    return domain


def sealed(db: Work, words: dict[str, object]) -> str:
    """Seal what only a letter may say."""
    return seal(db.config, json.dumps(words), purpose=LETTER, owner=db.reseller_id)


def event_for(office: PostOffice, letter: str, *, locale: str = "en", **more: str) -> Event:
    """Prepare the rows that a letter is about and return its event."""
    if letter == "costs_rise":
        _schedule_costs(office.database)
    with office.database.work(office.reseller_id) as db:
        made = _event(db, letter, locale, more)
        db.commit()
    return made


def _schedule_costs(database: Database) -> None:
    """Let renewals of .net cost more than they are sold for, twenty days from now."""
    with database.office_work() as db:
        day = db.now.date() + timedelta(days=20)
        key = {"ending": "net", "action": "renew", "years": 1, "currency": "EUR", "valid_from": day}
        db.session.merge(WholesalePrice(**key, plan=STANDARD_PLAN, kind="domain", minor=2_000))
        db.commit()


def _event_of_costs(db: Work) -> Event:
    day = db.now.date() + timedelta(days=20)
    customer = factories.make_customer(db)
    factories.make_domain(db, customer, f"{ids.public_code(8).lower()}.net")
    row = db.add(CostWarning(valid_from=day, digest=ids.token(), endings=1, warned_at=db.now))
    db.flush()
    return CostsRise(warning_id=row.id)


def _event(db: Work, letter: str, locale: str, more: dict[str, str]) -> Event:
    email = more.get("email", f"{ids.public_code(8).lower()}@example.test")
    until = clock.now() + timedelta(minutes=30)
    if letter == "sign_up_code":
        words = sealed(db, {"email": email, "name": more.get("given", "Aino"), "code": CODE})
        return SignUpCodeAsked(code_id=ids.uuid7(), locale=locale, until=until, sealed=words)
    if letter == "password_reset":
        accounts = [{"login": "aino", "name": "Aino", "link": LINK}, {"login": "aino2", "name": "", "link": LINK}]
        words = sealed(db, {"email": email, "accounts": accounts})
        return PasswordResetPrepared(locale=locale, until=until, sealed=words)
    if letter == "costs_rise":
        return _event_of_costs(db)
    if letter in {"supplier_refused", "sender_code", "visitor_wrote", *ABOUT_STAFF} or letter.startswith("host_"):
        return _event_of_shop(db, letter, locale, email)
    sold = sell(db, locale=locale, **more)
    if letter in {"welcome", "password_changed", *ABOUT_A_USER}:
        return _event_about_user(db, letter, factories.make_user(db, customer=sold.customer, locale=locale), email)
    return _event_of_order(db, letter, sold)


def _event_about_user(db: Work, letter: str, user: LoginUser, email: str) -> Event:
    if letter == "welcome":
        return UserRegistered(user_id=user.id)
    if letter == "password_changed":
        return PasswordChanged(user_id=user.id, by="profile")
    words: dict[str, dict[str, object]] = {
        "code": {"code": CODE},
        "new_address": {"email": email, "name": user.name, "code": CODE},
        "addresses": {"before": user.email, "after": email},
    }
    return event_about_user(db, letter, user, {name: sealed(db, said) for name, said in words.items()})


def _event_of_shop(db: Work, letter: str, locale: str, email: str) -> Event:
    """Something about the shop itself: its hosts, its supplier, its sender address, its staff."""
    if letter in ABOUT_STAFF:
        return event_about_staff(db, letter, email, sealed(db, {"email": email, "link": LINK}))
    if letter == "supplier_refused":
        return SupplierAccountRefused(
            connection="sandbox", key_hint="9fQ2", verdict="password_wrong", checked_at=clock.now()
        )
    if letter == "sender_code":
        words = sealed(db, {"email": email, "name": "North", "code": CODE})
        return SenderCodeAsked(locale=locale, until=clock.now() + timedelta(minutes=30), sealed=words)
    if letter == "visitor_wrote":
        return VisitorWrote(message_id=ids.uuid7(), sealed=sealed(db, VISITOR))
    return _event_of_host(db, letter)


def _event_of_host(db: Work, letter: str) -> Event:
    host = db.add(
        Host(name=f"{ids.public_code(8).lower()}.test", state="failing" if letter == "host_failing" else "active")
    )
    db.flush()
    if letter == "host_verified":
        return HostVerified(host_id=host.id)
    if letter == "host_failing":
        return HostFailing(host_id=host.id, since=db.now)
    return HostDetached(host_id=host.id, host_name=host.name, held_until=db.now, is_by_itself=True)


def _event_of_order(db: Work, letter: str, sold: Sold) -> Event:
    if letter == "order_placed":
        return OrderPlaced(order_id=sold.order.id, proforma_id=sold.proforma.id)
    if letter in {"payment_received", "payment_needs_people"}:
        payment, invoice = pay(db, sold)
        if letter == "payment_received":
            return InvoiceIssued(invoice_id=invoice.id, proforma_id=sold.proforma.id)
        return PaymentNeedsPeople(payment_id=payment.id, reason="paid")
    if letter == "agreement_changes":
        path = "/legal/terms/2/"
        return AgreementChanges(
            customer_id=sold.customer.id,
            title="Terms of service",
            label="2",
            in_force_at=db.now + timedelta(days=30),
            path=path,
            changes_path=f"{path}changes",
        )
    if letter == "agreement_stays":
        return AgreementStays(
            customer_id=sold.customer.id,
            title="Terms of service",
            label="2",
            in_force_at=db.now + timedelta(days=30),
            path="/legal/terms/",
        )
    return _event_of_operation(db, letter, sold)


def _event_of_operation(db: Work, letter: str, sold: Sold) -> Event:
    if letter == "credit_short":
        held = operate(db, sold, "on_hold")
        return CreditShort(operation_id=held.id, needed_minor=820, available_minor=100, currency="EUR")
    if letter == "domain_registered":
        operation = operate(db, sold, "done")
        return DomainRegistered(domain_id=own(db, sold).id, order_item_id=sold.item.id, operation_id=operation.id)
    if letter == "domain_transferred":
        operation = operate(db, sold, "done")
        return DomainTransferred(domain_id=own(db, sold).id, order_item_id=sold.item.id, operation_id=operation.id)
    if letter == "transfer_code_refused":
        waiting = operate(db, sold, "awaiting_code")
        waiting.next_at = db.now + timedelta(days=14)
        return TransferCodeRefused(operation_id=waiting.id, order_item_id=sold.item.id)
    if letter.startswith("operation_failed"):
        failed = operate(db, sold, "failed")
        return OperationFailed(operation_id=failed.id, order_item_id=sold.item.id, code="name_taken")
    return OperationNeedsPeople(operation_id=operate(db, sold, "manual").id, reason="no_answer")
