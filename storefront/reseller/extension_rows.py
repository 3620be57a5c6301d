"""Endings as the office lists them: on offer or not, what they cost and bring, whether they ask for something."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import g

from storefront.catalog import shelves
from storefront.catalog.ending_facts import needs_something
from storefront.catalog.offers import rules_on
from storefront.catalog.tlds import Kind, TldRules
from storefront.core.db import Work
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.core.text import LocalizedText
from storefront.pricing.book import price_book
from storefront.pricing.items import BY_THE_YEAR, Action
from storefront.pricing.price_cells import CellKey, Earning, Terms, earning, is_sold
from storefront.pricing.quote import PriceBook
from storefront.pricing.sheet_costs import sheet_costs

SHOWN_STATES: dict[str, Text] = {
    "": _("All"),
    "offered": _("For sale"),
    "off": _("Not for sale"),
    "unpriced": _("For sale without a price"),
    "loss": _("Sold at a loss"),
    "asking": _("Asking for more"),
}


@dataclass(frozen=True, kw_only=True)
class Earned:
    """What an action costs and brings: the customer's price, the net cost, and what is left; ``None`` where unknown."""

    cost: Money | None
    price: Money | None
    left: Earning | None

    @property
    def is_loss(self) -> bool:
        """Whether the price lies below the cost."""
        return self.left is not None and self.left.is_loss


@dataclass(frozen=True, kw_only=True)
class ExtensionRow:
    """One ending for the list."""

    ending: str
    shown: str
    registry: str
    is_generic: bool
    is_offered: bool
    badge: LocalizedText
    is_asking: bool
    first: Earned
    renewal: Earned

    def is_in(self, state: str) -> bool:
        """Whether the row belongs under one of ``SHOWN_STATES``."""
        return {
            "": True,
            "offered": self.is_offered,
            "off": not self.is_offered,
            "unpriced": self.is_offered and self.first.price is None,
            "loss": self.first.is_loss or self.renewal.is_loss,
            "asking": self.is_asking,
        }[state]


def extension_rows(db: Work) -> list[ExtensionRow]:
    """Return every ending whose rules are known: those on a shelf in the shop's order, then the others by name."""
    book, rules, kept = price_book(db, version=g.place.version), rules_on(db, db.today), shelves.offers(db)
    costs = sheet_costs(db, book.currency)
    endings = [*(ending for ending in kept if ending in rules), *sorted(set(rules) - set(kept))]
    return [
        ExtensionRow(
            ending=ending,
            shown="." + rules[ending].unicode,
            registry=rules[ending].registry,
            is_generic=rules[ending].kind is Kind.GTLD,
            is_offered=ending in kept and kept[ending].is_offered,
            badge=kept[ending].badge if ending in kept else LocalizedText(),
            is_asking=needs_something(rules[ending]),
            first=_earned(book, costs, ending, "register"),
            renewal=_earned(book, costs, ending, "renew"),
        )
        for ending in endings
    ]


def period_rows(db: Work, rules: TldRules) -> list[tuple[int, Earned, Earned]]:
    """Return costs and prices of registering and renewing by number of years."""
    book, ending = price_book(db, version=g.place.version), rules.ending
    costs = sheet_costs(db, book.currency)
    priced = {years for action in ("register", "renew") for years in book.terms(ending, action)}
    known = {key.years for key in costs if key.ending == ending and is_sold(key, rules) and key.action in BY_THE_YEAR}
    return [
        (years, _at(book, costs, CellKey(ending, "register", years)), _at(book, costs, CellKey(ending, "renew", years)))
        for years in sorted(priced | known)
    ]


def ending_costs(db: Work, ending: str) -> dict[str, Earned]:
    """Return costs and prices of what is done once: transfer, restore, change of owner."""
    book = price_book(db, version=g.place.version)
    costs = sheet_costs(db, book.currency)
    found = {action: _earned(book, costs, ending, action) for action in ("transfer", "restore", "trade")}
    return {action: each for action, each in found.items() if each.cost is not None or each.price is not None}


def _earned(book: PriceBook, costs: Mapping[CellKey, Money], ending: str, action: str) -> Earned:
    """Return the shortest term that is sold, else the first year."""
    terms = book.terms(ending, cast("Action", action))
    return _at(book, costs, CellKey(ending, action, terms[0] if terms else 1))


def _at(book: PriceBook, costs: Mapping[CellKey, Money], key: CellKey) -> Earned:
    price, cost = book.prices.get((key.ending, cast("Action", key.action), key.years)), costs.get(key)
    terms = Terms(currency=book.currency, amounts=book.amounts, vat_percent=book.vat_percent)
    return Earned(cost=cost, price=price, left=earning(price, cost, terms) if price is not None else None)
