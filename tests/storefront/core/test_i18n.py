"""Numbers as people read them: one form for percentages, one minus, in every language."""

from decimal import Decimal

import pytest

from storefront.core.i18n import LOCALES, format_money, format_number, format_percent, speaking
from storefront.core.money import Money


@pytest.mark.parametrize(
    ("locale", "percent", "written"),
    [
        ("en", Decimal("25.500"), "25.5\N{NO-BREAK SPACE}%"),
        ("fr", Decimal("5.5"), "5,5\N{NO-BREAK SPACE}%"),
        ("pl", 23, "23\N{NO-BREAK SPACE}%"),
        ("de", Decimal("1E+2"), "100\N{NO-BREAK SPACE}%"),
        ("en", Decimal("0.00"), "0\N{NO-BREAK SPACE}%"),
        ("de", Decimal("-34.2"), "\N{MINUS SIGN}34,2\N{NO-BREAK SPACE}%"),
    ],
)
def test_percentage_has_its_digits_and_a_space_before_its_sign(
    locale: str, percent: Decimal | int, written: str
) -> None:
    with speaking(locale):
        assert format_percent(percent) == written


@pytest.mark.parametrize("locale", LOCALES)
def test_minus_is_a_minus_and_no_hyphen(locale: str) -> None:
    with speaking(locale):
        shown = [format_money(Money(-71, "EUR")), format_money(Money(-123_456, "PLN")), format_number(-1_200.5)]

    assert [(each.count("\N{MINUS SIGN}"), each.count("-")) for each in shown] == [(1, 0)] * 3
