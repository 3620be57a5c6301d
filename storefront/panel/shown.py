"""Rows of the panel as people read them: a domain with its one word, an order with its steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.orders.lifecycle import FINAL_ITEMS, SHOWN_ITEMS, SHOWN_ORDERS, ItemState, OrderState
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.orders.queries import items_of_orders
from storefront.orders.renewals import renewals
from storefront.portfolio.lifecycle import DomainFacts, Shown, shown
from storefront.portfolio.models import Domain
from storefront.pricing.book import price_book


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
    """Describe some domains: one query however many there are."""
    costs = renewals(db, domains, price_book(db, version=version)) if domains else {}
    return [DomainRow(domain=domain, shown=_shown(db, domain), renewal=costs[domain.id]) for domain in domains]


def _shown(db: Work, domain: Domain) -> Shown:
    facts = DomainFacts(
        paid_until=domain.paid_until,
        registry_expires_at=domain.registry_expires_at,
        statuses=frozenset(domain.statuses),
        closed="deleted" if domain.closed_at else "",
    )
    return shown(facts, db.now)


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
        "total": Money(order.total_minor, order.currency),
    }
