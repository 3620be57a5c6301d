"""Only test cards, and each does what its number says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.providers.adapters.sandbox.cards import TEST_CARDS, has_check_digit, is_current, judge

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(("number", "result"), TEST_CARDS.items())
def test_test_card(number: str, result: str) -> None:
    assert judge(number, "11/26", "123", TODAY).result == result


@pytest.mark.parametrize(
    ("number", "expiry", "code", "result", "field"),
    [
        ("4242 4242 4242 4242", "12/30", "123", "paid", ""),
        ("4242-4242-4242-4242", "12/2030", "1234", "paid", ""),
        ("4242424242424241", "12/30", "123", "bad_number", "number"),
        ("", "12/30", "123", "bad_number", "number"),
        ("٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "12/30", "123", "bad_number", "number"),
        ("4242424242424242", "10/26", "123", "bad_expiry", "expiry"),
        ("4242424242424242", "13/30", "123", "bad_expiry", "expiry"),
        ("4242424242424242", "00/30", "123", "bad_expiry", "expiry"),
        ("4242424242424242", "", "123", "bad_expiry", "expiry"),
        ("4242424242424242", "12/30", "12", "bad_code", "code"),
        ("4242424242424242", "12/30", "abc", "bad_code", "code"),
        ("4111111111111111", "12/30", "123", "real_card", "number"),
    ],
)
def test_card_as_typed(number: str, expiry: str, code: str, result: str, field: str) -> None:
    verdict = judge(number, expiry, code, TODAY)

    assert (verdict.result, verdict.field) == (result, field)


def test_means_show_four_digits_only() -> None:
    assert judge("4242424242424242", "12/30", "123", TODAY).means == "Visa •••• 4242"
    assert judge("4111111111111111", "12/30", "123", TODAY).means == ""


@given(number=st.text(max_size=60), expiry=st.text(max_size=30), code=st.text(max_size=10))
def test_any_text_is_judged_and_never_pays(number: str, expiry: str, code: str) -> None:
    assert judge(number, expiry, code, TODAY).result != "paid"


@given(digits=st.text(alphabet="0123456789", min_size=11, max_size=18), place=st.integers(0, 10), add=st.integers(1, 9))
def test_one_wrong_digit_is_always_found(digits: str, place: int, add: int) -> None:
    whole = next(digits + last for last in "0123456789" if has_check_digit(digits + last))

    wrong = whole[:place] + str((int(whole[place]) + add) % 10) + whole[place + 1 :]

    assert not has_check_digit(wrong)


@given(expiry=st.text(max_size=30))
def test_any_text_as_date(expiry: str) -> None:
    assert is_current(expiry, TODAY) in {True, False}
