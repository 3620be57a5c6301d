"""Whether somebody else's page asks for a window, by what browsers say of themselves."""

import pytest

from storefront.web.embedders import embedders_in, is_foreign

ALLOWED = ("https://fjord.com",)


@pytest.mark.parametrize(
    ("destination", "referer", "is_refused"),
    [
        ("iframe", "https://evil.com/", True),
        ("iframe", "https://fjord.com.evil.com/", True),
        ("iframe", "http://fjord.com/", True),
        ("iframe", "https://fjord.com:8443/", True),
        ("frame", "https://evil.com/", True),
        ("embed", "https://evil.com/", True),
        ("object", "https://evil.com/", True),
        ("iframe", "https://[/", True),
        ("iframe", "https://fjord.com/page", False),
        ("iframe", "https://FJORD.com/page", False),
        ("iframe", "https://shop.fjord.com/frames/whois", False),
        ("iframe", "", False),
        ("document", "https://evil.com/", False),
        ("", "https://evil.com/", False),
    ],
)
def test_page_of_somebody_else_is_told_by_fetch_metadata(destination: str, referer: str, is_refused: bool) -> None:
    assert is_foreign(destination, referer, "shop.fjord.com", ALLOWED) == is_refused


def test_embedders_are_read_from_the_policy() -> None:
    assert embedders_in("default-src 'none'; frame-ancestors https://a.com https://b.com; x y") == [
        "https://a.com",
        "https://b.com",
    ]
    assert embedders_in("default-src 'self'; frame-ancestors 'none'") == []
    assert embedders_in("default-src 'self'") == []
