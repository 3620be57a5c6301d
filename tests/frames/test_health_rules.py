"""What is wrong with a frame in a page, by tables: what stands in it, and what is said first."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from frames.health_facts import WARNING, WRONG, Expected, Finding, Visit, finding, light_of
from frames.health_rules import diagnose
from frames.health_words import KEYS, UNKNOWN, sentence
from frames.kinds import KINDS
from frames.page_reading import read_markup
from frames.snippet import SANDBOX, Piece, lines_for

PAGE = "https://www.fjord.com/shop/"
SITE = "https://www.fjord.com"
SHOP = "https://shop.nord.com"
RAW = "https://nord.platform.com"
KEY, OTHER = "k3m9x2c7va", "aaaaaaaaaa"
SUM = "sha384-7MlYQqZBNV+/zmHaC8DlWhLDFuazhbAmMhmD6aCqPti6Xo9GUDSUNL6TpoQJ9qfl"
LINES = lines_for(Piece(shop=SHOP, kind=KINDS["domain-search"], title="Search", key=KEY), integrity=SUM)
BOTH = LINES.both
SRC = f"{SHOP}/frames/embed.v1.js"
ELEMENT = f'<shop-search frame="{KEY}"></shop-search>'
IFRAME = f"{SHOP}/frames/domain-search/{KEY}"
LONG = "<p>" + "words " * 60 + "</p>"


def expected(**other: Any) -> Expected:
    given = {"allowed": (SITE,), "sites": {SITE: True}, "others": {OTHER: "Prices"}, **other}
    return Expected(hosts=(SHOP, RAW), kind=KINDS["domain-search"], key=KEY, lines=LINES, integrity=SUM, **given)


def visited(body: str, *, url: str = PAGE, **other: Any) -> Visit:
    given: dict[str, Any] = {"status": 200, "content_type": "text/html; charset=utf-8", **other}
    return Visit(address=given.pop("address", url), final=url, page=read_markup(body, url), **given)


def keys(body: str, shop: Mapping[str, Any] | None = None, **other: Any) -> list[str]:
    return [each.key for each in diagnose(visited(body, **other), expected(**(shop or {})))]


def script(src: str = SRC, more: str = f'integrity="{SUM}" crossorigin="anonymous"') -> str:
    return f'<script src="{src}" {more} async></script>'


IN_THE_PAGE = [
    # All is well.
    (BOTH, []),
    (LINES.iframe, []),
    (f"{script(more='')}{ELEMENT}", []),
    (f"{script(src=RAW + '/frames/embed.v1.js')}{ELEMENT}", []),
    (f"{script()}{ELEMENT}<shop-cart></shop-cart>", []),
    (f'<base href="{SHOP}/x/">{script(src="/frames/embed.v1.js")}{ELEMENT}', []),
    (f"{script(src=SRC.removeprefix('https:'))}{ELEMENT}", []),
    (f"<SCRIPT SRC='{SRC}'></SCRIPT><SHOP-SEARCH FRAME={KEY}></SHOP-SEARCH>", []),
    (f"{script(more='type=module')}{ELEMENT}", []),
    (f'<iframe src="{SHOP}/pl/frames/domain-search/{KEY}#look=dark"></iframe>', []),
    # Nothing of ours, or not so that it counts.
    ("", ["missing"]),
    (LONG, ["missing"]),
    ('<div id="root"></div><script src="/app.js"></script>', ["built_by_script"]),
    (f'{LONG}<script>load("{SRC}")</script>', ["put_in_by_script"]),
    (f'<script>load("{SRC}")</script>{ELEMENT}', ["put_in_by_script"]),
    (LINES.link, ["only_link"]),
    (f"<noscript>{LINES.link}</noscript>{LONG}", ["only_link"]),
    (f"<p>&lt;script src=&quot;{SRC}&quot;&gt; &lt;shop-search&gt;</p>", ["as_text"]),
    (f"<!-- {BOTH} -->{LONG}", ["in_comment"]),
    (f"<!-- {BOTH} never closed", ["in_comment"]),
    (f"<template>{BOTH}</template>", ["asleep"]),
    (f"<template><template></template>{BOTH}</template>", ["asleep"]),
    (f"<noscript>{BOTH}</noscript>", ["asleep"]),
    (f"<textarea>{BOTH}</textarea>{LONG}", ["missing"]),
    (f"<style>{BOTH}</style>{LONG}", ["missing"]),
    (f"<title>{BOTH}</title>{LONG}", ["missing"]),
    (f"<script>'{ELEMENT}'</script>{LONG}", ["missing"]),
    (ELEMENT, ["script_missing"]),
    (f"<noscript>{script()}</noscript>{ELEMENT}", ["asleep"]),
    (script(), ["element_missing"]),
    (f'{script()}<shop-cart frame="{KEY}"></shop-cart>', ["wrong_element"]),
    (f"{script()}<shop-search></shop-search>", ["no_key"]),
    (f'{script()}<shop-search frame="{OTHER}"></shop-search>', ["other_frame"]),
    (f'{script()}<shop-search frame="zzzzzzzzzz"></shop-search>', ["unknown_frame"]),
    (f'<iframe src="{SHOP}/frames/whois"></iframe>', ["no_key"]),
    (f'<iframe src="{SHOP}/frames/whois/{OTHER}"></iframe>', ["other_frame"]),
    (f'<iframe src="{SHOP}/cart"></iframe>', ["ordinary_page"]),
    # Another shop's.
    (script(src="https://evil.com/frames/embed.v1.js"), ["other_shop"]),
    ('<script src="https://a.com/frames/embed.v1.js"></script><shop-cart frame="a"></shop-cart>', ["other_shop"]),
    ('<iframe src="https://a.com/frames/whois/bbbbbbbbbb"></iframe>', ["other_shop"]),
    (f"{script(src='https://a.com/frames/embed.v1.js')}{ELEMENT}", ["other_shop"]),
    # The script.
    (f"{script(src=SHOP + '/frames/embed.v2.js')}{ELEMENT}", ["old_version"]),
    (f"{script(src=SHOP + '/frames/embed.js')}{ELEMENT}", ["old_version"]),
    (f"{script(more='integrity=sha384-AAAA crossorigin')}{ELEMENT}", ["wrong_integrity"]),
    (f"{script(more=f'integrity={SUM}')}{ELEMENT}", ["no_crossorigin"]),
    (f"{script(more='type=text/plain data-category=marketing')}{ELEMENT}", ["held_back"]),
    (f'<script data-rocket-src="{SRC}"></script>{ELEMENT}', ["held_back"]),
    (f"{script(src=SRC.replace('https', 'http'))}{ELEMENT}", ["mixed_script"]),
    (f'<iframe src="{IFRAME.replace("https", "http")}"></iframe>', ["mixed_frame"]),
    (f'{script()}<shop-search frame="{KEY}" shop="http://shop.nord.com"></shop-search>', ["mixed_shop"]),
    (f"{BOTH}{script()}", ["two_scripts"]),
    (f"{BOTH}{ELEMENT}", ["two_frames"]),
    (f"{BOTH}{BOTH}", ["two_scripts", "two_frames"]),
    (f"{BOTH}{LINES.iframe}", ["two_frames"]),
    # A sandbox.
    (f'<iframe src="{IFRAME}" sandbox="{SANDBOX}"></iframe>', []),
    (f'<iframe src="{IFRAME}" sandbox="ALLOW-TOP-NAVIGATION {SANDBOX}"></iframe>', []),
    (f'<iframe src="{IFRAME}" sandbox></iframe>', ["sandbox"]),
    (f'<iframe src="{IFRAME}" sandbox="allow-scripts allow-same-origin"></iframe>', ["sandbox"]),
    (f'<iframe srcdoc="{BOTH.replace(chr(34), "&quot;")}"></iframe>', []),
    (f'<iframe sandbox="allow-scripts" srcdoc="{BOTH.replace(chr(34), "&quot;")}"></iframe>', ["inside_frame"]),
]


@pytest.mark.parametrize(("body", "found"), IN_THE_PAGE)
def test_what_stands_in_the_page(body: str, found: list[str]) -> None:
    assert keys(body) == found


IN_THE_HEADERS = [
    ("script-src 'self'", ["policy_script"]),
    ("default-src 'self'", ["policy_script", "policy_frame", "policy_style"]),
    ("frame-src 'none'", ["policy_frame"]),
    ("child-src 'self'", ["policy_frame"]),
    (f"script-src {SHOP}; frame-src {SHOP}; style-src 'unsafe-inline'", []),
    ("script-src https:; frame-src *", []),
    (f"script-src 'nonce-abc' 'strict-dynamic' {SHOP}", ["policy_script_sum"]),
    (f"script-src '{SUM}' 'strict-dynamic'", []),
    ("style-src 'self'", ["policy_style"]),
    ("img-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'", []),
    ("sandbox allow-scripts", ["page_sandbox"]),
    (f"sandbox {SANDBOX}", []),
    ("sandbox " + SANDBOX.replace("allow-popups-to-escape-sandbox", ""), ["page_sandbox"]),
    ("frame-src 'self', frame-src 'none'", ["policy_frame", "policy_frame"]),
]


@pytest.mark.parametrize(("header", "found"), IN_THE_HEADERS)
def test_what_the_page_forbids_itself(header: str, found: list[str]) -> None:
    assert keys(BOTH, policies=[header]) == found


def test_policy_of_a_meta_element_counts_and_its_line_is_given() -> None:
    body = f"<meta http-equiv='Content-Security-Policy' content=\"script-src 'self'; sandbox\">{BOTH}"

    found = diagnose(visited(body), expected())

    assert [(each.key, each.facts, each.line) for each in found] == [
        ("policy_script", {"where": "meta"}, f"script-src 'self' {SHOP}")
    ]


def test_plain_iframe_needs_no_script_of_the_page() -> None:
    assert keys(LINES.iframe, policies=["script-src 'none'"]) == []


def test_policy_that_upgrades_makes_an_old_address_good() -> None:
    body = f"{script(src=SRC.replace('https', 'http'))}{ELEMENT}"

    assert keys(body, policies=["upgrade-insecure-requests"]) == []


@pytest.mark.parametrize(("value", "found"), [("require-corp", ["isolated"]), ("unsafe-none", []), ("", [])])
def test_page_that_is_isolated_shows_no_frames(value: str, found: list[str]) -> None:
    assert keys(BOTH, isolation=value) == found


CAME = [
    ({"trouble": "no_answer"}, "no_answer"),
    ({"trouble": "not_allowed"}, "not_allowed"),
    ({"trouble": "bad_certificate"}, "bad_certificate"),
    ({"trouble": "circle"}, "circle"),
    ({"trouble": "packed"}, "packed"),
    ({"status": 401}, "turned_away"),
    ({"status": 403}, "turned_away"),
    ({"status": 404}, "not_there"),
    ({"status": 410}, "not_there"),
    ({"status": 500}, "error"),
    ({"status": 503}, "error"),
    ({"status": 429}, "error"),
    ({"status": 304}, "error"),
    ({"content_type": "application/pdf"}, "no_page"),
    ({"content_type": "application/json; charset=utf-8"}, "no_page"),
]


@pytest.mark.parametrize(("came", "key"), CAME)
def test_what_never_came_is_the_only_thing_said(came: dict[str, Any], key: str) -> None:
    assert keys("", **came) == [key]


def test_page_without_a_type_and_xhtml_are_pages() -> None:
    assert keys(BOTH, content_type="") == keys(BOTH, content_type="application/xhtml+xml") == []


def test_sign_in_instead_of_the_page_is_told_from_missing_lines() -> None:
    login = '<form><input name="user"><input type="password"></form>'

    assert keys(login) == ["sign_in"]
    assert keys(f"{login}{BOTH}") == []


ORIGINS = [
    ({"allowed": (), "sites": {}}, {}, ["not_named"]),
    ({"allowed": (), "sites": {SITE: False}}, {}, ["not_proven"]),
    ({"allowed": ("https://a.com",), "sites": {SITE: True}}, {}, ["elsewhere"]),
    ({}, {"address": "https://fjord.com/", "url": "https://www.fjord.com/"}, []),
    ({}, {"address": PAGE, "url": "https://other.com/"}, ["moved"]),
    ({}, {"url": "http://www.fjord.com/shop/"}, ["not_encrypted"]),
    ({"allowed": (), "sites": {}}, {"url": "http://www.fjord.com/shop/"}, ["not_encrypted", "not_named"]),
    ({"allowed": (), "sites": {}}, {"url": "http://www.site.localhost:8000/"}, ["not_named"]),
    ({"allowed": ("http://www.fjord.com",)}, {"url": "http://www.fjord.com/shop/"}, []),
    ({}, {"url": f"{SHOP}/about"}, ["same_address"]),
    ({}, {"url": f"{RAW}/about"}, []),
    ({}, {"url": "https://www.fjord.com:8443/"}, ["not_named"]),
    ({"is_open": False}, {}, ["closed"]),
]


@pytest.mark.parametrize(("shop", "visit", "found"), ORIGINS)
def test_where_the_page_is(shop: dict[str, Any], visit: dict[str, Any], found: list[str]) -> None:
    assert keys(BOTH, shop, **visit) == found


def test_what_is_wrong_comes_before_what_could_be_better_and_all_is_said() -> None:
    body = f"{script(src=SHOP + '/frames/embed.v0.js', more='')}{LINES.element}{ELEMENT}"

    found = diagnose(visited(body, policies=["default-src 'self'"]), expected(allowed=(), sites={}))

    assert [each.key for each in found] == [
        "not_named", "old_version", "policy_script", "policy_frame", "policy_style", "two_frames"
    ]  # fmt: skip
    assert [each.light for each in found] == [WRONG] * 4 + [WARNING] * 2
    assert light_of([each.as_row() for each in found]) == WRONG


def test_missing_lines_still_say_that_the_site_is_none() -> None:
    assert keys(LONG, {"allowed": (), "sites": {}}) == ["missing", "not_named"]


LINE_OF = [
    ("missing", LONG, BOTH),
    ("script_missing", ELEMENT, LINES.script),
    ("element_missing", script(), LINES.element),
    ("old_version", f"{script(src=SHOP + '/frames/embed.v9.js')}{ELEMENT}", LINES.script),
    ("ordinary_page", f'<iframe src="{SHOP}/cart"></iframe>', LINES.iframe),
    ("sandbox", f'<iframe src="{IFRAME}" sandbox=""></iframe>', f'sandbox="{SANDBOX}"'),
]


@pytest.mark.parametrize(("key", "body", "line"), LINE_OF)
def test_the_very_line_is_given(key: str, body: str, line: str) -> None:
    found = diagnose(visited(body), expected())

    assert [(each.key, each.line) for each in found] == [(key, line)]


def test_sandbox_says_what_it_lacks() -> None:
    body = f'<iframe src="{IFRAME}" sandbox="{SANDBOX.replace("allow-forms ", "")}"></iframe>'

    assert diagnose(visited(body), expected())[0].facts == {"missing": "allow-forms"}


def test_every_finding_has_one_sentence() -> None:
    facts = dict.fromkeys(
        ("where", "missing", "status", "type", "place", "tag", "wanted", "host", "name", "key", "path", "version", "by",
         "site"),
        "x",
    )  # fmt: skip

    said = {key: str(sentence(key, facts)) for key in KEYS}

    assert all(words.endswith(".") and words.count(". ") == 0 for words in said.values())
    assert len(set(said.values())) == len(KEYS)
    assert sentence("of_an_older_version", {}) == sentence("sandbox", {}) == UNKNOWN


def test_all_findings_of_the_tables_have_words() -> None:
    tables = [found for _case, found in IN_THE_PAGE + IN_THE_HEADERS] + [found for *_case, found in ORIGINS]

    assert {key for found in tables for key in found} | {key for _came, key in CAME} <= KEYS


def test_what_a_page_says_of_itself_is_cut_short_and_shows() -> None:
    made = finding("other_shop", host="a\x00\x1b[31m\u202e" + "b" * 1_000)

    assert made == Finding(key="other_shop", facts={"host": "a[31m" + "b" * 192})


PLAIN = lines_for(Piece(shop=SHOP, kind=KINDS["domain-search"], title="Search"), integrity=SUM)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (PLAIN.both, []),
        (PLAIN.iframe, []),
        # Windows of other kinds stand beside it.
        (f"{PLAIN.both}<shop-cart></shop-cart><iframe src='{SHOP}/frames/cart'></iframe>", []),
        (f"{script()}<shop-cart></shop-cart>", ["element_missing"]),
        (f"<iframe src='{SHOP}/frames/cart'></iframe>{LONG}", ["missing"]),
        (f'{script()}<shop-search frame="{OTHER}"></shop-search>', ["other_frame"]),
        (f'<iframe src="{SHOP}/frames/domain-search/zzzzzzzzzz"></iframe>', ["unknown_frame"]),
        (f'<a href="{SHOP}/frames/domain-search">Search</a>{LONG}', ["only_link"]),
        (f'<a href="{SHOP}/frames/cart">Cart</a>{LONG}', ["missing"]),
        (PLAIN.element, ["script_missing"]),
    ],
)
def test_window_that_nobody_made_is_known_by_its_kind(body: str, wanted: list[str]) -> None:
    shop = replace(expected(), key="", lines=PLAIN)

    assert [each.key for each in diagnose(visited(body), shop)] == wanted
