"""Rows of the panel as people read them: a domain with its one word, an order with its steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from storefront.catalog.queries import assortment
from storefront.catalog.tlds import TransferAuth
from storefront.core.db import Work
from storefront.core.i18n import Text
from storefront.core.money import Money
from storefront.customers.models import Customer
from storefront.orders.lifecycle import FINAL_ITEMS, SHOWN_ITEMS, SHOWN_ORDERS, ItemState, OrderState
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.orders.queries import items_of_orders
from storefront.orders.renewals import as_paid_by, renewals
from storefront.portfolio.lifecycle import Closed, DomainFacts, Shown, shown
from storefront.portfolio.models import Domain
from storefront.pricing.book import price_book
from storefront.provisioning.models import Operation
from storefront.provisioning.queries import operations_of_items
from storefront.provisioning.refusals import refusal
from storefront.provisioning.transfers import expected_at, find_transfer
from storefront.web.price_groups import group_of_visitor
from tenants.models import Reseller


@dataclass(frozen=True, kw_only=True)
class DomainRow:
    """One domain as a customer reads it."""

    domain: Domain
    shown: Shown
    renewal: Money | None


def domain_row(db: Work, domain: Domain, *, version: int | None = None) -> DomainRow:
    """Describe one domain."""
    return domain_rows(db, [domain], version=version)[0]


def domain_rows(db: Work, domains: Sequence[Domain], *, version: int | None = None) -> list[DomainRow]:
    """Describe some domains of one customer, renewals as they are paid: one query however many there are."""
    if not domains:
        return []
    # In one question, and held while the rows are made: price group and VAT look for both of them again.
    both = select(Customer, Reseller).join(Reseller, Reseller.id == Customer.reseller_id)
    customer, _shop = db.execute(both.where(Customer.id == domains[0].customer_id)).one()
    book = price_book(db, version=version, group_id=group_of_visitor())
    listed = renewals(db, domains, book)
    costs = {domain_id: price and as_paid_by(db, customer, price, book).price for domain_id, price in listed.items()}
    return [DomainRow(domain=domain, shown=_shown(db, domain), renewal=costs[domain.id]) for domain in domains]


@dataclass(frozen=True, kw_only=True)
class Coming:
    """A transfer as a customer reads it. ``step``: code (another one is needed), held, sent or waiting.

    ``expected_at`` is when the other provider's time is over; ``until`` by when another code is waited for.
    """

    step: str
    asked_at: datetime
    sent_at: datetime | None = None
    expected_at: datetime | None = None
    until: datetime | None = None
    confirms_by_mail: bool = False


def coming(db: Work, domain: Domain) -> Coming | None:
    """Describe how a name comes here; ``None`` for one that is here or does not come."""
    transfer = find_transfer(db, domain) if domain.is_arriving else None
    if transfer is None:
        return None
    needs_code = transfer.state == "awaiting_code"
    return Coming(
        step="code" if needs_code else "waiting" if transfer.supplier_reference else "sent",
        asked_at=transfer.requested_at,
        sent_at=transfer.sent_at,
        expected_at=expected_at(transfer),
        until=transfer.next_at if needs_code else None,
        confirms_by_mail=_confirms_by_mail(db, domain.ending),
    )


def _confirms_by_mail(db: Work, ending: str) -> bool:
    offered = assortment(db).endings.get(ending)
    return offered is not None and offered.rules.transfer_auth is TransferAuth.CODE_AND_MAIL


def codes_wanted(db: Work, customer_id: UUID) -> Sequence[Domain]:
    """List the customer's names that wait for another transfer code. One query."""
    waiting = select(Operation.subject).where(
        Operation.state == "awaiting_code", Operation.wish["customer_id"].astext == str(customer_id)
    )
    mine = (Domain.customer_id == customer_id, Domain.closed_at.is_(None), Domain.paid_until.is_(None))
    return db.scalars(select(Domain).where(*mine, Domain.name_ascii.in_(waiting)).order_by(Domain.name_ascii))


def _shown(db: Work, domain: Domain) -> Shown:
    facts = DomainFacts(
        paid_until=domain.paid_until,
        registry_expires_at=domain.registry_expires_at,
        statuses=frozenset(domain.statuses),
        open_operation="transfer" if domain.is_arriving else "",
        closed=_closed(domain),
    )
    return shown(facts, db.now)


def _closed(domain: Domain) -> Closed:
    if domain.closed_at is None:
        return ""
    return "deleted" if domain.paid_until else "not_transferred"


def refusals(db: Work, items: Sequence[OrderItem]) -> dict[UUID, Text]:
    """Say why each line that failed did, by its id; no query where none failed."""
    failed = [item.id for item in items if item.state == ItemState.FAILED]
    commands = operations_of_items(db, failed) if failed else {}
    return {item_id: refusal(command.error_code, command.kind) for item_id, command in commands.items()}


def order_rows(db: Work, orders: Sequence[PurchaseOrder]) -> list[dict[str, Any]]:
    """Describe some orders with their lines: two queries however many there are."""
    by_order: dict[UUID, list[OrderItem]] = {order.id: [] for order in orders}
    for item in items_of_orders(db, [order.id for order in orders]):
        by_order[item.order_id].append(item)
    return [order_row(order, by_order[order.id]) for order in orders]


def order_row(order: PurchaseOrder, items: Sequence[OrderItem]) -> dict[str, Any]:
    """Describe one order."""
    done = sum(1 for item in items if ItemState(item.state) in FINAL_ITEMS)
    return {
        "order": order,
        "shown": SHOWN_ORDERS[OrderState(order.state)],
        "names": ", ".join(item.name_unicode for item in items),
        "items": [(item, SHOWN_ITEMS[ItemState(item.state)]) for item in items],
        "done": done,
        "of": len(items),
        "transfers": any(item.action == "transfer" for item in items),
        "total": Money(order.total_minor, order.currency),
    }
