"""rule: addresses of an old site: what of them is worth keeping."""

import re
from urllib.parse import urlsplit

from cms.paths import normal_path
from cms.redirect_rules import source_of


def plain_host(host: str) -> str:
    """Return a host as it is compared: www is no other site."""
    return host.lower().removeprefix("www.")


def host_of(address: str) -> str:
    """Return the host of an address; nothing for what is none."""
    try:
        return plain_host(urlsplit(address).hostname or "")
    except ValueError:
        return ""


def old_path(address: str) -> str:
    """Return the path of an old address; nothing for one with a number behind a question mark, which names no page."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.query and parts.path in {"", "/"}:
        return ""
    return source_of(normal_path(parts.path)) if parts.path or parts.hostname else ""


def bare(address: str) -> str:
    """Return what the sizes of a picture have in common: without host, scheme, and -300x200 before its ending."""
    path = re.sub(r"^https?:|^//[^/]*", "", address.partition("?")[0].strip())
    path = re.sub(r"^//[^/]*", "", path)
    return re.sub(r"-(?:\d{1,5}x\d{1,5}|scaled)(?=\.[a-z]{3,4}$)", "", path, flags=re.IGNORECASE).lower()
