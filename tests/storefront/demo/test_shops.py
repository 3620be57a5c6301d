"""What the demo shops ask for names."""

from datetime import date
from decimal import Decimal

import pytest

from storefront.catalog.wholesale_prices import shipped_wholesale
from storefront.demo.shops import SHOPS, listed_price, read_shop
from storefront.pricing.book import premium_terms
from storefront.pricing.margin import retail
from storefront.providers.adapters.sandbox import rules

ON = date(2026, 11, 23)


@pytest.mark.parametrize("slug", SHOPS)
def test_name_with_a_price_of_its_own_costs_more_than_an_ordinary_one_whatever_is_done(slug: str) -> None:
    shop = read_shop(slug)
    currency, sale, dear = shop["shop"]["currency"], shop["retail"], premium_terms(shop["shop"])
    assert dear is not None

    cheaper = [
        f"{label}.{ending}: {action} for {years}"
        for ending, wholesale in shipped_wholesale(ON).items()
        if ending in rules.endings() and rules.endings()[ending].premium
        for label in ("premium-x1", "premium-x2", "premium-x3", "premium-x4")
        for action, terms in rules.costs(label, rules.endings()[ending]).items()
        for years, cost in terms.items()
        if retail(dear.cost_in(currency, cost), dear.margin, dear.ending, vat_percent=Decimal(sale["vat"])).gross
        <= listed_price(wholesale.total(action, years), currency, sale)
    ]

    assert cheaper == []
