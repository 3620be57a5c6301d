"""What the buttons of an editor do to blocks and rows; what makes no sense does nothing."""

from typing import Any

import pytest

from cms.block_moves import added, moved, put
from cms.blocks import KINDS, MOST_BLOCKS

PAGE: list[dict[str, Any]] = [
    {"id": "a", "kind": "rich_text", "title": "A", "html": ""},
    {"id": "b", "kind": "faq", "title": "B", "questions": [{"question": "1"}, {"question": "2"}]},
]


def asked(blocks: list[dict[str, Any]]) -> list[str]:
    return [row["question"] for row in blocks[1]["questions"]]


@pytest.mark.parametrize(
    ("verb", "place", "order"),
    [
        ("up", "b", "b a"),
        ("up", "a", "a b"),
        ("down", "a", "b a"),
        ("down", "b", "a b"),
        ("remove", "a", "b"),
        ("copy", "a", "a new b"),
        ("up", "nobody", "a b"),
        ("remove", "b.questions", "a b"),
        ("burn", "a", "a b"),
    ],
)
def test_blocks_are_moved(verb: str, place: str, order: str) -> None:
    assert [block["id"] for block in moved(PAGE, verb, place, "new")] == order.split()


@pytest.mark.parametrize(
    ("verb", "place", "order"),
    [
        ("more", "b.questions", ["1", "2", ""]),
        ("less", "b.questions.0", ["2"]),
        ("less", "b.questions.9", ["1", "2"]),
        ("less", "b.questions.-1", ["1", "2"]),
        ("less", "b.questions.\u0661", ["1", "2"]),
        ("earlier", "b.questions.1", ["2", "1"]),
        ("earlier", "b.questions.0", ["1", "2"]),
        ("later", "b.questions.0", ["2", "1"]),
        ("later", "b.questions.1", ["1", "2"]),
        ("more", "b", ["1", "2"]),
        ("more", "b.questions.0", ["1", "2", ""]),
    ],
)
def test_rows_are_moved(verb: str, place: str, order: list[str]) -> None:
    assert asked(moved(PAGE, verb, place, "new")) == order


def test_copy_shares_nothing_with_what_it_was_copied_from() -> None:
    found = moved(PAGE, "copy", "b", "new")

    found[2]["questions"][0]["question"] = "changed"

    assert asked(found) == ["1", "2"]


def test_row_is_added_to_a_field_with_rows_only() -> None:
    assert moved(PAGE, "more", "b.title", "new") == PAGE
    assert moved(PAGE, "more", "b.nothing", "new") == PAGE


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_block_of_every_kind_is_added_behind_another(kind: str) -> None:
    assert [block["kind"] for block in added(PAGE, kind, "new", after="a")] == ["rich_text", kind, "faq"]


def test_page_that_is_full_and_an_id_that_is_taken_stay_as_they_are() -> None:
    full = [{"id": str(number), "kind": "rich_text"} for number in range(MOST_BLOCKS)]

    assert len(put(full, {"id": "new", "kind": "rich_text"})) == MOST_BLOCKS
    assert put(PAGE, {"id": "a", "kind": "faq"}) == PAGE
