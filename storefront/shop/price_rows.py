"""The complete price list of a shop: registration, renewal, transfer and restore by ending and period."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from storefront.core.i18n import Text
from storefront.core.money import Money
from storefront.core.text import LocalizedText
from storefront.pricing.history_rules import History
from storefront.pricing.items import BY_THE_YEAR
from storefront.pricing.promotion_rules import PromotionTerms
from storefront.pricing.queries import Shelf
from storefront.pricing.quote import Action, Item, PriceBook
from storefront.pricing.shown_prices import endings_in, may_be_cheaper, offers, shown_price

ONCE: tuple[Action, ...] = ("transfer", "restore", "trade")
FOUR: tuple[Action, ...] = ("register", "renew", "transfer", "restore")
# The years of each action that is sold.
Terms = dict[Action, int]


class Shown(NamedTuple):
    """One price as a visitor reads it: what it is each year, what comes after an offer, and until when that lasts.

    ``struck`` is there only where the law lets a higher price stand beside it (Directive 98/6/EC art. 6a).
    """

    price: Money
    per_year: Money | None = None
    then: Money | None = None
    struck: Money | None = None
    offer: Text = ""
    ends_at: datetime | None = None

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to say beside the amount."""
        return bool(self.price.minor) and not self.offer and self.per_year is None


class FourPrices(NamedTuple):
    """What every ending costs (ICANN ERRP 4.1), ``None`` for what is not sold."""

    register: Shown | None
    renew: Shown | None
    transfer: Shown | None
    restore: Shown | None


class PriceRow(NamedTuple):
    """One ending with its prices for a period, and its groups, with spaces between.

    ``found_by`` is what the filter looks at. Rows that have ``alike`` in common read the same from there on; an offer
    is told row by row.
    """

    ending: str
    shown: str
    found_by: str
    groups: str
    badge: LocalizedText
    alike: Hashable
    prices: FourPrices


def periods(shelf: Shelf) -> tuple[int, ...]:
    """Return every number of years for which something can be bought."""
    book, endings = shelf.book, shelf.endings.items()
    # Nearly all endings are sold for the same terms: five hundred of them are a few pairs.
    pairs = {(book.terms(ending, "register"), each.rules.register_years) for ending, each in endings}
    pairs |= {(book.terms(ending, "renew"), each.rules.renew_years) for ending, each in endings}
    return tuple(sorted({years for priced, allowed in pairs for years in priced if years in allowed}))


def listed_terms(shelf: Shelf, years: int) -> dict[str, Terms]:
    """Return every ending that is sold for so many years, in the shop's order, with the terms of its actions."""
    found = {ending: _terms(shelf, ending, years) for ending in shelf.endings}
    return {ending: terms for ending, terms in found.items() if "register" in terms or "renew" in terms}


def price_rows(
    shelf: Shelf,
    years: int,
    *,
    now: datetime,
    seen: History | None = None,
    listed: Mapping[str, Terms] | None = None,
) -> list[PriceRow]:
    """Return the prices of ``listed``, which are all endings that are sold for so many years unless it says others."""
    groups, book, running = groups_of(shelf), shelf.book, offers(shelf.book, now)
    # Five hundred endings are asked for at once: the engine is only where an offer may count, and equal prices are one.
    in_offers = endings_in(running)
    written: dict[tuple[int | None, ...], FourPrices] = {}

    def row(ending: str, terms: Terms) -> PriceRow:
        each = shelf.endings[ending]
        alike: Hashable = ending
        if in_offers is None or ending in in_offers:
            items = [_item(ending, action, terms[action]) if action in terms else None for action in FOUR]
            prices = FourPrices(*(_cell(item, running, book, now, seen) if item else None for item in items))
            alike = ending if any(price and price.offer for price in prices) else _minors(prices)
        else:
            found = [book.prices[ending, action, terms[action]] if action in terms else None for action in FOUR]
            alike = minors = tuple([None if price is None else price.minor for price in found])
            prices = written.get(minors) or written.setdefault(minors, _plain(found, years))
        shown = each.shown
        return PriceRow(ending, shown, f"{shown} {ending}", " ".join(groups.get(ending, ())), each.badge, alike, prices)

    found = listed_terms(shelf, years) if listed is None else listed
    return [row(ending, terms) for ending, terms in found.items()]


