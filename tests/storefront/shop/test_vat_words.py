"""Why a buyer pays the VAT they pay: a person lives somewhere, a company is somewhere."""

from decimal import Decimal
from typing import Any

import pytest

from storefront.billing.vat import VatDecision
from storefront.shop.vat_words import vat_words


@pytest.fixture
def decision() -> VatDecision:
    """The rate of the buyer's own country."""
    fields: dict[str, Any] = {"category": "S", "report": "", "evidence": ()}
    return VatDecision(row=1, country="FR", percent=Decimal(20), mention="", **fields)


def test_person_lives_in_a_country(decision: VatDecision) -> None:
    assert str(vat_words(decision, "FR").why).startswith("You live in France")


def test_company_is_in_a_country(decision: VatDecision) -> None:
    assert str(vat_words(decision, "FR", is_company=True).why).startswith("Your company is in France")


@pytest.mark.parametrize("is_company", [False, True])
def test_shop_of_another_country_is_named(decision: VatDecision, *, is_company: bool) -> None:
    assert str(vat_words(decision, "DE", is_company=is_company).why).startswith("The shop is in France")
