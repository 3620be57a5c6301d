"""rule: the price of each item, with every reason that made it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money, total
from storefront.pricing.amounts import Amounts, Price, price_of
from storefront.pricing.margin import Ending, ExchangeRate, Margin, NoExchangeRate, convert, retail

Action = Literal["register", "renew", "transfer", "restore"]
PriceKey = tuple[str, Action, int]


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something whose price is asked: an action on a name under an ending, for a number of years.

    ``key`` is the caller's own, to find the answer again. ``premium`` is what the registry asks for the whole term
    of this very name, net and in its currency; ``premium_renewal`` what it will ask for one more year.
    """

    key: str
    ending: str
    action: Action
    years: int
    premium: Money | None = None
    premium_renewal: Money | None = None


@dataclass(frozen=True, kw_only=True)
class PremiumTerms:
    """How a registry's own price for one name becomes a retail price; without terms such names are not sold."""

    margin: Margin
    ending: Ending = field(default_factory=Ending)
    exchange_rates: tuple[ExchangeRate, ...] = ()

    def cost_in(self, currency: str, cost: Money) -> Money:
        """Bring the registry's price into the currency of the price list; raises ``NoExchangeRate``."""
        if cost.currency == currency:
            return cost
        for rate in self.exchange_rates:
            if (rate.base, rate.quoted) == (cost.currency, currency):
                return convert(cost, rate)
        raise NoExchangeRate(f"no rate from {cost.currency} to {currency}")


@dataclass(frozen=True, kw_only=True)
class PriceBook:
    """The prices that hold for one customer on one day; never changed once made.

    ``prices`` holds totals for the whole term: nothing is ever multiplied from one year to several, because
    suppliers' own prices are not linear. ``amounts`` says whether the numbers are net or gross, ``vat_percent`` is the
    rate that the shop shows; what is owed in the end is computed by billing from the buyer's country.
    """

    currency: str
    prices: Mapping[PriceKey, Money]
    amounts: Amounts
    vat_percent: Decimal
    premium: PremiumTerms | None = None
    _terms: Mapping[tuple[str, Action], tuple[int, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if any(price.currency != self.currency or price.minor < 0 for price in self.prices.values()):
            raise ValueError("a price book has one currency and no negative price")
        object.__setattr__(self, "prices", MappingProxyType(dict(self.prices)))
        # A book has thousands of prices and is asked for the terms of an ending on every row of a search.
        terms: dict[tuple[str, Action], tuple[int, ...]] = {}
        for ending, action, years in sorted(self.prices):
            terms[ending, action] = (*terms.get((ending, action), ()), years)
        object.__setattr__(self, "_terms", MappingProxyType(terms))

    def terms(self, ending: str, action: Action) -> tuple[int, ...]:
        """List the numbers of years that can be bought, shortest first."""
        return self._terms.get((ending, action), ())

    def both(self, amount: Money) -> Price:
        """Say an amount of this book net and gross."""
        return price_of(amount, self.amounts, self.vat_percent)


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One step on the way to a price: what happened, in words, and by how much it moved the price."""

    kind: str
    text: Text
    change: Money


@dataclass(frozen=True, kw_only=True)
class QuotedItem:
    """The price of an item for its whole term. ``price`` is ``list_price`` plus the changes of all reasons.

    ``renewal_per_year`` is what one more year will cost at the price list of today; ``None`` if it cannot be said.
    """

    item: Item
    list_price: Money
    price: Money
    renewal_per_year: Money | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, kw_only=True)
class RefusedItem:
    """An item that has no price and therefore cannot be sold; it never costs nothing by accident."""

    item: Item
    why: Text


@dataclass(frozen=True, kw_only=True)
class Quote:
    """The answer: what each item costs, which cannot be sold, and the sum in the amounts of the price book."""

    quoted_on: date
    amounts: Amounts
    items: tuple[QuotedItem, ...]
    refused: tuple[RefusedItem, ...]
    total: Money
    _by_key: Mapping[str, QuotedItem] = field(repr=False, compare=False)

    def find(self, key: str) -> QuotedItem | None:
        """Find an item by the key it was asked with; ``None`` if it cannot be sold."""
        return self._by_key.get(key)


def _premium_price(cost: Money, book: PriceBook, terms: PremiumTerms) -> Money:
    price = retail(terms.cost_in(book.currency, cost), terms.margin, terms.ending, vat_percent=book.vat_percent)
    return price.gross if book.amounts == "gross" else price.net


def _quote_premium(item: Item, cost: Money, book: PriceBook) -> QuotedItem | RefusedItem:
    if book.premium is None:
        return RefusedItem(item=item, why=_("Names with a price of their own are not sold here."))
    try:
        price = _premium_price(cost, book, book.premium)
        renewal = item.premium_renewal and _premium_price(item.premium_renewal, book, book.premium)
    except NoExchangeRate:
        return RefusedItem(item=item, why=_("The registry's price for this name cannot be converted at the moment."))
    reason = Reason(
        kind="premium",
        text=_("The registry has set a price of its own for this name."),
        change=Money.zero(book.currency),
    )
    return QuotedItem(item=item, list_price=price, price=price, renewal_per_year=renewal, reasons=(reason,))


def _quote_item(item: Item, book: PriceBook) -> QuotedItem | RefusedItem:
    if item.premium is not None:
        return _quote_premium(item, item.premium, book)
    price = book.prices.get((item.ending, item.action, item.years))
    if price is None:
        return RefusedItem(item=item, why=_("There is no price for this ending and term."))
    reason = Reason(kind="price_list", text=_("Price list"), change=Money.zero(book.currency))
    return QuotedItem(
        item=item,
        list_price=price,
        price=price,
        renewal_per_year=book.prices.get((item.ending, "renew", 1)),
        reasons=(reason,),
    )


def quote(items: Sequence[Item], book: PriceBook, *, today: date) -> Quote:
    """Price the items from the book. The keys of the items must differ, else ``ValueError``."""
    if len({item.key for item in items}) != len(items):
        raise ValueError("two items have the same key")
    answers = [_quote_item(item, book) for item in items]
    quoted = tuple(answer for answer in answers if isinstance(answer, QuotedItem))
    return Quote(
        quoted_on=today,
        amounts=book.amounts,
        items=quoted,
        refused=tuple(answer for answer in answers if isinstance(answer, RefusedItem)),
        total=total((answer.price for answer in quoted), book.currency),
        _by_key=MappingProxyType({answer.item.key: answer for answer in quoted}),
    )
