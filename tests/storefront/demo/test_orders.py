"""Orders of the demo's past: their papers bear the days on which they came about."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from storefront.billing.issue import facts_of
from storefront.billing.models import Document
from storefront.core.db import Work
from storefront.customers.models import Contact
from storefront.demo.orders import DemoOrder, make_order
from storefront.orders.models import OrderItem, PurchaseOrder
from storefront.portfolio.models import Domain
from tests import factories

SHOP: dict[str, Any] = {"slug": "north", "retail": {"groups": [{"endings": ["com"]}], "vat": "25.5"}}


@pytest.fixture
def contact(db: Work) -> Contact:
    return factories.make_contact(db, factories.make_customer(db))


def ordered(db: Work, contact: Contact, state: str, days_ago: int) -> Sequence[Document]:
    wanted = DemoOrder(customer=0, state=state, days_ago=days_ago, name=f"demo-{days_ago}")
    make_order(db, contact.customer, contact, wanted, SHOP)
    order = db.scalars(select(PurchaseOrder).order_by(PurchaseOrder.id.desc()))[0]
    return db.scalars(select(Document).where(Document.order_id == order.id).order_by(Document.kind.desc()))


def test_paid_order_has_proforma_and_invoice_of_its_day(db: Work, contact: Contact) -> None:
    now = db.now

    proforma, invoice = ordered(db, contact, "completed", 200)

    day = (now - timedelta(days=200, hours=2)).date()
    assert abs(proforma.issued_on - day) <= timedelta(days=1)
    assert f"/{proforma.issued_on:%Y/%m}/" in proforma.number
    assert (invoice.kind, invoice.proforma_id, invoice.issued_on) == ("invoice", proforma.id, proforma.issued_on)
    assert facts_of(invoice).paid is not None
    assert Decimal(invoice.gross_minor) == proforma.gross_minor
    assert db.now == now


def test_unpaid_order_has_no_invoice(db: Work, contact: Contact) -> None:
    assert [paper.state for paper in ordered(db, contact, "expired", 90)] == ["expired"]


def test_completed_order_brought_a_domain(db: Work, contact: Contact) -> None:
    ordered(db, contact, "completed", 120)

    domain = db.scalars(select(Domain).where(Domain.name_ascii == "demo-120.com"))[0]
    item = db.scalars(select(OrderItem).where(OrderItem.domain_id == domain.id))[0]
    assert (item.state, domain.customer_id, domain.paid_until) == (
        "active",
        contact.customer_id,
        db.now + timedelta(days=245) - timedelta(hours=2),
    )
