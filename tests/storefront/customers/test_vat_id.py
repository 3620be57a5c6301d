"""VAT numbers as people type them."""

# ruff: noqa: RUF001 - full-width letters are what is tested

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.errors import Refused
from storefront.customers.vat_id import EU_PREFIXES, read_vat_number, vat_example, vat_problem


@pytest.mark.parametrize(
    ("typed", "country", "text"),
    [
        ("PL5260001246", "PL", "PL5260001246"),
        ("526-000-12-46", "PL", "PL5260001246"),
        ("pl 526 000 12 46", "pl", "PL5260001246"),
        ("EL094259216", "GR", "EL094259216"),
        ("GR 094259216", "GR", "EL094259216"),
        ("094259216", "GR", "EL094259216"),
        ("XI434031494", "GB", "XI434031494"),
        ("GB980780684", "GB", "GB980780684"),
        ("FR 40 303 265 045", "FR", "FR40303265045"),
        ("FR40303265045", "MC", "FR40303265045"),
        ("U13585627", "AT", "ATU13585627"),
        ("CHE-107.787.577 MWST", "CH", "CHE107787577MWST"),
        ("CHE107787577IVA", "LI", "CHE107787577IVA"),
        ("988077917MVA", "NO", "NO988077917MVA"),
        ("ＰＬ５２６０００１２４６", "PL", "PL5260001246"),
    ],
)
def test_read_vat_number(typed: str, country: str, text: str) -> None:
    assert read_vat_number(typed, country).text == text


@pytest.mark.parametrize(
    ("typed", "country", "code"),
    [
        ("", "PL", "missing"),
        (" - ", "PL", "missing"),
        ("PL5260001247", "PL", "wrong"),
        ("PL0000000000", "PL", "wrong"),
        ("0000000000", "PL", "wrong"),
        ("1111111111", "PL", "wrong"),
        ("EL000000000", "GR", "wrong"),
        ("FI00000000", "FI", "wrong"),
        ("DE136695976", "PL", "other_country"),
        ("GR094259216", "FR", "other_country"),
        ("XI434031494", "IE", "other_country"),
        ("PL52600", "PL", "wrong"),
        ("PL526000124\x00", "PL", "wrong"),
        ("<script>", "FR", "wrong"),
        ("5" * 10_000, "PL", "wrong"),
        ("ABC", "US", "wrong"),
        ("0000000", "US", "wrong"),
    ],
)
def test_vat_problem(typed: str, country: str, code: str) -> None:
    problem = vat_problem(typed, country)

    assert problem is not None
    assert problem.code == code


@pytest.mark.parametrize("country", sorted({*EU_PREFIXES, "GB", "CH", "NO"}))
def test_example_of_each_country_is_right(country: str) -> None:
    number = read_vat_number(vat_example(country), country)

    assert number.is_checked
    assert read_vat_number(number.text, country) == number


def test_number_outside_europe_is_taken_unchecked() -> None:
    number = read_vat_number("53 004 085 616", "AU")

    assert (number.text, number.is_checked, number.is_european) == ("53004085616", False, False)


def test_only_numbers_that_vies_knows_are_european() -> None:
    assert read_vat_number("EL094259216", "GR").is_european
    assert read_vat_number("XI434031494", "GB").is_european
    assert not read_vat_number("GB980780684", "GB").is_european


def test_refusal_shows_an_example_of_the_country() -> None:
    with pytest.raises(Refused) as refused:
        read_vat_number("123", "PL")

    assert str(refused.value) == "This VAT number is not right. It should look like PL5260001246."
    assert refused.value.field == "vat_number"


@given(st.text(max_size=60), st.sampled_from([*sorted(EU_PREFIXES), "GB", "CH", "LI", "NO", "US", "", "??"]))
def test_anything_typed_is_judged_without_raising(typed: str, country: str) -> None:
    if vat_problem(typed, country) is None:
        number = read_vat_number(typed, country)

        assert number.text.isascii()
        assert read_vat_number(number.text, country).text == number.text
