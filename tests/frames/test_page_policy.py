"""The policy of a page, by tables: which source names which address, which directive speaks, what is to be added."""

import pytest

from frames.page_policy import (
    FRAME,
    MOST_SOURCES,
    SCRIPT,
    Policy,
    Wanted,
    allows_frame,
    allows_script,
    allows_style_attributes,
    bounded,
    line_for,
    matches,
    missing_words,
    parse_meta_policy,
    parse_policies,
)
from frames.snippet import SANDBOX

PAGE = "https://www.fjord.com/shop/page.html"
URL = "https://shop.nord.com/frames/embed.v1.js"
SHOP = "https://shop.nord.com"


def policy(text: str) -> Policy:
    return parse_policies(text)[0]


@pytest.mark.parametrize(
    ("source", "url", "page", "is_named"),
    [
        ("*", URL, PAGE, True),
        ("*", "data:text/html,x", PAGE, False),
        ("https:", URL, PAGE, True),
        ("HTTPS:", URL, PAGE, True),
        ("http:", URL, PAGE, True),
        ("https:", "http://shop.nord.com/x", PAGE, False),
        ("data:", URL, PAGE, False),
        ("'self'", URL, PAGE, False),
        ("'SELF'", "https://www.fjord.com/a.js", PAGE, True),
        ("'self'", "https://www.fjord.com:8443/a.js", PAGE, False),
        ("'self'", "https://www.fjord.com/a.js", "http://www.fjord.com/", True),
        ("'self'", "http://www.fjord.com/a.js", PAGE, False),
        ("'none'", URL, PAGE, False),
        ("self", URL, PAGE, False),
        ("shop.nord.com", URL, PAGE, True),
        ("SHOP.Nord.com", URL, PAGE, True),
        ("shop.nord.com", "http://shop.nord.com/x", PAGE, False),
        ("shop.nord.com", URL, "http://www.fjord.com/", True),
        ("http://shop.nord.com", URL, PAGE, True),
        ("https://shop.nord.com", "http://shop.nord.com/", PAGE, False),
        ("nord.com", URL, PAGE, False),
        ("*.nord.com", URL, PAGE, True),
        ("*.nord.com", "https://nord.com/x", PAGE, False),
        ("*.nord.com", "https://a.b.nord.com/x", PAGE, True),
        ("*.nord.com", "https://evilnord.com/x", PAGE, False),
        ("https://*", URL, PAGE, True),
        ("*:8443", URL, PAGE, False),
        ("shop.nord.com:443", URL, PAGE, True),
        ("shop.nord.com:80", URL, PAGE, True),
        ("shop.nord.com:8443", URL, PAGE, False),
        ("shop.nord.com:*", "https://shop.nord.com:8443/x", PAGE, True),
        ("shop.nord.com", "https://shop.nord.com:8443/x", PAGE, False),
        ("shop.nord.com/", URL, PAGE, True),
        ("shop.nord.com/frames/", URL, PAGE, True),
        ("shop.nord.com/frames", URL, PAGE, False),
        ("shop.nord.com/frames/embed.v1.js", URL, PAGE, True),
        ("shop.nord.com/frames/embed%2Ev1.js", URL, PAGE, True),
        ("shop.nord.com/Frames/", URL, PAGE, False),
        ("shop.nord.com/other/", URL, PAGE, False),
        ("https://shop.nord.com:99999999", URL, PAGE, False),
        ("'unsafe-inline'", URL, PAGE, False),
        ("'nonce-abc'", URL, PAGE, False),
        ("shop.nord.com", "https://[bad", PAGE, False),
        ("ws:", "wss://shop.nord.com/x", PAGE, True),
    ],
)
def test_source_names_an_address(source: str, url: str, page: str, is_named: bool) -> None:
    assert matches(source, url, page=page) is is_named


@pytest.mark.parametrize(
    ("text", "wanted", "speaks"),
    [
        ("default-src 'self'", SCRIPT, "default-src"),
        ("default-src 'self'; script-src a.com", SCRIPT, "script-src"),
        ("script-src a.com; script-src-elem b.com", SCRIPT, "script-src-elem"),
        ("default-src 'self'; child-src a.com", FRAME, "child-src"),
        ("default-src 'self'; child-src a.com; FRAME-SRC b.com", FRAME, "frame-src"),
        ("img-src 'self'", FRAME, ""),
        (";;  ; style-src 'self'", SCRIPT, ""),
    ],
)
def test_the_nearest_directive_speaks(text: str, wanted: str, speaks: str) -> None:
    assert policy(text).speaks(wanted) == speaks