def _plain(found: Sequence[Money | None], years: int) -> FourPrices:
    """Say four prices that no offer is about."""
    pairs = zip(FOUR, found, strict=True)
    return FourPrices(*(None if price is None else _unreduced(price, action, years) for action, price in pairs))


def _minors(prices: FourPrices) -> tuple[int | None, ...]:
    return tuple(None if shown is None else shown.price.minor for shown in prices)


def groups_of(shelf: Shelf) -> dict[str, tuple[str, ...]]:
    """Return the slugs of the groups of every ending that is in one."""
    found: dict[str, tuple[str, ...]] = {}
    for group in shelf.groups:
        for ending in group.endings:
            found[ending] = (*found.get(ending, ()), group.slug)
    return found


@dataclass(frozen=True, kw_only=True)
class EndingPrices:
    """Everything one ending costs: by period, and what is paid once."""

    periods: tuple[tuple[int, Shown | None, Shown | None], ...]
    once: dict[str, Shown]


def ending_prices(shelf: Shelf, ending: str, *, now: datetime, seen: History | None = None) -> EndingPrices:
    """Return all prices of one ending."""
    found = {(item.action, item.years): _told(item, shelf.book, now, seen) for item in items_of(shelf, ending)}
    terms = sorted({years for action, years in found if action in BY_THE_YEAR})
    return EndingPrices(
        periods=tuple((years, found.get(("register", years)), found.get(("renew", years))) for years in terms),
        once={action: shown for (action, _years), shown in found.items() if action in ONCE and shown is not None},
    )


def items_in_offers(shelf: Shelf, listed: Mapping[str, Terms], *, now: datetime) -> list[Item]:
    """Return of what a list shows everything that may be cheaper now; nothing where no offer runs."""
    running = offers(shelf.book, now)
    endings = endings_in(running)
    return [
        item
        for ending, terms in listed.items()
        if endings is None or ending in endings
        for action, years in terms.items()
        if may_be_cheaper(item := _item(ending, action, years), running)
    ]


def items_of(shelf: Shelf, ending: str) -> list[Item]:
    """Return everything that can be bought of an ending."""
    terms = {years for action in BY_THE_YEAR for years in shelf.book.terms(ending, action)} or {1}
    return list(
        {(item.action, item.years): item for years in terms for item in _items(shelf, ending, years).values()}.values()
    )


def _terms(shelf: Shelf, ending: str, years: int) -> Terms:
    """Return the years of what is sold of an ending for so many, and of what is done once; as the registry allows."""
    book, rules = shelf.book, shelf.endings[ending].rules
    found: Terms = {}
    if years in rules.register_years and (ending, "register", years) in book.prices:
        found["register"] = years
    if years in rules.renew_years and (ending, "renew", years) in book.prices:
        found["renew"] = years
    for action in ONCE:
        terms = book.terms(ending, action)
        if terms and (action != "restore" or rules.may_restore):
            found[action] = terms[0]
    return found


def _item(ending: str, action: Action, years: int) -> Item:
    return Item(key=f"{ending} {action} {years}", ending=ending, action=action, years=years)


def _items(shelf: Shelf, ending: str, years: int) -> dict[Action, Item]:
    """Return the same as things whose price can be asked."""
    return {action: _item(ending, action, term) for action, term in _terms(shelf, ending, years).items()}


def _cell(
    item: Item, running: Sequence[PromotionTerms], book: PriceBook, now: datetime, seen: History | None
) -> Shown | None:
    if may_be_cheaper(item, running):
        return _told(item, book, now, seen)
    return _unreduced(book.prices[item.ending, item.action, item.years], item.action, item.years)


def _unreduced(price: Money, action: Action, years: int) -> Shown:
    return Shown(price=price, per_year=_yearly(price, action, years))


def _told(item: Item, book: PriceBook, now: datetime, seen: History | None) -> Shown | None:
    each = shown_price(item, book, now=now, seen=seen)
    if each is None:
        return None
    renewal = book.prices.get((item.ending, "renew", 1))
    return Shown(
        price=each.price,
        per_year=_yearly(each.price, item.action, item.years),
        then=renewal if each.offer and item.action == "register" else None,
        struck=each.struck,
        offer=each.offer,
        ends_at=each.ends_at,
    )


def _yearly(price: Money, action: Action, years: int) -> Money | None:
    """Return the share of one year of a longer term, the first of equal ones where it cannot be divided."""
    is_shared = years > 1 and action in BY_THE_YEAR
    return Money(-(-price.minor // years), price.currency) if is_shared else None
