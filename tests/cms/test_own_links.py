"""Links that keep the language of the page."""

import pytest
from markupsafe import Markup

from cms.own_links import in_language, led


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("/", "/pl/"), ("/cennik", "/pl/cennik"), ("/search?q=a", "/pl/search?q=a"), ("/pl/cennik", "/pl/cennik"),
        ("/de", "/de"), ("/de?x=1", "/de?x=1"), ("/design", "/pl/design"), ("#top", "#top"),
        ("//else.example", "//else.example"),
        ("https://else.example/", "https://else.example/"), ("mailto:a@b.example", "mailto:a@b.example"),
        ("/media/abc.png", "/media/abc.png"),
    ],
)  # fmt: skip
def test_address_of_the_shop_gets_the_language(address: str, leads: str) -> None:
    assert led(address, "/pl") == leads


def test_links_of_blocks_and_of_markup_are_led() -> None:
    block = {
        "url": "/cennik",
        "title": "/cennik",
        "items": [{"url": "/o-nas"}],
        "html": Markup('<a href="/pomoc">x</a>'),
    }

    assert in_language(block, "/pl") == {
        "url": "/pl/cennik",
        "title": "/cennik",
        "items": [{"url": "/pl/o-nas"}],
        "html": Markup('<a href="/pl/pomoc">x</a>'),
    }
    assert in_language(block, "") is block
