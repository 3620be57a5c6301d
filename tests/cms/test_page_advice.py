"""Advice while a page is written; none of it stands in the way of publishing."""

from typing import Any

import pytest

from cms.page_advice import advice_on
from cms.page_checks import Words

GOOD = "What we do for the names of people who would rather do something else, and what it costs."
READ = [{"id": "b1", "kind": "rich_text", "title": "", "html": "<p>" + "word " * 60 + "</p>"}]


@pytest.mark.parametrize(
    ("title", "description", "search_title", "places"),
    [
        ("About us", GOOD, "", []),
        ("About us", "", "", ["description"]),
        ("About us", "Short.", "", ["description"]),
        ("About us", GOOD * 2, "", ["description"]),
        ("A" * 61, GOOD, "", ["title"]),
        ("A" * 61, GOOD, "About us", []),
        ("About us", GOOD, "A" * 61, ["settings.search_title"]),
    ],
)
def test_words_around_a_page_get_advice(title: str, description: str, search_title: str, places: list[str]) -> None:
    found = advice_on(Words(title=title, description=description), READ, search_title=search_title)

    assert [each.place for each in found] == places


@pytest.mark.parametrize(
    ("blocks", "count"),
    [
        ([], 0),
        ([{"id": "b1", "kind": "rich_text", "title": "Only this", "html": ""}], 1),
        ([{"id": "b1", "kind": "price_table", "title": "", "endings": []}], 0),
    ],
)
def test_page_with_little_to_read_is_named_unless_it_shows_the_shop(
    blocks: list[dict[str, object]], count: int
) -> None:
    assert len(advice_on(Words(title="About us", description=GOOD), blocks)) == count


def test_words_that_are_to_be_completed_are_named() -> None:
    text = [{"id": "b1", "kind": "rich_text", "title": "", "html": f"<p>[name of your company] {'word ' * 60}[1]</p>"}]

    found = advice_on(Words(title="About [shop]", description=GOOD), text)

    assert [(each.place, str(each.message)) for each in found] == [
        ("title", "Still to be completed: “shop”."),
        ("b1.html", "Still to be completed: “name of your company”."),
    ]


def test_ending_that_the_shop_does_not_sell_is_named() -> None:
    strip: dict[str, Any] = {"id": "b2", "kind": "price_strip", "endings": ["com", "nieznane"]}
    blocks = [*READ, strip]
    words = Words(title="About us", description=GOOD)

    [found] = advice_on(words, blocks, sold={"com"})

    assert (found.place, str(found.message)) == (
        "b2.endings",
        "Your shop does not sell .nieznane: visitors do not see it.",
    )
    assert advice_on(words, blocks) == []


@pytest.mark.parametrize(("services", "places"), [(None, []), ({"ssl"}, []), (set(), ["b2.service"])])
def test_products_that_visitors_do_not_see_are_named(services: set[str] | None, places: list[str]) -> None:
    blocks: list[dict[str, Any]] = [*READ, {"id": "b2", "kind": "products", "service": "ssl"}]

    found = advice_on(Words(title="Certificates", description=GOOD), blocks, services=services)

    assert [each.place for each in found] == places
