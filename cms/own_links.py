"""rule: links of a page keep the language in which it is read: an address of the shop gets it in front."""

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from storefront.core.i18n import LOCALES

# Cleaned markup has its attributes in double quotes.
_HREF = re.compile(r'(<a [^>]*?href=")(/[^"]*)')
_FREE = ("/assets/", "/media/")


def in_language(value: Any, root: str) -> Any:
    """Return a block with ``root`` (``/pl``) in front of the addresses that it leads to and that have none."""
    if not root:
        return value
    if isinstance(value, Mapping):
        return {key: _led(each, root) if key == "url" else in_language(each, root) for key, each in value.items()}
    if isinstance(value, list):
        return [in_language(each, root) for each in value]
    if isinstance(value, Markup):
        return Markup(_HREF.sub(lambda found: found[1] + led(found[2], root), str(value)))  # noqa: S704 - safe before, and addresses only
    return value


def _led(address: Any, root: str) -> Any:
    return led(address, root) if isinstance(address, str) else address


def led(address: str, root: str) -> str:
    """Return an address of the shop in a language; one that names a language, a file or another host is left alone."""
    if not address.startswith("/") or address.startswith(("//", *_FREE)):
        return address
    return address if address.split("/", 2)[1].partition("?")[0] in LOCALES else root + address
