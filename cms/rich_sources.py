"""rule: what Trix, Word, Google Docs and old HTML mean by their tags and styles."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from cms.rich_tree import Element

SCHEMES = frozenset({"https", "http", "mailto", "tel"})
MARK_OF: Mapping[str, str] = {
    "strong": "strong", "b": "strong", "em": "em", "i": "em", "u": "u", "s": "s", "del": "s", "strike": "s",
    "sub": "sub", "sup": "sup", "code": "code", "kbd": "code", "samp": "code", "tt": "code",
}  # fmt: skip
BOLD = 600
# Word's paragraphs that are titles, and how high.
TITLES: Mapping[str, int] = {"msotitle": 1, "msosubtitle": 2}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_LEVEL = re.compile(r"\blevel([1-9])\b")
# What Word writes before an entry of a numbered list: "1.", "a)", "iv."; other signs stand in lists without numbers.
_NUMBERED = re.compile(r"\s*\(?[0-9a-z]{1,5}[.)]", re.IGNORECASE)


def heading_of(node: Element) -> int | None:
    """Return how high a heading is, 1 to 6, or ``None`` for what is no heading."""
    if len(node.tag) == 2 and node.tag[0] == "h" and node.tag[1].isdigit():  # noqa: PLR2004 - h1 to h6
        return int(node.tag[1])
    return TITLES.get(node.attributes.get("class", "").lower()) if node.tag == "p" else None


def is_hidden(node: Element) -> bool:
    """Whether its writer does not show it: hidden words, and the sign before an entry of a list in Word."""
    style = node.style() if "style" in node.attributes else {}
    return style.get("mso-list") == "ignore" or style.get("display") == "none" or style.get("mso-hide") == "all"


def list_entry(node: Element) -> tuple[int, str] | None:
    """Return level and tag of the list for a paragraph of Word that is an entry of one."""
    said = node.style().get("mso-list", "") if node.tag == "p" and "style" in node.attributes else ""
    level = _LEVEL.search(said)
    if level is None:
        return None
    return int(level[1]), "ol" if _NUMBERED.match(_sign(node)) else "ul"


def _sign(node: Element) -> str:
    """Return what Word writes before an entry."""
    if node.attributes.get("style") and node.style().get("mso-list") == "ignore":
        return _words(node)
    signs = (_sign(each) for each in node.children if isinstance(each, Element))
    return next((sign for sign in signs if sign), "")


def _words(node: Element) -> str:
    return "".join(each if isinstance(each, str) else _words(each) for each in node.children)


def marks_by_style(node: Element) -> dict[str, bool]:
    """Return which marks a style sets (true) or takes away."""
    if "style" not in node.attributes:
        return {}
    style, found = node.style(), {}
    weight = style.get("font-weight", "")
    if weight in {"bold", "bolder"} or (weight.isascii() and weight.isdigit() and int(weight[:4]) >= BOLD):
        found["strong"] = True
    elif weight in {"normal", "lighter"} or weight.isdigit():
        found["strong"] = False
    if (slant := style.get("font-style", "")) in {"italic", "oblique", "normal"}:
        found["em"] = slant != "normal"
    lines = style.get("text-decoration", "") or style.get("text-decoration-line", "")
    found |= {tag: True for word, tag in (("underline", "u"), ("line-through", "s")) if word in lines.split()}
    if (height := style.get("vertical-align", "")) in {"super", "sub"}:
        found["sup" if height == "super" else "sub"] = True
    return found


def address_of(href: str) -> str:
    """Return where a link leads, without the stops that others put on the way; nothing for one that is not safe."""
    address = _CONTROLS.sub("", href).strip()
    try:
        parts = urlsplit(address)
        if parts.hostname in {"www.google.com", "google.com"} and parts.path == "/url":
            address = next(iter(parse_qs(parts.query).get("q", [])), address)
            address = _CONTROLS.sub("", address).strip()
    except ValueError:
        return ""
    scheme = _SCHEME.match(address)
    if scheme is None:
        # Two slashes lead to another site without saying so; browsers read a backslash as a slash.
        return "" if address.replace("\\", "/").startswith("//") else address
    if scheme[1].lower() in {"https", "http"}:
        return address if names_its_host(address) else ""
    return address if scheme[1].lower() in SCHEMES else ""


def names_its_host(address: str) -> bool:
    """Whether a whole address says plainly which host it leads to: nothing that only looks like one before an @."""
    try:
        parts = urlsplit(address)
        # A port that is none is found out when it is read.
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_whole and "@" not in parts.netloc and "\\" not in address
