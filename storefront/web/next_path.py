"""rule: where to lead somebody back to: a path on this host, never another site."""

import re

LONGEST = 2_000
# One slash and then neither a slash nor a backslash, which browsers read as one (WHATWG URL, section 4.4); no spaces
# and control characters anywhere, because browsers drop some of them before they look.
_PATH = re.compile(r"/(?![/\\])[^\\\s\x00-\x20\x7f-\xa0]*")


def is_own_path(text: str) -> bool:
    """Tell whether a text is the address of a page on this host."""
    return len(text) <= LONGEST and _PATH.fullmatch(text) is not None


def own_path(text: str | None) -> str:
    """Return the text if it is a path on this host, else nothing."""
    return text if text and is_own_path(text) else ""
