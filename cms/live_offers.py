"""Blocks that show what a shop sells beside domains, and the promotions that run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import g

from storefront.core.db import Work
from storefront.core.i18n import current_locale
from storefront.core.kept import KeptFacts
from storefront.core.text import LocalizedText
from storefront.pricing.book import price_book
from storefront.pricing.items import Item
from storefront.pricing.products import products, services_on
from storefront.pricing.promotion_rules import PromotionTerms
from storefront.pricing.shown_prices import shown_price
from storefront.web.price_groups import group_of_visitor
from storefront.web.rendering import make_anew_after

PRODUCT_BYTES = 2_000


@dataclass(frozen=True, kw_only=True)
class Sold:
    """A product that a shop offers, of a service that it offers."""

    kind: str
    code: str
    title: LocalizedText
    text: LocalizedText


def _load(db: Work) -> tuple[tuple[Sold, ...], datetime]:
    services = services_on(db)
    found = tuple(
        Sold(kind=each.kind, code=each.code, title=each.title, text=each.description)
        for each in products(db)
        if each.is_offered and each.kind in services
    )
    return found, db.now + timedelta(days=1)


_KEPT = KeptFacts(_load, size=lambda found: PRODUCT_BYTES * len(found))


def product_facts(db: Work, block: Mapping[str, Any]) -> dict[str, Any]:
    """Return the products of a service with their prices; none while the shop does not offer it."""
    book, locale = price_book(db, version=g.place.version, group_id=group_of_visitor()), current_locale()
    found = []
    for sold in _KEPT.of(db, g.place.version):
        item = Item(key=sold.code, ending=sold.code, action="recurring", years=1, kind=sold.kind)
        told = shown_price(item, book, now=db.now) if sold.kind == block["service"] else None
        if told is not None:
            setup = book.products.get((sold.kind, sold.code, "setup", 1))
            found.append(
                {
                    "title": sold.title.in_(locale),
                    "text": sold.text.in_(locale),
                    "told": told,
                    "setup": setup if setup is not None and setup.minor else None,
                }
            )
    return {"items": found}


def promotion_facts(db: Work, block: Mapping[str, Any]) -> dict[str, Any]:
    """Return a promotion while it runs, else None; the page is made anew when that changes."""
    book = price_book(db, version=g.place.version, group_id=group_of_visitor())
    terms = next((each for each in book.promotions if str(each.id) == block["promotion"]), None)
    if terms is None:
        return {"offer": None}
    if terms.why_not_now(db.now) is not None:
        if terms.starts_at > db.now:
            make_anew_after((terms.starts_at - db.now).total_seconds())
        return {"offer": None}
    if terms.ends_at is not None:
        make_anew_after((terms.ends_at - db.now).total_seconds())
    return {"offer": _told(terms)}


def _told(terms: PromotionTerms) -> dict[str, Any]:
    return {"title": str(terms.shown), "reward": str(terms.reward), "ends_at": terms.ends_at}
