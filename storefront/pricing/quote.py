"""rule: the price of each item, with every reason that made it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money, total
from storefront.pricing.amounts import Amounts, Price, no_more_than, price_of
from storefront.pricing.group_rules import GroupTerms
from storefront.pricing.items import DOMAIN, Action, Item, PriceKey, ProductKey
from storefront.pricing.margin import (
    Ending,
    ExchangeRate,
    Margin,
    NoExchangeRate,
    into,
    retail,
)
from storefront.pricing.margin_rules import Rule, first_fitting
from storefront.pricing.promotion_rules import NOBODY, BuyerFacts, CodeTerms, PromotionTerms
from storefront.pricing.reductions import CodeAnswer, Cut, Line, Reductions, Situation, price_after, reduce_lines

__all__ = [
    "Action",
    "BuyerFacts",
    "CodeAnswer",
    "CodeTerms",
    "GroupTerms",
    "Item",
    "PremiumTerms",
    "PriceBook",
    "PriceKey",
    "PromotionTerms",
    "Quote",
    "QuotedItem",
    "Reason",
    "RefusedItem",
    "quote",
]

_NONE: Mapping[Any, Any] = MappingProxyType({})
_PRICE_LIST = _("Price list")
_GROUP = _("Price group")
_SINGLE_PRICE = _("Price of its own for a group")
_PREMIUM = _("The registry has set a price of its own for this name.")
_ROUNDED = _("Rounded down")
_NO_PRICE = _("There is no price for this ending and term.")
_NO_PREMIUM = _("Names with a price of their own are not sold here.")
_NO_RATE = _("The registry's price for this name cannot be converted at the moment.")


@dataclass(frozen=True, kw_only=True)
class PremiumTerms:
    """How a registry's own price for one name becomes a retail price; without terms such names are not sold.

    The first of ``rules`` that fits makes it, else ``margin`` and ``ending`` do.
    """

    margin: Margin
    ending: Ending = field(default_factory=Ending)
    exchange_rates: tuple[ExchangeRate, ...] = ()
    rules: tuple[Rule, ...] = ()

    def cost_in(self, currency: str, cost: Money, on: date | None = None) -> Money:
        """Bring the registry's price into the currency of the price list; raises ``NoExchangeRate``."""
        return into(cost, currency, self.exchange_rates, on)


