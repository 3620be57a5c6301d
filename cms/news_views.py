"""/news/feed.xml: the newest of a page's news as an Atom feed (RFC 4287), whole or of one category."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid5

from flask import Blueprint, Response, abort, g

from cms.head import this_site
from cms.news import feed_path, feed_title, news_of
from cms.news_categories import find_category
from cms.news_rules import MOST, Category, Listing, News, Post, xml_words
from cms.paths import normal_path
from cms.seo import Site
from storefront.web.guards import PUBLIC, reads
from storefront.web.rendering import render, storable
from storefront.web.site import site

bp = Blueprint("news", __name__)


@bp.get("/feed.xml", defaults={"place": "", "category": ""})
@bp.get("/<path:place>/feed.xml", defaults={"category": ""})
@bp.get("/<path:place>/feed/<category>.xml")
@reads(PUBLIC)
def feed(place: str, category: str) -> Response:
    """The newest of what lies below a page that lists its news, in the language asked for, else in one that has it."""
    news = news_of(g.db, version=g.place.version)
    locales = dict.fromkeys([g.locale, *site()["languages"]])
    found = (news.listing_at(locale, normal_path(place)) for locale in locales)
    listing = next((each for each in found if each is not None), None)
    # A category of which nothing was told yet has a feed too.
    chosen = news.category(category) or find_category(g.db, category) if category else None
    if listing is None or (category and chosen is None):
        abort(404)
    told = feed_facts(this_site(), news, listing, chosen)
    return storable(Response(render("cms/feed.xml", feed=told), content_type="application/atom+xml; charset=utf-8"))


def feed_facts(known: Site, news: News, listing: Listing, chosen: Category | None) -> dict[str, Any]:
    """Return a feed for cms/feed.xml. Its names are made of what never changes: of ids, not of titles or addresses."""
    slug = chosen.slug if chosen else ""
    posts = [post for post in news.below(listing, slug) if not post.is_hidden][:MOST]
    titles = {each.slug: xml_words(each.named(listing.locale)) for each in news.categories}
    changed = max((post.changed_at for post in posts), default=listing.changed_at)
    return {
        "id": uuid5(listing.page_id, f"{listing.locale} {slug}".strip()).urn,
        "language": listing.locale,
        "title": xml_words(f"{feed_title(listing, chosen)} · {known.name}"),
        "author": xml_words(known.name),
        "updated": _stamp(changed),
        "self_url": known.address(listing.locale, feed_path(listing, slug)),
        "url": known.address(listing.locale, listing.path),
        "entries": [_entry(known, post, titles) for post in posts],
    }


def _entry(known: Site, post: Post, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "id": uuid5(post.page_id, post.locale).urn,
        "title": xml_words(post.title),
        "text": xml_words(post.text),
        "url": known.address(post.locale, post.path),
        "published": _stamp(post.at),
        "updated": _stamp(post.changed_at),
        "categories": [(slug, titles[slug]) for slug in post.categories if slug in titles],
    }


def _stamp(at: datetime) -> str:
    """Write a moment as RFC 3339 asks."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
