"""What comes along with a page that got another address leads to the new one."""

from typing import Any

import pytest

from cms.moved_links import leader, with_links_led

CAME = {
    ("en", "/about"): "/about-2",
    ("en", "/prices"): "/prices",
    ("pl", "/o-nas"): "/o-nas-2",
    ("pl", "/prices"): "/prices-2",
    ("en", "/"): "/home",
}


@pytest.mark.parametrize(
    ("locale", "address", "wanted"),
    [
        ("en", "/about", "/about-2"),
        ("en", "/about/", "/about-2"),
        ("en", "/About#team", "/about-2#team"),
        ("en", "/about?from=menu&x=1", "/about-2?from=menu&x=1"),
        ("en", "/prices", "/prices"),
        ("pl", "/prices", "/prices-2"),
        ("pl", "/o-nas", "/o-nas-2"),
        # Not there in Polish: shown in the first language of the shop.
        ("pl", "/about", "/about-2"),
        ("fr", "/pl/o-nas", "/pl/o-nas-2"),
        ("en", "/about-us", "/about-us"),
        ("en", "/", "/"),
        ("en", "/pl", "/pl"),
        ("en", "#about", "#about"),
        ("en", "//about", "//about"),
        ("en", "https://far.example/about", "https://far.example/about"),
        ("en", "mailto:about@far.example", "mailto:about@far.example"),
        ("en", "", ""),
    ],
)
def test_link_leads_to_where_the_page_is_now(locale: str, address: str, wanted: str) -> None:
    assert leader(CAME, locale, "en")(address) == wanted


def test_links_are_led_wherever_a_block_has_them() -> None:
    blocks: list[dict[str, Any]] = [
        {"kind": "rich_text", "id": "a", "html": '<p><a href="/about">We</a> <a href="/aboutness">No</a> /about</p>'},
        {"kind": "call_to_action", "id": "b", "title": "/about", "url": "/about"},
        {"kind": "hero", "id": "c", "links": [{"label": "/about", "url": "/about#x"}], "buttons": []},
        {"kind": "columns", "id": "d", "columns": [{"title": "", "html": '<p><a href="/about?a=1&amp;b=2">W</a></p>'}]},
    ]

    led = with_links_led(blocks, leader(CAME, "en", "en"))

    assert led == [
        {"kind": "rich_text", "id": "a", "html": '<p><a href="/about-2">We</a> <a href="/aboutness">No</a> /about</p>'},
        {"kind": "call_to_action", "id": "b", "title": "/about", "url": "/about-2"},
        {"kind": "hero", "id": "c", "links": [{"label": "/about", "url": "/about-2#x"}], "buttons": []},
        {
            "kind": "columns",
            "id": "d",
            "columns": [{"title": "", "html": '<p><a href="/about-2?a=1&amp;b=2">W</a></p>'}],
        },
    ]
    assert blocks[1]["url"] == "/about"
