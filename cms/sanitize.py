"""rule: rich text -> safe HTML, by allow-list."""

import html

import nh3

# No svg, math, style, title, textarea, iframe, noscript: each has been a hole of a cleaner before (security 4).
TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "b",
    "i",
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


def clean(markup: str) -> str:
    """Return the markup without anything that is not allowed; cleaning twice changes nothing."""
    return nh3.clean(
        markup,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="noopener",
    )


def plain(markup: str) -> str:
    """Return the words of markup without any of it: for counting, comparing and lists, not to be shown as markup."""
    return html.unescape(nh3.clean(markup, tags=set()))
