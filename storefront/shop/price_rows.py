"""rule: the complete price list of a shop: registration, renewal, transfer and restore by ending and period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storefront.core.i18n import Text
from storefront.core.money import Money
from storefront.core.text import LocalizedText
from storefront.pricing.history_rules import History
from storefront.pricing.queries import Shelf
from storefront.pricing.quote import Action, Item, PriceBook
from storefront.pricing.shown_prices import ShownPrice, shown_price

BY_THE_YEAR: tuple[Action, ...] = ("register", "renew")
ONCE: tuple[Action, ...] = ("transfer", "restore", "trade")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One price as a visitor reads it: what it is each year, what comes after an offer, and until when that lasts.

    ``struck`` is there only where the law lets a higher price stand beside it (Directive 98/6/EC art. 6a).
    """

    price: Money
    per_year: Money | None = None
    then: Money | None = None
    struck: Money | None = None
    offer: Text = ""
    ends_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class PriceRow:
    """One ending with its prices for a period; ``None`` for what is not sold."""

    ending: str
    shown: str
    badge: LocalizedText
    groups: tuple[str, ...]
    register: Shown | None
    renew: Shown | None
    transfer: Shown | None
    restore: Shown | None


def periods(shelf: Shelf) -> tuple[int, ...]:
    """Return every number of years for which something can be bought."""
    found = {years for ending in shelf.endings for action in BY_THE_YEAR for years in shelf.book.terms(ending, action)}
    return tuple(sorted(found))


def price_rows(shelf: Shelf, years: int, *, now: datetime, seen: History | None = None) -> list[PriceRow]:
    """Return every ending that is sold for so many years, in the shop's order."""
    prices = _prices(listed_items(shelf, years), shelf.book, now, seen)
    rows = []
    groups = _groups_of(shelf)
    for ending, offered in shelf.endings.items():
        cells = {action: prices.get(f"{ending} {action}") for action in (*BY_THE_YEAR, *ONCE)}
        if cells["register"] is None and cells["renew"] is None:
            continue
        rows.append(
            PriceRow(
                ending=ending,
                shown=offered.shown,
                badge=offered.badge,
                groups=groups.get(ending, ()),
                register=cells["register"],
                renew=cells["renew"],
                transfer=cells["transfer"],
                restore=cells["restore"],
            )
        )
    return rows


def _groups_of(shelf: Shelf) -> dict[str, tuple[str, ...]]:
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
    prices = _prices(items_of(shelf, ending), shelf.book, now, seen)
    terms = sorted({years for action in BY_THE_YEAR for years in shelf.book.terms(ending, action)})
    return EndingPrices(
        periods=tuple((years, prices.get(f"register {years}"), prices.get(f"renew {years}")) for years in terms),
        once={action: prices[action] for action in ONCE if action in prices},
    )


def listed_items(shelf: Shelf, years: int) -> list[Item]:
    """Return everything that the list shows for a number of years."""
    return [item for ending in shelf.endings for item in _items(shelf, ending, years)]


def items_of(shelf: Shelf, ending: str) -> list[Item]:
    """Return everything that can be bought of an ending."""
    book = shelf.book
    items = [
        Item(key=f"{action} {years}", ending=ending, action=action, years=years)
        for action in BY_THE_YEAR
        for years in book.terms(ending, action)
    ]
    items += [Item(key=action, ending=ending, action=action, years=_first(book, ending, action)) for action in ONCE]
    return [item for item in items if item.years and _is_sold(shelf, item)]


def _items(shelf: Shelf, ending: str, years: int) -> list[Item]:
    book = shelf.book
    items = [
        Item(key=f"{ending} {action}", ending=ending, action=action, years=years)
        for action in BY_THE_YEAR
        if (ending, action, years) in book.prices
    ]
    for action in ONCE:
        term = _first(book, ending, action)
        if term:
            items.append(Item(key=f"{ending} {action}", ending=ending, action=action, years=term))
    return [item for item in items if _is_sold(shelf, item)]


def _first(book: PriceBook, ending: str, action: Action) -> int:
    terms = book.terms(ending, action)
    return terms[0] if terms else 0


def _is_sold(shelf: Shelf, item: Item) -> bool:
    """Whether the registry allows what the price list prices."""
    rules = shelf.endings[item.ending].rules
    if item.action == "register":
        return item.years in rules.register_years
    if item.action == "renew":
        return item.years in rules.renew_years
    return item.action != "restore" or rules.may_restore


def _prices(items: Sequence[Item], book: PriceBook, now: datetime, seen: History | None) -> dict[str, Shown]:
    found = {item.key: (item, shown_price(item, book, now=now, seen=seen)) for item in items}
    return {key: _shown(item, each, book) for key, (item, each) in found.items() if each is not None}


def _shown(item: Item, each: ShownPrice, book: PriceBook) -> Shown:
    by_the_year = item.action in BY_THE_YEAR
    renewal = book.prices.get((item.ending, "renew", 1))
    return Shown(
        price=each.price,
        per_year=each.price.split([1] * item.years)[0] if by_the_year and item.years > 1 else None,
        then=renewal if each.offer and item.action == "register" else None,
        struck=each.struck,
        offer=each.offer,
        ends_at=each.ends_at,
    )
