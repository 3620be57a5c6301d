"""Pages of others are read once from beginning to end, whatever is in them."""

import time

import pytest

from frames.page_reading import MOST_BYTES, PageFacts, decoded, read_markup, read_page, window_in

PAGE = "https://www.fjord.com/shop/"
LINES = '<script src="https://shop.nord.com/frames/embed.v1.js"></script><shop-search frame="k3m9x2c7va"></shop-search>'
SIZE = MOST_BYTES // 8


def holds(page: PageFacts) -> bool:
    return bool(page.scripts and page.elements and not page.scripts[0].place)


@pytest.mark.parametrize(
    ("content", "content_type", "text"),
    [
        (b"caf\xc3\xa9", "text/html; charset=utf-8", "café"),
        (b"caf\xe9", "text/html; charset=ISO-8859-1", "café"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "text/html; charset=iso-8859-1", "café"),
        ("café".encode("utf-16"), "text/html", "café"),
        (b"\xfe\xff" + "café".encode("utf-16-be"), "text/html", "café"),
        (b"<meta charset=windows-1250>\xbfubr", "text/html", "<meta charset=windows-1250>żubr"),
        (b"<meta http-equiv=x content='text/html; charset=koi8-r'>\xd2", "", None),
        (b"caf\xe9", "text/html", "caf\ufffd"),
        (b"x", "text/html; charset=rot13", "x"),
        (b"x", "text/html; charset=zip", "x"),
        (b"x", "text/html; charset=idna", "x"),
        (b"x", "text/html; charset=../../etc/passwd", "x"),
        (b"x", "text/html; charset=unicode_escape", "x"),
        (b"<meta charset=utf-16>x", "text/html", "<meta charset=utf-16>x"),
        (b"x", "text/html; charset=iso-8859-99", "x"),
        (b"\x00\xff\xfe<", "text/html", None),
    ],
)
def test_text_of_a_page(content: bytes, content_type: str, text: str | None) -> None:
    found = decoded(content, content_type)

    assert text is None or found == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "koi8-r", "shift_jis", "gb18030"])
def test_lines_are_found_in_every_encoding(encoding: str) -> None:
    page = read_page(f"<html><body>{LINES}".encode(encoding), f"text/html; charset={encoding}", PAGE)

    assert holds(page)


@pytest.mark.parametrize(
    ("before", "is_found"),
    [
        ("", True),
        ("<", True),
        ("< script>", True),
        ("a < b > c <3 ", True),
        ("<!doctype html>", True),
        ("<?php echo 1 ?>", True),
        ("</>", True),
        ("<!-->", False),
        ("<!-- a -- > b -->", True),
        ("<p title='<script>'>", True),
        ('<p title="</p>" a=b c = "d" / e>', True),
        ("<p title='never closed>", False),
        ("<script>'</scr' + 'ipt>'</script>", True),
        ("<script>document.write('<script>')</script >", True),
        ("<script>never closed ", False),
        ("<xmp>", False),
        ("<plaintext>", False),
        ("<svg><title></title></svg>", True),
        ("<a" + " b" * 900 + ">", True),
        ("".join(f"<a{n} b{n}" for n in range(400)) + ">", True),
        ("<a " + "=" * 200 + ">", True),
        ("<p\x00q>\x00", True),
        ("<É>", True),
        ("<div/><br/>", True),
        ("<iframe>", False),
    ],
)
def test_odd_markup_before_the_lines(before: str, is_found: bool) -> None:
    assert holds(read_markup(before + LINES, PAGE)) is is_found


