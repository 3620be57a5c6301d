"""What the editor of WordPress wrote becomes blocks of ours: one case for each of its blocks, and the broken ones."""

import json
import time
from typing import Any

import pytest

from cms.arrivals import Notes
from cms.blocks import block_from
from cms.page_checks import Words, problems_of
from cms.wxr_blocks import Sources, blocks_of
from cms.wxr_markup import table_rows
from cms.wxr_tree import tree_of

FILM = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
SOURCES = Sources(by_id={"7": "f1", "8": "f2", "9": "f3"}, by_address={"/up/a.jpg": "f1"}, papers=frozenset({"f3"}))


def written(content: str) -> list[dict[str, Any]]:
    return blocks_of(content, SOURCES, Notes(), "here")


def noted(content: str) -> list[tuple[str, str]]:
    notes = Notes()
    blocks_of(content, SOURCES, notes, "here")
    return [(each.what, each.detail) for each in notes.remarks]


def wp(name: str, inside: str = "", **attributes: object) -> str:
    said = f" {json.dumps(attributes)}" if attributes else ""
    return f"<!-- wp:{name}{said} -->{inside}<!-- /wp:{name} -->" if inside else f"<!-- wp:{name}{said} /-->"


CASES: list[tuple[str, list[dict[str, Any]]]] = [
    (wp("paragraph", "<p>One</p>") + "\n\n" + wp("heading", "<h2>Two</h2>"), [{"kind": "rich_text"}]),
    (wp("quote", wp("paragraph", "<p>Said</p>")), [{"kind": "rich_text", "html": "<p>Said</p>"}]),
    (wp("list", f"<ul>{wp('list-item', '<li>x</li>')}</ul>"), [{"kind": "rich_text", "html": "<ul><li>x</li></ul>"}]),
    (wp("image", '<img src="x">', id=7), [{"kind": "image", "picture": "f1", "size": "m"}]),
    (wp("image", '<img src="/up/a.jpg"><figcaption>C <b>d</b></figcaption>'), [{"kind": "image", "caption": "C d"}]),
    (wp("gallery", wp("image", "<img>", id=7) + wp("image", "<img>", id=8)), [
        {"kind": "gallery", "pictures": [{"picture": "f1", "caption": ""}, {"picture": "f2", "caption": ""}]}]),
    (wp("gallery", '<img data-id="7" src="a"><img src="b">', ids=[7, 8]), [{"kind": "gallery"}]),
    (wp("columns", wp("column", "<p>a</p>") + wp("column", wp("paragraph", "<p>b</p>"))), [
        {"kind": "columns", "columns": [{"title": "", "html": "<p>a</p>"}, {"title": "", "html": "<p>b</p>"}]}]),
    (wp("columns", wp("column", "<p>a</p>") * 4), [{"kind": "rich_text", "html": "<p>a</p>" * 4}]),
    (wp("columns", wp("column", wp("image", "<img>", id=7)) + wp("column", "<p>b</p>")), [
        {"kind": "image"}, {"kind": "rich_text"}]),
    (wp("buttons", wp("button", '<a href="/x">Go</a>')), [
        {"kind": "call_to_action", "title": "Go", "button": "Go", "url": "/x"}]),
    (wp("table", "<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>"), [
        {"kind": "raw_table", "text": "A\n1", "has_head": True, "has_side": False}]),
    (wp("table", '<table><tr><td colspan="2">A</td></tr></table>'), [{"kind": "rich_text"}]),
    (wp("separator", "<hr>"), [{"kind": "divider", "look": "line"}]),
    (wp("cover", wp("heading", "<h1>Hi</h1>") + wp("paragraph", "<p>you</p>"), id=7), [
        {"kind": "hero", "title": "Hi", "text": "you", "search": False}, {"kind": "image", "picture": "f1"}]),
    (wp("file", '<a href="/up/p.pdf">Paper</a>', id=9), [
        {"kind": "downloads", "files": [{"file": "f3", "label": "Paper", "about": ""}]}]),
    (wp("embed", "x", url=FILM, providerNameSlug="youtube"), [{"kind": "embed", "address": FILM}]),
    (wp("core-embed/youtube", FILM), [{"kind": "embed", "address": FILM}]),
    (wp("html", f'<iframe src="{FILM}"></iframe>'), [{"kind": "embed", "address": FILM}]),
    (wp("details", "<details><summary>Q</summary><p>A</p></details>") * 2, [
        {"kind": "faq", "questions": [{"question": "Q", "answer": "<p>A</p>"}] * 2}]),
    (wp("group", wp("group", "<p>deep</p>")), [{"kind": "rich_text", "html": "<p>deep</p>"}]),
    (wp("media-text", wp("paragraph", "<p>t</p>") + '<img src="/up/a.jpg">'), [
        {"kind": "image"}, {"kind": "rich_text"}]),
    (wp("spacer") + wp("paragraph", "<p>x</p>"), [{"kind": "rich_text"}]),
    ('One\ntwo\n\nThree [gallery ids="7,8"] four', [{"kind": "rich_text"}, {"kind": "gallery"}, {"kind": "rich_text"}]),
    ('[caption id="attachment_7"]<img src="q" class="wp-image-7"/> Said[/caption]', [
        {"kind": "image", "picture": "f1", "caption": "Said"}]),
    (f"[embed]{FILM}[/embed]", [{"kind": "embed"}]),
    ("Somebody [sic] said [1].", [{"kind": "rich_text", "html": "<p>Somebody [sic] said [1].</p>"}]),
    ("<p>a</p><!--more--><p>b</p>", [{"kind": "rich_text", "html": "<p>a</p><p>b</p>"}]),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(CASES)))
