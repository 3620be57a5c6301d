"""The rules of news: what is in a list, in which order, and what an editor may have meant by a day."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from cms.news_rules import (
    Category,
    Listing,
    News,
    Post,
    categories_of,
    day_of,
    leaf,
    listed_paths,
    most_of,
    number_of,
    xml_words,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ABOVE, ELSEWHERE = UUID(int=1), UUID(int=2)
LISTING = Listing(page_id=ABOVE, locale="en", title="News", path="/news", changed_at=NOW)


def post(number: int, *categories: str, parent: UUID = ABOVE, locale: str = "en") -> Post:
    at = NOW - timedelta(days=number)
    return Post(
        page_id=UUID(int=100 + number),
        parent_id=parent,
        locale=locale,
        title=f"Number {number}",
        text="",
        path=f"/news/{number}",
        at=at,
        changed_at=at,
        categories=categories,
    )


def news(*posts: Post) -> News:
    known = tuple(Category(slug=slug, title={"en": slug.title()}) for slug in ("offers", "people", "quiet"))
    return News(posts=posts, listings=(LISTING,), categories=known)


def test_list_has_what_lies_below_its_page_in_its_language() -> None:
    found = news(post(1), post(2, parent=ELSEWHERE), post(3, locale="pl"), post(4, "offers"))

    assert [each.title for each in found.below(LISTING)] == ["Number 1", "Number 4"]
    assert [each.title for each in found.below(LISTING, "offers")] == ["Number 4"]
    assert found.below(LISTING, "gone") == []
    assert found.below(None) == []


def test_categories_without_news_are_not_offered() -> None:
    found = news(post(1, "people"), post(2, "offers", "gone"), post(3, "quiet", parent=ELSEWHERE))

    assert [each.slug for each in found.told_in(LISTING)] == ["offers", "people"]


def test_post_stands_between_what_was_told_before_and_after() -> None:
    first, second, third = post(1), post(2), post(3)
    found = news(first, second, third)

    assert found.beside(second) == (third, first)
    assert found.beside(first) == (second, None)
    assert found.beside(third) == (None, second)


def test_page_below_a_page_that_lists_nothing_is_no_news() -> None:
    found = news(post(1), post(2, parent=ELSEWHERE))

    assert found.post("en", UUID(int=101)) is not None
    assert found.post("en", UUID(int=102)) is None
    assert found.post("pl", UUID(int=101)) is None


@pytest.mark.parametrize(
    ("number", "shown", "titles"),
    [(1, 1, [0, 1]), (3, 3, [4]), (4, 3, [4]), (0, 1, [0, 1]), (-5, 1, [0, 1]), (9_999, 3, [4])],
)
def test_leaf_is_never_beyond_the_list(number: int, shown: int, titles: list[int]) -> None:
    found = leaf([post(each) for each in range(5)], number, 2)

    assert (found.number, found.of) == (shown, 3)
    assert [each.title for each in found.posts] == [f"Number {each}" for each in titles]


def test_empty_list_has_one_empty_leaf() -> None:
    assert leaf([], 7, 6) == leaf([], 1, 6)


@pytest.mark.parametrize(
    ("typed", "number"), [("2", 2), ("", 1), ("-1", 1), ("1e3", 1), ("٣", 1), ("99999", 1), ("<b>", 1), ("0", 0)]
)
def test_number_of_a_page_is_read(typed: str, number: int) -> None:
    assert number_of(typed) == number


@pytest.mark.parametrize(("asked", "most"), [(6, 6), (0, 30), (31, 30), (-1, 30), ("6", 30), (None, 30)])
def test_list_has_bounds(asked: object, most: int) -> None:
    assert most_of(asked) == most


@pytest.mark.parametrize(
    ("kept", "day"),
    [
        ("2026-02-28", date(2026, 2, 28)),
        ("2026-02-30", None),
        ("20260228", None),
        ("", None),
        (None, None),
        (7, None),
        ("2026-W09-6", None),
        ("0000-00-00", None),
    ],
)
def test_day_is_read_or_left_out(kept: object, day: date | None) -> None:
    assert day_of(kept) == day


@pytest.mark.parametrize(
    ("kept", "slugs"),
    [
        (["offers", "people", "offers"], ("offers", "people")),
        (["<script>", "", "a" * 41, "UP", "a--b", 7, None, "ok"], ("ok",)),
        ("offers", ()),
        ({"offers": 1}, ()),
        (None, ()),
        ([f"c{number}" for number in range(99)], tuple(f"c{number}" for number in range(10))),
    ],
)
def test_categories_are_read_or_left_out(kept: object, slugs: tuple[str, ...]) -> None:
    assert categories_of(kept) == slugs


def test_list_without_a_page_is_of_its_own() -> None:
    blocks = [
        {"kind": "news_list", "page": ""},
        {"kind": "news_list", "page": "News/"},
        {"kind": "hero", "page": "/elsewhere"},
    ]

    assert listed_paths(blocks, "/here") == {"/here", "/news"}
    assert listed_paths([{"kind": "news_list"}], "/here") == {"/here"}


def test_what_xml_cannot_hold_is_left_out() -> None:
    assert xml_words("a\x00\x01\x0b\x1fb\ud800\ufffe & <c>\t\n😀") == "ab & <c>\t\n😀"
