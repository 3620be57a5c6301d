"""The cart: find or make it, put names in, change them, take them out and put them back, take it along on sign-in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from storefront.catalog.names import require_name
from storefront.core import ids
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.core.sealing import hash_token
from storefront.customers.models import Contact
from storefront.identity.models import LoginUser
from storefront.orders.cart_offers import FRESH, GONE, Priced, premium_of, price_now
from storefront.orders.cart_prices import is_held, price_cart, promise, reprice
from storefront.orders.line_offers import offer_of, quoted_now
from storefront.orders.models import Cart, CartItem
from storefront.pricing.queries import Shelf
from storefront.pricing.quote import RefusedItem
from storefront.providers.ports.registrar import Availability, CheckResult
from storefront.provisioning.availability import find_answer

MOST = 100
MOST_CODES = 5
KEPT = timedelta(days=30)
MOST_YEARS = 10


class NameTaken(Refused):
    """A name that somebody has already: it can only be transferred."""

    def __init__(self, name: str) -> None:
        super().__init__(GONE[Availability.TAKEN], field="name")
        self.name = name


@dataclass(frozen=True, kw_only=True)
class NameWish:
    """A name somebody wants, as typed; ``agrees_to`` is the registry's own price that was shown and confirmed."""

    name: str
    years: int | None = None
    agrees_to: Money | None = None
    search_id: str = ""


@dataclass(frozen=True, kw_only=True)
class CartSummary:
    """What the small cart in the corner shows; the total counts as the shop's list does."""

    count: int
    total: Money


def find_cart(db: Work, token: str, user_id: UUID | None = None) -> Cart | None:
    """Find the cart of somebody who is signed in, else the one of this browser's cookie."""
    if user_id is not None:
        mine = _of_user(db, user_id)
        if mine is not None:
            return mine
    if not token:
        return None
    cart = db.scalar(select(Cart).where(Cart.reseller_id == db.reseller_id, Cart.token_hash == hash_token(token)))
    return cart if cart is not None and cart.user_id in (None, user_id) else None


def _of_user(db: Work, user_id: UUID) -> Cart | None:
    statement = select(Cart).where(Cart.reseller_id == db.reseller_id, Cart.user_id == user_id)
    return db.scalar(statement.order_by(Cart.changed_at.desc()).limit(1))


def make_cart(db: Work, user_id: UUID | None = None) -> tuple[Cart, str]:
    """Make an empty cart; returns it and the secret for the cookie, which is kept nowhere."""
    token = ids.token()
    cart = db.add(Cart(token_hash=hash_token(token), user_id=user_id, created_at=db.now, changed_at=db.now))
    db.flush()
    return cart, token


def items_in(db: Work, cart: Cart) -> Sequence[CartItem]:
    """List what is in a cart, in the order in which it came."""
    statement = select(CartItem).where(CartItem.reseller_id == db.reseller_id, CartItem.cart_id == cart.id)
    return db.scalars(statement.where(CartItem.removed_at.is_(None)).order_by(CartItem.added_at, CartItem.id))


def require_item(db: Work, cart: Cart | None, item_id: UUID, *, removed: bool = False) -> CartItem:
    """Return a line of this cart; ``NotFound`` for anybody else's and for one that was taken out."""
    item = db.require(CartItem, item_id)
    if cart is None or item.cart_id != cart.id or (item.removed_at is not None) != removed:
        raise NotFound
    return item


def names_in(db: Work, cart: Cart | None) -> frozenset[str]:
    """Return the names (A-labels) in a cart."""
    return frozenset(item.name_ascii for item in items_in(db, cart)) if cart else frozenset()


def summary(db: Work, cart: Cart | None, currency: str) -> CartSummary:
    """Count a cart and add up what its lines were shown with."""
    if cart is None:
        return CartSummary(count=0, total=Money.zero(currency))
    statement = select(func.count(), func.coalesce(func.sum(CartItem.price_minor), 0)).where(
        CartItem.reseller_id == db.reseller_id,
        CartItem.cart_id == cart.id,
        CartItem.removed_at.is_(None),
        CartItem.currency == currency,
    )
    count, minor = db.execute(statement).one()
    return CartSummary(count=count, total=Money(int(minor), currency))


