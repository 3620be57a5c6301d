"""The lines a reseller pastes: what they say, that nothing breaks out of them, and where they are refused."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from frames.kinds import KINDS
from frames.snippet import (
    HEIGHTS,
    Lines,
    Piece,
    contact_heights,
    first_height,
    integrity_of,
    lines_for,
    propose_host,
    room,
)
from storefront.core.errors import Refused

SHOP = "https://shop.example.com"
PAGE = "https://www.example.com"
SUM = integrity_of(b"alert(1)")
HOSTILE = "\"><script>alert(1)</script><x a='&amp;"


class Reader(HTMLParser):
    """Reads lines as a browser does: names of elements, their attributes, and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data)


def made(kind: str = "domain-search", **values: object) -> Lines:
    given: dict[str, object] = {"shop": SHOP, "kind": KINDS[kind], "title": "Search", "key": "0123456789", **values}
    return lines_for(Piece(**given), integrity=SUM, pages=[PAGE])  # type: ignore[arg-type]  # what each test names


@pytest.mark.parametrize("kind", KINDS)
def test_three_ways_of_every_kind(kind: str) -> None:
    lines = made(kind)

    address = f"{SHOP}/frames/{kind}/0123456789"
    script, element, iframe, link = (
        Reader(each).found[at]
        for each, at in ((lines.script, 0), (lines.element, 0), (lines.iframe, 1), (lines.link, 0))
    )
    assert script == (
        "script",
        {"src": f"{SHOP}/frames/embed.v1.js", "integrity": SUM, "crossorigin": "anonymous", "async": None},
    )
    assert (element[0], element[1]["frame"]) == (KINDS[kind].element, "0123456789")
    assert Reader(lines.element).found[1] == (
        "a",
        {
            "href": address,
            "style": f"display:block;box-sizing:border-box;height:24px;margin-bottom:{room(HEIGHTS[kind], 24)}",
        },
    )
    assert Reader(lines.iframe).found[0] == ("div", {"style": f"position:relative;padding-top:{room(HEIGHTS[kind])}"})
    assert (iframe[0], iframe[1]["src"], iframe[1]["referrerpolicy"]) == ("iframe", address, "strict-origin")
    assert link == ("a", {"href": address})
    assert ">Search</a>" in lines.element


def test_a_plain_iframe_is_the_measured_one() -> None:
    iframe = Reader(made(scheme="dark").iframe).found[1][1]

    assert iframe["style"] == "position:absolute;inset:0;width:100%;height:100%;border:0;color-scheme:dark"
    assert "color-scheme" not in made().iframe
    assert iframe["allow"] == ""
    assert iframe["loading"] == "lazy"
    assert (iframe["sandbox"] or "").split() == [
        "allow-forms",
        "allow-scripts",
        "allow-same-origin",
        "allow-popups",
        "allow-popups-to-escape-sandbox",
        "allow-top-navigation-by-user-activation",
    ]


def test_nothing_breaks_out_of_the_lines() -> None:
    besides = {"look": HOSTILE, "email": HOSTILE, "campaign": HOSTILE, "onload": "alert(1)"}

    lines = made(title=HOSTILE, besides=besides)

    for text in (lines.element, lines.iframe, lines.link):
        read = Reader(text)
        assert {tag for tag, _attributes in read.found} <= {"shop-search", "a", "div", "iframe", "noscript"}
        assert not any(name.startswith("on") for _tag, attributes in read.found for name in attributes)
        assert read.texts == [HOSTILE]
    assert Reader(lines.element).found[0][1]["email"] == HOSTILE


def test_prefilled_values_of_a_plain_iframe_travel_in_its_fragment() -> None:
    address = Reader(made(besides={"email": "a&b@example.com", "look": "dark"}).iframe).found[1][1]["src"] or ""

    assert address == f"{SHOP}/frames/domain-search/0123456789#look=dark&email=a%26b%40example.com"


def test_the_language_is_a_prefix_and_an_attribute() -> None:
    lines = made(locale="pl", key="")

    assert f"{SHOP}/pl/frames/domain-search" in lines.link
    assert Reader(lines.element).found[0][1]["lang"] == "pl"
    assert "frame" not in Reader(lines.element).found[0][1]


