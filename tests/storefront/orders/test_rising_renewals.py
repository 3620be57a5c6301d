"""Renewals that will cost more: counted for each group by its own prices; premium names and closed ones are not."""

from datetime import timedelta
from decimal import Decimal

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.orders.rising_renewals import rising_renewals, sale_prices
from tests import factories

# The shelves sell a renewal for 13.90 with 25.5 % VAT in it: 11.08 net.
NET = 1108


def test_names_are_counted_by_the_prices_of_their_group(db: Work) -> None:
    day = db.today + timedelta(days=30)
    partners = factories.make_group(db, "Rising partners", discount_percent=Decimal(50))
    usual, partner = factories.make_customer(db), factories.make_customer(db, price_group_id=partners.id)
    for number in range(3):
        factories.make_domain(db, usual, f"rising-usual-{number}.io")
    factories.make_domain(db, partner, "rising-partner.io")
    factories.make_domain(db, usual, "rising-before.io", paid_until=db.now + timedelta(days=3))
    factories.make_domain(db, usual, "rising-closed.io", closed_at=db.now)
    before = rising_renewals(db, day, {"io": Money(NET, "EUR")})

    dearer = rising_renewals(db, day, {"io": Money(NET + 1, "EUR")})

    assert (before.names, before.at_loss) == (4, 1)
    assert (dearer.names, dearer.at_loss) == (4, 4)


def test_cost_in_a_currency_without_a_rate_is_no_loss(db: Work) -> None:
    prices = sale_prices(db, db.today + timedelta(days=30))

    assert prices.loses("com", "renew", Money(NET + 1, "EUR"))
    assert not prices.loses("com", "renew", Money(99_999, "THB"))
    assert not prices.loses("museum", "renew", Money(1, "EUR"))