def add_item(db: Work, cart: Cart, wish: NameWish, shop: Shelf) -> CartItem:
    """Put a name into a cart at the price of this moment, promised for half an hour; twice is once.

    What is known of the name decides; nobody is waited for. Raises ``NameTaken``, or ``Refused`` with the reason.
    """
    name = require_name(wish.name, endings=shop.endings, label_rules=shop.label_rules)
    db.lock(cart)
    answer = known_of(db, name.ascii, wish.search_id)
    if answer is not None and answer.availability is Availability.TAKEN:
        raise NameTaken(name.ascii)
    if answer is not None and answer.availability in GONE:
        raise Refused(GONE[answer.availability], field="name")
    item = line_of(db, cart, name.ascii, "register")
    terms = shop.book.terms(name.ending, "register")
    years = wish.years or (item.years if item is not None else terms[0])
    is_here = item is not None and item.removed_at is None
    if item is not None and is_here and years == item.years and wish.agrees_to is None:
        return item
    if item is None:
        refuse_full(db, cart)
        item = CartItem(
            cart_id=cart.id,
            action="register",
            name_ascii=name.ascii,
            name_unicode=name.unicode,
            ending=name.ending,
            added_at=db.now,
        )
    if not is_here:
        item.added_at, item.removed_at = db.now, None
    _price(db, item, years, answer, shop)
    if wish.agrees_to is not None and item.premium and wish.agrees_to == Money(item.price_minor, item.currency):
        item.premium = {**item.premium, "agreed": True}
    db.add(item)
    touch(db, cart)
    reprice(db, cart, items_in(db, cart), shop)
    return item


def known_of(db: Work, name: str, search_id: str = "") -> CheckResult | None:
    """Return what is known of a name just now, without waiting for anybody; not knowing is nothing."""
    answer = find_answer(db.config, db.reseller_id, name, search_id=search_id)
    return None if answer is None or answer.availability is Availability.UNKNOWN else answer


def line_of(db: Work, cart: Cart, name_ascii: str, action: str) -> CartItem | None:
    """Find the line of a name and action, be it taken out by now."""
    statement = select(CartItem).where(CartItem.reseller_id == db.reseller_id, CartItem.cart_id == cart.id)
    return db.scalar(statement.where(CartItem.name_ascii == name_ascii, CartItem.action == action))


def refuse_full(db: Work, cart: Cart) -> None:
    """Refuse one more name when there are as many as a cart holds."""
    if len(items_in(db, cart)) >= MOST:
        raise Refused(_("A cart holds at most %(num)s names. Please order these first.", num=MOST), field="name")


def _price(db: Work, item: CartItem, years: int, answer: CheckResult | None, shop: Shelf) -> None:
    """Give a line the price of this moment and a new promise. Raises ``Refused`` for a term that is not sold."""
    premium = premium_of(answer, years)
    if premium is None and answer is None and item.premium:
        # Nothing newer is known: a registry's own price is only known for the term it was asked for.
        premium = {**item.premium, "cost": item.premium["cost"] if years == item.years else None}
    quoted = price_now(item.ending, years, premium, shop.book, db.today)
    if years not in shop.book.terms(item.ending, "register"):
        raise Refused(_("This name cannot be registered for so many years."), field="years")
    if isinstance(quoted, RefusedItem):
        raise Refused(quoted.why, field="years")
    was_agreed = bool(item.premium and item.premium.get("agreed") and premium)
    same_price = item.price_minor == quoted.price.minor
    item.years = years
    item.premium = {**premium, "agreed": was_agreed and same_price} if premium else None
    item.checked_at = answer.checked_at if answer is not None else item.checked_at
    promise(db, item, quoted, shop)


def change_years(db: Work, cart: Cart, item: CartItem, years: int, shop: Shelf) -> None:
    """Take a line for another term, at the price of this moment. Raises ``Refused`` for a term that is not sold."""
    if item.action != "register":
        raise Refused(_("How long a transferred name runs is its registry's rule."), field="years")
    if years != item.years:
        _price(db, item, years, known_of(db, item.name_ascii), shop)
    touch(db, cart)
    reprice(db, cart, items_in(db, cart), shop)


