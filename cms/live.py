"""Blocks that show the shop: prices from the live price list."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from flask import g, url_for

from cms.embeds import embed_of
from cms.live_offers import product_facts, promotion_facts
from storefront.catalog.offers import OfferedEnding
from storefront.catalog.queries import assortment
from storefront.core.db import Work
from storefront.core.i18n import gettext
from storefront.core.kept import KeptFacts, end_of_day
from storefront.core.money import Money
from storefront.customers.addresses import lines_of
from storefront.pricing.book import price_book
from storefront.pricing.items import Action, Item
from storefront.pricing.quote import PriceBook
from storefront.pricing.seen_before import seen_before
from storefront.pricing.shown_prices import ShownPrice, shown_price
from storefront.web.headers import may_frame
from storefront.web.price_groups import group_of_visitor
from tenants.models import Reseller
from tenants.resellers import current_reseller

STRIP = 6
# What a line takes in memory, bytes, and what those of all shops may take in one process.
LINE_BYTES: Final = 1_500
ROOM: Final = 4 * 1024 * 1024


class PriceCell(NamedTuple):
    """One price of a line: what it is paid for, for how many years, and the offer behind it, where there is one."""

    action: Action
    amount: Money | None
    years: int
    told: ShownPrice | None = None


class PriceLine(NamedTuple):
    """An ending with its prices, as blocks show them. No dictionary: nothing in it is anybody's words or links."""

    name: str
    ending: str
    first: Money
    renewal: Money | None
    transfer: Money | None
    restore: Money | None
    first_years: int
    renewal_years: int
    told: ShownPrice
    # The four of them in the order of a table.
    cells: tuple[PriceCell, ...]


def live_facts(db: Work, block: dict[str, Any], note: str) -> dict[str, Any]:
    """Return what a block shows of the shop right now, beside what its editor wrote."""
    live = LIVE.get(block["kind"])
    return live(db, block, note) if live is not None else {}


def _strip(db: Work, block: dict[str, Any], _note: str) -> dict[str, Any]:
    lines = _lines(db, tuple(block["endings"]))[:STRIP]
    return {
        "prices": [{**line._asdict(), "url": url_for("shop.search.results", endings=line.name)} for line in lines],
        "has_end": _has_end(lines),
    }


def _table(db: Work, block: dict[str, Any], note: str) -> dict[str, Any]:
    rows = _lines(db, tuple(block["endings"] or assortment(db, version=g.place.version).endings))
    return {"rows": rows, "note": note, "has_end": _has_end(rows)}


def _has_end(lines: Iterable[PriceLine]) -> bool:
    return any(line.told.ends_at is not None for line in lines)


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
    numbers = [
        *reseller.legal_lines,
        *([gettext("VAT number %(number)s", number=reseller.vat_number)] if reseller.vat_number else []),
    ]
    return {"name": reseller.legal_name or reseller.name, "lines": lines_of(reseller), "numbers": numbers}


def _lines(db: Work, endings: tuple[str, ...]) -> tuple[PriceLine, ...]:
    """Return those endings that can be registered; what an offer reduces is compared with what was seen before.

    What was taken from sale is left out, though a block names it and it still has a price.
    """
    return _KEPT.of(db, g.place.version, group_of_visitor(), endings)


def _load(db: Work, group_id: UUID | None, endings: tuple[str, ...]) -> tuple[tuple[PriceLine, ...], datetime]:
    book = price_book(db, version=g.place.version, group_id=group_id)
    ends = end_of_day(db)
    return _read_lines(db, book, endings), min(ends, book.holds_until or ends)


_KEPT = KeptFacts(_load, size=lambda lines: LINE_BYTES * len(lines), room=ROOM)


def _read_lines(db: Work, book: PriceBook, endings: Sequence[str]) -> tuple[PriceLine, ...]:
    offered = assortment(db, version=g.place.version).endings
    items = {ending: item for ending in endings if ending in offered and (item := _first(book, ending)) is not None}
    seen = seen_before(db, items.values(), book, version=g.place.version)
    told = [(ending, shown_price(item, book, now=db.now, seen=seen)) for ending, item in items.items()]
    return tuple(_line(book, offered[ending], each) for ending, each in told if each is not None)


def _first(book: PriceBook, ending: str) -> Item | None:
    terms = book.terms(ending, "register")
    return Item(key=ending, ending=ending, action="register", years=terms[0]) if terms else None


def _line(book: PriceBook, offer: OfferedEnding, told: ShownPrice) -> PriceLine:
    ending = offer.ending

    def cell(action: Action) -> PriceCell:
        terms = book.terms(ending, action)
        return PriceCell(action, book.prices[ending, action, terms[0]] if terms else None, terms[0] if terms else 0)

    is_said = told.struck is not None or told.offer
    first = cell("register")._replace(amount=told.price, told=told if is_said else None)
    renewal, transfer = cell("renew"), cell("transfer")
    restore = cell("restore") if offer.rules.may_restore else PriceCell("restore", None, 0)
    return PriceLine(
        name=ending,
        ending=offer.shown,
        first=told.price,
        renewal=renewal.amount,
        transfer=transfer.amount,
        restore=restore.amount,
        first_years=first.years,
        renewal_years=renewal.years,
        told=told,
        cells=(first, renewal, transfer, restore),
    )


LIVE: Mapping[str, Callable[[Work, dict[str, Any], str], dict[str, Any]]] = {
    "domain_search": _search,
    "price_strip": _strip,
    "price_table": _table,
    "products": lambda db, block, _note: product_facts(db, block),
    "promotion_countdown": lambda db, block, _note: promotion_facts(db, block),
    "embed": lambda _db, block, _note: embed_facts(block),
    "contact_card": _company,
}
