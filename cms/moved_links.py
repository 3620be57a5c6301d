"""rule: a page that comes from elsewhere may get another address; what comes along with it leads to the new one."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from cms.block_fields import Spec
from cms.blocks import SPECS
from cms.paths import normal_path
from storefront.core.i18n import LOCALES

# Where a page was, by language, and where it is.
Moved = Mapping[tuple[str, str], str]
HOME: Final = "/"
# Cleaned markup has its attributes in double quotes.
_HREF: Final = re.compile(r'(<a [^>]*?href=")(/[^"]*)')
_END: Final = re.compile(r"[?#]")


def leader(came: Moved, locale: str, default: str) -> Callable[[str], str]:
    """Return what says where an address of the old site leads in a language; any other is left as it is.

    ``came`` are all pages that came, those too that kept their address. A page that is there in the first language of
    the shop alone is shown in that one. The way home leads to the home page of the shop it is read in.
    """

    def lead(address: str) -> str:
        if not address.startswith("/") or address.startswith("//"):
            return address
        found = _END.search(address)
        path, rest = (address[: found.start()], address[found.start() :]) if found else (address, "")
        first, _slash, below = path[1:].partition("/")
        spoken, root, inside = (first, f"/{first}", f"/{below}") if first in LOCALES else (locale, "", path)
        old = normal_path(inside)
        new = next((came[place] for place in ((spoken, old), (default, old)) if place in came), old)
        return address if new == old or HOME in (old, new) else root + new + rest

    return lead


def with_links_led(blocks: Sequence[Mapping[str, Any]], lead: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return blocks whose links lead where ``lead`` says."""
    return [_led(block, SPECS[str(block["kind"])], lead) for block in blocks]


def _led(values: Mapping[str, Any], specs: Mapping[str, Spec], lead: Callable[[str], str]) -> dict[str, Any]:
    kept = dict(values)
    for name, spec in specs.items():
        value = kept.get(name)
        if not value:
            continue
        if spec.widget == "link":
            kept[name] = lead(str(value))
        elif spec.widget == "rich":
            kept[name] = _HREF.sub(lambda found: found[1] + lead(found[2]), str(value))
        elif spec.widget == "rows":
            kept[name] = [_led(row, spec.parts, lead) for row in value]
    return kept
