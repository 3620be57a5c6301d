"""What a seller's country wants on papers beside VAT."""

import pytest

from storefront.billing.mentions import mentions_to_traders


def test_french_seller_names_interest_and_costs_of_recovery_to_traders() -> None:
    (said,) = mentions_to_traders("FR", is_consumer=False)

    assert "40" in str(said)
    assert "L441-10" in str(said)


@pytest.mark.parametrize(("country", "is_consumer"), [("FR", True), ("FI", False), ("PL", False)])
def test_nobody_else_is_told_of_it(country: str, is_consumer: bool) -> None:
    assert mentions_to_traders(country, is_consumer=is_consumer) == ()
