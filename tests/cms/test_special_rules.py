"""Which blocks may stand on a page without an address."""

from typing import Any

import pytest

from cms.blocks import KINDS
from cms.live import LIVE
from cms.page_checks import Words, problems_of
from cms.paths import is_allowed
from cms.special_rules import (
    BROKEN,
    NOT_FOUND,
    PARKED,
    RESTRAINED,
    SPECIAL_PAGES,
    forbidden,
    is_fixed,
    is_special,
    stilled,
)

HERO = {"id": "h", "kind": "hero", "title": "Hello"}
TEXT = {"id": "t", "kind": "rich_text", "html": "<p>Hello</p>"}
LINKED = {"id": "l", "kind": "rich_text", "html": '<p><a href="https://buy.example">Buy</a></p>'}


def test_nobody_can_ask_for_such_a_page() -> None:
    for key in SPECIAL_PAGES:
        assert is_special(key)
        assert is_fixed(key)
        assert not is_allowed(key)
    assert is_fixed("/")
    assert not is_fixed("/about")


def test_every_kind_that_is_allowed_is_one() -> None:
    for special in SPECIAL_PAGES.values():
        assert special.kinds <= set(KINDS)


def test_what_is_seen_while_something_is_broken_asks_nobody() -> None:
    # What these three look up, they look up when the page is made ready.
    asks = set(LIVE) - {"features", "contact_card", "domain_search"} | {"contact_form", "news_list"}

    for special in SPECIAL_PAGES.values():
        assert not special.kinds & asks


@pytest.mark.parametrize(
    ("key", "block", "is_refused"),
    [
        (NOT_FOUND, {"kind": "domain_search"}, False),
        (BROKEN, {"kind": "domain_search"}, True),
        (BROKEN, {"kind": "price_table"}, True),
        (PARKED, LINKED, False),
        (PARKED, {"kind": "products"}, True),
        (RESTRAINED, TEXT, False),
        (RESTRAINED, LINKED, True),
        (RESTRAINED, {"kind": "image", "picture": "x"}, False),
        (RESTRAINED, HERO, True),
        (RESTRAINED, {"kind": "call_to_action", "url": "/buy"}, True),
    ],
)
def test_block_is_refused_with_a_sentence(key: str, block: dict[str, Any], is_refused: bool) -> None:
    assert (forbidden(SPECIAL_PAGES[key], block) is not None) is is_refused


def test_refused_block_stands_in_the_way_of_publishing() -> None:
    found = problems_of(Words(title="Parked", path=RESTRAINED), [TEXT, LINKED])

    assert [(each.block_id, each.place) for each in found] == [("l", "l.kind")]
    assert "links" in str(found[0].message)
    assert problems_of(Words(title="Parked", path="/parked"), [TEXT, LINKED]) == []


def test_what_may_not_be_shown_is_left_out_and_no_search_box_is_dead() -> None:
    kept = stilled(SPECIAL_PAGES[BROKEN], [{**HERO, "search": True}, {"kind": "price_table"}])

    assert [(each["kind"], each["search"]) for each in kept] == [("hero", False)]
    assert stilled(SPECIAL_PAGES[NOT_FOUND], [{**HERO, "search": True}])[0]["search"] is True
