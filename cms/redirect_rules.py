"""rule: which addresses may lead elsewhere, and where to; never in a circle."""

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from cms.page_checks import is_link
from cms.paths import is_kept_by_shop, normal_path
from storefront.core.i18n import Text
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
    return normal_path(path) if path.startswith("/") and not path.startswith("//") else path


def lead_to(target: str, prefix: str, query: str) -> str:
    """Return where a visitor is sent: within the shop in their language, with the query they came with."""
    address, mark, place = target.partition("#")
    if address.startswith("/"):
        address = prefix + address
    if query:
        address += ("&" if "?" in address else "?") + query
    return address + mark + place


def why_not(path: str, target: str, known: Mapping[str, str], *, may_be_known: bool = False) -> tuple[str, Text] | None:
    """Say which of the two is wrong and why; ``known`` are the other redirects of the shop."""
    if not path.startswith("/") or path == "/" or len(path) > LONGEST or not is_link(path):
        return "path", _("Please give an address of this shop that begins with a slash.")
    if is_kept_by_shop(path):
        return "path", _("The shop uses this address itself.")
    if path in known and not may_be_known:
        return "path", _("This address leads elsewhere already.")
    if len(target) > LONGEST or not is_link(target) or not target.startswith(("/", "https://", "http://")):
        return "target", _("Please give an address of this shop that begins with a slash, or a whole one with https.")
    return ("target", _("That would lead in a circle.")) if leads_back(path, target, known) else None


def leads_back(path: str, target: str, known: Mapping[str, str]) -> bool:
    """Whether following redirects from an address comes back to it; a chain longer than ten counts as one."""
    seen = {path}
    for _step in range(10):
        here = normal_path(target.partition("?")[0].partition("#")[0]) if target.startswith("/") else target
        if here in seen:
            return True
        if here not in known:
            return False
        seen.add(here)
        target = known[here]
    return True
