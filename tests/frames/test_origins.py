"""Origins of sites: written one way, refused where they are nobody's own, exact in the header."""

import pytest

from frames.origins import ancestors, host_of, is_under_host, may_embed, origin_of, site_origin
from storefront.core.errors import Refused

READ = [
    ("https://www.fjord.com", "https://www.fjord.com"),
    ("  https://WWW.Fjord.com/about?x=1#y ", "https://www.fjord.com"),
    ("www.fjord.com", "https://www.fjord.com"),
    ("fjord.com:8443", "https://fjord.com:8443"),
    ("https://fjord.com:443/", "https://fjord.com"),
    ("https://fjord.com.", "https://fjord.com"),
    ("https://żółw.pl", "https://xn--w-uga1v8h.pl"),
]
REFUSED = [
    "",
    "https://",
    "http://www.fjord.com",
    "ftp://www.fjord.com",
    "javascript:alert(1)",
    "https://user@fjord.com",
    "https://user:word@fjord.com",
    "https://*.fjord.com",
    "https://192.0.2.7",
    "https://[2001:db8::1]",
    "https://0x7f000001",
    "https://com",
    "https://co.uk",
    "https://fjord",
    "https://fjord.local",
    "https://fjord.invalid",
    "https://fjord.com;script-src *",
    "https://fjord.com,https://evil.com",
    "https://fjord.com https://evil.com",
    "https://fjord.com\r\nX-Evil: 1",
    "https://fjord.com\x00",
    "https://fjord.com:0",
    "https://fjord.com:99999",
    "https://fjord.com:port",
    "https://-fjord.com",
    "https://" + "a" * 64 + ".com",
    "https://" + "a." * 130 + "com",
    "null",
    "'self'",
    "*",
    "http://localhost:8001",
    "https://localhost",
]


@pytest.mark.parametrize(("typed", "origin"), READ)
def test_origin_is_written_one_way(typed: str, origin: str) -> None:
    assert site_origin(typed) == origin


@pytest.mark.parametrize("typed", REFUSED)
def test_origin_that_is_nobodys_own_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        site_origin(typed)

    assert refused.value.field == "origin"


def test_origin_of_a_developers_machine_is_taken_there_alone() -> None:
    assert site_origin("http://localhost:8001/page", is_development=True) == "http://localhost:8001"
    assert site_origin("http://shop.localhost:8001", is_development=True) == "http://shop.localhost:8001"
    with pytest.raises(Refused):
        site_origin("http://localhost:8001")
    with pytest.raises(Refused):
        site_origin("http://www.fjord.com", is_development=True)


def test_origin_of_another_spelling_is_the_same() -> None:
    spelt = ["https://Fjord.com", "HTTPS://fjord.com:443/", "https://fjord.com/?a"]

    assert {origin_of(each) for each in spelt} == {"https://fjord.com"}


def test_ancestors_are_exact_or_nobody() -> None:
    assert ancestors([]) == "frame-ancestors 'none'"
    assert ancestors(["https://a.com", "https://b.com", "https://a.com"]) == (
        "frame-ancestors https://a.com https://b.com"
    )


def test_embedding_needs_the_very_origin() -> None:
    allowed = ("https://fjord.com",)

    assert may_embed("https://fjord.com", allowed)
    assert not may_embed("https://www.fjord.com", allowed)
    assert not may_embed("http://fjord.com", allowed)
    assert not may_embed("https://fjord.com:8443", allowed)
    assert not may_embed(None, allowed)


@pytest.mark.parametrize(
    ("host", "verified", "is_shown"),
    [
        ("www.fjord.com", ["shop.fjord.com"], True),
        ("fjord.com", ["shop.fjord.com"], True),
        ("www.fjord.com", ["www.fjord.com"], True),
        ("www.fjord.co.uk", ["shop.other.co.uk"], False),
        ("www.fjord.com", [], False),
        ("fjord.com.evil.com", ["shop.fjord.com"], False),
        ("anybody.github.io", ["me.github.io"], False),
    ],
)
def test_host_shows_whose_a_site_is(host: str, verified: list[str], is_shown: bool) -> None:
    assert is_under_host(host, verified) == is_shown


def test_host_is_what_stands_in_an_origin() -> None:
    assert host_of("https://www.fjord.com:8443") == "www.fjord.com"
