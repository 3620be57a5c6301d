"""What a visitor's headers ask for."""

import pytest

from storefront.web.negotiation import accepts_gzip, is_fresh, language_for, wish_of


@pytest.mark.parametrize(
    ("header", "wish"),
    [
        ("", ""),
        ("en", "en"),
        ("pl-PL,pl;q=0.9,en-US;q=0.8,en;q=0.7", "pl,en"),
        ("en;q=0.5,fr", "fr,en"),
        ("fr;q=0.5,de;q=0.5", "fr,de"),
        ("de-AT-1996", "de"),
        ("DE", "de"),
        ("en;q=0", ""),
        ("en;q=0,fr", "fr"),
        ("*", ""),
        ("es,it", ""),
        ("en;q=1.0000", ""),
        ("en;q=2,fr", "fr"),
        ("en;q=nan,fr", "fr"),
        ("en;level=1,fr", "fr"),
        (" en ; q=0.3 , fr ; q=0.4 ", "fr,en"),
        (",,,", ""),
        ("-", ""),
        ("en-" * 400, "en"),
        (",".join(["x"] * 30) + ",en", ""),
        ("\x00,\xff", ""),
    ],
)
def test_wish_of_a_header_is_our_languages_best_first(header: str, wish: str) -> None:
    assert wish_of(header) == wish


@pytest.mark.parametrize(
    ("wish", "language"),
    [("pl,en", "en"), ("pl", "fr"), ("", "fr"), ("en,fr", "en"), ("fr,en", "fr")],
)
def test_language_for_a_wish_is_one_the_shop_has(wish: str, language: str) -> None:
    assert language_for(wish, ("fr", "en")) == language


@pytest.mark.parametrize(
    ("header", "accepts"),
    [
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("br;q=1.0, gzip;q=0.001", True),
        ("*", True),
        ("", False),
        ("identity", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("gzip;q=0, *", False),
        ("*;q=0", False),
        ("*;q=0, gzip", True),
        ("gzip;q=bad", False),
        ("gzipped", False),
    ],
)
def test_accepts_gzip_only_where_it_is_wanted(header: str, accepts: bool) -> None:
    assert accepts_gzip(header) is accepts


@pytest.mark.parametrize(
    ("header", "fresh"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('"a-gz"', False),
        ('"b"', False),
        ("a", False),
        ("", False),
        ('"b",' * 5_000 + '"a"', False),
    ],
)
def test_is_fresh_only_for_the_copy_we_would_send(header: str, fresh: bool) -> None:
    assert is_fresh(header, '"a"') is fresh
