"""Money: exact amounts, one place that rounds, parts that sum to the whole."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.money import CurrencyMismatch, Money, total
from storefront.pricing.amounts import gross_of, net_of

# VAT in the Union lies between 3 % and 27 % (2006/112/EC annex III and the members' laws), in halves and tenths.
RATES = st.integers(min_value=0, max_value=300).map(lambda tenths: Decimal(tenths) / 10)
MINOR = st.integers(min_value=-(10**9), max_value=10**9)


def half_up(exact: Fraction) -> int:
    """Round away from zero at the half, with whole numbers alone."""
    sign = -1 if exact < 0 else 1
    return sign * ((2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator))


@pytest.mark.parametrize(
    ("written", "currency", "minor"),
    [("10.90", "EUR", 1090), ("-0.01", "PLN", -1), ("500", "JPY", 500), ("1.234", "KWD", 1234), ("7", "EUR", 700)],
)
def test_amount_is_read_in_the_smallest_unit_of_its_currency(written: str, currency: str, minor: int) -> None:
    assert Money.of(written, currency) == Money(minor, currency)
    assert Money.of(written, currency).decimal == Decimal(written)


@pytest.mark.parametrize(("written", "currency"), [("10.905", "EUR"), ("1.5", "JPY")])
def test_amount_with_more_digits_than_the_currency_has_is_refused(written: str, currency: str) -> None:
    with pytest.raises(ValueError, match="more digits"):
        Money.of(written, currency)


def test_currencies_do_not_mix() -> None:
    euro, zloty = Money(1, "EUR"), Money(1, "PLN")

    for mix in (lambda: euro + zloty, lambda: euro - zloty, lambda: euro < zloty, lambda: total([zloty], "EUR")):
        with pytest.raises(CurrencyMismatch):
            mix()


@pytest.mark.parametrize(
    ("gross", "percent", "net"),
    [
        # A tie: 3 / 1.2 is 2.5. The reciprocal of 1.2 is not exact and would round it down.
        (3, "20", 3),
        (9, "20", 8),
        (-3, "20", -3),
        (123, "23", 100),
        (1199, "23", 975),
        (1000, "0", 1000),
    ],
)
def test_vat_is_taken_out_with_one_rounding(gross: int, percent: str, net: int) -> None:
    assert net_of(Money(gross, "EUR"), Decimal(percent)) == Money(net, "EUR")


@given(minor=MINOR, percent=RATES)
def test_vat_in_and_out_round_as_whole_numbers_do(minor: int, percent: Decimal) -> None:
    amount, rate = Money(minor, "EUR"), 1 + Fraction(percent) / 100

    assert gross_of(amount, percent).minor == half_up(minor * rate)
    assert net_of(amount, percent).minor == half_up(minor / rate)


@given(minor=MINOR, weights=st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=12))
def test_parts_sum_to_the_whole_and_lie_within_one_unit_of_their_share(minor: int, weights: list[int]) -> None:
    if not sum(weights):
        weights[0] = 1

    parts = Money(minor, "EUR").split(weights)

    assert total(parts, "EUR").minor == minor
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor - Fraction(minor * weight, sum(weights))) < 1


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_nothing_is_split_by_weights_that_are_none(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="positive"):
        Money(100, "EUR").split(weights)
