"""Why a buyer pays the VAT they pay: a person lives somewhere, a company is somewhere."""

from decimal import Decimal
from typing import Any

import pytest

from storefront.billing.vat import VatDecision
from storefront.core.i18n import speaking
from storefront.shop.vat_words import vat_words, vat_words_of_shop


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


def told(*evidence: str, is_certain: bool = True) -> list[str]:
    fields: dict[str, Any] = {"category": "S", "report": "", "evidence": evidence, "is_certain": is_certain}
    decided = VatDecision(row=5, country="FR", percent=Decimal(20), mention="", **fields)
    with speaking("en"):
        return [str(fact) for fact in vat_words(decided, "FR").facts]


def test_facts_that_decided_are_told() -> None:
    found = told("seller=FI", "buyer=FR", "vat_check=valid", "vat_number=FR40303265045", "seen_in=DE", is_certain=False)

    assert found == [
        "Your address is in France.",
        "Your telephone number is from Germany.",
        "Your VAT number FR40303265045 is confirmed.",
        "These do not agree. Please check your address before you order.",
    ]


@pytest.mark.parametrize(
    ("check", "word"), [("invalid", "not known"), ("unavailable", "try again"), ("not_asked", "not been checked")]
)
def test_number_that_is_not_confirmed_is_told(check: str, word: str) -> None:
    assert word in told("buyer=FR", f"vat_check={check}", "vat_number=FR40303265045")[1]


def test_customer_without_a_number_reads_nothing_about_one() -> None:
    assert told("buyer=FR", "vat_check=not_asked") == ["Your address is in France."]


@pytest.mark.parametrize(("follows_buyer", "word"), [(True, "the rate of their own"), (False, "this rate, too")])
def test_visitor_reads_whose_rate_is_shown(*, follows_buyer: bool, word: str) -> None:
    with speaking("en"):
        words = vat_words_of_shop("FI", Decimal("25.5"), follows_buyer=follows_buyer)

        assert words is not None
        assert words.rate == "25.5\N{NO-BREAK SPACE}%"
        assert "The shop is in Finland." in str(words.why)
        assert word in str(words.facts[0])


def test_shop_without_vat_explains_none() -> None:
    assert vat_words_of_shop("FI", Decimal(0), follows_buyer=True) is None


def test_shop_outside_the_union_says_nothing_of_its_rules() -> None:
    with speaking("en"):
        words = vat_words_of_shop("CH", Decimal("8.1"), follows_buyer=False)

    assert words is not None
    assert words.facts == ()
