"""What stands in the way of publishing a page."""

from typing import Any

import pytest

from cms.page_checks import Words, completed, is_link, label_of, problems_of

HERO = {"id": "h", "kind": "hero", "title": "Hello"}


def places(*blocks: dict[str, Any], title: str = "Page", description: str = "") -> list[str]:
    return [each.place for each in problems_of(Words(title=title, description=description), blocks)]


def test_whole_page_has_no_problems() -> None:
    assert places(HERO, {"id": "t", "kind": "rich_text", "html": "<p>Hi</p>"}) == []


@pytest.mark.parametrize(
    ("block", "place"),
    [
        ({**HERO, "title": "  "}, "h.title"),
        ({**HERO, "title": "x" * 201}, "h.title"),
        ({"id": "t", "kind": "rich_text", "html": "<p> </p>"}, "t.html"),
        ({**HERO, "links": [{"label": "A", "url": "javascript:alert(1)", "icon": ""}]}, "h.links.0.url"),
        ({**HERO, "links": [{"label": "", "url": "/a", "icon": ""}]}, "h.links.0.label"),
        ({**HERO, "links": [{"label": "A", "url": "/a"}] * 4}, "h.links"),
        ({"id": "s", "kind": "price_strip", "endings": []}, "s.endings"),
        ({"id": "p", "kind": "price_table", "points": ["x" * 201]}, "p.points"),
    ],
)
def test_problem_is_named_where_it_is(block: dict[str, Any], place: str) -> None:
    assert places(block) == [place]


def test_title_and_description_are_looked_at_too() -> None:
    assert places(title=" ") == ["title"]
    assert places(title="x" * 121, description="x" * 401) == ["title", "description"]


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("/about", True), ("/search?endings=com", True), ("#prices", True), ("https://example.com/a", True),
        ("mailto:a@example.com", True), ("tel:+358912345", True), ("http://example.com", True),
        ("", False), ("//evil.example", False), ("/\\evil.example", False), ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False), ("data:text/html,x", False), ("https:", False), ("https:///x", False),
        ("about", False), ("#", False), ("mailto:", False), ("https://[::1", False), ("/a b", False),
        ("\u202e/a", False), ("JaVaScRiPt:alert(1)", False), ("vbscript:x", False), ("file:///etc/passwd", False),
        ("https://shop.example@evil.example/", False), ("https://a:b@evil.example", False),
    ],
)  # fmt: skip
def test_link_leads_to_a_safe_place(address: str, may: bool) -> None:
    assert is_link(address) is may


def test_block_is_called_by_its_heading_else_by_its_kind() -> None:
    assert [str(label_of(HERO)), str(label_of({"kind": "faq", "title": ""}))] == ["Hello", "Questions"]


def test_page_that_is_too_long_is_told_where() -> None:
    blocks = [{"id": f"b{number}", "kind": "rich_text", "html": f"<p>{'a' * 50_000}</p>"} for number in range(8)]

    found = [each for each in problems_of(Words(title="Long"), blocks) if "on another page" in str(each.message)]

    assert [each.block_id for each in found] == ["b5"]


def test_what_is_made_for_every_visitor_is_made_a_few_times() -> None:
    tables = [{"id": f"b{number}", "kind": "price_table"} for number in range(8)]

    assert [each.block_id for each in problems_of(Words(title="Prices"), tables)] == ["b5"]
    assert problems_of(Words(title="Prices"), tables[:5]) == []


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("kontakt", "/kontakt"),
        (" o-nas/zespol#anna ", "/o-nas/zespol#anna"),
        ("www.wp.pl", "https://www.wp.pl"),
        ("wp.pl/sport?x=1", "https://wp.pl/sport?x=1"),
        ("żółw.pl", "https://żółw.pl"),
        ("biuro@firma.pl", "mailto:biuro@firma.pl"),
        ("+48 61 600-00-00", "tel:+48616000000"),
        ("/kontakt", "/kontakt"),
        ("#team", "#team"),
        ("https://wp.pl", "https://wp.pl"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("//evil.example", "//evil.example"),
        ("\\\\evil.example", "\\\\evil.example"),
        ("", ""),
    ],
)
def test_what_people_write_for_an_address_becomes_one(typed: str, wanted: str) -> None:
    assert completed(typed) == wanted
    assert completed(wanted) == wanted
