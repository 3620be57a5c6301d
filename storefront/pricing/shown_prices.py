"""rule: how a price is shown to customers: the offer that made it, until when, and what may be struck through."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.pricing.history_rules import Claim, History, lawful_claim, reduced_since
from storefront.pricing.items import Item
from storefront.pricing.promotion_rules import BuyerFacts, PromotionTerms
from storefront.pricing.quote import PriceBook, QuotedItem, quote


@dataclass(frozen=True, kw_only=True)
class ShownPrice:
    """A price with what may be said about it. ``struck`` and ``percent`` only where the law lets them stand there."""

    price: Money
    struck: Money | None = None
    percent: int = 0
    offer: Text = ""
    ends_at: datetime | None = None


def offers(book: PriceBook, now: datetime) -> tuple[PromotionTerms, ...]:
    """Return what runs in a book without a code: only for what one of these is about, the engine has to be asked."""
    return tuple(terms for terms in book.promotions if not terms.needs_code and terms.why_not_now(now) is None)


def endings_in(running: Iterable[PromotionTerms]) -> frozenset[str] | None:
    """Return the endings that offers are about; ``None`` if one of them may be about any."""
    named = [terms.endings for terms in running]
    return None if None in named else frozenset(chain.from_iterable(each or () for each in named))


def may_be_cheaper(item: Item, running: Iterable[PromotionTerms]) -> bool:
    """Whether one of the offers that run is about an item."""
    return any(terms.is_about(item) for terms in running)


def shown_price(
    item: Item, book: PriceBook, *, now: datetime, buyer: BuyerFacts | None = None, seen: History | None = None
) -> ShownPrice | None:
    """Return what one thing costs by itself now, promotions counted; ``None`` if it is not sold."""
    if item.premium is None and not may_be_cheaper(item, offers(book, now)):
        found = book.find(item)
        return ShownPrice(price=found) if found is not None else None
    answer = quote([item], book, buyer=buyer or buyer_of(book), now=now)
    return _told(answer.items[0], book, now, seen) if answer.items else None


def buyer_of(book: PriceBook) -> BuyerFacts:
    """Return what is known of somebody by the book alone: the group."""
    return BuyerFacts(group_id=book.group.id if book.group else None)


def _told(quoted: QuotedItem, book: PriceBook, now: datetime, seen: History | None) -> ShownPrice:
    if not quoted.promotion_ids:
        return ShownPrice(price=quoted.price)
    counted = [terms for terms in book.promotions if terms.id in quoted.promotion_ids]
    ends = [terms.ends_at for terms in counted if terms.ends_at is not None]
    lawful = _lawful(quoted, now, seen)
    claim = lawful if all(terms.is_announced for terms in counted) else None
    return ShownPrice(
        price=quoted.price,
        struck=claim.struck if claim else None,
        percent=claim.percent if claim else 0,
        offer=_title(counted[0], lawful, seen) if counted else "",
        ends_at=min(ends, default=None),
    )


def _lawful(quoted: QuotedItem, now: datetime, seen: History | None) -> Claim | None:
    began_at = reduced_since(seen.of(quoted.item), now) if seen is not None else None
    if seen is None or began_at is None:
        return None
    return lawful_claim(seen, quoted.item, quoted.price, began_at)


def _title(terms: PromotionTerms, lawful: Claim | None, seen: History | None) -> Text:
    """Return an offer's title, unless it says more than has become of this price since the offer began.

    That happens where its list was raised meanwhile; what is said counts from the lowest price (C-330/23, Aldi Süd).
    """
    says_too_much = seen is not None and terms.said is not None and (lawful is None or lawful.share < terms.said)
    return _("Special price") if says_too_much else terms.shown


def reduced(items: Iterable[Item], book: PriceBook, *, now: datetime) -> list[Item]:
    """List the items that an offer makes cheaper now: those whose history has to be looked at."""
    running, buyer = offers(book, now), buyer_of(book)
    return [
        item
        for item in items
        if may_be_cheaper(item, running) and any(each.saved for each in quote([item], book, buyer=buyer, now=now).items)
    ]
