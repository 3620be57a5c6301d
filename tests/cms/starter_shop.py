"""A shop with the whole starter site in every language, in front of visitors."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from cms.models import PageVersion
from cms.starter import starter_pages, write_menus, write_page
from cms.starter_texts import GAP, languages
from storefront.core import ids
from storefront.core.db import Database, Work
from storefront.pricing.models import Price, PriceList, Product
from storefront.pricing.products import ProductTerms, switch_services, write_product
from tests import factories
from tests.fixtures_app import Shop


def new_shop(database: Database) -> Shop:
    """A shop of its own that sells, without pages."""
    slug = f"n{ids.public_code(8).lower().replace('-', '')}"
    with database.office_work() as db:
        row = factories.make_reseller(db, slug)
        db.commit()
    with database.work(row.id) as db:
        factories.stock(db)
        db.commit()
    return Shop(id=row.id, host=f"{slug}.localhost")


def completed(value: Any) -> Any:
    """Write something in every gap that a page of the pattern has, as whoever keeps the shop must."""
    if isinstance(value, dict):
        return {name: completed(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [completed(each) for each in value]
    return GAP.sub(lambda gap: gap[0][1:-1], value) if isinstance(value, str) else value


def offer_services(db: Work, *services: str) -> None:
    """Offer a product of each service, or of these, with a price in the list that holds."""
    services = services or ("hosting", "email", "ssl")
    switch_services(db, services)
    [prices] = db.scalars(select(PriceList).where(PriceList.published_at.is_not(None)))
    known = set(db.scalars(select(Product.code)))
    for service in services:
        if f"fjord-{service}" in known:
            continue
        title, text = {"en": f"Fjord for {service}"}, {"en": "What it holds."}
        write_product(
            db, ProductTerms(kind=service, code=f"fjord-{service}", title=title, description=text, is_offered=True)
        )
        told = {"kind": service, "ending": f"fjord-{service}", "action": "recurring", "years": 1}
        db.add(Price(price_list_id=prices.id, minor=7_350, **told))
    db.flush()


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
