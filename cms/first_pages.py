"""The pages and menus a new shop begins with, in its own language: enough to search, to compare prices and to order."""

from typing import Any

from sqlalchemy import select

from cms.blocks import block_from
from cms.pages import PageTerms, publish_page, set_menu
from storefront.catalog.models import TldGroup
from storefront.core.db import Work
from storefront.core.i18n import gettext as _
from storefront.core.i18n import speaking
from tenants.resellers import current_reseller

MOST_ON_HOME = 8


def write_first_pages(db: Work) -> None:
    """Write home page, price page and menus of a shop that has none yet; the home page shows a few prices."""
    reseller = current_reseller(db)
    with speaking(reseller.default_locale, reseller.zone):
        _pages(db, reseller.default_locale, reseller.name)
        _menus(db, reseller.default_locale, reseller.name)


def _pages(db: Work, locale: str, shop: str) -> None:
    hero: dict[str, Any] = {
        "kind": "hero",
        "title": _("Find the name. We do the rest."),
        "text": _("Search all our endings in one go. The renewal price stands right beside the first."),
        "placeholder": _("The name you have in mind"),
    }
    known = db.scalar(select(TldGroup.endings).where(TldGroup.is_default.is_(True)).limit(1)) or []
    table: dict[str, Any] = {
        "kind": "price_table",
        "title": _("What names cost"),
        "text": "",
        "endings": known[:MOST_ON_HOME],
    }
    blocks = [hero, *([table] if known else [])]
    publish_page(
        db,
        PageTerms(
            key="home",
            locale=locale,
            path="/",
            title=shop,
            description=_("Domain names at %(shop)s: search, compare prices, order.", shop=shop),
            blocks=[block_from(block) for block in blocks],
        ),
    )
    publish_page(
        db,
        PageTerms(
            key="prices",
            locale=locale,
            path="/prices",
            title=_("Prices"),
            description=_("All four prices of every ending: first year, renewal, transfer and restore."),
            blocks=[block_from({"kind": "price_table", "title": "", "text": ""})],
        ),
    )


def _menus(db: Work, locale: str, shop: str) -> None:
    prices: dict[str, object] = {"label": _("Prices"), "url": "/prices"}
    set_menu(db, "header", locale, [prices])
    set_menu(db, "footer", locale, [{"title": shop, "items": [prices]}])
