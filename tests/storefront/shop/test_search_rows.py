"""Premium names as a rule: what their registry has said, and what it has not."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from storefront.core.money import Money
from storefront.pricing.margin import Margin
from storefront.pricing.queries import Shelf
from storefront.pricing.quote import PremiumTerms, PriceBook
from storefront.providers.ports.registrar import Action, Availability, CheckResult
from storefront.shop.search_rows import Describer

TERMS = PremiumTerms(margin=Margin(method="markup", percent=Decimal(20)))
BOOK = PriceBook(currency="EUR", prices={}, amounts="net", vat_percent=Decimal(20), premium=TERMS)


def euros(amount: int) -> Money:
    return Money(amount * 100, "EUR")


def answer(**costs: Mapping[int, Money]) -> CheckResult:
    return CheckResult(
        name="premium.com",
        availability=Availability.PREMIUM,
        checked_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        costs={Action(action): terms for action, terms in costs.items()},
    )


def describer() -> Describer:
    return Describer(
        shelf=Shelf(book=BOOK, endings={}, label_rules={}, groups=()),
        today=date(2026, 11, 22),
    )


@pytest.mark.parametrize("renewal", [{}, {1: euros(0)}, {2: euros(80)}])
def test_further_year_that_the_registry_did_not_price_is_not_known(renewal: dict[int, Money]) -> None:
    prices, why = describer().premium_prices(answer(register={1: euros(100)}, renew=renewal), "com")

    assert (prices.first, prices.renewal, why) == (euros(120), None, "")


def test_year_for_nothing_is_not_sold() -> None:
    prices, _why = describer().premium_prices(answer(register={1: euros(0)}, renew={1: euros(50)}), "com")

    assert (prices.first, prices.renewal) == (None, euros(60))


def test_transfer_may_be_free() -> None:
    prices, _why = describer().premium_prices(answer(register={1: euros(100)}, transfer={0: euros(0)}), "com")

    assert (prices.transfer, prices.restore) == (euros(0), None)
