"""rule: the address of the page a window stands on, as a visitor may be led back to it."""

import re
from typing import Final
from urllib.parse import urlsplit

from frames.origins import origin_of

LONGEST: Final = 1_500
# What browsers leave in an address as it is (WHATWG URL, query percent-encode set); all else they send encoded.
_REST: Final = re.compile(r"[!$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~|]*")


def page_address(text: str) -> str:
    """Return an address without its fragment, made anew from its parts; nothing if it is no page of a website.

    What follows the host stays only if no browser could have written it otherwise; else the site's first page is meant.
    """
    bare = text.partition("#")[0]
    origin = origin_of(bare) if len(text) <= 2 * LONGEST else None
    if origin is None:
        return ""
    parts = urlsplit(bare)
    rest = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    is_plain = rest.startswith("/") and _REST.fullmatch(rest) is not None and len(origin + rest) <= LONGEST
    return origin + (rest if is_plain else "/")


def site_name(address: str) -> str:
    """Return the site of an address as people read it: ``example.com``."""
    return address.partition("://")[2].partition("/")[0].removeprefix("www.")