def agree(db: Work, cart: Cart, item: CartItem, shown: Money, shop: Shelf) -> None:
    """Say yes to a price that changed, or that a registry set itself; raises ``Refused`` if it is another by now."""
    answer = known_of(db, item.name_ascii)
    prices = price_cart(db, cart, items_in(db, cart), shop, {item.id: answer})
    priced = Priced(quoted=prices.quoted[item.id], is_lost=item.id in prices.lost)
    offer = offer_of(db, item, answer, shop, priced=priced)
    if offer.state in {"taken", "not_sold", "free"}:
        raise Refused(offer.why)
    if offer.price != shown:
        raise Refused(_("The price has changed once more. Please look at it again."))
    if not offer.is_promised:
        quoted = offer.quoted or quoted_now(db, item, offer, shop)
        if isinstance(quoted, RefusedItem):
            raise Refused(quoted.why)
        # What is asked about again is asked about at a promised price: an answer makes no promise longer.
        until = item.promised_until if is_held(db, item, shop.book, answer) else None
        promise(db, item, quoted, shop, until=until)
    item.premium = {**offer.premium, "agreed": True} if offer.premium else None
    touch(db, cart)


def remove(db: Work, cart: Cart, item: CartItem) -> None:
    """Take a line out; it can be put back while the cart stands."""
    item.removed_at = db.now
    touch(db, cart)


def put_back(db: Work, cart: Cart, item: CartItem) -> None:
    """Put a line back as it was."""
    refuse_full(db, cart)
    item.removed_at = None
    touch(db, cart)


def empty(db: Work, cart: Cart) -> None:
    """Take everything out."""
    for item in items_in(db, cart):
        item.removed_at = db.now
    touch(db, cart)


def choose_contact(db: Work, cart: Cart, items: Sequence[CartItem], contact: Contact) -> None:
    """Say in whose name these lines are registered."""
    for item in items:
        item.contact_id = contact.id
    touch(db, cart)


def choose_nameservers(db: Work, cart: Cart, items: Sequence[CartItem], hosts: Sequence[str]) -> None:
    """Say which name servers these lines begin with; none means the shop's own."""
    for item in items:
        item.nameservers = list(hosts)
    touch(db, cart)


def answer_questions(db: Work, cart: Cart, ending: str, answers: dict[str, str]) -> None:
    """Keep what the registry of an ending wants to know, once for all lines under it."""
    for item in items_in(db, cart):
        if item.ending == ending:
            item.extra = {**item.extra, **answers}
    touch(db, cart)


def adopt(db: Work, cart: Cart | None, user: LoginUser) -> Cart | None:
    """Give a browser's cart to the person who signed in there, together with what they had put aside before."""
    mine = _of_user(db, user.id)
    if cart is None or cart.user_id is not None or (mine is not None and mine.id == cart.id):
        return mine
    db.lock(cart)
    if mine is None:
        cart.user_id, cart.changed_at = user.id, db.now
        return cart
    join(db, cart, mine)
    return mine


def join(db: Work, cart: Cart, into: Cart) -> None:
    """Put what lies in one cart into another, as far as there is room, and take the first away."""
    db.lock(into)
    older_items = _every_item(db, into)
    known = {(item.name_ascii, item.action): item for item in older_items}
    room = MOST - sum(item.removed_at is None for item in older_items)
    for item in _every_item(db, cart):
        older = known.get((item.name_ascii, item.action))
        if item.removed_at is not None or (older is not None and older.removed_at is None) or room <= 0:
            db.session.delete(item)
            continue
        if older is not None:
            db.session.delete(older)
            db.flush()
        item.cart_id = into.id
        room -= 1
    into.codes = list(dict.fromkeys((*into.codes, *cart.codes)))[:MOST_CODES]
    db.flush()
    db.session.delete(cart)
    touch(db, into)


def _every_item(db: Work, cart: Cart) -> Sequence[CartItem]:
    return db.scalars(select(CartItem).where(CartItem.reseller_id == db.reseller_id, CartItem.cart_id == cart.id))


def clear(db: Work, cart: Cart) -> None:
    """Take a cart away with all its lines, because it has been ordered."""
    db.execute(delete(CartItem).where(CartItem.reseller_id == db.reseller_id, CartItem.cart_id == cart.id))
    db.execute(delete(Cart).where(Cart.reseller_id == db.reseller_id, Cart.id == cart.id))


def stale_names(db: Work, items: Sequence[CartItem]) -> list[str]:
    """List the names whose last answer is older than what may be believed when one is added (domains.md, 1.3)."""
    return [item.name_ascii for item in items if item.checked_at is None or db.now - item.checked_at > FRESH]


def touch(db: Work, cart: Cart) -> None:
    """Note that a cart was changed just now."""
    cart.changed_at = db.now
    db.flush()
