"""Rich text is safe and in one shape, whoever wrote it."""

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import strategies as st

from cms.sanitize import OTHERS, TAGS, clean, plain, safe
from tests.laws import law

PASTED = tomllib.loads((Path(__file__).parent / "pasted.toml").read_text(encoding="utf-8"))["case"]
# Whatever makes a reader of markup stumble: tags that are not ours too, addresses, styles, spaces of all kinds.
STRANGE = ("script", "svg", "math", "mi", "style", "button", "form", "select", "option", "textarea", "template", "xmp",
           "noembed", "foreignObject", "annotation-xml", "input", "img", "marquee", "plaintext")  # fmt: skip
STYLES = ("font-weight:700", "font-weight:normal", "font-style:italic", "mso-list:l0 level2 lfo1", "mso-list:Ignore",
          "display:none", "text-decoration:underline", "vertical-align:super")  # fmt: skip
ADDRESSES = ("https://x.test/", "/a&#13;b", "//q", "mailto:a@b", "https://www.google.com/url?q=javascript:x", " /s ",
             "javascript:1", "java&#1;script:a", "#here", "http://[", "")  # fmt: skip
WORDS = ("a", " ", "\n", "  ", "\u00a0", "x y", "&amp;lt;", "<", "&#13;", "\r", "\n\n", "&nbsp;", "\ufeff", "&", "\t",
         "<!--x-->", "]]>", "\x00", "\ud800", "é")  # fmt: skip
TAG = st.sampled_from(sorted({*TAGS, *OTHERS, *STRANGE}))
OPENED = st.one_of(
    TAG.map("<{}>".format),
    st.tuples(TAG, st.sampled_from(STYLES)).map(lambda pair: f'<{pair[0]} style="{pair[1]}">'),
    st.sampled_from(ADDRESSES).map('<a href="{}">'.format),
    st.sampled_from(("<td colspan=3>", "<td colspan=1>", "<th scope=row>", "<th scope=x colspan=0>")),
)
SOUP = st.lists(st.one_of(OPENED, TAG.map("</{}>".format), st.sampled_from(WORDS)), max_size=25).map("".join)


@pytest.mark.parametrize("case", PASTED, ids=[each["name"] for each in PASTED])
def test_text_comes_out_in_our_shape(case: dict[str, str]) -> None:
    assert clean(case["given"]) == case["kept"]
    assert clean(case["kept"]) == case["kept"]


@law(SOUP, few=50)
def test_cleaning_twice_changes_nothing(markup: str) -> None:
    once = clean(markup)

    assert clean(once) == once
    assert safe(once) == once


@law(st.text(alphabet="abc \n\u00a0", min_size=1), few=40)
def test_no_word_of_a_plain_text_is_lost(text: str) -> None:
    kept = plain(clean(text).replace("<", " <"))

    assert kept.split() == text.split()


def test_words_of_two_paragraphs_stay_two() -> None:
    assert plain("<p>one<br>two</p><ul><li>three</li><li>fo<em>ur</em></li></ul>").split() == [
        "one",
        "two",
        "three",
        "four",
    ]


@pytest.mark.parametrize("piece", ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "<p>", "<svg><p>", "<", "&", "<br>"])
def test_long_and_deep_markup_is_read_in_time(piece: str) -> None:
    begun = time.process_time()

    clean(piece * (9_000 // len(piece)) + "end")

    assert time.process_time() - begun < 5


def test_words_of_markup_that_is_too_deep_stay() -> None:
    assert clean("<div>" * 600 + "here" + "</div>" * 600 + "<p>there") == "<p>here there</p>"


@pytest.mark.parametrize("tag", ["b", "i", "u", "s", "font", "code", "tt", "big", "small", "strike", "a href='/x'"])
def test_what_is_left_open_is_not_opened_again_in_every_paragraph(tag: str) -> None:
    name, _, attribute = tag.partition(" ")
    opened = "".join(f"<{name} {attribute} class={number}>" for number in range(50))

    cleaned = clean(f"<p>{opened}" + "<p>x" * 200)

    assert cleaned.endswith("<p>x</p><p>x</p>")
    assert cleaned.count("<") < 600
