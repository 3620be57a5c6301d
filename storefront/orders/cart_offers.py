"""rule: what a line of the cart costs now, whether its price still holds, and whether it can be ordered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.pricing.quote import Item, PriceBook, QuotedItem, RefusedItem, quote
from storefront.providers.ports.registrar import Action, Availability, CheckResult

# A price is promised for so long (domains.md, 2.3), an answer of a registry believed for so long (1.3).
PROMISE = timedelta(minutes=30)
FRESH = timedelta(minutes=5)
GONE = {
    Availability.TAKEN: _("This name is already registered."),
    Availability.RESERVED: _("The registry keeps this name to itself; nobody can register it."),
    Availability.RESTRICTED: _("The registry gives this name only to certain people."),
    Availability.INVALID: _("The registry does not accept this name."),
    Availability.UNSUPPORTED: _("This ending cannot be registered here."),
}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A line as it was put into the cart: the price it was shown with, and until when that holds."""

    key: str
    ending: str
    years: int
    price: Money
    renewal: Money | None
    amounts: str
    promised_until: datetime
    premium: Mapping[str, Any] | None = None

    @property
    def is_agreed(self) -> bool:
        """Whether somebody said yes to a registry's own price, where there is one."""
        return self.premium is None or bool(self.premium.get("agreed"))


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a line costs now. ``state``: ok, agree (somebody must say yes to the price), taken, not_sold.

    ``premium`` is the registry's own cost, as the line would keep it; ``is_promised`` says that the price holds.
    ``quoted`` is the engine's answer with its reasons, where the price is not simply what the line was promised.
    """

    state: str
    price: Money
    renewal: Money | None
    terms: tuple[tuple[int, Money], ...] = ()
    premium: dict[str, Any] | None = None
    is_promised: bool = False
    why: Text = ""
    quoted: QuotedItem | None = None


@dataclass(frozen=True, kw_only=True)
class Priced:
    """What a line costs now beside the others of its cart; ``is_lost``: others have used up what it was promised."""

    quoted: QuotedItem | RefusedItem
    is_lost: bool = False


def premium_of(answer: CheckResult | None, years: int) -> dict[str, Any] | None:
    """Return what a registry asks for a name of a class of its own; ``None`` for a name at the usual price."""
    if answer is None or answer.availability is not Availability.PREMIUM:
        return None
    costs = answer.costs.get(Action.REGISTER, {})
    renewal = answer.costs.get(Action.RENEW, {}).get(1)
    cost = costs.get(years)
    return {
        "class": answer.premium_class,
        "cost": _plain(cost) if cost else None,
        "renewal": _plain(renewal) if renewal else None,
    }


def _plain(amount: Money) -> dict[str, Any]:
    return {"minor": amount.minor, "currency": amount.currency}


def money_of(stored: Mapping[str, Any] | None) -> Money | None:
    """Read an amount that was written down with a premium name."""
    return Money(int(stored["minor"]), str(stored["currency"])) if stored else None


def item_for(key: str, ending: str, years: int, premium: Mapping[str, Any] | None) -> Item | RefusedItem:
    """Say what is asked of the engine for a registration; refused where its registry has priced no such term."""
    cost = money_of(premium["cost"]) if premium else None
    if premium is not None and cost is None:
        item = Item(key=key, ending=ending, action="register", years=years)
        return RefusedItem(item=item, why=_("The registry has no price for this name and term."))
    return Item(
        key=key,
        ending=ending,
        action="register",
        years=years,
        premium=cost,
        premium_renewal=money_of(premium["renewal"]) if premium else None,
    )


def price_now(
    ending: str, years: int, premium: Mapping[str, Any] | None, book: PriceBook, today: date
) -> QuotedItem | RefusedItem:
    """Quote a registration at the prices of this moment, by itself and without promotions."""
    item = item_for("line", ending, years, premium)
    if isinstance(item, RefusedItem):
        return item
    answer = quote([item], book, today=today)
    return answer.items[0] if answer.items else answer.refused[0]


def terms_of(
    ending: str, answer: CheckResult | None, premium: Mapping[str, Any] | None, book: PriceBook, today: date
) -> tuple[tuple[int, Money], ...]:
    """List the terms that can be bought with their prices; for a premium name those its registry has priced."""
    found = []
    for years in book.terms(ending, "register"):
        own = premium_of(answer, years) if premium is not None else None
        quoted = price_now(ending, years, own, book, today) if premium is None or own else None
        if isinstance(quoted, QuotedItem):
            found.append((years, quoted.price))
    return tuple(found)


def offer_for(
    wish: Wish, answer: CheckResult | None, book: PriceBook, now: datetime, today: date, *, priced: Priced | None = None
) -> Offer:
    """Say what a line costs now and whether it can be ordered; ``answer`` is what is known of the name, if anything.

    ``priced`` is what it costs beside the others of its cart; without it, it is priced by itself.

    A price holds while it is promised. Afterwards, or when a registry turns out to ask a price of its own, a price
    that is another than the one shown must be agreed to. What nobody knows does not stand in the way.
    """
    if answer is not None and answer.availability in GONE:
        return Offer(state="taken", price=wish.price, renewal=wish.renewal, why=GONE[answer.availability])
    premium = premium_now(wish, answer)
    terms = terms_of(wish.ending, answer, premium, book, today)
    state = "ok" if wish.is_agreed else "agree"
    if priced is not None and holds(wish, premium, book, now):
        return replace(held_offer(wish, priced, terms, state), premium=premium)
    if holds(wish, premium, book, now) and book.terms(wish.ending, "register"):
        return Offer(
            state=state, price=wish.price, renewal=wish.renewal, terms=terms, premium=premium, is_promised=True
        )
    quoted = priced.quoted if priced else price_now(wish.ending, wish.years, premium, book, today)
    if isinstance(quoted, RefusedItem):
        return Offer(state="not_sold", price=wish.price, renewal=None, terms=terms, why=quoted.why)
    is_same = quoted.price == wish.price and wish.amounts == book.amounts and (premium is None or wish.is_agreed)
    return Offer(
        state="ok" if is_same else "agree",
        price=quoted.price,
        renewal=quoted.renewal_per_year,
        terms=terms,
        premium=premium,
        quoted=quoted,
    )


def held_offer(wish: Wish, priced: Priced, terms: tuple[tuple[int, Money], ...] = (), state: str = "ok") -> Offer:
    """Offer a line whose promise stands, at what it costs beside the others as they are now.

    Whoever changes the cart sees the price move with it and is not asked; what somebody else took is asked about.
    """
    quoted = priced.quoted
    if isinstance(quoted, RefusedItem):
        return Offer(state="not_sold", price=wish.price, renewal=None, terms=terms, why=quoted.why)
    is_same = quoted.price == wish.price
    must_agree = state == "ok" and priced.is_lost and quoted.price > wish.price
    return Offer(
        state="agree" if must_agree else state,
        price=quoted.price,
        renewal=wish.renewal if is_same else quoted.renewal_per_year,
        terms=terms,
        is_promised=is_same,
        quoted=quoted,
    )


def premium_now(wish: Wish, answer: CheckResult | None) -> dict[str, Any] | None:
    """Return the registry's own price as it is known now: what a line remembers counts until something newer is."""
    if answer is None or answer.availability is Availability.UNKNOWN:
        return {key: value for key, value in wish.premium.items() if key != "agreed"} if wish.premium else None
    return premium_of(answer, wish.years)


def holds(wish: Wish, premium: Mapping[str, Any] | None, book: PriceBook, now: datetime) -> bool:
    """Tell whether the promise stands: in time, counted as the shop counts, at the registry's same own price."""
    own = wish.premium["cost"] if wish.premium else None
    same_class = own == (premium["cost"] if premium else None)
    same_count = (wish.price.currency, wish.amounts) == (book.currency, book.amounts)
    return now < wish.promised_until and same_class and same_count
