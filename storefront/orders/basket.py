"""A cart as it is shown: each line with what it costs now and what is known of its name; the sum with its VAT."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from storefront.billing.issue import Reckoned, reckon
from storefront.core.db import Work
from storefront.core.i18n import gettext
from storefront.core.money import Money, total
from storefront.customers.models import Customer
from storefront.orders.cart_offers import Offer, Priced
from storefront.orders.cart_prices import CartPrices, price_cart
from storefront.orders.carts import items_in, known_of
from storefront.orders.line_offers import offer_of
from storefront.orders.models import Cart, CartItem
from storefront.pricing.queries import Shelf
from storefront.pricing.quote import CodeAnswer, PriceBook, QuotedItem
from storefront.providers.ports.registrar import Availability, CheckResult
from storefront.provisioning.availability import CannotAsk, Progress, answers, ask

# What cannot be bought, whatever its buyer does: the name is taken, nobody has what should be moved, or it is not sold.
DEAD = frozenset({"taken", "free", "not_sold"})


@dataclass(frozen=True, kw_only=True)
class CartLine:
    """One line. ``state``: ok, checking, unknown (may be ordered); agree, code, blocked (not yet); see ``DEAD``."""

    item: CartItem
    offer: Offer
    state: str
    without_codes: Money | None = None

    @property
    def price(self) -> Money:
        """What it costs now."""
        return self.offer.price

    @property
    def before(self) -> Money | None:
        """What it cost when it was put here, if that was another price."""
        stored = Money(self.item.price_minor, self.item.currency)
        return stored if stored != self.offer.price else None

    @property
    def quoted(self) -> QuotedItem | None:
        """The engine's answer with its reasons; ``None`` for a promise that nothing has touched."""
        return self.offer.quoted

    @property
    def regular(self) -> Money | None:
        """What it would cost without promotions and codes, where they take something off."""
        return self.quoted.regular if self.quoted and self.quoted.saved else None

    @property
    def saved(self) -> Money | None:
        """What codes take off; what is cheaper for everybody may only be called a reduction by the price history."""
        has_code = self.quoted is not None and any(each.kind == "code" for each in self.quoted.reasons)
        if not has_code or self.without_codes is None or self.without_codes.currency != self.price.currency:
            return None
        return self.without_codes - self.price if self.without_codes > self.price else None

    @property
    def offers(self) -> tuple[str, ...]:
        """The promotions that count for it, as customers read them, and codes."""
        reasons = self.quoted.reasons if self.quoted else ()
        return tuple(
            gettext("%(offer)s (code %(code)s)", offer=each.text, code=each.detail)
            if each.kind == "code"
            else str(each.text)
            for each in reasons
            if each.promotion_id is not None
        )

    @property
    def can_be_ordered(self) -> bool:
        """Whether nothing stands in the way; a registry that does not answer does not."""
        return self.state in {"ok", "checking", "unknown"}


