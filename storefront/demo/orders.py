"""Orders of the past, written as they would have come about, with their papers and commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from storefront.billing.issue import LineTerms, ProformaTerms, issue_invoice, issue_proforma
from storefront.billing.models import Payment
from storefront.core import ids
from storefront.core.clock import Stopped
from storefront.core.db import Work
from storefront.core.i18n import gettext, speaking
from storefront.core.money import Money
from storefront.customers.models import Contact, Customer
from storefront.demo.domains import YEAR, add_domain
from storefront.orders.fulfilment import await_name, wish_for
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.pricing.models import Price, PriceList
from storefront.provisioning.models import Operation
from storefront.provisioning.request import request_operation
from storefront.provisioning.transfer_codes import seal_code

ITEM_STATES = {
    "completed": ("active",),
    "awaiting_payment": ("pending_payment",),
    "processing": ("processing",),
    "on_hold": ("on_hold",),
    "failed": ("failed",),
    "cancelled": ("cancelled",),
    "expired": ("pending_payment",),
    "partially_completed": ("active", "failed"),
}
OPERATION_STATES = {"active": "done", "processing": "pending", "on_hold": "on_hold", "failed": "failed"}
# More than a demo shop has: this order waits until an operator tops the credit up.
BEYOND_CREDIT = 400_000
UNPAID = ("awaiting_payment", "cancelled", "expired")


@dataclass(frozen=True, kw_only=True)
class DemoOrder:
    """One order of the demo."""

    customer: int
    state: str
    days_ago: int
    name: str
    action: str = "register"


@dataclass(frozen=True, kw_only=True)
class DemoLine:
    """One line of such an order."""

    name: str
    ending: str
    state: str
    position: int
    price: Money
    action: str


def make_order(db: Work, customer: Customer, contact: Contact, wanted: DemoOrder, shop: dict[str, Any]) -> None:
    """Write one order with its lines, papers, commands and what it brought."""
    ending = shop["retail"]["groups"][0]["endings"][0]
    price = _price(db, ending, wanted.action)
    placed_at = db.now - timedelta(days=wanted.days_ago, hours=2)
    paid_at = None if wanted.state in UNPAID else placed_at + timedelta(minutes=6)
    states = ITEM_STATES[wanted.state]
    order = db.add(
        PurchaseOrder(
            code=ids.public_code(),
            once_key=ids.token(),
            customer_id=customer.id,
            state="processing" if wanted.state == "on_hold" else wanted.state,
            currency=price.currency,
            total_minor=price.minor * len(states),
            locale=customer.locale,
            is_consumer=customer.is_consumer,
            pays_by="bank",
            placed_at=placed_at,
            paid_at=paid_at,
            completed_at=placed_at + timedelta(minutes=8)
            if paid_at and wanted.state not in ("processing", "on_hold")
            else None,
            cancelled_at=placed_at + timedelta(days=1) if wanted.state == "cancelled" else None,
        ),
    )
    db.flush()
    # What is brought from elsewhere is one name at the registry, so each shop brings its own.
    stem = f"{shop['slug']}-{wanted.name}" if wanted.action == "transfer" else wanted.name
    names = [f"{stem}{'-' + str(number) if number else ''}.{ending}" for number in range(len(states))]
    for position, (name, state) in enumerate(zip(names, states, strict=True)):
        line = DemoLine(name=name, ending=ending, state=state, position=position, price=price, action=wanted.action)
        item = _item(db, order, contact, line)
        if wanted.action == "transfer":
            _transfer(db, order, item)
        elif state in OPERATION_STATES:
            _operation(db, order, item, OPERATION_STATES[state])
        if state == "active":
            item.domain_id = add_domain(db, contact, name, ending, placed_at + YEAR).id
    percent = Decimal(shop["retail"]["vat"])
    lines = _lines(order, names, price, wanted.action)
    _papers(
        db,
        order,
        ProformaTerms(
            customer=customer,
            lines=lines,
            amounts="gross",
            shop_percent=percent,
            locale=order.locale,
            order_id=order.id,
            order_code=order.code,
        ),
    )


def _price(db: Work, ending: str, action: str) -> Money:
    found = db.execute(
        select(Price.minor, PriceList.currency)
        .join(PriceList, PriceList.id == Price.price_list_id)
        .where(Price.ending == ending, Price.action == action, Price.years == 1),
    ).one()
    return Money(found[0], found[1])


def _item(db: Work, order: PurchaseOrder, contact: Contact, line: DemoLine) -> OrderItem:
    fields = (
        "kind",
        "given",
        "family",
        "orgname",
        "street",
        "street2",
        "postcode",
        "city",
        "region",
        "country",
        "phone",
        "email",
    )
    item = db.add(
        OrderItem(
            order_id=order.id,
            position=line.position,
            action=line.action,
            name_ascii=line.name,
            name_unicode=line.name,
            ending=line.ending,
            years=0 if line.action == "transfer" else 1,
            state=line.state,
            failure="name_taken" if line.state == "failed" else "",
            contact_id=contact.id,
            registrant={field: getattr(contact, field) or "" for field in fields},
            price_minor=line.price.minor,
            net_minor=line.price.minor,
            currency=line.price.currency,
        ),
    )
    db.flush()
    return item


def _transfer(db: Work, order: PurchaseOrder, item: OrderItem) -> None:
    """Bring a name that the sandbox keeps elsewhere: the command is really sent once a worker runs."""
    item.state, item.domain_id = "queued", await_name(db, order, item)
    item.auth_code_sealed = seal_code(db, f"CODE-{item.name_ascii.partition('.')[0]}")
    request_operation(db, wish_for(db, order, item))
    item.auth_code_sealed = ""


def _operation(db: Work, order: PurchaseOrder, item: OrderItem, state: str) -> None:
    settled = state in ("done", "failed")
    wanted = wish_for(db, order, item)
    db.add(
        Operation(
            kind=wanted.kind,
            connection=wanted.connection,
            subject=wanted.subject,
            natural_key=f"{wanted.kind}:{wanted.subject}",
            order_item_id=item.id,
            wish=wanted.wish,
            state=state,
            cost_minor=BEYOND_CREDIT if state == "on_hold" else wanted.cost.minor,
            cost_currency=wanted.cost.currency,
            attempts=1,
            error_code={"failed": "name_taken", "on_hold": "reseller_credit"}.get(state, ""),
            error="registered by somebody else" if state == "failed" else "",
            requested_at=order.placed_at,
            sent_at=order.placed_at,
            settled_at=order.placed_at if settled else None,
        ),
    )


def _lines(order: PurchaseOrder, names: list[str], price: Money, action: str) -> list[LineTerms]:
    with speaking(order.locale):
        if action == "transfer":
            return [LineTerms(title=gettext("Transfer of %(name)s", name=name), price=price) for name in names]
        return [
            LineTerms(
                title=gettext("Registration of %(name)s", name=name),
                term=gettext("1 year from registration"),
                price=price,
            )
            for name in names
        ]


def _papers(db: Work, order: PurchaseOrder, terms: ProformaTerms) -> None:
    """Issue the proforma on the day of the order, and the invoice when it was paid."""
    with _back_then(db, order.placed_at):
        proforma = issue_proforma(db, terms)
    if order.paid_at is None:
        proforma.state = {"cancelled": "cancelled", "expired": "expired"}.get(order.state, "issued")
        return
    with _back_then(db, order.paid_at):
        proforma.state, proforma.paid_at = "paid", db.now
        payment = db.add(
            Payment(
                proforma_id=proforma.id,
                connection=order.pays_by,
                state="captured",
                amount_minor=proforma.gross_minor,
                currency=proforma.currency,
                started_at=order.placed_at,
                captured_at=db.now,
            ),
        )
        db.flush()
        # Nobody is written to about it: it was long ago.
        issue_invoice(db, proforma, payment)


@contextmanager
def _back_then(db: Work, moment: datetime) -> Iterator[None]:
    """Let a block happen at a moment of the past."""
    now, db.now = db.now, moment
    try:
        with Stopped(moment):
            yield
    finally:
        db.now = now
