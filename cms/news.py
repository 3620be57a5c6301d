"""News: the published pages below a page, the newest first."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy import func, select

from cms.models import Page, PageVersion
from cms.paths import normal_path
from storefront.core.db import Work

MOST = 30


def news_facts(db: Work, block: Mapping[str, Any], page_id: UUID, locale: str) -> dict[str, Any]:
    """Return what a list of news shows: title, words, address and day of each page; one query."""
    place = str(block["page"])
    above = select(PageVersion.page_id).where(
        PageVersion.path == normal_path(place), PageVersion.locale == locale, PageVersion.state == "published"
    )
    # Since when a page is there at all: a word mended in it later makes it no news.
    since = (
        select(PageVersion.page_id, func.min(PageVersion.published_at).label("at"))
        .where(PageVersion.locale == locale, PageVersion.published_at.is_not(None))
        .group_by(PageVersion.page_id)
        .subquery()
    )
    found = db.execute(
        select(PageVersion.title, PageVersion.description, PageVersion.path, since.c.at)
        .join(Page, (Page.reseller_id == PageVersion.reseller_id) & (Page.id == PageVersion.page_id))
        .join(since, since.c.page_id == PageVersion.page_id)
        .where(
            PageVersion.state == "published",
            PageVersion.locale == locale,
            Page.trashed_at.is_(None),
            Page.parent_id.in_(above) if place else Page.parent_id == page_id,
        )
        .order_by(since.c.at.desc(), PageVersion.id.desc())
        .limit(min(int(block["most"]) or MOST, MOST))
    )
    return {
        "items": [
            {"title": title, "text": text, "url": url_for("cms.page", path=path[1:]), "at": at}
            for title, text, path, at in found
        ]
    }
