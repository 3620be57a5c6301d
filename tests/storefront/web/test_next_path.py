"""Where to lead somebody back to: some three hundred ways to mean another site."""

from itertools import product
from urllib.parse import urljoin, urlsplit

import pytest

from storefront.web.next_path import is_own_path, own_path

HERE = "https://nordhost.example/account/sign-in"

BEGINNINGS = (
    "//", "///", "////", "/\\", "\\\\", "\\/", "\\", "/\\/", "//\\", "/\t/", "/\n/", "/\r/", "\t//", "\n//", " //",
    "/ /", "/\x00/", "\x00//", "/\x0b/", "/\x0c/", "/\x1f/", "\u00a0//", "/\u00a0/", "/\u2028/", "/\u3000/",
    "http://", "https://", "HTTPS://", "hTtP://", "https:/", "https:", "https:///", "https:\\\\", "ftp://", "//@",
    "javascript:", "JaVaScRiPt:", "java\tscript:", "\x01javascript:", "data:text/html,", "vbscript:", "file:///",
    "blob:https://", "about:", "mailto:", "ws://", "view-source:https://", "http:/\\", "https://nordhost.example@",
)  # fmt: skip
ENDINGS = (
    "evil.example",
    "evil.example/path?x=1#y",
    "evil.example:443",
    "user:word@evil.example",
    "[::1]",
    "evil。example",
)
PAYLOADS = sorted({beginning + ending for beginning, ending in product(BEGINNINGS, ENDINGS)})

GOOD = (
    "/",
    "/checkout",
    "/panel/domains/?q=a&page=2",
    "/fr/cart#line-2",
    "/search?q=b%C3%BCcher.de",
    "/a//b",
    "/@evil.example",
    "/%2F%2Fevil.example",
    "/.//evil.example",
    "/:443",
    "/panel/żółw",
)


def test_there_are_three_hundred_of_them() -> None:
    assert len(PAYLOADS) >= 280


@pytest.mark.parametrize("payload", PAYLOADS, ids=ascii)
def test_another_site_is_never_led_to(payload: str) -> None:
    assert not is_own_path(payload)
    assert own_path(payload) == ""


@pytest.mark.parametrize("path", GOOD)
def test_paths_of_this_host_are_kept_and_stay_here(path: str) -> None:
    assert own_path(path) == path
    assert urlsplit(urljoin(HERE, path)).netloc == "nordhost.example"


def test_nothing_and_too_much_lead_nowhere() -> None:
    assert own_path(None) == ""
    assert own_path("") == ""
    assert own_path("/" + "a" * 2_000) == ""
