"""Account numbers: checked and grouped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.billing.iban import group_iban, require_iban
from storefront.core.errors import Refused


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("FI21 1234 5600 0007 85", "FI2112345600000785"),
        ("fr76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        ("PL61 1090 1014 0000 0712 1981 2874", "PL61109010140000071219812874"),
        ("61 1090 1014 0000 0712 1981 2874", "PL61109010140000071219812874"),
        (" DE89 3704 0044 0532 0130 00\n", "DE89370400440532013000"),
    ],
)
def test_iban_that_is_right_loses_its_spaces(text: str, number: str) -> None:
    assert require_iban(text) == number


def test_iban_in_digits_of_another_script_is_refused() -> None:
    eastern = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    digits = "61109010140000071219812874".translate(eastern)

    for text in (digits, f"PL{digits}"):
        with pytest.raises(Refused):
            require_iban(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FI21 1234 5600 0007 86",
        "XX00",
        "FR76",
        "1" * 26,
        "٦" * 26,
        "DE89 3704 0044 0532 0130 0O",
        "🏦",
        "x" * 10_000,
    ],
)
def test_iban_that_is_wrong_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        require_iban(text, field="account")

    assert refused.value.field == "account"


@given(st.text(max_size=60))
def test_iban_of_any_text_is_right_or_refused(text: str) -> None:
    try:
        number = require_iban(text)
    except Refused:
        return
    assert group_iban(number).replace(" ", "") == number


def test_iban_is_grouped_by_four() -> None:
    assert group_iban("FI2112345600000785") == "FI21 1234 5600 0007 85"