def test_block_becomes_one_of_ours(number: int) -> None:
    content, wanted = CASES[number]

    blocks = written(content)

    assert [{name: block.get(name) for name in want} for block, want in zip(blocks, wanted, strict=True)] == wanted
    kept = [block_from(block).to_json() for block in blocks]
    assert problems_of(Words(title="x"), kept) == []


@pytest.mark.parametrize(
    ("content", "what", "detail"),
    [
        ("[ninja_form id=1]", "shortcode", "[ninja_form id=1]"),
        (wp("yoast/faq-block", "<p>x</p>"), "plugin", "yoast/faq-block"),
        (wp("embed", "x", url="https://evil.example/v"), "embed", "https://evil.example/v"),
        (wp("image", '<img src="https://else.example/b.jpg">'), "picture", "https://else.example/b.jpg"),
        (wp("button", '<a href="javascript:alert(1)">Go</a>'), "link", "Go: javascript:alert(1)"),
        (wp("video", '<video src="/a.mp4"></video>'), "kind", "video /a.mp4"),
        (wp("file", '<a href="/a.exe">x</a>'), "file", "/a.exe"),
        ("<form action='/x'><input></form>", "form", ""),
        ("<script>alert(1)</script>", "html", "<script>"),
    ],
)
def test_what_has_no_place_is_named(content: str, what: str, detail: str) -> None:
    assert (what, detail) in noted(content)


@pytest.mark.parametrize(
    "content",
    [
        "<!-- wp:paragraph --><p>never closed",
        "<!-- /wp:group --><p>never opened</p>",
        "<!-- wp:group --><!-- wp:columns --><p>x</p><!-- /wp:group -->",
        "<!-- wp:image {not json} --><p>x</p><!-- /wp:image -->",
        '<!-- wp:gallery {"ids":"7"} /--><p>x</p>',
        "<!-- wp:" + "a" * 100_000 + " --><p>x</p>",
        "<p>x</p><!-- wp:paragraph",
    ],
)
def test_broken_markup_is_read_as_far_as_it_goes(content: str) -> None:
    for block in written(content):
        block_from(block)


@pytest.mark.parametrize(
    "piece",
    [
        "<!-- wp:group -->", "<!-- wp:x {", "<!--", "[caption]", "[caption", "[embed]", "<img ", "<iframe src=", "[a ",
        "<table><tr><td>", "<summary>", "[gallery ids=", "<!-- /wp:group -->", 'href="', "<a href='",
    ],
)  # fmt: skip
def test_hostile_markup_takes_no_time_and_no_stack(piece: str) -> None:
    begun = time.process_time()

    blocks = written(piece * (15_000 // len(piece)))

    assert len(blocks) < 1_000
    assert time.process_time() - begun < 20


def test_tree_is_flat_where_it_would_be_too_deep() -> None:
    depth, node = 0, tree_of("<!-- wp:group -->" * 5_000)
    while node.blocks():
        node, depth = node.blocks()[0], depth + 1

    assert depth <= 41


def test_table_with_bars_in_it_is_no_table_of_ours() -> None:
    assert table_rows("<table><tr><td>a|b</td></tr></table>") == ([], False)
