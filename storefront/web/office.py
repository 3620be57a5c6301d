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
    """One line of an office's menu; ``endpoint`` is its list, whose blueprint says which line is current.

    A line with ``parts`` opens the first of them; the pages of its parts show the others as tabs.
    """

    label: Text
    endpoint: str
    icon: str
    count: int | None = None
    parts: Sequence["Part"] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """One tab of a line of the menu; ``answers`` are addresses that show the same page again after a mistake."""

    label: Text
    endpoint: str
    answers: Sequence[str] = ()


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
        "tabs": _tabs([entry for section in sections for entry in section.entries]),
        "search_url": None,
        "standing": None,
        "shop_url": house().config.origin(g.place.canonical) if not g.place.is_platform else None,
        "own_url": None,
        "sign_out": url_for("account.sign_in.leave"),
        "locales": each_locale(OFFICE_LOCALES, lambda tag: f"/{tag}{path}"),
        **more,
    }


def _link(entry: Entry) -> dict[str, Any]:
    return {
        "label": entry.label,
        "url": url_for(entry.endpoint),
        "icon": entry.icon,
        "current": any(_is_area(each.endpoint) for each in (entry.parts or (entry,))),
        "count": entry.count,
    }


def _is_area(endpoint: str) -> bool:
    """Whether the page of this request stands in the module of that page, or in one below it."""
    area = endpoint.rpartition(".")[0] + "."
    return (request.endpoint or "").startswith(area)


def _tabs(entries: Sequence[Entry]) -> dict[str, Any] | None:
    """Return the tabs above a page that is one of them; pages below have their way back instead."""
    here = request.endpoint or ""
    for entry in entries:
        if any(here in (part.endpoint, *part.answers) for part in entry.parts):
            places = [
                (part.label, url_for(part.endpoint), here in (part.endpoint, *part.answers)) for part in entry.parts
            ]
            return {"label": entry.label, "places": places} if len(places) > 1 else None
    return None
