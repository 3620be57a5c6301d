"""rule: what is looked for in the markup of old pages: pictures, frames, forms, tables and shortcodes.

Every pattern here is bounded: markup of two megabytes is read in one pass, whatever is in it.
"""

import html
import re
from collections.abc import Iterator, Sequence
from typing import Final

from cms.sanitize import plain

_BLOCK: Final = re.compile(r"<(?:p|div|h[1-6]|ul|ol|table|blockquote|pre|section|figure|hr)\b", re.IGNORECASE)
# Short codes that are words of people: [1], [sic]. Those of plugins carry attributes, a line or a hyphen, or are known.
_KNOWN: Final = frozenset(
    {"gallery", "caption", "embed", "audio", "video", "playlist", "wp_caption", "button", "contact"}
)
_PIECE: Final = re.compile(
    r"(?P<caption>\[(?:wp_)?caption\b[^\[\]]{0,600}\].{0,1500}?\[/(?:wp_)?caption\])"
    r"|(?P<link>\[embed\b[^\[\]]{0,300}\][^\[\]<>]{0,1000}\[/embed\])"
    r"|(?P<gallery>\[gallery\b[^\[\]]{0,2000}\])"
    r"|(?P<shortcode>\[/?(?P<name>[a-zA-Z][a-zA-Z0-9_-]{1,40})(?P<more>(?:\s[^\[\]<>]{0,1000})?)/?\])"
    r"|(?P<img><img\b[^<>]{0,4000}>)"
    r"|(?P<iframe><iframe\b[^<>]{0,4000}>(?:\s{0,20}</iframe>)?)"
    r"|(?P<form><form\b[^<>]{0,2000}>)"
    r"|(?P<html></?(?:script|style|object|embed|applet|video|audio|svg|canvas)\b[^<>]{0,2000}>)",
    re.IGNORECASE | re.DOTALL,
)


def pieces_of(markup: str) -> Iterator[tuple[str, str]]:
    """Cut markup into text and what is no text: img, iframe, form, html, caption, gallery, link, shortcode."""
    place = 0
    for found in _PIECE.finditer(markup):
        kind = next(
            name for name in ("caption", "link", "gallery", "shortcode", "img", "iframe", "form", "html") if found[name]
        )
        if kind == "shortcode" and not _is_shortcode(found["name"], found["more"], found[0]):
            continue
        if markup[place : found.start()]:
            yield "text", markup[place : found.start()]
        if not (kind == "html" and found[0].startswith("</")) and not (
            kind == "shortcode" and found[0].startswith("[/")
        ):
            yield kind, found[0]
        place = found.end()
    if markup[place:]:
        yield "text", markup[place:]


def _is_shortcode(name: str, more: str, whole: str) -> bool:
    is_marked = "_" in name or "-" in name or "=" in more or whole.startswith("[/") or whole.endswith("/]")
    return is_marked or name.lower() in _KNOWN


def attribute(tag: str, name: str) -> str:
    """Return an attribute of the first tag or shortcode in a text."""
    found = re.search(
        rf"""[\s"']{name}\s{{0,5}}=\s{{0,5}}(?:"([^"]{{0,4000}})"|'([^']{{0,4000}})'|([^\s"'<>\]]{{1,4000}}))""",
        tag,
        re.IGNORECASE,
    )
    return html.unescape(next((each for each in found.groups() if each is not None), "")) if found else ""


def first_tag(markup: str, name: str, *, whole: bool = False) -> str:
    """Return the first tag of a name; ``whole`` with what stands in it and its end."""
    begin = re.search(rf"<{name}\b[^<>]{{0,4000}}>", markup, re.IGNORECASE)
    if begin is None:
        return ""
    if not whole:
        return begin[0]
    end = re.compile(rf"</{name}\s{{0,5}}>", re.IGNORECASE).search(markup, begin.end())
    return markup[begin.start() : end.end() if end else len(markup)]


def inner(tag: str) -> str:
    """Return what stands between the first and the last tag, or shortcode, of a text."""
    begin = re.match(r"<[^<>]*>|\[[^\[\]]*\]", tag)
    if begin is None:
        return tag
    end = max(tag.rfind("</"), tag.rfind("[/"))
    return tag[begin.end() : end if end >= begin.end() else len(tag)]


def images_in(markup: str) -> Sequence[str]:
    """Return the pictures of a text as they are written."""
    return re.findall(r"<img\b[^<>]{0,4000}>", markup, re.IGNORECASE)


def table_rows(markup: str) -> tuple[list[list[str]], bool]:
    """Return the words of a table and whether its first row names the columns; nothing for one with merged cells."""
    if re.search(r"\b(?:colspan|rowspan)\s{0,5}=", markup, re.IGNORECASE) or "|" in plain(markup):
        return [], False
    rows = []
    for begun in re.split(r"<tr\b[^<>]*>", markup, flags=re.IGNORECASE)[1:]:
        row = re.split(r"</tr|</t(?:body|head|foot)|</table", begun, maxsplit=1, flags=re.IGNORECASE)[0]
        cells = re.split(r"<t[dh]\b[^<>]*>", row, flags=re.IGNORECASE)[1:]
        rows.append([" ".join(plain(cell).split()) for cell in cells])
    has_head = bool(re.search(r"<thead\b", markup, re.IGNORECASE))
    is_whole = bool(rows) and all(rows) and any(any(row) for row in rows)
    return (rows, has_head) if is_whole else ([], False)


def autop(markup: str) -> str:
    """Make paragraphs of lines, as WordPress does when it shows what was written without blocks."""
    found = []
    for part in re.split(r"\n[ \t\r]*\n", markup.replace("\r\n", "\n")):
        words = part.strip()
        if not words:
            continue
        if _BLOCK.match(words) or words.startswith("["):
            found.append(words)
        else:
            found.append("<p>" + words.replace("\n", "<br>") + "</p>")
    return "\n".join(found)
