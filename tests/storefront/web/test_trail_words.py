"""Lines of the log: fields by name, values in words; what nobody named is shown without underscores."""

from typing import Any

import pytest

from storefront.core.i18n import speaking
from storefront.web.trail_words import change_words

CASES: list[tuple[str, dict[str, Any], str]] = [
    ("en", {"state": ["sending", "unknown"]}, "State: Being sent → No answer yet"),
    ("en", {"state": ["open", "suspended"]}, "State: Open → Suspended"),
    ("en", {"state": ["", "anything"]}, "State: anything"),
    ("en", {"amount": [None, "1290.50 EUR"]}, "Amount: €1,290.50"),
    ("pl", {"amount": [None, "1290.50 PLN"]}, "Kwota: 1 290,50 zł"),
    ("en", {"renews": [True, False]}, "Renews by itself: yes → no"),
    ("en", {"country": ["FI", "PL"]}, "Country: Finland → Poland"),
    ("en", {"orgname": ["Karttapaja", ""]}, "Organisation: Karttapaja → nothing"),
    ("en", {"valid_from": [None, "2027-01-31"]}, "Valid from: 31 January 2027"),
    ("en", {"legal_lines": ["[]", "['One', 'Two']"]}, "Lines of the legal notice: nothing → One, Two"),
    ("en", {"reason": [None, "name_taken"]}, "Reason: Somebody else has the name."),
    ("en", {"starts_at": [None, "2027-01-31T10:00:00+00:00"]}, "Starts at: 31 Jan 2027, 12:00"),
    ("en", {"by": [None, "bank"]}, "By: Bank transfer"),
    ("en", {"connection": [None, "card"]}, "Connection: Card"),
    ("en", {"phone": ["2027-99-99", "x"]}, "Phone: 2027-99-99 → x"),
]


@pytest.mark.parametrize(("locale", "difference", "words"), CASES)
def test_change_is_said_in_words(locale: str, difference: dict[str, Any], words: str) -> None:
    with speaking(locale, "Europe/Helsinki"):
        said = change_words(difference)

    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in said] == [words]


def test_each_field_has_a_line_of_its_own() -> None:
    with speaking("en", "UTC"):
        assert change_words({"city": ["Oulu", "Turku"], "name": ["A", "B"]}) == ["City: Oulu → Turku", "Name: A → B"]
