"""News: the published pages below a page that lists them, the newest first; kept by the shop's version."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import g, request, url_for
from sqlalchemy import func, select

from cms.models import NewsCategory, Page, PageVersion
from cms.news_rules import (
    Category,
    Leaf,
    Listing,
    News,
    Post,
    categories_of,
    day_of,
    leaf,
    listed_paths,
    most_of,
    number_of,
)
from cms.paths import normal_path
from storefront.core.db import Work
from storefront.core.i18n import gettext
from storefront.core.kept import KeptFacts

# What one post takes: its words are far shorter than they may be.
POST_BYTES = 1_500


def _load(db: Work) -> tuple[News, datetime]:
    listings = _listings(db)
    posts = _posts(db, {each.page_id for each in listings}) if listings else ()
    # Most shops have no news, and most news are about nothing in particular: nothing more is asked then.
    categories = _categories(db) if any(post.categories for post in posts) else ()
    return News(posts=posts, listings=listings, categories=categories), db.now + timedelta(days=1)


def _categories(db: Work) -> tuple[Category, ...]:
    rows = db.scalars(select(NewsCategory).order_by(NewsCategory.position, NewsCategory.slug))
    return tuple(Category(slug=row.slug, title=row.title) for row in rows)


def _listings(db: Work) -> tuple[Listing, ...]:
    """Find the pages that a list names, or that list what lies below themselves."""
    seen = select(PageVersion).where(PageVersion.reseller_id == db.reseller_id, PageVersion.state == "published")
    lists = list(db.scalars(seen.where(PageVersion.blocks.contains([{"kind": "news_list"}]))))
    wanted = {(page.locale, path) for page in lists for path in listed_paths(page.blocks, page.path)}
    missing = wanted - {(page.locale, page.path) for page in lists}
    # As a rule a page of news lists them itself.
    others = list(db.scalars(seen.where(PageVersion.path.in_({path for _, path in missing})))) if missing else []
    return tuple(
        Listing(
            page_id=page.page_id,
            locale=page.locale,
            title=page.title,
            path=page.path,
            changed_at=page.published_at or db.now,
        )
        for page in [*lists, *others]
        if (page.locale, page.path) in wanted
    )


def _posts(db: Work, parents: Collection[UUID]) -> tuple[Post, ...]:
    """Read what lies below some pages, in all languages; one query."""
    own = Page.reseller_id == db.reseller_id
    below = select(Page.id).where(own, Page.parent_id.in_(parents), Page.trashed_at.is_(None))
    # Since when a page is there at all: a word mended in it later makes it no news.
    since = (
        select(PageVersion.page_id, PageVersion.locale, func.min(PageVersion.published_at).label("at"))
        .where(PageVersion.reseller_id == db.reseller_id, PageVersion.page_id.in_(below))
        .group_by(PageVersion.page_id, PageVersion.locale)
        .subquery()
    )
    rows = db.execute(
        select(PageVersion, Page.parent_id, since.c.at)
        .join(Page, own & (Page.id == PageVersion.page_id))
        .join(since, (since.c.page_id == PageVersion.page_id) & (since.c.locale == PageVersion.locale))
        .where(PageVersion.reseller_id == db.reseller_id, PageVersion.state == "published", Page.id.in_(below))
    )
    zone = ZoneInfo(db.zone)
    posts = [_post(version, parent_id, at or db.now, zone) for version, parent_id, at in rows]
    return tuple(sorted(posts, key=lambda post: (post.at, post.page_id), reverse=True))


def _post(version: PageVersion, parent_id: UUID, since: datetime, zone: ZoneInfo) -> Post:
    day = day_of(version.settings.get("date"))
    return Post(
        page_id=version.page_id,
        parent_id=parent_id,
        locale=version.locale,
        title=version.title,
        text=version.description,
        path=version.path,
        at=datetime.combine(day, time.min, zone) if day is not None else since,
        changed_at=version.published_at or since,
        categories=categories_of(version.settings.get("categories")),
        is_hidden=bool(version.settings.get("noindex")),
    )


_KEPT = KeptFacts(_load, size=lambda news: POST_BYTES * len(news.posts))


def news_of(db: Work, *, version: int | None = None) -> News:
    """Return the news of this shop; pages name the shop's version, so that they are loaded once a change."""
    return _KEPT.of(db, version)


def news_facts(db: Work, block: Mapping[str, Any], page: PageVersion) -> dict[str, Any]:
    """Return what a list of news shows: what is told, and, on the page of these news, what of it there is to choose."""
    news = news_of(db, version=g.place.version)
    path = normal_path(str(block["page"])) if str(block["page"]).strip("/ ") else page.path
    listing = news.listing_at(page.locale, path)
    if page.state != "published" and listing is None:
        news, listing = _of_draft(db, news, page, path)
    if listing is None:
        return {"items": [], "choices": [], "pager": None, "feed": None}
    is_own = listing.page_id == page.page_id
    asked = request.args if is_own and page.state == "published" else {}
    chosen = news.category(str(block["category"] or asked.get("category", "")))
    slug = str(block["category"]) or (chosen.slug if chosen else "")
    shown = leaf(news.below(listing, slug), number_of(asked.get("page", "")), most_of(block["most"]))
    titles = {each.slug: each.named(page.locale) for each in news.categories}
    return {
        "items": [
            {
                "title": post.title,
                "text": post.text,
                "url": address_of(post.path),
                "at": post.at,
                "about": [titles[each] for each in post.categories if each in titles],
            }
            for post in shown.posts
        ],
        "choices": _choices(news, listing, slug) if is_own and not block["category"] else [],
        "pager": _pager(shown, listing, "" if block["category"] else slug) if is_own and shown.of > 1 else None,
        "feed": {**_feed(listing, chosen), "is_shown": is_own},
        "query": query_of("" if block["category"] else slug, shown.number) if is_own else "",
    }


