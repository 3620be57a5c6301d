"""Which passwords are refused, and what people are told."""

# ruff: noqa: RUF001 - full-width letters are what is tested

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.identity.strength import password_problem

PERSONAL = ["anna.kowalska@example.org", "annak", "Nordhost", "jo"]


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "too_short"),
        ("short", "too_short"),
        ("elevenchars", "too_short"),
        ("a" * 201, "too_long"),
        ("a" * 12, "repeats"),
        ("abababababab", "repeats"),
        ("password1234", "common"),
        ("Password-2026!", "common"),
        ("motdepasse2026", "common"),
        ("123456789012", "common"),
        ("987654321098", "common"),
        ("qwertyuiop12", "common"),
        ("azertyuiop!!", "common"),
        ("qwertzuiop2026", "common"),
        ("1qaz2wsx3edc", "common"),
        ("geheimgeheim", "common"),
        ("hallo-welcome-12", "common"),
        ("ＰＡＳＳＷＯＲＤ1234", "common"),
        ("kowalska-likes-tea", "personal"),
        ("the annak of old", "personal"),
        ("my NORDHOST login", "personal"),
    ],
)
def test_password_problem(password: str, code: str) -> None:
    problem = password_problem(password, personal=PERSONAL)

    assert problem is not None
    assert problem.code == code


@pytest.mark.parametrize(
    "password",
    [
        "correct zebra umbrella",
        "trzy mokre kaktusy",
        "żółta ćma w szafie",
        "la girafe porte un chapeau",
        "vier Tassen im Schrank",
        "xK9#mQ2$vL7p",
        "jo climbs trees daily",
        "密码是一二三四五六七八九",
        "a" * 100 + "bcdxyz",
    ],
)
def test_password_that_is_long_and_strange_is_fine(password: str) -> None:
    assert password_problem(password, personal=PERSONAL) is None


def test_sentence_says_what_to_do() -> None:
    problem = password_problem("short", field="new_password")

    assert problem is not None
    assert problem.field == "new_password"
    assert str(problem.message) == (
        "Please choose at least 12 characters. Three or four words in a row are easy to remember."
    )


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=3))
def test_any_password_is_judged_without_raising(password: str, personal: list[str]) -> None:
    problem = password_problem(password, personal=personal)

    assert (problem is None) or problem.field == "password"
    assert problem is not None or len(password) >= 12
