"""What the tests of the office set up: orders in every state, staff of every role."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from storefront.billing.issue import LineTerms, ProformaTerms, issue_proforma
from storefront.billing.models import Document
from storefront.core import ids
from storefront.core.db import Database, Work
from storefront.core.money import Money
from storefront.customers.models import Customer
from storefront.identity.models import LoginUser
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.provisioning.models import Operation
from tests import factories
from tests.fixtures_app import Shop

UNPAID = ("awaiting_payment", "cancelled", "expired")


def make_staff(database: Database, shop: Shop, role: str = "owner", kind: str = "staff") -> LoginUser:
    """Make somebody who works in an office."""
    with database.work(shop.id) as db:
        user = factories.make_user(db, kind=kind, role=role)
        db.commit()
        return user


def make_order(
    db: Work,
    customer: Customer | None = None,
    *,
    state: str = "awaiting_payment",
    item_state: str = "pending_payment",
    operation_state: str = "",
    **more: Any,
) -> tuple[PurchaseOrder, OrderItem, Document]:
    """Write an order of one line with its proforma, and its command if a state of one is given."""
    customer = customer or factories.make_customer(db)
    paid_at = None if state in UNPAID else db.now
    order = db.add(
        PurchaseOrder(
            code=ids.public_code(),
            once_key=ids.token(),
            customer_id=customer.id,
            state=state,
            currency="EUR",
            total_minor=1090,
            locale="en",
            is_consumer=True,
            pays_by="bank",
            placed_at=db.now,
            paid_at=paid_at,
        )
    )
    db.flush()
    name = more.pop("name", f"n{ids.public_code(10).lower().replace('-', '')}.com")
    item = db.add(
        OrderItem(
            order_id=order.id,
            position=0,
            action="register",
            name_ascii=name,
            name_unicode=name,
            ending="com",
            years=1,
            state=item_state,
            registrant={},
            price_minor=1090,
            net_minor=869,
            currency="EUR",
        )
    )
    db.flush()
    proforma = issue_proforma(
        db,
        ProformaTerms(
            customer=customer,
            lines=[LineTerms(title=f"Registration of {name}", price=Money(1090, "EUR"))],
            amounts="gross",
            shop_percent=Decimal("25.5"),
            locale="en",
            order_id=order.id,
            order_code=order.code,
        ),
    )
    if paid_at:
        proforma.state, proforma.paid_at = "paid", paid_at
    elif state in ("cancelled", "expired"):
        proforma.state = state
    proforma.due_on = db.today + timedelta(days=more.pop("due_in_days", 7))
    if operation_state:
        make_operation(db, item, operation_state, **more)
    db.flush()
    return order, item, proforma


def make_operation(db: Work, item: OrderItem, state: str, *, cost_minor: int = 820, **more: Any) -> Operation:
    """Write the command of a line."""
    operation = db.add(
        Operation(
            kind="register",
            connection="sandbox",
            subject=item.name_ascii,
            natural_key=f"register:{item.name_ascii}",
            order_item_id=item.id,
            wish={},
            state=state,
            cost_minor=cost_minor,
            cost_currency="EUR",
            requested_at=db.now,
            **more,
        )
    )
    db.flush()
    return operation
