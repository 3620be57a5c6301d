"""Phone numbers as people type them."""

# ruff: noqa: RUF001 - full-width digits are what is tested

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.errors import Refused
from storefront.customers.phones import Phone, phone_example, phone_problem, read_phone


@pytest.mark.parametrize(
    ("typed", "country", "epp", "extension"),
    [
        ("01 42 68 53 00", "FR", "+33.142685300", ""),
        ("+33 (0)1 42 68 53 00", "FR", "+33.142685300", ""),
        ("0033 1 42 68 53 00", "FR", "+33.142685300", ""),
        ("0039 06 6982", "PL", "+39.066982", ""),
        ("0039 06 6982", "US", "+39.066982", ""),
        ("+44 20 7946 0958 ext. 12", "FR", "+44.2079460958", "12"),
        ("+44 20 7946 0958 x12", "", "+44.2079460958", "12"),
        ("61 850 12 34 wew. 7", "PL", "+48.618501234", "7"),
        ("030 901820", "DE", "+49.30901820", ""),
        ("０１ ４２ ６８ ５３ ００", "fr", "+33.142685300", ""),
    ],
)
def test_read_phone(typed: str, country: str, epp: str, extension: str) -> None:
    phone = read_phone(typed, country)

    assert (phone.epp, phone.extension) == (epp, extension)
    assert phone.e164 == epp.replace(".", "")


@pytest.mark.parametrize(
    ("typed", "country", "code"),
    [
        ("", "FR", "missing"),
        ("  ", "FR", "missing"),
        ("1-800-FLOWERS", "US", "digits"),
        ("call me", "FR", "digits"),
        ("01 42 68 53 0❤", "FR", "digits"),
        ("+33\x00142685300", "FR", "digits"),
        ("12", "FR", "wrong"),
        ("01 42 68 53", "FR", "wrong"),
        ("+999 123 456 789", "FR", "wrong"),
        ("142685300", "", "wrong"),
        ("+", "FR", "wrong"),
        ("1" * 10_000, "FR", "too_long"),
    ],
)
def test_phone_problem(typed: str, country: str, code: str) -> None:
    problem = phone_problem(typed, country)

    assert problem is not None
    assert problem.code == code


def test_refusal_shows_an_example_of_the_country() -> None:
    with pytest.raises(Refused) as refused:
        read_phone("12", "PL")

    assert str(refused.value) == f"This phone number does not exist. It should look like {phone_example('PL')}."


def test_phone_is_shown_as_people_write_it() -> None:
    assert Phone(33, "142685300", "12").shown == "+33 1 42 68 53 00 x12"


@given(
    st.one_of(st.text(max_size=70), st.from_regex(r"[+0-9 ()./x-]{1,30}", fullmatch=True)),
    st.sampled_from(["FR", "PL", "US"]),
)
def test_what_is_read_fits_epp_and_is_read_the_same_again(typed: str, country: str) -> None:
    if phone_problem(typed, country) is None:
        phone = read_phone(typed, country)

        assert re.fullmatch(r"\+[0-9]{1,3}\.[0-9]{1,14}", phone.epp)
        assert read_phone(phone.e164, "") == Phone(phone.country_code, phone.national)
