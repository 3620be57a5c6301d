"""A shop with the whole starter site in every language, in front of visitors."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from cms.models import PageVersion
from cms.starter import starter_pages, write_menus, write_page
from cms.starter_texts import GAP, languages
from storefront.core.db import Work


def completed(value: Any) -> Any:
    """Write something in every gap that a page of the pattern has, as whoever keeps the shop must."""
    if isinstance(value, dict):
        return {name: completed(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [completed(each) for each in value]
    return GAP.sub(lambda gap: gap[0][1:-1], value) if isinstance(value, str) else value


def publish_starter(db: Work, locales: Sequence[str] = ()) -> list[str]:
    """Publish every page of the starter site, those too that somebody would read first; returns their addresses."""
    locales = locales or list(languages())
    for locale in locales:
        for starter in starter_pages(db, locale):
            write_page(db, replace(starter, blocks=completed(starter.blocks)), locale, publish=True)
        write_menus(db, locale)
    db.flush()
    seen = select(PageVersion.locale, PageVersion.path).where(
        PageVersion.reseller_id == db.reseller_id, PageVersion.state == "published", PageVersion.locale.in_(locales)
    )
    return sorted(f"/{locale}{path}" for locale, path in db.execute(seen))
