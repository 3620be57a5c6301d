"""How the words of a picture for shared links are broken and set."""

import xml.etree.ElementTree as ET

import pytest

from cms.card_layout import (
    BLANK,
    EDGE,
    LONGEST,
    LONGEST_WORD,
    SIZES,
    TALLEST,
    WIDTH,
    Card,
    Paint,
    drawable,
    drawing,
    measuring,
    set_title,
    unsure,
    words_of,
)

PAINT = Paint(ground="#14507f", ink="#ffffff")


def card(**more: str) -> Card:
    return Card(**{"title": "About", "shop": "North", "host": "north.example", "look": "a", **more})


def even(words: list[str], width: float = 0.6) -> dict[str, float]:
    return {word: len(word) * width for word in words}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("  Zażółć\tgęślą\njaźń ", ["Zażółć", "gęślą", "jaźń"]),
        ("soft\u00adhyphen \u202eright\u0000", ["softhyphen", "right"]),
        ("e\u0301", ["é"]),
        ("x" * 30, ["x" * LONGEST_WORD, "xx"]),
        ("", []),
    ],
)
def test_words_are_what_is_seen(typed: str, words: list[str]) -> None:
    assert words_of(typed) == words


def test_title_that_never_ends_is_cut() -> None:
    words = words_of("word " * 500)

    assert words[-1] == "…"
    assert len(" ".join(words)) <= LONGEST + 2


@pytest.mark.parametrize("count", [1, 2, 5, 9, 16, 30, 60])
@pytest.mark.parametrize("length", [1, 4, 9, 15, 28])
def test_every_title_has_room(count: int, length: int) -> None:
    words = words_of(" ".join(["w" * length] * count))

    size, lines = set_title(words, even(words))

    assert size in SIZES
    assert len(lines) * size * 1.18 <= TALLEST
    for line in lines:
        shown = sum(len(word) * 0.6 for word in line.split()) + BLANK * (len(line.split()) - 1)
        # Three dots at the end of what had no room stand in the edge.
        assert shown * size <= WIDTH - 2 * EDGE + (size if line.endswith("…") else 0)


def test_short_title_is_large_and_on_one_line() -> None:
    assert set_title(["Domains"], even(["Domains"])) == (SIZES[0], ["Domains"])


def test_words_are_words_and_not_markup() -> None:
    nasty = '</text><image href="https://evil.example/x.png"/>&amp;\'"'
    words = words_of(nasty)

    for sheet in (
        drawing(card(shop=nasty, host=nasty), PAINT, words, even(words)),
        measuring(words, unsure(words), "serif"),
    ):
        names = {each.tag.rpartition("}")[2] for each in ET.fromstring(sheet).iter()}  # noqa: S314 - our own
        assert names <= {"svg", "rect", "g", "text"}


def test_ornaments_without_a_font_are_left_out_and_letters_are_not() -> None:
    assert drawable(["Mail", "👍", "🏳️"], {"👍", "🏳"}) == ["Mail"]
    assert drawable(["日本", "Mail"], {"日"}) == []


def test_logo_stands_on_white() -> None:
    sheet = drawing(
        card(), Paint(ground="#000000", ink="#ffffff", logo="data:image/png;base64,", logo_size=(90, 30)), [], {}
    )

    assert 'fill="#fff"' in sheet
    assert ">North<" not in sheet


@pytest.mark.parametrize("changed", ["title", "shop", "host", "look"])
def test_address_changes_with_what_is_said(changed: str) -> None:
    assert card().digest == card().digest
    assert card(**{changed: "another"}).digest != card().digest
