"""Codes of authenticator apps."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.identity.totp import code_at, counter_at, enrolment_uri, matching_counter, new_secret, normalise

# RFC 6238, appendix B: the SHA-1 secret of its table; we keep the last six of its eight digits.
SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 11, 21, 12, 0, 10, tzinfo=UTC)
STEP = timedelta(seconds=30)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_code_is_that_of_the_standard(seconds: int, code: str) -> None:
    assert code_at(SECRET, datetime.fromtimestamp(seconds, UTC)) == code


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_code_one_step_off_is_accepted_and_says_which_step(steps: int) -> None:
    code = code_at(SECRET, NOW + steps * STEP)

    assert matching_counter(SECRET, code, NOW) == counter_at(NOW) + steps


@pytest.mark.parametrize("steps", [-2, 2])
def test_code_two_steps_off_is_refused(steps: int) -> None:
    assert matching_counter(SECRET, code_at(SECRET, NOW + steps * STEP), NOW) is None


def test_code_is_accepted_only_once_and_none_before_it() -> None:
    used = matching_counter(SECRET, code_at(SECRET, NOW), NOW)

    assert matching_counter(SECRET, code_at(SECRET, NOW), NOW, last_counter=used) is None
    assert matching_counter(SECRET, code_at(SECRET, NOW - STEP), NOW, last_counter=used) is None
    assert matching_counter(SECRET, code_at(SECRET, NOW + STEP), NOW, last_counter=used) == counter_at(NOW) + 1


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (" 123 456 ", "123456"),
        ("123-456", "123456"),
        ("123\u00a0456", "123456"),
        ("12345", None),
        ("1234567", None),
        ("١٢٣٤٥٦", None),
        ("12345a", None),
        ("", None),
        ("1" * 10_000, None),
    ],
)
def test_normalise(typed: str, expected: str | None) -> None:
    assert normalise(typed) == expected


@given(st.text(max_size=50))
def test_anything_typed_is_judged_without_raising(typed: str) -> None:
    right = code_at(SECRET, NOW)

    assert (matching_counter(SECRET, typed, NOW) is None) or normalise(typed) is not None
    assert matching_counter(SECRET, right, NOW) == counter_at(NOW)


def test_new_secrets_differ_and_have_160_bits() -> None:
    first, second = new_secret(), new_secret()

    assert first != second
    assert len(base64.b32decode(first)) == 20


def test_enrolment_uri_names_shop_and_account() -> None:
    uri = enrolment_uri(SECRET, account="a b@example.org", issuer="Nord & Host")

    assert uri == f"otpauth://totp/Nord%20%26%20Host:a%20b%40example.org?secret={SECRET}&issuer=Nord%20%26%20Host"
