"""Document numbers: written, restarted, never doubled."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.billing.number_patterns import format_number, period_of, require_pattern
from storefront.core.errors import Refused

PATTERNS = ["FV/{YYYY}/{MM}/{seq:04}", "PRO/{YYYY}/{seq:06}", "F{YYYY}-{seq:06}", "{seq}/{MM}/{YY}", "NH{seq}"]


@pytest.mark.parametrize(
    ("pattern", "sequence", "number", "period"),
    [
        ("FV/{YYYY}/{MM}/{seq:04}", 17, "FV/2025/03/0017", "2025-03"),
        ("PRO/{YYYY}/{seq:06}", 4417, "PRO/2025/004417", "2025"),
        ("F{YYYY}-{seq:06}", 1, "F2025-000001", "2025"),
        ("{seq}/{MM}/{YY}", 9, "9/03/25", "2025-03"),
        ("{seq:02}", 12345, "12345", ""),
    ],
)
def test_number_is_written_as_the_pattern_says(pattern: str, sequence: int, number: str, period: str) -> None:
    on = date(2025, 3, 7)

    assert format_number(pattern, sequence=sequence, on=on) == number
    assert period_of(pattern, on) == period


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "FV/{YYYY}",
        "{seq}{seq}",
        "FV/{MM}/{seq}",
        "FV {seq}",
        "{seq:99}",
        "{SEQ}",
        "{seq",
        "{seq!r}",
        "{0.__class__}{seq}",
        "FV\n{seq}",
        "ą{seq}",
        "x" * 60 + "{seq}",
    ],
)
def test_pattern_that_cannot_number_is_refused(pattern: str) -> None:
    with pytest.raises(Refused) as refused:
        require_pattern(pattern)

    assert refused.value.field == "pattern"


def test_number_below_one_raises() -> None:
    with pytest.raises(ValueError, match="begin with one"):
        format_number("{seq}", sequence=0, on=date(2025, 1, 1))


days = st.dates(date(2001, 1, 1), date(2098, 12, 31))


@given(
    pattern=st.sampled_from(PATTERNS),
    one=st.tuples(st.integers(1, 10**7), days),
    other=st.tuples(st.integers(1, 10**7), days),
)
def test_number_is_never_given_twice(pattern: str, one: tuple[int, date], other: tuple[int, date]) -> None:
    places = [(period_of(pattern, on), sequence) for sequence, on in (one, other)]

    numbers = [format_number(pattern, sequence=sequence, on=on) for sequence, on in (one, other)]

    assert (numbers[0] == numbers[1]) == (places[0] == places[1])
