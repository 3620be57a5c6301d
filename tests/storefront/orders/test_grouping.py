"""Customers find their group by the number of their domains or by what they paid; by hand stays by hand."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from storefront.billing.models import Document
from storefront.core.db import Work
from storefront.customers.models import Customer
from storefront.orders.grouping import group_by_rules
from storefront.portfolio.models import Domain
from tests import factories


def own(db: Work, customer: Customer, count: int) -> None:
    for _each in range(count):
        name = f"grouped-{uuid4().hex[:12]}.com"
        db.add(
            Domain(
                customer_id=customer.id,
                name_ascii=name,
                name_unicode=name,
                ending="com",
                connection="sandbox",
                paid_until=db.now + timedelta(days=100),
            )
        )
    db.flush()


def invoice(db: Work, customer: Customer, net_minor: int, **more: Any) -> None:
    values: dict[str, Any] = {
        "kind": "invoice",
        "number": uuid4().hex,
        "state": "paid",
        "customer_id": customer.id,
        "issued_on": db.today,
        "currency": "EUR",
        "net_minor": net_minor,
        "vat_minor": 0,
        "gross_minor": net_minor,
        "locale": "en",
        "facts": {},
        "issued_at": db.now,
    }
    db.add(Document(**{**values, **more}))
    db.flush()


def test_customer_comes_by_domains_and_leaves_when_they_are_gone(db: Work) -> None:
    group = factories.make_group(db, from_domains=3)
    customer = factories.make_customer(db)
    own(db, customer, 3)

    group_by_rules(db)
    there = (customer.price_group_id, customer.is_grouped_by_rule)
    group.from_domains = 4
    group_by_rules(db)

    assert there == (group.id, True)
    assert (customer.price_group_id, customer.is_grouped_by_rule) == (None, False)


def test_customer_comes_by_turnover_of_the_last_year_only(db: Work) -> None:
    group = factories.make_group(db, from_turnover_minor=100_00)
    lately, long_ago = factories.make_customer(db), factories.make_customer(db)
    invoice(db, lately, 100_00)
    invoice(db, long_ago, 900_00, issued_on=db.today - timedelta(days=400))

    group_by_rules(db)

    assert (lately.price_group_id, long_ago.price_group_id) == (group.id, None)


def test_group_that_asks_most_wins(db: Work) -> None:
    factories.make_group(db, "Silver", from_domains=1)
    gold = factories.make_group(db, "Gold", from_domains=2)
    customer = factories.make_customer(db)
    own(db, customer, 2)

    group_by_rules(db)

    assert customer.price_group_id == gold.id


def test_customer_put_somewhere_by_hand_stays(db: Work) -> None:
    factories.make_group(db, "Rule", from_domains=1)
    chosen = factories.make_group(db, "Chosen")
    customer = factories.make_customer(db, price_group_id=chosen.id)
    own(db, customer, 5)

    group_by_rules(db)

    assert customer.price_group_id == chosen.id
