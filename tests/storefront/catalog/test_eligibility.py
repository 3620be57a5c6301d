"""Who may hold a name under which ending."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog.eligibility import ContactFacts, objections, questions, remarks
from storefront.catalog.extra_fields import extra_fields
from storefront.catalog.tld_records import shipped_rules

RULES = shipped_rules(date(2026, 11, 21))


def codes(ending: str, **facts: object) -> list[tuple[str, str]]:
    contact = ContactFacts(**{"kind": "individual", "country": "FR", **facts})  # type: ignore[arg-type] # any fact
    return [(problem.field, problem.code) for problem in objections(RULES[ending], contact)]


@pytest.mark.parametrize(
    ("ending", "facts", "expected"),
    [
        ("com", {"country": "JP"}, []),
        ("fr", {}, []),
        ("fr", {"country": "CH"}, []),
        ("fr", {"country": "RE"}, []),
        ("fr", {"country": "GB"}, [("country", "country_not_eligible")]),
        ("fr", {"country": "US", "citizenship": "FR"}, [("country", "country_not_eligible")]),
        ("eu", {"country": "GB"}, [("country", "country_not_eligible")]),
        ("eu", {"country": "GB", "citizenship": "PL"}, []),
        ("eu", {"country": "GB", "citizenship": "PL", "kind": "company"}, [("country", "country_not_eligible")]),
        ("eu", {"country": "CH"}, [("country", "country_not_eligible")]),
        ("de", {}, [("phone", "phone_required")]),
        ("de", {"phone": "+33.142685300"}, []),
        ("fr", {"kind": "company"}, [("fr_company_id", "missing")]),
        ("fr", {"kind": "company", "country": "PL"}, []),
        ("fr", {"kind": "company", "extra": {"fr_company_id": "732829320"}}, []),
        ("fr", {"kind": "company", "extra": {"fr_company_id": "73282932000074"}}, []),
        ("fr", {"kind": "company", "extra": {"fr_company_id": "732829321"}}, [("fr_company_id", "wrong")]),
        ("fr", {"kind": "company", "extra": {"fr_company_id": "FR40303265045"}}, []),
        ("fr", {"kind": "association", "extra": {"fr_association_id": "W123456789"}}, []),
        ("app", {}, [("https_only", "missing")]),
        ("app", {"extra": {"https_only": "yes"}}, []),
        ("app", {"extra": {"https_only": "no"}}, [("https_only", "wrong")]),
        ("us", {"extra": {"us_nexus": "C11", "us_purpose": "P3"}}, []),
        ("us", {"extra": {"us_nexus": "C31", "us_purpose": "P1"}}, [("us_nexus_country", "missing")]),
        (
            "us",
            {"extra": {"us_nexus": "C31", "us_purpose": "P1", "us_nexus_country": "US"}},
            [("us_nexus_country", "wrong")],
        ),
        ("us", {"extra": {"us_nexus": "C31", "us_purpose": "P1", "us_nexus_country": "FR"}}, []),
        ("no", {"country": "NO", "extra": {"no_id_number": "988 077 917"}}, []),
        ("no", {"country": "NO", "extra": {"no_id_number": "988 077 918"}}, [("no_id_number", "wrong")]),
        ("no", {"country": "NO", "extra": {"no_id_number": "N.PRI.10"}}, []),
        ("co.uk", {"extra": {"uk_contact_type": "LTD"}}, [("uk_company_number", "missing")]),
        ("co.uk", {"extra": {"uk_contact_type": "FIND"}}, []),
        ("com", {"kind": "robot"}, [("kind", "kind_not_eligible")]),
    ],
)
def test_objections(ending: str, facts: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert codes(ending, **facts) == expected


def test_objection_names_question_ending_and_example() -> None:
    facts = ContactFacts(kind="company", country="FR", extra={"fr_company_id": "1"})

    [problem] = objections(RULES["fr"], facts)

    assert str(problem.message) == (
        "“SIREN, SIRET, VAT or trademark number” is not right yet. It should look like 732 829 320."
    )


@pytest.mark.parametrize("field", [one for one in extra_fields().values() if one.example], ids=lambda one: one.key)
def test_example_of_each_question_is_accepted(field: object) -> None:
    assert field.accepts(field.example)  # type: ignore[attr-defined] # parametrised


@pytest.mark.parametrize("rules", RULES.values(), ids=lambda rules: rules.ending)
def test_every_ending_uses_known_questions_and_notes(rules: object) -> None:
    assert all(str(sentence) for sentence in remarks(rules))  # type: ignore[arg-type] # parametrised
    assert isinstance(questions(rules, ContactFacts(kind="company", country="FR")), list)  # type: ignore[arg-type] # the same


@given(st.sampled_from(sorted(extra_fields())), st.text(max_size=80))
def test_any_answer_is_judged_without_raising(key: str, answer: str) -> None:
    assert extra_fields()[key].accepts(answer) in (True, False)