BOMBS = {
    "tags": "<b>" * (SIZE // 3),
    "nested": "<div><template>" * (SIZE // 15),
    "comments": "<!--" * (SIZE // 4),
    "closed comments": "<!---->" * (SIZE // 7),
    "openings": "<" * SIZE,
    "ends": "</" * (SIZE // 2),
    "declarations": "<!" * (SIZE // 2),
    "quotes": "<a b='" * (SIZE // 6),
    "attributes": "<a " + "b=c " * (SIZE // 4),
    "equals": "<a " + "= " * (SIZE // 2),
    "slashes": "<a " + "/" * (SIZE - 3),
    "scripts": "<script>" * (SIZE // 8),
    "closed scripts": "<script></script>" * (SIZE // 17),
    "half ends": "<script>" + "</script" * (SIZE // 8),
    "titles": "<title></title" * (SIZE // 14),
    "noscripts": "<noscript>" * (SIZE // 10),
    "srcdoc": "<iframe srcdoc='" + "<iframe srcdoc=" * (SIZE // 15),
    "entities": "<a href='" + "&amp;" * (SIZE // 5),
    "entities of text": "&lt;script" * (SIZE // 10),
    "spaces": "<a href=" + " " * SIZE,
    "zeros": "\x00" * SIZE,
    "one word": "<" + "a" * SIZE,
    "policies": "<meta http-equiv=content-security-policy content='" + "a b;" * (SIZE // 4) + "'>",
    "many policies": "<meta http-equiv=content-security-policy content='script-src a'>" * (SIZE // 64),
    "lines as text": "&lt;script/frames/embed.js" * (SIZE // 25),
    "elements": "<shop-search frame=a>" * (SIZE // 21),
    "kept apart": "<noscript><iframe src=/frames/cart></iframe></noscript>" * (SIZE // 55),
}


@pytest.mark.parametrize("times", [1, pytest.param(8, marks=pytest.mark.proof)])
@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_read_in_a_moment(name: str, times: int) -> None:
    begun = time.process_time()

    found = read_page(BOMBS[name].encode() * times, "text/html", PAGE)

    assert time.process_time() - begun < 5
    assert len(found.elements) <= 50
    assert len(found.policies) <= 50
    assert len(found.iframes) <= 50


def test_page_of_five_megabytes_is_read_to_its_limit() -> None:
    content = LINES.encode() + b"<p>x</p>" * (5 * 1024 * 1024 // 8)

    early, late = read_page(content, "text/html", PAGE), read_page(content[::-1] + LINES.encode(), "text/html", PAGE)

    assert (holds(early), early.is_cut) == (True, True)
    assert (holds(late), late.is_cut) == (False, True)


def test_parts_are_noted_with_what_they_say() -> None:
    page = read_markup(
        '<script src="/frames/embed.v3.js?x=1" integrity=" sha384-a " crossorigin nonce="&#110;1"></script>'
        '<shop-cart FRAME="a" shop="https://a.com" style="x"></shop-cart>'
        '<iframe src="https://a.com/pl/frames/whois/bbbbbbbbbb?x#y" sandbox="ALLOW-forms"></iframe>'
        '<iframe data-src="//b.com/x"></iframe><input type=PASSWORD>',
        "http://a.com/",
    )

    script, element = page.scripts[0], page.elements[0]
    assert (script.url, script.version, script.integrity) == ("http://a.com/frames/embed.v3.js?x=1", 3, "sha384-a")
    assert (script.has_crossorigin, script.nonce) == (True, "n1")
    assert (element.tag, element.key, element.shop, element.has_style) == ("shop-cart", "a", "https://a.com", True)
    assert [(each.url, each.sandbox) for each in page.iframes] == [
        ("https://a.com/pl/frames/whois/bbbbbbbbbb?x#y", ("allow-forms",)), ("http://b.com/x", None)
    ]  # fmt: skip
    assert page.iframes[0].window == ("whois", "bbbbbbbbbb")
    assert page.has_password


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//[", "https://a:b/frames/embed.v1.js"]
)
def test_address_that_is_none_is_passed_over(address: str) -> None:
    page = read_markup(f'<script src="{address}"></script><iframe src="{address}"></iframe><a href="{address}">', PAGE)

    assert (page.scripts, page.iframes, page.links) == ((), (), ())


@pytest.mark.parametrize(
    ("url", "window"),
    [
        ("https://a.com/frames/whois", ("whois", "")),
        ("https://a.com/frames/whois/", ("whois", "")),
        ("https://a.com/de/frames/order/k3m9x2c7va", ("order", "k3m9x2c7va")),
        ("https://a.com/frames/embed.v1.js", ("", "")),
        ("https://a.com/frames/nothing", ("", "")),
        ("https://a.com/x/frames/whois", ("", "")),
        ("https://a.com/", ("", "")),
    ],
)
def test_window_of_an_address(url: str, window: tuple[str, str]) -> None:
    assert window_in(url) == window
