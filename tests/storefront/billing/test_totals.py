"""Net, VAT and gross: lines, rates and totals never disagree by a cent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.billing.totals import Amounts, PricedLine, add_up
from storefront.core.money import CurrencyMismatch, Money


def line(amount: str, percent: str = "19", **change: object) -> PricedLine:
    terms = {"unit": Money.of(amount, "EUR"), "vat_percent": Decimal(percent)}
    return PricedLine(**{**terms, **change})  # type: ignore[arg-type]  # a table of terms


def minors(text: str) -> list[int]:
    return [Money.of(amount, "EUR").minor for amount in text.split()]


def test_totals_of_five_nets_round_once_per_rate() -> None:
    totals = add_up([line("84.03")] * 5, amounts="net", currency="EUR")

    assert (str(totals.net), str(totals.vat), str(totals.gross)) == ("420.15 EUR", "79.83 EUR", "499.98 EUR")
    assert sorted(each.vat.minor for each in totals.lines) == minors("15.96 15.96 15.97 15.97 15.97")


def test_totals_of_gross_prices_keep_them_to_the_cent() -> None:
    totals = add_up([line("11.99", "23"), line("11.99", "23")], amounts="gross", currency="EUR")

    assert (str(totals.gross), str(totals.net), str(totals.vat)) == ("23.98 EUR", "19.50 EUR", "4.48 EUR")
    assert [each.gross.minor for each in totals.lines] == minors("11.99 11.99")


@pytest.mark.parametrize(
    ("amounts", "lines", "expected"),
    [
        ("net", [line("9.75", "23")], "9.75 2.24 11.99"),
        ("gross", [line("11.99", "23")], "9.75 2.24 11.99"),
        ("gross", [line("12.55", "25.5")], "10.00 2.55 12.55"),
        ("net", [line("14.40", "20", quantity=5), line("-7.20", "20")], "64.80 12.96 77.76"),
        ("net", [line("10.00", "0", category="AE")], "10.00 0.00 10.00"),
        ("net", [line("10.00", "23"), line("10.00", "8"), line("10.00", "0", category="E")], "30.00 3.10 33.10"),
        ("gross", [line("0.01", "23")], "0.01 0.00 0.01"),
        ("gross", [line("0.03", "23")], "0.02 0.01 0.03"),
        ("net", [], "0.00 0.00 0.00"),
    ],
)
def test_totals_of(amounts: Amounts, lines: list[PricedLine], expected: str) -> None:
    totals = add_up(lines, amounts=amounts, currency="EUR")

    assert [totals.net.minor, totals.vat.minor, totals.gross.minor] == minors(expected)


def test_totals_list_the_rates_from_high_to_low() -> None:
    lines = [line("1.00", "0", category="E"), line("1.00", "8"), line("1.00", "23"), line("1.00", "8")]

    totals = add_up(lines, amounts="net", currency="EUR")

    assert [(rate.category, rate.vat_percent, rate.net.minor) for rate in totals.rates] == [
        ("S", Decimal(23), 100),
        ("S", Decimal(8), 200),
        ("E", Decimal(0), 100),
    ]


def test_totals_give_the_odd_cent_to_the_line_that_rounding_hurt_most() -> None:
    lines = [line("0.01", "20"), line("0.02", "20"), line("0.02", "20")]

    totals = add_up(lines, amounts="net", currency="EUR")

    assert [each.vat.minor for each in totals.lines] == [0, 1, 0]


def test_totals_of_two_currencies_raise() -> None:
    with pytest.raises(CurrencyMismatch):
        add_up([line("1.00")], amounts="net", currency="PLN")


@pytest.mark.parametrize(("percent", "change"), [("19", {"category": "AE"}), ("-1", {}), ("19", {"quantity": -1})])
def test_line_that_makes_no_sense_is_refused(percent: str, change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"VAT|negative"):
        line("1.00", percent, **change)


priced = st.builds(
    lambda minor, quantity, percent: PricedLine(
        unit=Money(minor, "EUR"), quantity=quantity, vat_percent=Decimal(percent), category="S"
    ),
    st.integers(-(10**7), 10**7),
    st.integers(0, 20),
    st.sampled_from(["0", "5.5", "8", "19", "20", "23", "25.5", "27"]),
)


@given(lines=st.lists(priced, max_size=40), amounts=st.sampled_from(["net", "gross"]))
def test_totals_are_the_sum_of_lines_and_of_rates(lines: list[PricedLine], amounts: Amounts) -> None:
    totals = add_up(lines, amounts=amounts, currency="EUR")

    for part in ("net", "vat", "gross"):
        whole = getattr(totals, part).minor
        assert whole == sum(getattr(each, part).minor for each in totals.lines)
        assert whole == sum(getattr(rate, part).minor for rate in totals.rates)
    assert all(each.net + each.vat == each.gross for each in totals.lines)
    assert all(each.net + each.vat == each.gross for each in totals.rates)
    stated = [getattr(each, amounts).minor for each in totals.lines]
    assert stated == [each.unit.minor * each.quantity for each in lines]


@given(lines=st.lists(priced, max_size=40), amounts=st.sampled_from(["net", "gross"]))
def test_totals_per_rate_are_off_the_exact_vat_by_at_most_half_a_unit(
    lines: list[PricedLine], amounts: Amounts
) -> None:
    totals = add_up(lines, amounts=amounts, currency="EUR")

    for rate in totals.rates:
        base = Decimal(100) if amounts == "net" else 100 + rate.vat_percent
        exact = getattr(rate, amounts).minor * rate.vat_percent / base
        assert abs(rate.vat.minor - exact) <= Decimal("0.5")


@given(lines=st.lists(priced, max_size=40), amounts=st.sampled_from(["net", "gross"]))
def test_totals_move_no_line_by_more_than_a_unit_from_its_own_vat(lines: list[PricedLine], amounts: Amounts) -> None:
    totals = add_up(lines, amounts=amounts, currency="EUR")

    for each, priced_line in zip(totals.lines, lines, strict=True):
        base = Decimal(100) if amounts == "net" else 100 + priced_line.vat_percent
        exact = getattr(each, amounts).minor * priced_line.vat_percent / base
        assert abs(each.vat.minor - exact) <= Decimal("1.5")
