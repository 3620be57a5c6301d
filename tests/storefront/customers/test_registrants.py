"""Whose name stands in the registry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.customers.registrants import (
    KINDS,
    Registrant,
    international,
    kind_names,
    registrant_problems,
    tidy_registrant,
)


def registrant(**facts: str) -> Registrant:
    plain = {
        "kind": "individual",
        "given": "Żaneta",
        "family": "Łęcka",
        "street": "ul. Święty Marcin 5",
        "postcode": "61-803",
        "city": "Poznań",
        "country": "PL",
        "email": "z@example.pl",
        "phone": "+48618501234",
    }
    return Registrant(**{**plain, **facts})


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, []),
        ({"kind": ""}, [("kind", "missing"), ("orgname", "missing")]),
        ({"given": "  "}, [("given", "missing")]),
        ({"given": "N/A"}, [("given", "missing")]),
        ({"family": "-"}, [("family", "missing")]),
        ({"family": "O\u2019Brien-Łęcka Jr."}, []),
        ({"family": "Na"}, []),
        ({"family": "R2D2"}, [("family", "bad_character")]),
        ({"family": "a@b"}, [("family", "bad_character")]),
        ({"family": "a" * 256}, [("family", "too_long")]),
        ({"orgname": "Firma"}, [("orgname", "not_empty")]),
        ({"kind": "company"}, [("orgname", "missing")]),
        ({"kind": "company", "orgname": "n/a"}, [("orgname", "missing")]),
        ({"kind": "company", "orgname": "none"}, [("orgname", "missing")]),
        ({"kind": "company", "orgname": "3M Polska sp. z o.o."}, []),
        ({"kind": "association", "orgname": "Klub"}, []),
        ({"postcode": "618"}, [("postcode", "wrong")]),
        ({"phone": "123"}, [("phone", "wrong")]),
        ({"email": "z"}, [("email", "shape")]),
        ({"email": "", "phone": ""}, [("email", "missing"), ("phone", "missing")]),
        ({"city": "北京"}, [("city", "not_latin")]),
        ({"given": "Олена"}, []),
        ({"given": "a\x00b\nc"}, []),
    ],
)
def test_registrant_problems(facts: dict[str, str], expected: list[tuple[str, str]]) -> None:
    found = registrant_problems(tidy_registrant(registrant(**facts)))

    assert [(problem.field, problem.code) for problem in found] == expected


def test_tidying_brings_everything_into_its_stored_form() -> None:
    typed = registrant(
        given=" Anne\u2011Marie\n",
        family="O\u2019 Brien",
        postcode="61803",
        phone="61 850 12 34 wew. 7",
        email=" Z@Example.PL ",
    )

    tidied = tidy_registrant(typed)

    assert (tidied.given, tidied.family) == ("Anne-Marie", "O' Brien")
    assert (tidied.postcode, tidied.phone, tidied.email) == ("61-803", "+48618501234 x7", "Z@example.pl")


def test_legal_holder_is_the_organisation_if_there_is_one() -> None:
    assert registrant().legal_holder == "Żaneta Łęcka"
    assert registrant(kind="company", orgname="Żółw SA").legal_holder == "Żółw SA"


def test_international_form_is_ascii_and_leaves_out_empty_lines() -> None:
    info = international(registrant(kind="company", orgname="Żółw SA"))

    assert info.name == "Zaneta Lecka"
    assert info.organisation == "Zolw SA"
    assert info.street == ("ul. Swiety Marcin 5",)
    assert info.city == "Poznan"


def test_every_kind_has_a_name() -> None:
    assert tuple(kind_names()) == KINDS


TEXT = st.text(max_size=30)


@given(
    st.builds(
        Registrant,
        kind=st.sampled_from([*KINDS, ""]),
        country=st.sampled_from(["FR", "PL", "US", "JP", ""]),
        **dict.fromkeys(
            ("given", "family", "street", "city", "email", "phone", "orgname", "street2", "postcode", "region"), TEXT
        ),
    )
)
def test_any_registrant_is_judged_without_raising(typed: Registrant) -> None:
    tidied = tidy_registrant(typed)
    found = registrant_problems(tidied)

    assert tidy_registrant(tidied) == tidied
    assert all(str(problem.message) for problem in found)
    assert found or international(tidied).name.isascii()
