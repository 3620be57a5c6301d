"""Countries: the codes that ISO 3166-1 assigns, in the order that a reader of each language looks for them."""

import pytest

from storefront.core.countries import COUNTRIES, is_country
from storefront.core.i18n import LOCALES, countries, speaking


@pytest.mark.parametrize("code", ["FR", "GB", "RE", "AX", "PS", "TW"])
def test_assigned_code_is_a_country(code: str) -> None:
    assert is_country(code)


@pytest.mark.parametrize(
    "code",
    ["AC", "CP", "CQ", "DG", "EA", "EU", "IC", "TA", "UK", "XK", "ZZ", "", "pl", "FRA", "\uff26\uff32"],
)
def test_reserved_or_foreign_code_is_none(code: str) -> None:
    assert not is_country(code)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_language_names_each_assigned_country_once(locale: str) -> None:
    with speaking(locale):
        listed = countries()

    assert len(listed) == 249
    assert {code for code, _name in listed} == COUNTRIES
    assert all(name != code for code, name in listed)


@pytest.mark.parametrize(
    ("locale", "code", "neighbours"),
    [("de", "AT", ("OM", "PK")), ("fr", "CX", ("BV", "IM")), ("pl", "LV", ("LU", "MK")), ("en", "AX", ("AF", "AL"))],
)
def test_marked_letters_stand_among_their_plain_ones(locale: str, code: str, neighbours: tuple[str, str]) -> None:
    with speaking(locale):
        codes = [code for code, _name in countries()]

    place = codes.index(code)

    assert (codes[place - 1], codes[place + 1]) == neighbours
