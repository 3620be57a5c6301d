"""The form of a page, read into blocks."""

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from cms.block_fields import Spec
from cms.blocks import KINDS, SPECS, block_from
from cms.page_reading import as_typed, read_blocks, value_of


def sent(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict(pairs)


def test_blocks_come_in_the_order_in_which_they_were_sent() -> None:
    form = sent(
        ("block", "b"), ("block", "a"),
        ("a.kind", "hero"), ("a.title", " Hello "), ("a.search", "on"),
        ("b.kind", "rich_text"), ("b.html", "<p>Hi<script>x</script></p>"),
    )  # fmt: skip

    blocks = read_blocks(form)

    assert [(block["id"], block["kind"]) for block in blocks] == [("b", "rich_text"), ("a", "hero")]
    assert blocks[0]["html"] == "<p>Hi</p>"
    assert (blocks[1]["title"], blocks[1]["search"], blocks[1]["links"]) == ("Hello", True, [])


def test_rows_come_in_the_order_in_which_they_were_sent() -> None:
    form = sent(
        ("block", "q"), ("q.kind", "faq"), ("q.questions", "7"), ("q.questions", "0"),
        ("q.questions.0.question", "Second"), ("q.questions.7.question", "First"),
        ("q.questions.7.answer", "<b>Yes</b>"),
    )  # fmt: skip

    [block] = read_blocks(form)

    assert block["questions"] == [
        {"question": "First", "answer": "<p><strong>Yes</strong></p>"},
        {"question": "Second", "answer": ""},
    ]


@pytest.mark.parametrize(
    "form",
    [
        sent(("block", "a"), ("a.kind", "nonsense")),
        sent(("block", "a")),
        sent(("block", ""), (".kind", "hero")),
        sent(("block", "x" * 41), ("x" * 41 + ".kind", "hero")),
    ],
)
def test_what_is_no_block_is_left_out(form: MultiDict[str, str]) -> None:
    assert read_blocks(form) == []


def test_block_that_is_sent_twice_counts_once() -> None:
    assert len(read_blocks(sent(("block", "a"), ("block", "a"), ("a.kind", "hero")))) == 1


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_block_that_was_read_is_a_block(kind: str) -> None:
    [read] = read_blocks(sent(("block", "a"), ("a.kind", kind)))

    assert block_from(read).to_json() == read


@pytest.mark.parametrize(
    ("widget", "typed", "value"),
    [
        ("line", "  words ", "words"),
        ("text", "two\nlines ", "two\nlines "),
        ("flag", "", False),
        ("flag", "on", True),
        ("number", " 12 ", 12),
        ("number", "-3", 0),
        ("number", "9" * 5_000, 0),
        ("number", "\u0663", 0),
        ("sentences", "one\n\n two \n", ["one", "two"]),
        ("endings", ".com, FI; de\n.co.uk .com ..", ["com", "fi", "de", "co.uk"]),
        ("choice", "b", "b"),
        ("choice", "z", "a"),
        ("rich", "<p onclick=x>a</p>", "<p>a</p>"),
    ],
)
def test_what_was_typed_becomes_a_value(widget: Any, typed: str, value: Any) -> None:
    spec = Spec(widget=widget, label="", choices={"a": "A", "b": "B"} if widget == "choice" else {})

    assert value_of(typed, spec) == value
    assert value_of(as_typed(value, spec), spec) == value


def test_no_field_of_a_block_is_called_as_another_part_of_its_form() -> None:
    assert not {"id", "kind"} & {name for specs in SPECS.values() for name in specs}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_choice_that_nobody_offers_is_the_first_one(kind: str) -> None:
    chosen = {name: "nonsense" for name, spec in SPECS[kind].items() if spec.widget == "choice"}

    block = block_from({"kind": kind, **chosen}).to_json()

    assert {name: block[name] for name in chosen} == {name: SPECS[kind][name].empty for name in chosen}


@pytest.mark.parametrize("block_id", ["", "a.b", "a b", "\u0105", '"><b', "x" * 41])
def test_block_with_another_id_than_ours_is_left_out(block_id: str) -> None:
    assert read_blocks(sent(("block", block_id), (f"{block_id}.kind", "hero"))) == []
