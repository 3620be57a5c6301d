"""Postal addresses of many countries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.core.i18n import speaking
from storefront.customers.addresses import (
    Address,
    address_lines,
    address_problems,
    address_rules,
    region_choices,
    tidy_address,
)
from storefront.customers.models import Customer

KNOWN = "AD AT AU BE BR CA CH CZ DE DK ES FI FR GB GR HU IE IT JP LT LV MT NL NO PL PT SE SK US VA YT".split()  # noqa: SIM905 - shorter


def address(**parts: str) -> Address:
    return Address(**{"street": "1 rue Haute", "city": "Lyon", "postcode": "69001", "country": "FR", **parts})


@pytest.mark.parametrize(
    ("country", "typed", "postcode"),
    [
        ("FR", " 69 001 ", "69001"),
        ("FR", "F-69001", "69001"),
        ("PL", "00950", "00-950"),
        ("PL", "pl-00-950", "00-950"),
        ("DE", "D-10115", "10115"),
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("GB", "M1 1AE", "M1 1AE"),
        ("NL", "1012ab", "1012 AB"),
        ("SE", "SE-11455", "114 55"),
        ("CA", "k1a0b1", "K1A 0B1"),
        ("US", "100011234", "10001-1234"),
        ("LT", "01100", "LT-01100"),
        ("LT", "LT01100", "LT-01100"),
        ("LV", "LV-1010", "LV-1010"),
        ("MT", "VLT1117", "VLT 1117"),
        ("AD", "AD500", "AD500"),
        ("IE", "d02af30", "D02 AF30"),
        ("AE", "00000", ""),
        ("VN", "700000", "700000"),
    ],
)
def test_postcode_is_brought_into_the_shape_of_its_country(country: str, typed: str, postcode: str) -> None:
    tidied = tidy_address(address(country=country, postcode=typed, region=""))

    assert tidied.postcode == postcode
    assert [problem for problem in address_problems(tidied) if problem.field == "postcode"] == []


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, []),
        ({"postcode": "6900"}, [("postcode", "wrong")]),
        ({"postcode": "ABCDE"}, [("postcode", "wrong")]),
        ({"postcode": "٦٩٠٠١"}, [("postcode", "wrong")]),
        ({"postcode": ""}, [("postcode", "missing")]),
        ({"postcode": "", "country": "IE"}, []),
        ({"postcode": "", "country": "HK"}, []),
        ({"postcode": "1" * 17, "country": "VN"}, [("postcode", "too_long")]),
        ({"country": ""}, [("country", "missing")]),
        ({"country": "ZZ"}, [("country", "missing")]),
        ({"country": "EU"}, [("country", "missing")]),
        ({"country": "France"}, [("country", "missing")]),
        ({"street": ""}, [("street", "missing")]),
        ({"street": "12"}, [("street", "missing")]),
        ({"street": "N/A"}, [("street", "missing")]),
        ({"street": "a" * 256}, [("street", "too_long")]),
        ({"city": "-"}, [("city", "missing")]),
        ({"city": "brak"}, [("city", "missing")]),
        ({"city": "Y"}, []),
        ({"country": "US", "postcode": "10001"}, [("region", "missing")]),
        ({"country": "US", "postcode": "10001", "region": "NY"}, []),
        ({"country": "US", "postcode": "10001", "region": "us-ny"}, []),
        ({"country": "US", "postcode": "10001", "region": "XX"}, [("region", "missing")]),
        ({"country": "IT", "postcode": "00184", "region": "RM"}, []),
        ({"country": "CA", "postcode": "K1A 0B1", "region": "ON"}, []),
    ],
)
def test_address_problems(parts: dict[str, str], expected: list[tuple[str, str]]) -> None:
    assert [(problem.field, problem.code) for problem in address_problems(tidy_address(address(**parts)))] == expected


def test_postcode_problem_shows_the_example_of_the_country() -> None:
    [problem] = address_problems(address(country="PL", postcode="950"))

    assert str(problem.message) == "This postcode is not right. It should look like 00-950."


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        ({}, ["1 rue Haute", "69001 Lyon", "Land"]),
        ({"street2": "Bâtiment B"}, ["1 rue Haute", "Bâtiment B", "69001 Lyon", "Land"]),
        ({"country": "GB", "city": "London", "postcode": "SW1A 1AA"}, ["1 rue Haute", "London", "SW1A 1AA", "Land"]),
        (
            {"country": "US", "city": "New York", "postcode": "10001", "region": "NY"},
            ["1 rue Haute", "New York, NY 10001", "Land"],
        ),
        ({"country": "HK", "city": "Central", "postcode": ""}, ["1 rue Haute", "Central", "Land"]),
        ({"country": "VN", "postcode": ""}, ["1 rue Haute", "Lyon", "Land"]),
    ],
)
def test_lines_stand_in_the_order_of_the_country(parts: dict[str, str], lines: list[str]) -> None:
    assert address_lines(address(**parts), "Land") == lines


@pytest.mark.parametrize(("country", "count"), [("US", 56), ("CA", 13), ("AU", 8), ("IT", 107), ("ES", 52), ("BR", 27)])
def test_regions_of_countries_that_need_them(country: str, count: int) -> None:
    assert len(region_choices(country)) == count


def test_regions_are_sorted_by_name_without_regard_to_accents() -> None:
    names = [name for _, name in region_choices("ES")]

    assert names[:5] == ["A Coruña", "Albacete", "Alicante", "Almería", "Araba"]
    assert region_choices("FR") == []


@pytest.mark.parametrize("country", KNOWN)
def test_example_of_each_country_fits_its_shapes(country: str) -> None:
    rules = address_rules(country)
    tidied = tidy_address(address(country=country, postcode=rules.example.replace(" ", "")))

    assert tidied.postcode == rules.example


@given(
    st.builds(
        Address,
        **dict.fromkeys(("street", "city", "postcode", "region", "street2"), st.text(max_size=40)),
        country=st.sampled_from([*KNOWN, "", "??"]),
    )
)
def test_any_address_is_judged_without_raising_and_tidied_once(typed: Address) -> None:
    tidied = tidy_address(typed)

    assert tidy_address(tidied) == tidied
    assert all(str(problem.message) for problem in address_problems(tidied))
    assert all("\n" not in line for line in address_lines(tidied))


def test_customer_is_written_with_region_and_country_in_the_language_spoken() -> None:
    customer = Customer(street="9 Palm Drive", street2="Suite 4", postcode="90210", city="Beverly Hills", region="CA")
    customer.country = "US"

    with speaking("fr"):
        lines = customer.address_lines

    assert lines == ["9 Palm Drive", "Suite 4", "Beverly Hills, CA 90210", "États-Unis"]
