"""What of a translation is missing, and what its source has changed since."""

from typing import Any

from cms.translations import begin_translation, stale_blocks, wordings, words_of

SOURCE: list[dict[str, Any]] = [
    {"id": "a", "kind": "hero", "title": "Hello", "text": "", "search": True, "placeholder": "", "buttons": [],
     "links": [{"label": "About", "url": "/about", "icon": "info"}]},
    {"id": "b", "kind": "price_table", "title": "Prices", "text": "", "points": ["One", "Two"], "endings": ["com"]},
]  # fmt: skip


def test_words_of_a_block_have_a_place() -> None:
    assert {place: words for place, (_spec, words) in words_of(SOURCE[0]).items()} == {
        "title": "Hello", "text": "", "placeholder": "", "links.0.label": "About", "links.0.url": "/about",
    }  # fmt: skip


def test_translation_begins_with_everything_but_words() -> None:
    begun = begin_translation(SOURCE)

    assert [begun[0]["title"], begun[0]["search"], begun[0]["links"]] == [
        "", True, [{"label": "", "url": "/about", "icon": "info"}],
    ]  # fmt: skip
    assert [begun[1]["points"], begun[1]["endings"]] == [[], ["com"]]
    assert SOURCE[0]["title"] == "Hello"


def test_translation_says_what_is_missing_and_what_has_changed() -> None:
    mine = {**begin_translation(SOURCE)[0], "title": "Bonjour"}
    now = {**SOURCE[0], "title": "Hello there"}

    found = {each.place: (each.is_missing, each.has_changed) for each in wordings(mine, now, SOURCE[0])}

    assert found == {"title": (False, True), "links.0.label": (True, False), "links.0.url": (False, False)}


def test_blocks_to_look_at_are_those_that_changed_or_lack_words() -> None:
    done: list[dict[str, Any]] = [
        {**SOURCE[0], "title": "Bonjour", "links": [{"label": "À propos", "url": "/a-propos", "icon": "info"}]},
        {**SOURCE[1], "title": "Prix", "points": ["Un", "Deux"]},
    ]

    assert stale_blocks(done, SOURCE, SOURCE) == []
    assert stale_blocks(done, SOURCE, None) == ["a", "b"]
    assert stale_blocks(done, [SOURCE[0], {**SOURCE[1], "points": ["One"]}], SOURCE) == ["b"]
    assert stale_blocks(done[:1], SOURCE, SOURCE) == ["b"]
