"""rule: whether a page of somebody else asks for a window that it may not hold, by what browsers say of themselves."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

# Below this address lie windows: pieces of the shop for pages of others. Nobody is signed in there.
WINDOWS: Final = "/frames/"
# Fetch Metadata: where the answer is to be put. A document of its own is not among them.
FRAMED: Final = frozenset({"iframe", "frame", "embed", "object"})
_DIRECTIVE: Final = "frame-ancestors"


def is_foreign(destination: str, referer: str, host: str, allowed: Iterable[str]) -> bool:
    """Tell whether a page on an origin that is not allowed asked for this to be put into itself.

    ``host`` is the Host header: pages of this very host are no strangers. Who hides where they are is let in; their
    browser then keeps to the answer's own policy.
    """
    if destination not in FRAMED or not referer:
        return False
    try:
        parts = urlsplit(referer)
    except ValueError:
        return True
    netloc = parts.netloc.lower()
    if not netloc or netloc == host.lower():
        return False
    return f"{parts.scheme.lower()}://{netloc}" not in allowed


def embedders_in(policy: str) -> list[str]:
    """Return whom a Content-Security-Policy lets frame the page it came with."""
    for directive in policy.split(";"):
        name, *values = directive.split() or [""]
        if name == _DIRECTIVE:
            return [] if values == ["'none'"] else values
    return []