@dataclass(frozen=True, kw_only=True)
class PriceBook:
    """The prices that hold for one group of customers at one moment; never changed once made.

    ``prices`` holds totals for the whole term: nothing is ever multiplied from one year to several, because
    suppliers' own prices are not linear. ``amounts`` says whether the numbers are net or gross, ``vat_percent`` is the
    rate that the shop shows; what is owed in the end is computed by billing from the buyer's country.

    ``prices`` are those of the ``group``, if there is one; ``listed`` holds those that the price list says instead.
    ``products`` and ``listed_products`` are the same for everything but domains. ``promotions`` are those that run,
    without and with a code. ``costs`` are known only where an office asks for them. ``holds_until`` is the moment at
    which other prices hold by themselves, as far as is known.
    """

    currency: str
    prices: Mapping[PriceKey, Money]
    amounts: Amounts
    vat_percent: Decimal
    premium: PremiumTerms | None = None
    listed: Mapping[PriceKey, Money] = field(default_factory=lambda: _NONE)
    products: Mapping[ProductKey, Money] = field(default_factory=lambda: _NONE)
    listed_products: Mapping[ProductKey, Money] = field(default_factory=lambda: _NONE)
    group: GroupTerms | None = None
    promotions: tuple[PromotionTerms, ...] = ()
    costs: Mapping[ProductKey, Money] | None = None
    list_id: UUID | None = None
    list_name: str = ""
    rounding: Ending = field(default_factory=Ending)
    zone: str = "UTC"
    holds_until: datetime | None = field(default=None, compare=False)
    _terms: Mapping[tuple[str, Action], tuple[int, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Thousands of prices are a few hundred amounts.
        amounts = dict(zip(map(id, self.prices.values()), self.prices.values(), strict=True)).values()
        if any(price.currency != self.currency or price.minor < 0 for price in amounts):
            raise ValueError("a price book has one currency and no negative price")
        for name in ("prices", "listed", "products", "listed_products"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        # A book has thousands of prices and is asked for the terms of an ending on every row of a search.
        terms: defaultdict[tuple[str, Action], list[int]] = defaultdict(list)
        for ending, action, years in self.prices:
            terms[ending, action].append(years)
        # Nearly all endings are sold for the same terms: each is kept once.
        alike: dict[tuple[int, ...], tuple[int, ...]] = {}
        sorted_terms = {key: alike.setdefault(found := tuple(sorted(years)), found) for key, years in terms.items()}
        object.__setattr__(self, "_terms", MappingProxyType(sorted_terms))

    def terms(self, ending: str, action: Action) -> tuple[int, ...]:
        """List the numbers of years that can be bought, shortest first."""
        return self._terms.get((ending, action), ())

    def both(self, amount: Money) -> Price:
        """Say an amount of this book net and gross."""
        return price_of(amount, self.amounts, self.vat_percent)

    def find(self, item: Item) -> Money | None:
        """Find what this group pays for an item, without promotions; ``None`` if it is not sold."""
        if item.kind == DOMAIN:
            return self.prices.get((item.ending, item.action, item.years))
        return self.products.get((item.kind, item.ending, item.action, item.years))

    def find_listed(self, item: Item) -> Money | None:
        """Find what the price list says for an item; what is not on it is sold at the group's own price, or not."""
        if item.kind == DOMAIN:
            listed = self.listed.get((item.ending, item.action, item.years))
        else:
            listed = self.listed_products.get((item.kind, item.ending, item.action, item.years))
        return self.find(item) if listed is None else listed

    @cached_property
    def nothing(self) -> Money:
        """No money, in the currency of the book."""
        return Money(0, self.currency)

    def is_single(self, item: Item) -> bool:
        """Tell whether the group has a single price for an item."""
        if self.group is None:
            return False
        if item.kind == DOMAIN:
            return (item.ending, item.action, item.years) in self.group.singles
        return (item.kind, item.ending, item.action, item.years) in self.group.other_singles

    def find_cost(self, item: Item) -> Money | None:
        """Find what an item costs the shop, where costs were loaded and it is a standard name."""
        return (self.costs or _NONE).get((item.kind, item.ending, item.action, item.years))

    def day(self, now: datetime) -> date:
        """Return the day of a moment where the shop keeps its books."""
        return now.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One step on the way to a price: what happened, in words, and by how much it moved the price.

    ``kind``: premium, price_list, group, single_price, promotion, code, rounding. ``detail`` is a second line, such
    as the name of the list or the code.
    """

    kind: str
    text: Text
    change: Money
    detail: Text = ""
    promotion_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class QuotedItem:
    """The price of an item for its whole term. ``price`` is ``list_price`` plus the changes of all reasons.

    ``saved`` is what promotions and codes took off, so that ``regular`` is the price without them.
    ``renewal_per_year`` is what one more year will cost this customer by the prices of today, without promotions;
    ``None`` if it cannot be said. ``promotion_ids`` are the promotions that counted, each once.
    """

    item: Item
    list_price: Money
    price: Money
    renewal_per_year: Money | None
    reasons: tuple[Reason, ...]
    promotion_ids: tuple[UUID, ...] = ()
    saved: Money = Money(0, "")  # noqa: RUF009 - Money never changes

    @property
    def regular(self) -> Money:
        """The price that this customer would pay without promotions."""
        return self.price + self.saved if self.saved else self.price


@dataclass(frozen=True, kw_only=True)
class RefusedItem:
    """An item that has no price and therefore cannot be sold; it never costs nothing by accident."""

    item: Item
    why: Text


@dataclass(frozen=True, kw_only=True)
class Quote:
    """The answer: what each item costs, which cannot be sold, and the sum in the amounts of the price book.

    ``codes`` says of every code that was given what it saved, or why it did not count.
    """

    quoted_on: date
    amounts: Amounts
    items: tuple[QuotedItem, ...]
    refused: tuple[RefusedItem, ...]
    total: Money
    _by_key: Mapping[str, QuotedItem] = field(repr=False, compare=False)
    codes: tuple[CodeAnswer, ...] = ()

    def find(self, key: str) -> QuotedItem | None:
        """Find an item by the key it was asked with; ``None`` if it cannot be sold."""
        return self._by_key.get(key)

    @property
    def saved(self) -> Money:
        """What promotions and codes took off in all."""
        return total((each.saved for each in self.items), self.total.currency)


def _premium_price(item: Item, cost: Money, book: PriceBook, terms: PremiumTerms, on: date) -> Money:
    converted = terms.cost_in(book.currency, cost, on)
    rule = first_fitting(terms.rules, item, converted)
    if rule is not None:
        made = rule.price(converted, years=item.years, amounts=book.amounts, vat_percent=book.vat_percent).price
    else:
        made = retail(converted, terms.margin, terms.ending, vat_percent=book.vat_percent)
    return made.gross if book.amounts == "gross" else made.net


def _quote_premium(item: Item, cost: Money, book: PriceBook, on: date) -> QuotedItem | RefusedItem:
    if book.premium is None:
        return RefusedItem(item=item, why=_NO_PREMIUM)
    try:
        price = no_more_than(item.promised, _premium_price(item, cost, book, book.premium, on))
        year = replace(item, action="renew", years=1)
        # Where the registry has said nothing, or nothing at all, a further year has no price rather than none to pay.
        asked = item.premium_renewal or None
        renewal = _premium_price(year, asked, book, book.premium, on) if asked is not None else None
    except NoExchangeRate:
        return RefusedItem(item=item, why=_NO_RATE)
    reason = Reason(kind="premium", text=_PREMIUM, change=book.nothing)
    return QuotedItem(
        item=item,
        list_price=price,
        price=price,
        renewal_per_year=renewal,
        reasons=(reason,),
        saved=book.nothing,
    )


def _quote_item(item: Item, book: PriceBook, on: date) -> QuotedItem | RefusedItem:
    if item.premium is not None:
        return _quote_premium(item, item.premium, book, on)
    found = book.find(item)
    price = no_more_than(item.promised, found)
    if price is None:
        return RefusedItem(item=item, why=_NO_PRICE)
    listed = price
    reasons: tuple[Reason, ...] = (
        Reason(kind="price_list", text=_PRICE_LIST, change=book.nothing, detail=book.list_name),
    )
    if book.group is not None and price == found:
        from_list = book.find_listed(item)
        listed = price if from_list is None else from_list
        is_single = book.is_single(item)
        if is_single or price != listed:
            reason = Reason(
                kind="single_price" if is_single else "group",
                text=_SINGLE_PRICE if is_single else _GROUP,
                change=price - listed,
                detail=book.group.name,
            )
            reasons = (*reasons, reason)
    return QuotedItem(
        item=item,
        list_price=listed,
        price=price,
        renewal_per_year=_renewal(item, book),
        reasons=reasons,
        saved=book.nothing,
    )


def _renewal(item: Item, book: PriceBook) -> Money | None:
    if item.kind == DOMAIN:
        return book.prices.get((item.ending, "renew", 1))
    return book.products.get((item.kind, item.ending, "recurring", 1))


def _line(quoted: QuotedItem, book: PriceBook) -> Line:
    """Return what promotions need to know of an item: its price, and the share of one year in it."""
    item, price = quoted.item, quoted.price.minor
    return Line(item=item, price=price, first_year=first_year_of(item, price, book))


def first_year_of(item: Item, price: int, book: PriceBook) -> int:
    """Return the share of one year in the price of an item."""
    if item.years <= 1:
        return price
    year = None
    if item.premium is None and item.kind == DOMAIN:
        year = book.prices.get((item.ending, item.action, 1))
    # Where one year is not sold, or costs as much as the whole term, a year's share of the term is meant.
    is_part = year is not None and year.minor < price
    return year.minor if year and is_part else price // item.years


def _reduced(quoted: QuotedItem, cuts: Sequence[Cut], book: PriceBook) -> QuotedItem:
    """Take off what promotions and codes take off, and round what remains."""
    reasons = [
        Reason(
            kind="code" if cut.code else "promotion",
            text=cut.terms.shown,
            change=Money(-cut.off, book.currency),
            detail=cut.code or cut.terms.reward,
            promotion_id=cut.terms.id,
        )
        for cut in cuts
    ]
    before = quoted.price.minor
    rounded = Money(price_after(before, cuts, book.rounding), book.currency)
    if change := rounded.minor - before + sum([cut.off for cut in cuts]):
        reasons.append(Reason(kind="rounding", text=_ROUNDED, change=Money(change, book.currency)))
    return QuotedItem(
        item=quoted.item,
        list_price=quoted.list_price,
        price=rounded,
        renewal_per_year=quoted.renewal_per_year,
        reasons=(*quoted.reasons, *reasons),
        promotion_ids=tuple([cut.terms.id for cut in cuts]),
        saved=quoted.price - rounded,
    )


def quote(
    items: Sequence[Item],
    book: PriceBook,
    *,
    codes: Sequence[CodeTerms] = (),
    buyer: BuyerFacts | None = None,
    now: datetime | None = None,
    today: date | None = None,
) -> Quote:
    """Price the items from the book. The keys of the items must differ, else ``ValueError``.

    Reasons come in one order: price list, price group or its single price, promotion, code, rounding. Promotions
    and codes count at a moment: where only a day is given, none does.
    """
    if len({item.key for item in items}) != len(items):
        raise ValueError("two items have the same key")
    if now is not None:
        today = today or book.day(now)
    elif today is None:
        raise ValueError("a price is asked at a moment, or on a day")
    answers = [_quote_item(item, book, today) for item in items]
    quoted = [answer for answer in answers if isinstance(answer, QuotedItem)]
    reductions = Reductions()
    if now is not None and (codes or book.promotions):
        lines = [_line(answer, book) for answer in quoted]
        known = buyer or NOBODY
        if book.group is not None and known.group_id != book.group.id:
            known = replace(known, group_id=book.group.id)  # who is in no group is in the default one
        situation = Situation(buyer=known, now=now, codes=codes, rounding=book.rounding)
        reductions = reduce_lines(lines, book.promotions, situation, book.currency)
        quoted = [
            _reduced(answer, cuts, book) if (cuts := reductions.cuts.get(answer.item.key)) else answer
            for answer in quoted
        ]
    return Quote(
        quoted_on=today,
        amounts=book.amounts,
        items=tuple(quoted),
        refused=tuple(answer for answer in answers if isinstance(answer, RefusedItem)),
        total=total((answer.price for answer in quoted), book.currency),
        _by_key=MappingProxyType({answer.item.key: answer for answer in quoted}),
        codes=reductions.codes,
    )
