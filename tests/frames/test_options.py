"""Options of windows: what may be chosen, what is left out, what is refused."""

import pytest

from frames.kinds import KINDS
from frames.options import LOOKS, SCHEMES, USUAL, Options, checked_options, read_options
from storefront.core.errors import Refused

SEARCH, CONTACT = KINDS["domain-search"], KINDS["contact"]


def test_options_of_nothing_are_as_usual() -> None:
    assert read_options(SEARCH, {}) == USUAL
    assert USUAL.as_row() == {}


def test_options_come_back_from_their_row() -> None:
    chosen = Options(language="pl", look="dark", accent="#aa0011", group="popular", start="many", campaign="spring-1")

    assert read_options(SEARCH, chosen.as_row()) == chosen
    assert chosen.as_row() == {
        "language": "pl",
        "look": "dark",
        "accent": "#aa0011",
        "group": "popular",
        "start": "many",
        "campaign": "spring-1",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "xx"),
        ("look", "pink"),
        ("accent", "red"),
        ("accent", "#12345"),
        ("accent", "#123456;}"),
        ("group", "a b"),
        ("group", "../x"),
        ("start", "paying"),
        ("ending", "https://evil.com"),
        ("campaign", "<b>"),
        ("campaign", "x" * 61),
    ],
)
def test_option_that_cannot_be_is_left_out_of_an_address_and_refused_in_the_office(name: str, value: str) -> None:
    assert read_options(SEARCH, {name: value}) == USUAL
    with pytest.raises(Refused) as refused:
        checked_options(SEARCH, {name: value}, languages=["en"], groups=["popular"])
    assert refused.value.field == name


def test_option_of_another_shop_is_refused() -> None:
    for given in ({"language": "fr"}, {"group": "seaside"}):
        with pytest.raises(Refused):
            checked_options(SEARCH, given, languages=["en"], groups=["popular"])


def test_group_is_no_option_of_a_contact_form() -> None:
    assert read_options(CONTACT, {"group": "popular"}) == USUAL


def test_colour_is_written_in_small_letters() -> None:
    assert read_options(SEARCH, {"accent": " #AA00FF "}).accent == "#aa00ff"


def test_looks_without_a_ground_say_for_which_pages() -> None:
    assert set(SCHEMES) == set(LOOKS) - {"inherit"}
    assert Options(look="transparent-dark").scheme == "dark"
    assert Options().scheme == ""


@pytest.mark.parametrize("key", KINDS)
def test_kind_names_itself(key: str) -> None:
    kind = KINDS[key]

    assert kind.key == key
    assert kind.element.startswith("shop-")
    assert kind.endpoint == f"frames.{key.replace('-', '_')}"


def test_kinds_have_elements_of_their_own() -> None:
    assert len({kind.element for kind in KINDS.values()}) == len(KINDS) == 9
