"""Pages without an address as the office shows them: how each stands in each language, and what visitors see of it."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Response, g, make_response, url_for
from sqlalchemy import select

from cms.models import Page, PageVersion
from cms.page_states import standing_of
from cms.special_pages import shown_special, special_versions
from cms.special_rules import BROKEN, MAINTENANCE, MARK, NOT_FOUND, PARKED, RESTRAINED, SPECIAL_PAGES
from cms.tree import LIVING
from storefront.core.db import Work
from storefront.reseller.branding_previews import POLICY, SCRIPT
from storefront.reseller.pages_shown import STATES, editor_url, notes_of
from storefront.reseller.shop_words import shop_locales
from storefront.web.locale import NATIVE_NAMES
from storefront.web.parked import parked_html
from storefront.web.rendering import render
from tenants.parked_names import restrained_endings

# What each is shown in, and what its template asks for beside the words.
TEMPLATES: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    NOT_FOUND: ("errors/404.html", {}),
    BROKEN: ("errors/500.html", {"reference": "1a2b3c4d"}),
    MAINTENANCE: ("errors/maintenance.html", {"until": None}),
    PARKED: ("", {"host": "example.com"}),
    RESTRAINED: ("", {"host": "example.cat"}),
}


def special_rows(db: Work) -> list[dict[str, Any]]:
    """Return them all for the list, in two queries."""
    pages = {page.key: page for page in db.scalars(select(Page).where(Page.key.in_(TEMPLATES)))}
    versions: dict[str, dict[tuple[str, str], PageVersion]] = {}
    living = select(PageVersion).where(PageVersion.reseller_id == db.reseller_id, PageVersion.state.in_(LIVING))
    for version in db.scalars(living.where(PageVersion.path.in_(TEMPLATES))):
        versions.setdefault(version.path, {})[version.locale, version.state] = version
    return [
        {
            "special": SPECIAL_PAGES[key],
            "name": key.removeprefix(MARK),
            "endings": sorted(restrained_endings()) if key == RESTRAINED else [],
            "languages": [_language(key, pages.get(key), versions.get(key, {}), each) for each in shop_locales()],
        }
        for key in TEMPLATES
    ]


def _language(
    key: str, row: Page | None, versions: Mapping[tuple[str, str], PageVersion], locale: str
) -> dict[str, Any]:
    standing = standing_of(versions, locale, shop_locales()[0])
    name = key.removeprefix(MARK)
    return {
        "locale": locale,
        "name": NATIVE_NAMES.get(locale, locale),
        "state": STATES[standing.state],
        "is_missing": standing.state == "missing",
        "is_live": standing.state in {"published", "changed"},
        "notes": [*notes_of(standing)],
        "url": editor_url(row.id, locale) if row is not None and standing.state != "missing" else None,
        "write_url": url_for("reseller.special_pages.write", special=name, locale=locale),
        "leave_url": url_for("reseller.special_pages.leave", special=name, locale=locale),
    }


def picture_of(key: str, draft: PageVersion | None) -> Response:
    """Answer with one of them in the shop's look as a visitor would see it, which runs nothing.

    Shown is the draft, else what is published, else the theme's words.
    """
    template, more = TEMPLATES[key]
    g.pop("chrome", None)
    version = draft or next(iter(special_versions(g.db, (key,), g.locale)), None)
    own = shown_special(g.db, version) if version is not None else None
    if own is not None and draft is not None:
        own["marked"] = True
    alone = {"visitor": {"signed_in": False}, "messages": []}
    if key in (PARKED, RESTRAINED):
        html = parked_html(key, own, str(more["host"]), **alone)
    else:
        html = render(template, **{"words": "", "reference": "", **more, "own": own, **alone})
    response = make_response(SCRIPT.sub("", html))
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cache-Control"] = "no-store"
    return response
