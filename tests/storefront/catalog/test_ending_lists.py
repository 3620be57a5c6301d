"""Lists of endings as people type them, and the addresses of groups."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.catalog.ending_lists import LONGEST_SLUG, is_good_slug, read_endings, slug_of, write_endings

KNOWN = ("com", "net", "com.pl", "xn--p1ai", "fi")


@pytest.mark.parametrize(
    ("typed", "endings", "unknown"),
    [
        ("com net", ("com", "net"), ()),
        (".COM,\n.net;  .com", ("com", "net"), ()),
        ("*.com.pl\t.рф", ("com.pl", "xn--p1ai"), ()),
        (".xn--p1ai", ("xn--p1ai",), ()),
        ("com nothing 😀 -", ("com",), ("nothing", "😀", "-")),
        (" . , ; * ", (), (". , ; *",)),
        ("..........", (), ("..........",)),
        (" \n ", (), ()),
        ("", (), ()),
    ],
)
def test_endings_are_read(typed: str, endings: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    found = read_endings(typed, KNOWN)

    assert (found.endings, found.unknown) == (endings, unknown)


@settings(max_examples=60)
@given(st.lists(st.sampled_from(KNOWN), unique=True))
def test_what_is_written_is_read_back(endings: list[str]) -> None:
    assert read_endings(write_endings(endings), KNOWN).endings == tuple(endings)


@settings(max_examples=80)
@given(st.text(max_size=200))
def test_nothing_typed_breaks_the_reading(text: str) -> None:
    found = read_endings(text, KNOWN)

    assert set(found.endings) <= set(KNOWN)
    assert len(found.unknown_words) < 600


@pytest.mark.parametrize(
    ("title", "slug"),
    [("Well known", "well-known"), ("Sklepy i żagle", "sklepy-i-zagle"), ("Für Ärzte!", "fur-arzte"), ("   ", "")],
)
def test_title_becomes_an_address(title: str, slug: str) -> None:
    assert slug_of(title) == slug


@settings(max_examples=60)
@given(st.text(max_size=120))
def test_made_address_is_always_a_good_one(title: str) -> None:
    made = slug_of(title)

    assert not made or is_good_slug(made)
    assert len(made) <= LONGEST_SLUG