def test_a_page_of_the_same_origin_gets_no_lines() -> None:
    with pytest.raises(Refused) as no:
        made(shop=PAGE)

    assert no.value.field == "host"


@pytest.mark.parametrize(
    ("shop", "pages", "proposed"),
    [
        ((SHOP, "https://x.platform.example"), (PAGE,), SHOP),
        (("https://x.platform.test", SHOP), (PAGE,), SHOP),
        (("https://x.platform.test", SHOP), ("https://other.org",), "https://x.platform.test"),
        ((PAGE, SHOP), (PAGE,), SHOP),
        ((PAGE, "https://x.platform.test"), (PAGE,), "https://x.platform.test"),
        ((PAGE,), (PAGE,), PAGE),
        ((SHOP,), (), SHOP),
        # Under one public suffix strangers are neighbours.
        (("https://a.co.uk", "https://x.platform.test"), ("https://b.co.uk",), "https://a.co.uk"),
        (("https://x.platform.test", "https://a.co.uk"), ("https://b.co.uk",), "https://x.platform.test"),
    ],
)
def test_the_proposed_host_shares_the_domain_with_the_page(
    shop: tuple[str, ...], pages: tuple[str, ...], proposed: str
) -> None:
    assert propose_host(shop, pages) == proposed


def test_the_room_kept_is_the_scripts() -> None:
    script = (Path(__file__).resolve().parents[2] / "frames" / "static" / "embed.v1.js").read_text(encoding="utf-8")

    assert [kind for kind, heights in HEIGHTS.items() if f'["{kind}", {list(heights)}, ' not in script] == []


def test_the_room_follows_the_width_around_it() -> None:
    assert [first_height("order", width) for width in (280, 399, 400, 599, 600, 1200)] == [334, 334, 290, 290, 215, 215]
    assert room(HEIGHTS["order"], 24) == "max(191px,min(266px,(600px - 100%)*999),min(310px,(400px - 100%)*999))"


WORDS = "Please name the domain or the number of the order it is about. " * 7
FORM = {"title": "Ask us", "text": "", "topics": [], "asks_phone": False, "consent": "I agree.", "button": ""}
# What windows were as high as in Chromium, by their width.
MEASURED = [
    ({}, {280: 487, 360: 495, 575: 496, 576: 409, 1280: 410}),
    ({"topics": ["A", "B"]}, {280: 574, 360: 582, 575: 583, 576: 496, 1280: 498}),
    ({"topics": ["A", "B"], "asks_phone": True}, {280: 661, 360: 670, 575: 671, 576: 496, 1280: 498}),
    ({"text": WORDS[:200]}, {280: 677, 328: 677, 360: 660, 400: 635, 576: 524, 960: 476}),
    ({"text": WORDS[:400]}, {280: 825, 328: 825, 360: 784, 400: 759, 576: 598, 960: 525}),
    ({"consent": WORDS[:300]}, {280: 785, 328: 710, 360: 718, 400: 669, 576: 508, 960: 460}),
    ({"title": "A very long title of a form " * 3}, {280: 559, 328: 535, 400: 544, 576: 434, 960: 437}),
    (
        {"button": "Send these words of mine to the shop and wait for an answer"},
        {280: 515, 400: 504, 576: 418, 960: 410},
    ),
    (None, {280: 199, 360: 207, 500: 171, 1280: 173}),
]


@pytest.mark.parametrize(("more", "measured"), MEASURED)
def test_the_room_of_a_contact_window_is_what_its_words_need(
    more: dict[str, object] | None, measured: dict[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    heights = contact_heights(None if more is None else {**FORM, **more}, has_phone=False)
    monkeypatch.setitem(HEIGHTS, "contact", heights)

    left = {width: first_height("contact", width) - height for width, height in measured.items()}

    assert {width: room for width, room in left.items() if not 0 <= room <= 75} == {}
    assert room(heights) in made("contact", heights=heights).iframe


def test_a_telephone_number_needs_room_too() -> None:
    # 206 pixels where it is wide, 269 on a telephone.
    assert contact_heights(None, has_phone=True) == (208, 500, 272)
