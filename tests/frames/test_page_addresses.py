"""The address that a visitor is led back to: a page of a website, made anew, or nothing."""

import pytest

from frames.page_addresses import page_address, site_name


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://www.example.com/shop?a=1&b=%20c#part", "https://www.example.com/shop?a=1&b=%20c"),
        ("https://www.example.com", "https://www.example.com/"),
        ("https://WWW.Example.COM:443/A", "https://www.example.com/A"),
        ("https://www.example.com:8443/a", "https://www.example.com:8443/a"),
        ("https://www.example.com/#shop-ticket=old", "https://www.example.com/"),
        # What no browser writes: the site stays, the rest goes.
        ("https://www.example.com/ä", "https://www.example.com/"),
        ("https://www.example.com/" + "a" * 2_000, "https://www.example.com/"),
        # What is no page of a website.
        ("", ""),
        ("/checkout", ""),
        ("//evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("ftp://www.example.com/", ""),
        ("https://user@www.example.com/", ""),
        ("https://www.example.com@evil.example/", ""),
        ("https://192.0.2.1/", ""),
        ("https://[::1]/", ""),
        ("https:///www.example.com/", ""),
        ("https://www.example.com\\@evil.example/", ""),
        ("https://www.example.com/\r\nSet-Cookie: x=y", ""),
        ('https://www.example.com/"><script>', ""),
        ("https://www.example.com/" + "a" * 9_000, ""),
        ("\x00https://www.example.com/", ""),
        ("\ud800", ""),
    ],
)
def test_address_is_made_anew_or_is_none(typed: str, address: str) -> None:
    assert page_address(typed) == address
    assert page_address(address) == address


def test_site_is_named_as_people_say_it() -> None:
    assert site_name("https://www.example.com/a?b") == "example.com"
    assert site_name("http://north.localhost:8000/") == "north.localhost:8000"
