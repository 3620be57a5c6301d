"""What stands in the head of a public page, and the list of pages for search engines: read here, told by cms/seo.py."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from flask import g, request
from jinja2.utils import htmlsafe_json_dumps
from sqlalchemy import or_, select

from cms.card_layout import HEIGHT, WIDTH
from cms.card_views import card_path
from cms.models import MediaFile, PageVersion
from cms.news import post_facts
from cms.page_settings import settings_of
from cms.pictures import shown_file
from cms.queries import has_address
from cms.seo import Article, Listed, Site, Told, alternates, head_of, sitemap_of
from storefront.core.db import Work
from storefront.core.kept import KIBIBYTE, KeptFacts
from storefront.web.house import house
from storefront.web.locale import each_locale
from storefront.web.site import kept
from tenants.resellers import current_reseller

# A page of the shop that no editor wrote, and that searchers look for.
PRICE_LIST = "/price-list"


class _Around(NamedTuple):
    """What is told of a page beside its own words: where it is in each language, what is above it, who keeps it."""

    paths: dict[str, str]
    above: list[tuple[str, str]]
    picture: str
    company: dict[str, Any]


def this_site() -> Site:
    """Return where the shop of this request is known, whatever host was asked."""
    facts, origin = kept.of_request(), house().config.origin(g.place.canonical)
    icons, logo = facts["icons"] or {}, facts["logo"] or {}
    found = logo.get("light_url") or icons.get("icon")
    return Site(
        origin=origin,
        languages=facts["languages"],
        name=facts["name"],
        logo=origin + _bare(found) if found else "",
    )


def page_with_head(db: Work, version: PageVersion, page: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``page`` of cms/page.html with its head, its language, and where it is in the others."""
    around = _KEPT.of(db, g.place.version, version.id)
    settings = settings_of(version.settings)
    news = post_facts(db, version)
    lists = [block for block in page["blocks"] if block["kind"] == "news_list" and block["feed"]]
    told = Told(
        locale=version.locale,
        path=version.path,
        title=version.title,
        description=version.description,
        paths=around.paths,
        above=around.above,
        search_title=settings["search_title"],
        picture=around.picture or house().config.origin(g.place.canonical) + card_path(version),
        picture_size=None if around.picture else (WIDTH, HEIGHT),
        is_hidden=bool(settings["noindex"]),
        query=next((block["query"] for block in lists if block["query"]), ""),
        article=Article(at=news["at"], changed_at=news["post"].changed_at, about=news["sections"]) if news else None,
    )
    known = this_site()
    head = head_of(known, told, page["blocks"], around.company)
    # Neither < nor & stands in it: what an editor wrote cannot end the element around it.
    head["data"] = [htmlsafe_json_dumps(each) for each in head["data"]]
    feeds = {block["feed"]["path"]: block["feed"]["title"] for block in [*lists, *([news] if news else [])]}
    head["feeds"] = [(title, known.address(version.locale, path)) for path, title in feeds.items()]
    return {**page, "head": head, "language": version.locale, "paths": around.paths, "news": news}


def known_at(path: str) -> dict[str, Any]:
    """Return the one address of a page that no editor wrote, and where it is in each language (parts/known_at.html)."""
    known = this_site()
    return {
        "canonical": known.address(g.locale, path),
        "alternates": alternates(known, dict.fromkeys(known.languages, path)),
    }


def switch(paths: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the languages of the shop with this page in each, for the switch in the footer."""
    return each_locale(kept.of_request()["languages"], lambda tag: f"/{tag}{paths.get(tag, request.path)}")


def sitemap(db: Work) -> list[dict[str, Any]]:
    """List every page that search engines may show; in one query."""
    found: dict[UUID, list[Any]] = {}
    columns = select(
        PageVersion.page_id, PageVersion.locale, PageVersion.path, PageVersion.settings, PageVersion.published_at
    )
    living = columns.where(PageVersion.reseller_id == db.reseller_id, PageVersion.state == "published")
    for version in db.execute(living.where(has_address()).order_by(PageVersion.path, PageVersion.locale)):
        if not settings_of(version.settings)["noindex"]:
            found.setdefault(version.page_id, []).append(version)
    pages = [
        Listed(
            paths={each.locale: each.path for each in versions},
            days={each.locale: f"{each.published_at:%Y-%m-%d}" for each in versions if each.published_at},
        )
        for versions in found.values()
    ]
    known = this_site()
    return sitemap_of(known, [*pages, Listed(paths=dict.fromkeys(known.languages, PRICE_LIST), days={})])


def _load(db: Work, version_id: UUID) -> tuple[_Around, datetime]:
    version = db.find(PageVersion, version_id)
    assert version is not None  # noqa: S101 - it is being shown
    paths, above = _kin(db, version)
    picture = _picture(db, str(settings_of(version.settings)["picture"]), version.locale)
    around = _Around(paths, above, picture, _company(db) if version.path == "/" else {})
    return around, db.now + timedelta(days=1)


_KEPT = KeptFacts(_load, size=lambda around: KIBIBYTE * (1 + len(around.above)))


def _kin(db: Work, version: PageVersion) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the page's address in each language, and the pages above it; in one query."""
    steps = version.path.split("/")
    higher = ["/".join(steps[:count]) for count in range(2, len(steps))]
    kin = select(PageVersion.page_id, PageVersion.locale, PageVersion.path, PageVersion.title, PageVersion.settings)
    found = db.execute(
        kin.where(PageVersion.reseller_id == db.reseller_id, PageVersion.state == "published").where(
            or_(
                PageVersion.page_id == version.page_id,
                (PageVersion.locale == version.locale) & PageVersion.path.in_(higher),
            )
        )
    ).all()
    own = [each for each in found if each.page_id == version.page_id]
    above = sorted((each for each in found if each.path in higher), key=lambda each: len(each.path))
    paths = {each.locale: each.path for each in own if not settings_of(each.settings)["noindex"]}
    return paths, [(each.title, each.path) for each in above]


def _picture(db: Work, picture_id: str, locale: str) -> str:
    """Return the whole address of the picture that somebody chose for where a page's link is shared, or nothing."""
    try:
        row = db.find(MediaFile, UUID(picture_id))
    except ValueError:
        return ""
    if row is None or row.trashed_at is not None:
        return ""
    return house().config.origin(g.place.canonical) + _bare(shown_file(row, locale).url)


def _company(db: Work) -> dict[str, Any]:
    """Return who keeps the shop, as its invoices say it."""
    reseller = current_reseller(db)
    address = {
        "@type": "PostalAddress",
        "streetAddress": reseller.street,
        "postalCode": reseller.postcode,
        "addressLocality": reseller.city,
        "addressCountry": reseller.country,
    }
    return {
        "legalName": reseller.legal_name,
        "vatID": reseller.vat_number,
        "address": address if reseller.street and reseller.city else None,
    }


def _bare(url: str) -> str:
    """Return an address without its language: a file is the same in all of them."""
    return url.removeprefix(request.script_root)