@dataclass(frozen=True, kw_only=True)
class Basket:
    """The whole cart; ``total`` counts as the shop's list does. ``waiting`` is the look-up that is under way.

    ``codes`` says of every code in it what it saves, or why it does not count.
    """

    lines: tuple[CartLine, ...]
    total: Money
    book: PriceBook
    waiting: str = ""
    prices: CartPrices = field(default_factory=lambda: CartPrices(quoted={}))

    @property
    def can_be_ordered(self) -> bool:
        """Whether there is something in it and every line can be ordered."""
        return bool(self.lines) and all(line.can_be_ordered for line in self.lines)

    @property
    def living(self) -> tuple[CartLine, ...]:
        """The lines that can still be bought, be it after an answer."""
        return tuple(line for line in self.lines if line.state not in DEAD)

    @property
    def has_dead_lines(self) -> bool:
        """Whether something lies here that nobody can buy any more."""
        return len(self.living) < len(self.lines)

    @property
    def codes(self) -> tuple[CodeAnswer, ...]:
        """What became of every code that was typed."""
        return self.prices.codes

    def ends_at(self, line: CartLine) -> datetime | None:
        """Return when the first of the promotions that count for a line ends, if that is known and still to come."""
        ids = line.quoted.promotion_ids if line.quoted else ()
        found = [terms.ends_at for terms in self.book.promotions if terms.id in ids and terms.ends_at is not None]
        return min(found, default=None)

    @property
    def saved(self) -> Money | None:
        """What promotions and codes take off all together; ``None`` where they take off nothing."""
        each = [line.quoted.saved for line in self.living if line.quoted and line.quoted.saved]
        same = [amount for amount in each if amount.currency == self.book.currency]
        return total(same, self.book.currency) if same else None

    @property
    def asks_for_price(self) -> bool:
        """Whether a price that changed waits for an answer."""
        return any(line.state == "agree" for line in self.lines)

    @property
    def promised_until(self) -> datetime | None:
        """Until when all prices hold; ``None`` when one holds no longer."""
        if not self.living or not all(line.offer.is_promised for line in self.living):
            return None
        return min(line.item.promised_until for line in self.living)

    @property
    def renewal(self) -> Money | None:
        """What one more year of everything costs at today's prices; ``None`` if that cannot be said."""
        each = [line.offer.renewal for line in self.living]
        known = [amount for amount in each if amount is not None and amount.currency == self.book.currency]
        return total(known, self.book.currency) if known and len(known) == len(each) else None


def basket(db: Work, cart: Cart | None, shop: Shelf, *, search_id: str = "") -> Basket:
    """Look at a cart at this moment; nothing is changed. ``search_id`` is a look-up that was begun for it."""
    items = items_in(db, cart) if cart else ()
    progress = _progress(db, search_id)
    known = {item.id: _answer(db, item, progress) for item in items}
    prices = price_cart(db, cart, items, shop, known) if cart and items else CartPrices(quoted={})
    lines = tuple(_line(db, item, shop, progress, _Facts(known=known, prices=prices)) for item in items)
    payable = [line.price for line in lines if line.state not in DEAD]
    book = shop.book
    sound = [price for price in payable if price.currency == book.currency]
    return Basket(
        lines=lines,
        total=total(sound, book.currency),
        book=book,
        waiting=search_id if any(line.state == "checking" for line in lines) else "",
        prices=prices,
    )


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What is known of all lines: what registries said, and what each costs beside the others."""

    known: Mapping[UUID, CheckResult | None]
    prices: CartPrices


def _answer(db: Work, item: CartItem, progress: Progress | None) -> CheckResult | None:
    said = progress.answers.get(item.name_ascii) if progress else None
    return known_of(db, item.name_ascii) or said


def _line(db: Work, item: CartItem, shop: Shelf, progress: Progress | None, facts: _Facts) -> CartLine:
    said = progress.answers.get(item.name_ascii) if progress else None
    priced = Priced(quoted=facts.prices.quoted[item.id], is_lost=item.id in facts.prices.lost)
    offer = offer_of(db, item, facts.known[item.id], shop, priced=priced)
    state = offer.state
    if item.ending not in shop.endings and state != "taken":
        state = "not_sold"
    elif item.action == "register" and state == "ok" and progress is not None and item.name_ascii in progress.names:
        state = "checking" if said is None else "unknown" if said.availability is Availability.UNKNOWN else "ok"
    return CartLine(item=item, offer=offer, state=state, without_codes=facts.prices.without_codes.get(item.id))


def _progress(db: Work, search_id: str) -> Progress | None:
    try:
        return answers(db.config, db.reseller_id, search_id) if search_id else None
    except CannotAsk:
        return None


def look_up(db: Work, names: Sequence[str]) -> str:
    """Have registries asked about names; returns the look-up to watch, nothing if there is none to wait for."""
    if not names:
        return ""
    try:
        progress = ask(db.config, db.reseller_id, names)
    except CannotAsk:
        return ""
    return "" if progress.is_done else progress.search_id


def reckon_basket(db: Work, customer: Customer, seen: Basket) -> Reckoned:
    """Add a cart up for a buyer: the very sum that the proforma will ask for."""
    prices = [line.price for line in seen.living if line.price.currency == seen.book.currency]
    return reckon(db, customer, prices, seen.book.amounts, seen.book.vat_percent)
