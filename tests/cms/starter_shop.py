"""A shop with the whole starter site in every language, in front of visitors."""

from collections.abc import Sequence

from sqlalchemy import select

from cms.models import PageVersion
from cms.starter import starter_pages, write_menus, write_page
from cms.starter_texts import languages
from storefront.core.db import Work


def publish_starter(db: Work, locales: Sequence[str] = ()) -> list[str]:
    """Publish every page of the starter site, those too that somebody would read first; returns their addresses."""
    locales = locales or list(languages())
    for locale in locales:
        for starter in starter_pages(db, locale):
            write_page(db, starter, locale, publish=True)
        write_menus(db, locale)
    db.flush()
    seen = select(PageVersion.locale, PageVersion.path).where(
        PageVersion.reseller_id == db.reseller_id, PageVersion.state == "published", PageVersion.locale.in_(locales)
    )
    return sorted(f"/{locale}{path}" for locale, path in db.execute(seen))
