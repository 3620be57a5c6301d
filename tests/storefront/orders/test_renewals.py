"""What one more year costs: the shop's list, or the registry's own price; never the list's for a premium name."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from storefront.core.db import Work
from storefront.customers.models import Customer
from storefront.orders.fulfilment import items_of
from storefront.orders.models import OrderItem
from storefront.orders.renewals import as_paid_by, renewal_of, renewals
from storefront.portfolio.domains import NewDomain, start_domain
from storefront.portfolio.models import Domain
from storefront.pricing.amounts import net_of
from storefront.pricing.book import price_book
from tests import factories
from tests.storefront.orders.test_checkout import Buying

PREMIUM = {
    "class": "gold",
    "cost": {"minor": 10_000, "currency": "EUR"},
    "renewal": {"minor": 5_000, "currency": "EUR"},
}


@pytest.fixture
def customer(db: Work) -> Customer:
    customer = factories.make_customer(db)
    factories.make_contact(db, customer)
    return customer


def bought(db: Work, customer: Customer, premium: dict[str, object] | None) -> tuple[OrderItem, Domain]:
    buying = Buying(db, customer, f"renewal-{uuid4().hex[:12]}.com")
    item = items_of(db, buying.order().id)[0]
    domain = start_domain(
        db,
        NewDomain(
            customer_id=customer.id,
            contact_id=None,
            name_ascii=item.name_ascii,
            name_unicode=item.name_unicode,
            ending=item.ending,
            connection="sandbox",
            registered_at=db.now,
            expires_at=db.now + timedelta(days=365),
        ),
    )
    db.flush()
    item.domain_id, item.premium = domain.id, premium
    db.flush()
    return item, domain


def test_premium_name_renews_at_the_registrys_price_and_others_at_the_lists(db: Work, customer: Customer) -> None:
    usual_item, usual = bought(db, customer, None)
    premium_item, premium = bought(db, customer, {**PREMIUM, "agreed": True})
    book = price_book(db)
    listed = book.prices["com", "renew", 1]

    costs = renewals(db, [usual, premium], book)

    assert costs[usual.id] == listed
    dear = costs[premium.id]
    assert dear is not None
    assert dear.minor > 5_000 > listed.minor
    assert renewal_of(db, usual_item, "com", book) == listed
    assert renewal_of(db, premium_item, "com", book) == dear
    assert renewal_of(db, None, "com", book) == listed


def test_premium_name_whose_renewal_nobody_told_has_no_price(db: Work, customer: Customer) -> None:
    _item, domain = bought(db, customer, {**PREMIUM, "renewal": None})

    assert renewals(db, [domain], price_book(db)) == {domain.id: None}


def test_line_of_another_name_says_nothing(db: Work, customer: Customer) -> None:
    _item, domain = bought(db, customer, None)
    other, _other_domain = bought(db, customer, {**PREMIUM})
    other.domain_id = UUID(int=7)
    db.flush()

    assert renewals(db, [domain], price_book(db))[domain.id] == price_book(db).prices["com", "renew", 1]


def test_buyer_of_whom_no_vat_is_asked_renews_without_it(db: Work, customer: Customer) -> None:
    book = price_book(db)
    listed = book.prices["com", "renew", 1]
    at_home = as_paid_by(db, customer, listed, book)
    customer.country = "US"
    customer.phone = "+12125550100"

    abroad = as_paid_by(db, customer, listed, book)

    assert (at_home.vat, at_home.price) == ("included", listed)
    assert (abroad.vat, abroad.price) == ("", net_of(listed, book.vat_percent))
