"""What answers on a host name today, so that nobody loses a website without having been told."""

import html
import re
from typing import Final

from storefront.core import outbound
from storefront.core.config import Config

TITLE: Final = re.compile(rb"<title[^>]*>(.{0,400}?)</title", re.IGNORECASE | re.DOTALL)
MAX_BYTES: Final = 64 * 1024


def title_of_website(config: Config, name: str) -> str:
    """Return the title of the website that answers on a name today; empty when none does or it has no title.

    Takes up to ten seconds, so never inside a transaction.
    """
    for scheme in ("https", "http"):
        try:
            with outbound.client(config.outbound_allowed, max_bytes=MAX_BYTES, plain_http=True) as client:
                answer = client.get(f"{scheme}://{name}/")
        except (outbound.Trouble, ValueError):
            continue
        found = TITLE.search(answer.content)
        if found:
            return " ".join(html.unescape(found[1].decode("utf-8", "replace")).split())[:120]
    return ""
