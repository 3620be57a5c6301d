"""What two texts or two versions of a page have in common, and what of them differs."""

from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.block_fields import part
from cms.differences import (
    MOST_COMPARED,
    Effort,
    block_differences,
    differences,
    field_differences,
    rich_differences,
    words_in,
)

SIGNS = {"same": "{}", "gone": "[-{}-]", "new": "[+{}+]"}


def told(pieces: Any) -> str:
    return "".join(SIGNS[piece.kind].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("", "", ""),
        ("Hello.", "Hello.", "Hello."),
        ("", "Hello", "[+Hello+]"),
        ("Hello", "", "[-Hello-]"),
        ("A red house", "A blue house", "A [-red-][+blue+] house"),
        ("A red big house", "A blue small house", "A [-red big-][+blue small+] house"),
        ("One. Two. Three.", "One. Three.", "One. [-Two. -]Three."),
        ("One\nTwo", "One\nHalf\nTwo", "One\n[+Half\n+]Two"),
        ("10 €", "12 €", "[-10-][+12+] €"),
        ("Zażółć gęślą", "Zażółć jaźń", "Zażółć [-gęślą-][+jaźń+]"),
    ],
)
def test_texts_are_compared_word_by_word(old: str, new: str, wanted: str) -> None:
    assert told(differences(old, new)) == wanted


TEXTS = st.text(alphabet="ab .,!?\n\té1", max_size=60)


@given(old=TEXTS, new=TEXTS)
def test_both_texts_can_be_read_from_their_pieces(old: str, new: str) -> None:
    pieces = differences(old, new)

    assert "".join(str(piece.text) for piece in pieces if piece.kind != "new") == old
    assert "".join(str(piece.text) for piece in pieces if piece.kind != "gone") == new


@pytest.mark.parametrize("unit", ["a b ", "a. b! ", "x", "\n", "word "])
def test_longest_texts_are_compared_at_once(unit: str) -> None:
    old = (unit * 60_000)[:60_000]
    began = process_time()

    differences(old, f"z {old[::-1]} y")

    # Comparing each word with each would take minutes.
    assert process_time() - began < 5


def test_markup_is_compared_by_its_words() -> None:
    assert words_in("<p>One</p><p>Two<br>Three</p>") == "One\nTwo\nThree"
    assert told(rich_differences("<p>One <b>two</b></p>", "<h2>One</h2><p>two &amp; three</p>")) == (
        "One[- -][+\n+]two[+ & three+]"
    )


@pytest.mark.parametrize(
    ("widget", "old", "new", "wanted"),
    [
        ("flag", False, True, "[-no-][+yes+]"),
        ("number", 3, 4, "[-3-][+4+]"),
        ("link", "", "/about", "[+/about+]"),
        ("endings", ["com", "net"], ["com", "io"], "com\n[-net\n-][+io\n+]"),
        ("sentences", ["One.", "Two."], ["Two."], "[-One.\n-]Two.\n"),
    ],
)
def test_what_is_no_text_is_compared_whole(widget: Any, old: Any, new: Any, wanted: str) -> None:
    assert told(field_differences(part(widget, "Label"), old, new)) == wanted


def test_choice_is_called_by_its_label() -> None:
    spec = part("choice", "Size", choices={"s": "Small", "l": "Large"})

    assert told(field_differences(spec, "s", "l")) == "[-Small-][+Large+]"


def rich(block_id: str, html: str) -> dict[str, Any]:
    return {"id": block_id, "kind": "rich_text", "html": html}


def faq(block_id: str, *questions: str) -> dict[str, Any]:
    items = [{"question": each, "answer": f"<p>{each}!</p>"} for each in questions]
    return {"id": block_id, "kind": "faq", "title": "Questions", "questions": items}


def shape(found: Any) -> list[tuple[str, str, bool]]:
    return [(each.block["id"], each.kind, each.is_moved) for each in found]


def test_blocks_are_compared_by_what_they_are() -> None:
    old = [rich("a", "<p>One</p>"), rich("b", "<p>Two</p>"), rich("c", "<p>Three</p>")]
    new = [rich("a", "<p>One</p>"), rich("d", "<p>New</p>"), rich("c", "<p>Four</p>")]

    found = block_differences(old, new)

    assert shape(found) == [("a", "same", False), ("b", "gone", False), ("d", "new", False), ("c", "changed", False)]
    assert [told(field.pieces) for each in found for field in each.fields] == [
        "[-Two-]", "[+New+]", "[-Three-][+Four+]",
    ]  # fmt: skip
    assert [each.is_any for each in found] == [False, True, True, True]


def test_block_that_stands_elsewhere_was_moved() -> None:
    old = [rich("a", ""), rich("b", ""), rich("c", "")]

    assert shape(block_differences(old, [old[2], old[0], old[1]])) == [
        ("c", "same", True), ("a", "same", False), ("b", "same", False),
    ]  # fmt: skip


def test_first_block_that_is_gone_stands_first() -> None:
    old = [rich("a", ""), rich("b", ""), rich("c", "")]

    assert [each.block["id"] for each in block_differences(old, [old[2]])] == ["a", "b", "c"]


def test_row_put_in_between_leaves_others_as_they_are() -> None:
    found = block_differences([faq("a", "Who?", "Why?")], [faq("a", "Who?", "When?", "Why?")])

    assert [(each.place, [str(label) for label in each.labels][1], told(each.pieces)) for each in found[0].fields] == [
        ("questions.1.question", "2", "[+When?+]"), ("questions.1.answer", "2", "[+When?!+]"),
    ]  # fmt: skip


def test_same_words_set_otherwise_are_said_to_be_so() -> None:
    found = block_differences([rich("a", "<p>One</p>")], [rich("a", "<p><b>One</b></p>")])

    assert [(field.is_form_only, told(field.pieces)) for field in found[0].fields] == [(True, "One")]


def test_texts_that_would_take_long_to_compare_count_as_wholly_different() -> None:
    # Two words over and over: every stretch of the one is found in the other in thousands of ways.
    old, new = (" ".join("ab"[seed >> number % 7 & 1] for number in range(400)) for seed in (0b1011001, 0b0100111))
    one, many = Effort(MOST_COMPARED), Effort(MOST_COMPARED)

    few = differences(old[:100], new[:100], one)
    whole = differences(old, new, many)

    assert len(few) > 2
    assert [piece.kind for piece in whole if piece.kind != "same"] == ["gone", "new"]
    assert one.left < MOST_COMPARED - 100 < many.left


def test_fields_of_a_page_share_what_may_be_compared() -> None:
    effort = Effort(3_000)
    old, new = "one two three four five", "two one four three six"

    found = [differences(f"{number} {old}", f"{new} {number}", effort) for number in range(50)]

    assert effort.left >= 0
    assert len(found[0]) > len(found[-1]) == 2
