"""Names and addresses in plain ASCII."""

# ruff: noqa: RUF001 - letters of other alphabets are what is tested

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.customers.latin import has_ascii_form, to_ascii


@pytest.mark.parametrize(
    ("text", "country", "plain"),
    [
        ("Łódź, ul. Żółwia 5", "PL", "Lodz, ul. Zolwia 5"),
        ("Straße", "DE", "Strasse"),
        ("Müller", "DE", "Mueller"),
        ("Müller", "FR", "Muller"),
        ("Órfão Ñandú", "PT", "Orfao Nandu"),
        ("Cœur d’été", "FR", "Coeur d'ete"),
        ("Æblegård Øst", "DK", "AEblegard Ost"),
        ("Þórður", "IS", "Thordur"),
        ("Київ", "UA", "Kyiv"),
        ("Київ", "", "Kiiv"),
        ("ЩУКА", "BG", "ShtUKA"),
        ("Щука", "RU", "Shchuka"),
        ("ÜBER", "AT", "UeBER"),
        ("Αθήνα", "GR", "Athina"),
        ("ștefan", "RO", "stefan"),
        ("e\u0301", "", "e"),
        ("１２", "", "12"),
        ("plain 'text'", "", "plain 'text'"),
        ("北京", "CN", "??"),
        ("", "", ""),
    ],
)
def test_to_ascii(text: str, country: str, plain: str) -> None:
    assert to_ascii(text, country) == plain


@pytest.mark.parametrize(
    ("text", "expected"), [("Łódź?", True), ("Київ", True), ("北京", False), ("a❤", False), ("", True)]
)
def test_has_ascii_form(text: str, *, expected: bool) -> None:
    assert has_ascii_form(text) is expected


@given(st.text(max_size=60), st.sampled_from(["", "DE", "FR"]))
def test_result_is_always_ascii_and_stable(text: str, country: str) -> None:
    plain = to_ascii(text, country)

    assert plain.isascii()
    assert to_ascii(plain, country) == plain