def is_news(db: Work, page: Page) -> bool:
    """Whether a page lies below one that lists news, or will: its day and its categories are then asked for."""
    if page.parent_id is None:
        return False
    if any(each.page_id == page.parent_id for each in news_of(db, version=g.place.version).listings):
        return True
    written = select(PageVersion.id).where(
        PageVersion.reseller_id == db.reseller_id,
        PageVersion.page_id == page.parent_id,
        PageVersion.state != "past",
        PageVersion.blocks.contains([{"kind": "news_list"}]),
    )
    return db.scalar(written.limit(1)) is not None


def _of_draft(db: Work, news: News, page: PageVersion, path: str) -> tuple[News, Listing | None]:
    """Find what a list in a draft will show: nobody sees that list yet, so it is not among those that are kept."""
    page_id: UUID | None = page.page_id
    if path != page.path:
        seen = select(PageVersion.page_id).where(PageVersion.reseller_id == db.reseller_id, PageVersion.path == path)
        page_id = db.scalar(seen.where(PageVersion.locale == page.locale, PageVersion.state == "published"))
    if page_id is None:
        return news, None
    listing = Listing(page_id=page_id, locale=page.locale, title=page.title, path=path, changed_at=db.now)
    return replace(news, posts=_posts(db, {page_id}), listings=(listing,)), listing


def _choices(news: News, listing: Listing, slug: str) -> list[dict[str, Any]]:
    """Return the categories one may choose between, all of them first; without any there is nothing to choose."""
    told = news.told_in(listing)
    if not told:
        return []
    return [
        {"title": gettext("All"), "url": address_of(listing.path), "current": not slug},
        *(
            {
                "title": each.named(listing.locale),
                "url": address_of(listing.path, category=each.slug),
                "current": each.slug == slug,
            }
            for each in told
        ),
    ]


def _pager(shown: Leaf, listing: Listing, slug: str) -> dict[str, Any]:
    def url(number: int) -> str | None:
        if not 1 <= number <= shown.of:
            return None
        return address_of(listing.path, category=slug or None, page=number if number > 1 else None)

    return {"number": shown.number, "of": shown.of, "newer": url(shown.number - 1), "older": url(shown.number + 1)}


def query_of(slug: str, number: int) -> str:
    """Return what is behind the question mark of the one address under which a part of a list is known."""
    parts = [*([f"category={slug}"] if slug else []), *([f"page={number}"] if number > 1 else [])]
    return "?" + "&".join(parts) if parts else ""


def address_of(path: str, **query: Any) -> str:
    """Return where a page is, in the language of this request."""
    return url_for("cms.page", path=path[1:], **query)


def feed_path(listing: Listing, slug: str = "") -> str:
    """Return the address of a feed without its language."""
    place = listing.path.rstrip("/")
    return f"{place}/feed/{slug}.xml" if slug else f"{place}/feed.xml"


def _feed(listing: Listing, chosen: Category | None) -> dict[str, Any]:
    path = feed_path(listing, chosen.slug if chosen else "")
    return {"path": path, "url": f"{request.script_root}{path}", "title": feed_title(listing, chosen)}


def feed_title(listing: Listing, category: Category | None) -> str:
    """Return what a feed is called."""
    return f"{listing.title}: {category.named(listing.locale)}" if category else listing.title


def post_facts(db: Work, version: PageVersion) -> dict[str, Any] | None:
    """Return what a page shows that is news: its day, what it is about, and what was told before and after it."""
    news = news_of(db, version=g.place.version)
    post = news.post(version.locale, version.page_id)
    if post is None:
        return None
    listing = news.listing(post.locale, post.parent_id)
    assert listing is not None  # noqa: S101 - or it would be no news
    older, newer = news.beside(post)
    known = {each.slug: each.named(post.locale) for each in news.categories}
    return {
        "post": post,
        "at": post.at,
        "sections": [known[slug] for slug in post.categories if slug in known],
        "about": [
            {"title": known[slug], "url": address_of(listing.path, category=slug)}
            for slug in post.categories
            if slug in known
        ],
        "list": {"title": listing.title, "url": address_of(listing.path)},
        "older": {"title": older.title, "url": address_of(older.path)} if older else None,
        "newer": {"title": newer.title, "url": address_of(newer.path)} if newer else None,
        "feed": _feed(listing, None),
    }
