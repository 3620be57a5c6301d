"""rule: a page of plain words as HTML and back: paragraphs, and headings that begin with a number sign."""

import html
import re

HEADING = "# "
_PART = re.compile(r"<(p|h2)>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def html_of(words: str) -> str:
    """Return the HTML of plain words; an empty line ends a paragraph."""
    parts = re.split(r"\n\s*\n", words.replace("\r\n", "\n").strip())
    return "".join(_part(part) for part in parts if part.strip())


def _part(part: str) -> str:
    words = " ".join(line.strip() for line in part.strip().splitlines())
    if words.startswith(HEADING):
        return f"<h2>{html.escape(words.removeprefix(HEADING), quote=False)}</h2>"
    return f"<p>{html.escape(words, quote=False)}</p>"


def words_of(text: str) -> str | None:
    """Return the plain words of a page's HTML, ``None`` if it has more in it than they can say."""
    found = _PART.findall(text)
    rest = _PART.sub("", text)
    if rest.strip() or any(_TAG.search(inner) for _tag, inner in found):
        return None
    return "\n\n".join((HEADING if tag == "h2" else "") + html.unescape(inner) for tag, inner in found)
