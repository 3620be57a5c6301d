"""Blocks that show the shop: prices from the live price list."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import g, url_for

from cms.embeds import embed_of
from cms.live_offers import product_facts, promotion_facts
from storefront.catalog.queries import assortment
from storefront.core.db import Work
from storefront.core.i18n import country_name, gettext
from storefront.core.money import Money
from storefront.pricing.book import price_book
from storefront.pricing.history import price_history
from storefront.pricing.items import Item
from storefront.pricing.quote import PriceBook
from storefront.pricing.shown_prices import reduced, shown_price
from storefront.web.headers import may_frame
from storefront.web.price_groups import group_of_visitor
from tenants.models import Reseller
from tenants.resellers import current_reseller

STRIP = 6
# What the template asks of every feature; an editor gives what there is.
FEATURE: dict[str, Any] = {
    "icon": "",
    "text": "",
    "points": [],
    "price": None,
    "price_unit": "",
    "url": "",
    "button": "",
}


def live_facts(db: Work, block: dict[str, Any], note: str) -> dict[str, Any]:
    """Return what a block shows of the shop right now, beside what its editor wrote."""
    live = LIVE.get(block["kind"])
    return live(db, block, note) if live is not None else {}


def _strip(db: Work, block: dict[str, Any], _note: str) -> dict[str, Any]:
    book = price_book(db, version=g.place.version, group_id=group_of_visitor())
    rows = _rows(db, book, block["endings"])
    return {"prices": [row for row in rows if row["first"] is not None][:STRIP]}


def _table(db: Work, block: dict[str, Any], note: str) -> dict[str, Any]:
    book = price_book(db, version=g.place.version, group_id=group_of_visitor())
    endings: Sequence[str] = block["endings"] or list(assortment(db, version=g.place.version).endings)
    rows = _rows(db, book, endings)
    return {"rows": [row for row in rows if row["first"] is not None], "note": note}


def _search(db: Work, block: dict[str, Any], _note: str) -> dict[str, Any]:
    """Leave out a group that is there no more: the search then begins where it always does."""
    known = {group.slug for group in assortment(db, version=g.place.version).groups}
    return {"group": block["group"] if block["group"] in known else ""}


def _company(db: Work, block: dict[str, Any], _note: str) -> dict[str, Any]:
    return {"company": company_card(current_reseller(db)) if block["has_company"] else None}


def embed_facts(block: dict[str, Any]) -> dict[str, Any]:
    """Return the frame of another site, which this page may then hold."""
    found = embed_of(block["address"])
    if found is not None:
        may_frame(found.origin)
    return {"embed": found}


def company_card(reseller: Reseller) -> dict[str, Any]:
    """Return how a shop's company is called and where it sits, as its invoices say it."""
    place = f"{reseller.postcode} {reseller.city}".strip()
    lines = [each for each in (reseller.street, place, country_name(reseller.country)) if each]
    numbers = [
        *reseller.legal_lines,
        *([gettext("VAT number %(number)s", number=reseller.vat_number)] if reseller.vat_number else []),
    ]
    return {"name": reseller.legal_name or reseller.name, "lines": lines, "numbers": numbers}


def _rows(db: Work, book: PriceBook, endings: Sequence[str]) -> list[dict[str, Any]]:
    """Return the endings with their prices; what an offer reduces is compared with what was seen before.

    What was taken from sale is left out, though a block names it and it still has a price.
    """
    endings = [each for each in endings if each in assortment(db, version=g.place.version).endings]
    items = [_first(book, ending) for ending in endings]
    cheaper = reduced([item for item in items if item is not None], book, now=db.now)
    group_id = book.group.id if book.group else None
    seen = price_history(db, group_id=group_id, items=cheaper) if cheaper else None
    told = [shown_price(item, book, now=db.now, seen=seen) if item is not None else None for item in items]
    return [
        {**_row(db, book, ending), "told": each, "first": each.price if each else None}
        for ending, each in zip(endings, told, strict=True)
    ]


def _first(book: PriceBook, ending: str) -> Item | None:
    terms = book.terms(ending, "register")
    return Item(key=ending, ending=ending, action="register", years=terms[0]) if terms else None


def _row(db: Work, book: PriceBook, ending: str) -> dict[str, Any]:
    offer = assortment(db, version=g.place.version).endings.get(ending)
    may_restore = offer is None or offer.rules.may_restore

    def years(action: Any) -> int:
        terms = book.terms(ending, action)
        return terms[0] if terms else 0

    def price(action: Any) -> Money | None:
        terms = book.terms(ending, action)
        return book.prices[(ending, action, terms[0])] if terms else None

    return {
        "ending": offer.shown if offer else f".{ending}",
        "url": url_for("shop.search.results", endings=ending),
        "renewal": price("renew"),
        "transfer": price("transfer"),
        "restore": price("restore") if may_restore else None,
        "first_years": years("register"),
        "renewal_years": years("renew"),
    }


LIVE: Mapping[str, Callable[[Work, dict[str, Any], str], dict[str, Any]]] = {
    "domain_search": _search,
    "price_strip": _strip,
    "price_table": _table,
    "features": lambda _db, block, _note: {"items": [{**FEATURE, **item} for item in block["items"]]},
    "products": lambda db, block, _note: product_facts(db, block),
    "promotion_countdown": lambda db, block, _note: promotion_facts(db, block),
    "embed": lambda _db, block, _note: embed_facts(block),
    "contact_card": _company,
}
