"""rule: links of a page keep the language in which it is read: an address of the shop gets it in front."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from storefront.core.i18n import LOCALES

# Cleaned markup has its attributes in double quotes.
_HREF = re.compile(r'(<a [^>]*?href=")(/[^"]*)')
_FREE = ("/assets/", "/media/")


def in_language(value: Any, root: str) -> Any:
    """Return a block with ``root`` (``/pl``) in front of the addresses that it leads to and that have none."""
    return _led_all(value, lambda address: led(address, root)) if root else value


def at_origin(value: Any, origin: str) -> Any:
    """Return a block whose addresses of the shop are whole, for a page on another host than the shop's."""
    return _led_all(value, lambda address: origin + address if _is_ours(address) else address)


def _led_all(value: Any, lead: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _led(each, lead) if key == "url" else _led_all(each, lead) for key, each in value.items()}
    if isinstance(value, list):
        return [_led_all(each, lead) for each in value]
    if isinstance(value, Markup):
        return Markup(_HREF.sub(lambda found: found[1] + lead(found[2]), str(value)))  # noqa: S704 - safe before, and addresses only
    return value


def _led(address: Any, lead: Callable[[str], str]) -> Any:
    return lead(address) if isinstance(address, str) else address


def _is_ours(address: str) -> bool:
    return address.startswith("/") and not address.startswith(("//", *_FREE))


def led(address: str, root: str) -> str:
    """Return an address of the shop in a language; one that names a language, a file or another host is left alone."""
    if not _is_ours(address):
        return address
    return address if address.split("/", 2)[1].partition("?")[0] in LOCALES else root + address
