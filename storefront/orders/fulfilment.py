"""Paid order -> operations; every line settled -> order complete."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from storefront.billing.events import ProformaPaid
from storefront.billing.models import Document
from storefront.core.db import Work
from storefront.core.jobs import reaction
from storefront.core.money import Money
from storefront.core.outbox import publish
from storefront.orders.events import OrderCompleted
from storefront.orders.lifecycle import FINAL_ORDERS, ItemState, OrderFacts, OrderState, state_of
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.portfolio.domains import Arrival, begin_arrival
from storefront.portfolio.events import DomainRegistered, DomainTransferred
from storefront.pricing.promotion_uses import confirm_uses
from storefront.pricing.wholesale import cost, cost_of_transfer
from storefront.provisioning.events import OperationFailed
from storefront.provisioning.models import Operation
from storefront.provisioning.request import CONNECTION, OperationWish, operations_on_hold, request_operation, resume
from storefront.provisioning.transfer_codes import KEPT_AS
from tenants.events import CreditShort, CreditToppedUp


def items_of(db: Work, order_id: UUID) -> list[OrderItem]:
    """List the lines of an order as they were ordered."""
    return list(db.scalars(select(OrderItem).where(OrderItem.order_id == order_id).order_by(OrderItem.position)))


@reaction(queue="now")
def start_fulfilment(db: Work, event: ProformaPaid) -> None:
    """Ask the supplier for every line of a paid order."""
    proforma = db.require(Document, event.proforma_id)
    if proforma.order_id is None:
        return
    order = db.lock(db.require(PurchaseOrder, proforma.order_id))
    order.paid_at = order.paid_at or proforma.paid_at or db.now
    confirm_uses(db, order.id)
    for item in items_of(db, order.id):
        if item.state == ItemState.PENDING_PAYMENT:
            item.state = ItemState.QUEUED
            if item.action == "transfer":
                item.domain_id = await_name(db, order, item)
            request_operation(db, wish_for(db, order, item))
            item.auth_code_sealed = ""  # from here on the operation keeps it
    derive_state(db, order)


def await_name(db: Work, order: PurchaseOrder, item: OrderItem) -> UUID | None:
    """List a name among its customer's while it is on its way here."""
    arriving = begin_arrival(
        db,
        Arrival(
            customer_id=order.customer_id,
            contact_id=item.contact_id,
            name_ascii=item.name_ascii,
            name_unicode=item.name_unicode,
            ending=item.ending,
            connection=CONNECTION,
        ),
    )
    return arriving.id if arriving is not None else None


def wish_for(db: Work, order: PurchaseOrder, item: OrderItem) -> OperationWish:
    """Turn a line into the one command that fulfils it."""
    premium = Money(**item.premium["cost"]) if item.premium else None
    wish: dict[str, Any] = {
        "customer_id": str(order.customer_id),
        "contact_id": str(item.contact_id) if item.contact_id else None,
        "name_unicode": item.name_unicode,
        "ending": item.ending,
        "years": item.years,
        "locale": order.locale,
        "registrant": item.registrant,
        "nameservers": item.nameservers,
        "extra": item.extra,
        "premium_cost": item.premium["cost"] if item.premium else None,
    }
    if item.action == "transfer":
        wish |= {KEPT_AS: item.auth_code_sealed, "domain_id": str(item.domain_id) if item.domain_id else None}
        return OperationWish(
            kind=item.action,
            subject=item.name_ascii,
            order_item_id=item.id,
            wish=wish,
            cost=premium or cost_of_transfer(db, item.ending),
            # Two customers may ask for one name at the same time: the registry decides, and nobody's order is stuck.
            natural_key=f"transfer:{item.name_ascii}:{item.id}",
        )
    return OperationWish(
        kind=item.action,
        subject=item.name_ascii,
        order_item_id=item.id,
        wish=wish,
        cost=premium or cost(db, item.ending, item.action, item.years),
    )


@reaction(queue="now")
def settle_registered_item(db: Work, event: DomainRegistered) -> None:
    """Mark the line of a registered name as done."""
    if event.order_item_id is not None:
        _settle(db, event.order_item_id, ItemState.ACTIVE, domain_id=event.domain_id)


@reaction(queue="now")
def settle_transferred_item(db: Work, event: DomainTransferred) -> None:
    """Mark the line of a name that has come as done."""
    if event.order_item_id is not None:
        _settle(db, event.order_item_id, ItemState.ACTIVE, domain_id=event.domain_id)


@reaction(queue="now")
def settle_failed_item(db: Work, event: OperationFailed) -> None:
    """Mark the line of a refused operation as failed."""
    if event.order_item_id is not None:
        _settle(db, event.order_item_id, ItemState.FAILED, failure=event.code)


@reaction(queue="now")
def hold_item(db: Work, event: CreditShort) -> None:
    """Show staff which line waits for credit; the customer reads "in progress"."""
    operation = db.require(Operation, event.operation_id)
    if operation.order_item_id is None or operation.state != "on_hold":
        return
    item = db.lock(db.require(OrderItem, operation.order_item_id))
    if item.state in (ItemState.QUEUED, ItemState.PROCESSING):
        item.state = ItemState.ON_HOLD


@reaction(queue="now")
def release_held_operations(db: Work, _event: CreditToppedUp) -> None:
    """Let everything go on that waited for credit."""
    for operation in operations_on_hold(db):
        resume(db, operation)


def _settle(db: Work, item_id: UUID, state: ItemState, *, failure: str = "", domain_id: UUID | None = None) -> None:
    order_id = db.require(OrderItem, item_id).order_id
    # Locks are taken in one order everywhere: the order before its lines.
    order = db.lock(db.require(PurchaseOrder, order_id))
    item = db.lock(db.require(OrderItem, item_id))
    if item.state in (ItemState.ACTIVE, ItemState.FAILED, ItemState.CANCELLED):
        return
    item.state, item.failure, item.domain_id = state, failure, domain_id
    derive_state(db, order)


def derive_state(db: Work, order: PurchaseOrder) -> OrderState:
    """Let the state of an order follow from its lines; says when the last one is settled."""
    db.flush()
    facts = OrderFacts(
        items=tuple(ItemState(item.state) for item in items_of(db, order.id)),
        has_proforma=True,
        is_paid=order.paid_at is not None,
        is_cancelled=order.cancelled_at is not None,
        is_expired=order.state == OrderState.EXPIRED,
    )
    before, state = order.state, state_of(facts)
    order.state = state
    if state in FINAL_ORDERS and before not in FINAL_ORDERS:
        order.completed_at = db.now
        publish(db, OrderCompleted(order_id=order.id))
    return state
