"""What every page of an office shows: whose it is, its menu, the way out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for

from storefront.core.i18n import Text
from storefront.web.assets import office_brand_url
from storefront.web.house import house
from storefront.web.locale import each_locale
from storefront.web.platform_look import OFFICE_LOCALES, PLATFORM_NAME
from tenants.themes import DEFAULT


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of an office's menu; ``endpoint`` is its list, whose blueprint says which line is current."""

    label: Text
    endpoint: str
    icon: str
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class Section:
    """A group of lines of the menu; the first has no title."""

    title: Text | None
    entries: Sequence[Entry]


def office(name: str, home: str, sections: Sequence[Section], **more: Any) -> dict[str, Any]:
    """Return ``office`` for console/layout.html, in the platform's colours and never in a reseller's theme."""
    g.theme = DEFAULT
    path = request.path
    return {
        "platform_name": PLATFORM_NAME,
        "logo": None,
        "name": name,
        "language": g.locale,
        "brand_css_url": office_brand_url(),
        "home": url_for(home),
        "sections": [
            {"title": section.title, "links": [_link(entry) for entry in section.entries]} for section in sections
        ],
        "search_url": None,
        "standing": None,
        "shop_url": house().config.origin(g.place.canonical) if not g.place.is_platform else None,
        "own_url": None,
        "sign_out": url_for("account.sign_in.leave"),
        "locales": each_locale(OFFICE_LOCALES, lambda tag: f"/{tag}{path}"),
        **more,
    }


def _link(entry: Entry) -> dict[str, Any]:
    area = (request.endpoint or "").rpartition(".")[0]
    return {
        "label": entry.label,
        "url": url_for(entry.endpoint),
        "icon": entry.icon,
        "current": entry.endpoint.rpartition(".")[0] == area,
        "count": entry.count,
    }
