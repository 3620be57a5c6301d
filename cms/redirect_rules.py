"""rule: which addresses may lead elsewhere, and where to; never in a circle."""

from collections.abc import Collection, Mapping
from posixpath import normpath
from urllib.parse import unquote, urlsplit

from cms.own_links import led
from cms.page_checks import is_link
from cms.paths import is_kept_by_shop, normal_path
from storefront.core.i18n import LOCALES, Text
from storefront.core.i18n import lazy_gettext as _

LONGEST = 500
TAKEN = _("A page has this address. Visitors see the page.")


def source_of(typed: str) -> str:
    """Return an address as it is kept: of a whole one its path, without what stands behind a question mark."""
    try:
        path = urlsplit(typed).path or "/" if typed.startswith(("https://", "http://")) else typed
    except ValueError:
        return typed
    path = unquote(path.partition("?")[0].partition("#")[0])
    return _resolved(path) if path.startswith("/") and not path.startswith("//") else path


def _resolved(path: str) -> str:
    """Return a path as it is asked for: browsers go the steps back and to where one stands before they ask."""
    return normal_path(normpath(path))


def place_of(target: str, hosts: Collection[str] = ()) -> str | None:
    """Return the address of this shop that a visitor comes to by a target, without its language; else ``None``."""
    try:
        parts = urlsplit(target)
        is_here = not parts.netloc or (parts.hostname or "") in hosts
    except ValueError:
        return None
    if not is_here:
        return None
    path = _resolved(unquote(parts.path) or "/")
    first, _, rest = path[1:].partition("/")
    return f"/{rest}" if first in LOCALES else path


def lead_to(target: str, prefix: str, query: str) -> str:
    """Return where a visitor is sent: within the shop in their language, with the query they came with."""
    address, mark, place = target.partition("#")
    address = led(address, prefix) if prefix else address
    if query:
        address += ("&" if "?" in address else "?") + query
    return address + mark + place


def why_not(
    path: str, target: str, known: Mapping[str, str], *, may_be_known: bool = False, hosts: Collection[str] = ()
) -> tuple[str, Text] | None:
    """Say which of the two is wrong and why; ``known`` are the other redirects of the shop, ``hosts`` its names."""
    if not path.startswith("/") or path == "/" or len(path) > LONGEST or not is_link(path):
        return "path", _("Please give an address of this shop that begins with a slash, such as /contact.")
    if is_kept_by_shop(path):
        return "path", _("The shop uses this address itself.")
    if path in known and not may_be_known:
        return "path", _("This address leads elsewhere already.")
    if len(target) > LONGEST or not is_link(target) or not target.startswith(("/", "https://", "http://")):
        return "target", _(
            "Please give a page of this shop, such as /contact, or a web address, such as https://example.com."
        )
    return ("target", _("That would lead in a circle.")) if leads_back(path, target, known, hosts) else None


def leads_back(path: str, target: str, known: Mapping[str, str], hosts: Collection[str] = ()) -> bool:
    """Whether following redirects from an address comes back to it; a chain longer than ten counts as one."""
    seen = {path}
    for _step in range(10):
        here = place_of(target, hosts)
        if here in seen:
            return True
        if here is None or here not in known:
            return False
        seen.add(here)
        target = known[here]
    return True