@pytest.mark.parametrize(
    ("text", "given", "is_allowed"),
    [
        ("script-src 'self'", {}, False),
        ("img-src 'self'", {}, True),
        ("script-src 'self' https://shop.nord.com", {}, True),
        ("script-src a.com; script-src https://shop.nord.com", {}, False),
        ("script-src", {}, False),
        ("script-src 'nonce-n1'", {"nonce": "n1"}, True),
        ("script-src 'nonce-n1'", {"nonce": "N1"}, False),
        ("script-src 'nonce-n1'", {}, False),
        ("script-src 'strict-dynamic' 'nonce-n1' https://shop.nord.com", {}, False),
        ("script-src 'strict-dynamic' 'nonce-n1'", {"is_put_in": True}, True),
        ("script-src 'strict-dynamic' 'nonce-n1'", {"nonce": "n1"}, True),
        ("script-src 'sha384-AAAA'", {"integrity": "sha384-AAAA"}, True),
        ("script-src 'sha384-AA_-'", {"integrity": "sha384-AA/+?ct=x"}, True),
        ("script-src 'sha384-AAAA'", {"integrity": "sha384-AAAA sha256-BBBB"}, False),
        ("script-src 'sha384-AAAA'", {"integrity": "sha384-BBBB"}, False),
        ("script-src 'unsafe-inline' 'unsafe-eval'", {}, False),
        ("script-src-elem 'none'; script-src *", {}, False),
        ("default-src https:", {}, True),
    ],
)
def test_script_is_allowed(text: str, given: dict[str, str], is_allowed: bool) -> None:
    assert allows_script(policy(text), Wanted(url=URL, page=PAGE, **given)) is is_allowed  # type: ignore[arg-type]  # flags and words


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [
        ("frame-src 'none'", False),
        ("default-src 'self'; frame-src https://shop.nord.com", True),
        ("child-src https://shop.nord.com", True),
        ("default-src 'self'", False),
        ("script-src 'self'", True),
        ("frame-src 'none' https://shop.nord.com", True),
    ],
)
def test_frame_is_allowed(text: str, is_allowed: bool) -> None:
    assert allows_frame(policy(text), Wanted(url=f"{SHOP}/frames/order", page=PAGE)) is is_allowed


@pytest.mark.parametrize(
    ("text", "is_allowed"),
    [
        ("default-src 'self'", False),
        ("style-src 'self' 'unsafe-inline'", True),
        ("style-src 'unsafe-inline' 'nonce-a'", False),
        ("style-src 'none'; style-src-attr 'unsafe-inline'", True),
        ("script-src 'none'", True),
    ],
)
def test_style_in_the_markup_is_allowed(text: str, is_allowed: bool) -> None:
    assert allows_style_attributes(policy(text)) is is_allowed


@pytest.mark.parametrize(
    ("text", "wanted", "line"),
    [
        ("script-src 'self'", SCRIPT, f"script-src 'self' {SHOP}"),
        ("script-src 'none'", SCRIPT, f"script-src {SHOP}"),
        ("script-src-elem a.com", SCRIPT, f"script-src-elem a.com {SHOP}"),
        ("default-src 'self' a.com", SCRIPT, f"script-src 'self' a.com {SHOP}"),
        ("default-src 'self' 'unsafe-inline' a.com 'nonce-x'", FRAME, f"frame-src 'self' a.com {SHOP}"),
        ("child-src 'none'", FRAME, f"child-src {SHOP}"),
        ("frame-src \x07a.com b.com", FRAME, f"frame-src b.com {SHOP}"),
        ("frame-src " + " ".join(f"a{n}.example" for n in range(300)), FRAME, f"frame-src {SHOP}"),
    ],
)
def test_line_to_add_repeats_what_is_allowed_today(text: str, wanted: str, line: str) -> None:
    assert line_for(policy(text), wanted, SHOP) == line


def test_header_may_hold_several_policies_and_a_meta_less_of_one() -> None:
    both = parse_policies("default-src 'self', script-src *; sandbox")
    meta = parse_meta_policy("sandbox allow-scripts; frame-ancestors 'none'; script-src *")

    assert [sorted(each.directives) for each in both] == [["default-src"], ["sandbox", "script-src"]]
    assert meta is not None
    assert list(meta.directives) == ["script-src"]
    assert parse_meta_policy(" ; ") is None
    assert parse_policies("") == ()


def test_huge_policy_is_read_no_further_than_one_may_be_long() -> None:
    found = parse_policies("script-src " + "a.com " * 1_000_000)

    assert len(found[0].directives["script-src"]) < 5_000


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (SANDBOX, ()),
        (SANDBOX.upper(), ()),
        (SANDBOX.replace("allow-top-navigation-by-user-activation", "allow-top-navigation"), ()),
        (SANDBOX.replace("allow-forms ", ""), ("allow-forms",)),
        ("", tuple(SANDBOX.split())),
    ],
)
def test_sandbox_lacks_what_is_not_in_it(given: str, missing: tuple[str, ...]) -> None:
    assert missing_words(given.split(), SANDBOX.split()) == missing


def test_policies_of_a_page_are_compared_as_far_as_they_are_bounded() -> None:
    long = Policy(directives={"script-src": tuple(f"https://a{number}.com" for number in range(MOST_SOURCES - 1))})
    short, none = Policy(directives={"frame-src": ("https://a.com",)}), Policy(directives={"sandbox": ()})

    assert bounded([long, short, none, short]) == [long, short, none]
    assert bounded([short, long, long]) == [short, long]
