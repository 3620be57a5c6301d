"""rule: rich text -> safe HTML, by allow-list, and in one shape."""

import html
import re
from functools import lru_cache

import nh3

from cms.rich_shape import shaped
from cms.rich_sources import SCHEMES
from cms.rich_tree import tree_of

# No svg, math, style, title, textarea, iframe, noscript: each has been a hole of a cleaner before (security 4).
TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "u",
    "s",
    "a",
    "ul",
    "ol",
    "li",
    "h2",
    "h3",
    "h4",
    "blockquote",
    "pre",
    "code",
    "hr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "sub",
    "sup",
    "dl",
    "dt",
    "dd",
}
ATTRIBUTES = {"a": {"href"}, "th": {"scope", "colspan"}, "td": {"colspan"}}
# What others write, and we read before it is brought to our tags.
OTHERS = {
    "b", "i", "h1", "h5", "h6", "del", "strike", "kbd", "samp", "tt", "span", "font", "div", "section", "article",
    "header", "footer", "main", "aside", "nav", "address", "center", "figure", "figcaption", "tfoot", "caption",
}  # fmt: skip
# Left open, these are opened again by a reader of HTML in every paragraph that follows (“active formatting elements”):
# two hundred of them and four thousand paragraphs are a million. Under a name of no meaning they are like all others.
_REOPENED = re.compile(r"<(/?)(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE)
_INERT = re.compile(r"<(/?)x-")
READ = {**ATTRIBUTES, "x-a": ATTRIBUTES["a"], "*": {"style", "class"}}
# What is in these is not text.
NO_WORDS = {"script", "style", "title", "svg", "math", "iframe", "object", "noscript", "template", "audio", "video"}
# Where one word ends and the next begins although no space is between them.
_END = re.compile(r"(</(?:p|li|h[2-4]|blockquote|pre|td|th|dt|dd)>|<br>)(?=\S)")
# A preview shows the same texts at every keystroke but one; those up to so many characters are cleaned once.
LONGEST_KEPT = 10_000
_TAG = re.compile(r"<[a-z/!]", re.IGNORECASE)
# Reading markup takes time by the square of its depth: nobody writes this, and only the words of it are read.
DEEPEST_READ = 500
_ANY_TAG = re.compile(r"<[^<>]*>")
_BRANCH = re.compile(r"<(/?)(?!(?:p|li|br|hr|img|td|th|tr|dt|dd|input|meta|link|col|o:p)\b)[a-z][^<>]*>", re.IGNORECASE)


def clean(markup: str) -> str:
    """Return the markup in our shape, without anything that is not allowed; cleaning twice changes nothing."""
    return _cleaned_before(markup) if len(markup) <= LONGEST_KEPT else _cleaned(markup)


@lru_cache(maxsize=128)
def _cleaned_before(markup: str) -> str:
    return _cleaned(markup)


def _cleaned(markup: str) -> str:
    markup = markup.encode("utf-8", "replace").decode().replace("\x00", "")
    if _depth(markup) > DEEPEST_READ:
        markup = _ANY_TAG.sub(" ", markup)
    if not _TAG.search(markup):
        markup = markup.strip().replace("\r\n", "\n").replace("\n", "<br>")
    read = nh3.clean(
        _REOPENED.sub(r"<\1x-\2", markup),
        tags=TAGS | OTHERS | {f"x-{name}" for name in TAGS | OTHERS},
        clean_content_tags=NO_WORDS,
        attributes=READ,
        url_schemes=set(SCHEMES),
        link_rel=None,
    )
    return safe(shaped(tree_of(_INERT.sub(r"<\1", read))))


def _depth(markup: str) -> int:
    """Return how deep tags stand in each other at most, about."""
    deepest = depth = 0
    for branch in _BRANCH.finditer(markup):
        depth = max(0, depth - 1) if branch[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def safe(markup: str) -> str:
    """Return the markup without anything that is not allowed, else as it is: for what was brought in shape before."""
    return nh3.clean(markup, tags=TAGS, attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel="noopener")


def plain(markup: str) -> str:
    """Return the words of markup without any of it: for counting, comparing and lists, not to be shown as markup."""
    return html.unescape(nh3.clean(_END.sub(r"\1 ", markup), tags=set()))
