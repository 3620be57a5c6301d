"""The runway: today's wholesale price for each name, or the name's own, until the credit is used up."""

from datetime import timedelta

import pytest

from storefront.core import ids
from storefront.core.db import Work
from storefront.core.money import Money
from storefront.customers.models import Customer
from storefront.portfolio.models import Domain
from storefront.reseller.runway import forecast
from tests import factories
from tests.storefront.reseller.office import make_order


@pytest.fixture
def customer(db: Work) -> Customer:
    """Somebody with names."""
    return factories.make_customer(db)


def own_domain(db: Work, customer: Customer, days: int, name: str = "", *, renews_itself: bool = True) -> Domain:
    name = name or f"r{ids.public_code(10).lower().replace('-', '')}.com"
    row = db.add(
        Domain(
            customer_id=customer.id,
            name_ascii=name,
            name_unicode=name,
            ending="com",
            connection="sandbox",
            registered_at=db.now - timedelta(days=300),
            paid_until=db.now + timedelta(days=days),
            registry_expires_at=db.now + timedelta(days=days),
            renews_itself=renews_itself,
        )
    )
    db.flush()
    return row


def needs(db: Work) -> list[int]:
    return [stretch.need.minor for stretch in forecast(db, Money(0, "EUR")).stretches]


def test_each_name_counts_once_in_the_span_it_ends_in(db: Work, customer: Customer) -> None:
    before = needs(db)
    for days in (3, 20, 60, 100):
        own_domain(db, customer, days)
    own_domain(db, customer, 3, renews_itself=False)

    seven, thirty, ninety = (after - was for after, was in zip(needs(db), before, strict=True))

    assert seven > 0
    assert (thirty, ninety) == (2 * seven, 3 * seven)


def test_premium_name_costs_its_own_renewal(db: Work, customer: Customer) -> None:
    before = needs(db)
    _order, item, _proforma = make_order(db, customer, state="completed", item_state="active")
    item.premium = {
        "class": "gold",
        "cost": {"minor": 200_000, "currency": "EUR"},
        "renewal": {"minor": 77_700, "currency": "EUR"},
    }
    item.domain_id = own_domain(db, customer, 5, item.name_ascii).id
    db.flush()

    assert needs(db)[0] - before[0] == 77_700


def test_credit_is_used_up_on_the_day_it_no_longer_covers(db: Work, customer: Customer) -> None:
    for days in (10, 40):
        own_domain(db, customer, days)
    ninety = needs(db)[2]

    enough = forecast(db, Money(ninety, "EUR"))
    short = forecast(db, Money(ninety - 1, "EUR"))

    assert (enough.used_up_on, enough.missing) == (None, None)
    assert short.used_up_on is not None
    assert short.missing == Money(1, "EUR")
