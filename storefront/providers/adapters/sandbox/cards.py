"""rule: what the sandbox gateway makes of a card. Only test cards are taken; no number is ever kept."""

import re
from dataclasses import dataclass
from datetime import date

MAX_ATTEMPTS = 5

# The numbers that test gateways everywhere use, and what each one shows.
TEST_CARDS = {
    "4242424242424242": "paid",
    "5555555555554444": "paid",
    "4000000000003220": "confirm",
    "4000000000000002": "declined",
    "4000000000009995": "no_funds",
}
BRANDS = (("4", "Visa"), ("5", "Mastercard"))


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What happens to a card: ``paid``, ``confirm``, or the reason against it and the field it lies in."""

    result: str
    field: str = ""
    means: str = ""


def judge(number: str, expiry: str, code: str, today: date) -> Verdict:
    """Judge what was typed into the card form."""
    digits = re.sub(r"[ -]", "", number[:40])
    if not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19 and has_check_digit(digits)):  # noqa: PLR2004 - ISO/IEC 7812
        return Verdict(result="bad_number", field="number")
    if not is_current(expiry, today):
        return Verdict(result="bad_expiry", field="expiry")
    if not (code.isascii() and code.isdigit() and 3 <= len(code) <= 4):  # noqa: PLR2004 - three digits, four with Amex
        return Verdict(result="bad_code", field="code")
    result = TEST_CARDS.get(digits)
    if result is None:
        return Verdict(result="real_card", field="number")
    brand = next((name for first, name in BRANDS if digits.startswith(first)), "")
    return Verdict(
        result=result, field="" if result in {"paid", "confirm"} else "number", means=f"{brand} •••• {digits[-4:]}"
    )


def has_check_digit(digits: str) -> bool:
    """Whether a number passes Luhn's test (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def is_current(expiry: str, today: date) -> bool:
    """Whether ``MM/YY`` names this month or a later one."""
    found = re.fullmatch(r"\s*([0-9]{1,2})\s*[/.-]?\s*(?:20)?([0-9]{2})\s*", expiry[:20])
    if not found or not 1 <= int(found[1]) <= 12:  # noqa: PLR2004 - months
        return False
    return (2000 + int(found[2]), int(found[1])) >= (today.year, today.month)
