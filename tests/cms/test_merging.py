"""What two editors wrote at the same time, brought together: nothing typed is lost, and only a true clash is asked."""

from typing import Any

import pytest

from cms.blocks import KINDS, block_from
from cms.merging import as_read, known, merge, read_marks, seen_of
from tests.cms.block_samples import SAMPLES

WORDS = {"title": "Fjords", "path": "/fjords"}


def text(block_id: str, title: str = "") -> dict[str, Any]:
    return as_read({"id": block_id, "kind": "rich_text", "title": title or block_id, "html": ""})


BASE = [text("a"), text("b"), text("c")]


def merged(mine: list[dict[str, Any]], theirs: list[dict[str, Any]], base: list[dict[str, Any]] | None = None) -> Any:
    return merge(seen_of(base or BASE, WORDS), (mine, WORDS), (theirs, WORDS))


def told(found: Any) -> list[str]:
    return [
        f"{block['id']}={block['title']}" if block["title"] != block["id"] else block["id"] for block in found.blocks
    ]


@pytest.mark.parametrize(
    ("mine", "theirs", "together", "clashing"),
    [
        ("a b c", "a b c", "a b c", ""),
        ("a=1 b c", "a b c", "a=1 b c", ""),
        ("a b c", "a=2 b c", "a=2 b c", ""),
        ("a=1 b c", "a b c=2", "a=1 b c=2", ""),
        ("a=1 b c", "a=1 b c", "a=1 b c", ""),
        ("a=1 b c", "a=2 b c", "a=1 b c", "a"),
        ("b c", "a b c", "b c", ""),
        ("b c", "a=2 b c", "a=2 b c", ""),
        ("a=1 b c", "b c", "a=1 b c", "a"),
        ("a b c", "b c", "b c", ""),
        ("c b a", "a b c", "c b a", ""),
        ("a b c", "c b a", "c b a", ""),
        ("a b c", "b n a c", "b n a c", ""),
        ("a n b c", "a b c", "a n b c", ""),
        ("a n b c", "c b a", "c b a n", ""),
        ("n a b c", "a m b c", "n a m b c", ""),
        ("", "a b c", "", ""),
        ("a b c", "", "", ""),
        ("n", "m", "n m", ""),
    ],
)
def test_blocks_of_both_are_brought_together(mine: str, theirs: str, together: str, clashing: str) -> None:
    def page(words: str) -> list[dict[str, Any]]:
        return [text(*word.split("=")) for word in words.split()]

    found = merged(page(mine), page(theirs))

    assert sorted(told(found)) == sorted(together.split())
    assert [clash.key for clash in found.clashes] == clashing.split()
    if clashing or len(together.split()) > 2:
        assert told(found) == together.split()


def test_words_around_the_blocks_are_brought_together_one_by_one() -> None:
    seen = seen_of((), {"title": "A", "path": "/a", "description": ""})
    mine = {"title": "Mine", "path": "/a", "description": "Mine"}
    theirs = {"title": "Theirs", "path": "/theirs", "description": ""}

    found = merge(seen, ((), mine), ((), theirs))

    assert found.words == {"title": "Mine", "path": "/theirs", "description": "Mine"}
    assert [(clash.key, clash.mine, clash.theirs) for clash in found.clashes] == [("title", "Mine", "Theirs")]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_block_that_nobody_touches_comes_back_as_it_was_shown(kind: str) -> None:
    block = known([block_from({**SAMPLES.get(kind, {}), "kind": kind, "id": "b1"}).to_json()])[0]

    assert as_read(block) == block
    assert block_from(block).to_json() == block


def test_marks_are_read_from_pairs() -> None:
    assert read_marks(["a:1", "b:c:2", "new:", ":3", "nothing"]) == {"a": "1", "b:c": "2"}
