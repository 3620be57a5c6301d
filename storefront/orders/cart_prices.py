"""What the lines of a cart cost together: who buys, with which codes, and what was promised for each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.identity.models import LoginUser
from storefront.orders.cart_offers import PROMISE, holds, item_for, premium_now
from storefront.orders.line_offers import wish_of
from storefront.orders.models import Cart, CartItem, PurchaseOrder
from storefront.orders.transfer_offers import transfer_item
from storefront.pricing.offer_models import Promotion, PromotionCode
from storefront.pricing.promotion_rules import read_terms
from storefront.pricing.promotion_uses import Claim, is_used_up, uses_by
from storefront.pricing.queries import Shelf
from storefront.pricing.quote import (
    BuyerFacts,
    CodeAnswer,
    CodeTerms,
    Item,
    PriceBook,
    PromotionTerms,
    Quote,
    QuotedItem,
    Reason,
    RefusedItem,
    quote,
)
from storefront.providers.ports.registrar import CheckResult

# Orders that came to nothing make nobody an old customer.
CAME_TO_NOTHING = ("cancelled", "expired", "failed")
Quoted = QuotedItem | RefusedItem


@dataclass(frozen=True, kw_only=True)
class Buying:
    """Who buys and with which codes, as far as anybody knows; ``unknown`` are codes that exist no more."""

    facts: BuyerFacts = field(default_factory=BuyerFacts)
    codes: tuple[CodeTerms, ...] = ()
    code_ids: Mapping[str, UUID] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CartPrices:
    """What each line costs now. ``lost`` are lines whose promised reduction others have used up meanwhile.

    ``codes`` say what each code saves beside everything else that counts, ``without_codes`` what each line would cost
    had nobody typed any.
    """

    quoted: Mapping[UUID, Quoted]
    codes: tuple[CodeAnswer, ...] = ()
    lost: frozenset[UUID] = frozenset()
    code_ids: Mapping[str, UUID] = field(default_factory=dict)
    without_codes: Mapping[UUID, Money] = field(default_factory=dict)


def buying_of(db: Work, cart: Cart, book: PriceBook) -> Buying:
    """Learn who buys a cart and with which codes; asks nothing where no promotion runs and no code was typed."""
    if not book.promotions and not cart.codes:
        return Buying()
    user = db.find(LoginUser, cart.user_id)
    customer_id = user.customer_id if user is not None else None
    facts = BuyerFacts(group_id=book.group.id if book.group else None)
    if customer_id is not None:
        facts = replace(
            facts,
            customer_id=customer_id,
            is_new=_is_new(db, customer_id),
            promotion_uses=MappingProxyType(uses_by(db, customer_id)),
        )
    rows = {row.code: row for row in _code_rows(db, cart.codes)}
    known = [rows[code] for code in cart.codes if code in rows]
    return Buying(
        facts=facts,
        codes=tuple(code_terms(row) for row in known),
        code_ids={row.code: row.id for row in known},
        unknown=tuple(code for code in cart.codes if code not in rows),
    )


def _is_new(db: Work, customer_id: UUID) -> bool:
    ordered = select(PurchaseOrder.id).where(
        PurchaseOrder.reseller_id == db.reseller_id,
        PurchaseOrder.customer_id == customer_id,
        PurchaseOrder.state.not_in(CAME_TO_NOTHING),
    )
    return db.scalar(ordered.limit(1)) is None


def _code_rows(db: Work, codes: Sequence[str]) -> Sequence[PromotionCode]:
    if not codes:
        return []
    statement = select(PromotionCode).where(PromotionCode.reseller_id == db.reseller_id, PromotionCode.code.in_(codes))
    return db.scalars(statement.execution_options(populate_existing=True))


def code_terms(row: PromotionCode) -> CodeTerms:
    """Read a code as the engine wants it."""
    left = None if row.max_uses is None else max(row.max_uses - row.uses, 0)
    return CodeTerms(code=row.code, promotion_id=row.promotion_id, customer_id=row.customer_id, uses_left=left)


def price_cart(
    db: Work,
    cart: Cart,
    items: Sequence[CartItem],
    shop: Shelf,
    answers: Mapping[UUID, CheckResult | None] | None = None,
) -> CartPrices:
    """Price all lines of a cart at this moment, together; ``answers`` are what registries said of their names.

    A line whose promise stands keeps its own price before promotions where that was lower, and its promotions though
    they have ended since; no other line does. Every condition is asked anew, and what others have used up is gone.
    """
    known = answers or {}
    promised = _promised_rows(db, items)
    used_up = frozenset(row.id for row in promised if is_used_up(row))
    book = shop.book
    if used_up & {terms.id for terms in book.promotions}:
        book = replace(book, promotions=tuple(terms for terms in book.promotions if terms.id not in used_up))
    buying = buying_of(db, cart, book)
    held = [item for item in items if is_held(db, item, book, known.get(item.id))]
    owed = _owed(db, book, held, promised, shop)
    if owed:
        # As it was promised stands what has ended since; what runs counts as it runs.
        ended = {terms.id for terms in owed}
        book = replace(book, promotions=(*(each for each in book.promotions if each.id not in ended), *owed))
    asked = {item.id: engine_item(item, book, known.get(item.id), is_held=item in held) for item in items}
    sold = [each for each in asked.values() if isinstance(each, Item)]

    def answer_to(codes: Sequence[CodeTerms]) -> Quote:
        return quote(sold, book, codes=codes, buyer=buying.facts, now=db.now)

    answered = answer_to(buying.codes)
    plain = answer_to(()) if buying.codes else answered
    lost = {item.id for item in held if _lost_something(item, used_up, buying)}
    gone = tuple(CodeAnswer(code=code, saved=Money.zero(book.currency), why=UNKNOWN_CODE) for code in buying.unknown)
    return CartPrices(
        quoted=_by_id(asked, answered),
        codes=(*_saved_beside(answered, buying.codes, answer_to), *gone),
        lost=frozenset(lost),
        code_ids=buying.code_ids,
        without_codes={UUID(each.item.key): each.price for each in plain.items} if buying.codes else {},
    )


def _saved_beside(
    answered: Quote, codes: Sequence[CodeTerms], answer_to: Callable[[Sequence[CodeTerms]], Quote]
) -> tuple[CodeAnswer, ...]:
    """Say of every code what the cart would cost more without it: an offer that it takes the place of was there."""
    found = []
    for each in answered.codes:
        if each.why is None:
            without = answer_to([code for code in codes if code.code != each.code])
            each = replace(each, saved=max(without.total - answered.total, Money.zero(answered.total.currency)))  # noqa: PLW2901 - the same answer, mended
        found.append(each)
    return tuple(found)


UNKNOWN_CODE = _("We do not know this code.")


def _promised_rows(db: Work, items: Sequence[CartItem]) -> Sequence[Promotion]:
    """Read the promotions that lines were promised, as they stand now. No query where there are none."""
    ids = {UUID(each) for item in items for each in promotion_ids(item)}
    if not ids:
        return []
    statement = select(Promotion).where(Promotion.reseller_id == db.reseller_id, Promotion.id.in_(ids))
    return db.scalars(statement.execution_options(populate_existing=True))


def promotion_ids(item: CartItem) -> list[str]:
    """List the promotions that made a line's promised price."""
    return [each["promotion"] for each in item.reasons if each.get("promotion")]


def engine_item(
    item: CartItem, book: PriceBook, answer: CheckResult | None, *, is_held: bool = False
) -> Item | RefusedItem:
    """Say what a line asks the engine for; ``is_held``: its promise stands."""
    if item.action == "transfer":
        asked: Item | RefusedItem = transfer_item(item.ending, book, key=str(item.id))
    else:
        asked = item_for(str(item.id), item.ending, item.years, premium_now(wish_of(item), answer))
    if isinstance(asked, RefusedItem) or not is_held:
        return asked
    was = item.price_minor if item.list_minor is None else item.list_minor
    return replace(asked, promised=Money(was, item.currency))


def _by_id(asked: Mapping[UUID, Item | RefusedItem], answered: Quote) -> dict[UUID, Quoted]:
    refused = {each.item.key: each for each in answered.refused}
    return {
        key: each if isinstance(each, RefusedItem) else answered.find(each.key) or refused[each.key]
        for key, each in asked.items()
    }


def is_held(db: Work, item: CartItem, book: PriceBook, answer: CheckResult | None = None) -> bool:
    """Whether the promise of a line stands; a registry's own price is promised while it asks the same."""
    wish = wish_of(item)
    premium = None if item.action == "transfer" else premium_now(wish, answer)
    return holds(wish, premium, book, db.now)


def _owed(
    db: Work, book: PriceBook, held: Sequence[CartItem], promised: Sequence[Promotion], shop: Shelf
) -> list[PromotionTerms]:
    """List the promotions that do not run any more, each for the lines that it was promised to and no other."""
    running = {terms.id for terms in book.promotions if terms.why_not_now(db.now) is None}
    groups = {group.slug: group.endings for group in shop.groups}
    found = []
    for row in promised:
        mine = frozenset(str(item.id) for item in held if str(row.id) in promotion_ids(item))
        if mine and row.id not in running and not is_used_up(row):
            terms = read_terms(row, groups)
            found.append(replace(terms, starts_at=min(terms.starts_at, db.now), ends_at=None, only_for=mine))
    return found


def _lost_something(item: CartItem, used_up: frozenset[UUID], buying: Buying) -> bool:
    """Whether others took what a line was promised: the last use of its promotion, or of its code."""
    if any(UUID(each) in used_up for each in promotion_ids(item)):
        return True
    spent = {each.code for each in buying.codes if each.uses_left == 0} | set(buying.unknown)
    return any(each.get("code") in spent for each in item.reasons if each.get("code"))


def promise(db: Work, item: CartItem, quoted: QuotedItem, shop: Shelf, *, until: datetime | None = None) -> None:
    """Give a line a price, and promise it for half an hour, or ``until`` an earlier promise ends."""
    item.price_minor, item.currency, item.amounts = quoted.price.minor, shop.book.currency, shop.book.amounts
    item.list_minor = quoted.regular.minor
    item.renewal_minor = quoted.renewal_per_year.minor if quoted.renewal_per_year else None
    item.reasons = [plain_reason(reason) for reason in quoted.reasons]
    item.promised_until = until or db.now + PROMISE


def plain_reason(reason: Reason) -> dict[str, Any]:
    """Write a reason down as it is kept with a line."""
    plain: dict[str, Any] = {"kind": reason.kind, "text": str(reason.text), "change": reason.change.minor}
    if reason.detail:
        plain["detail"] = str(reason.detail)
    if reason.promotion_id is not None:
        plain["promotion"] = str(reason.promotion_id)
    if reason.kind == "code":
        plain["code"] = str(reason.detail)
    return plain


def reprice(db: Work, cart: Cart, items: Sequence[CartItem], shop: Shelf) -> None:
    """Promise every line what it costs now that its buyer has changed the cart, be it more or less than before.

    Where nobody else had a hand in it, nobody has to be asked. A line whose own promise makes its price keeps it, for
    as long as it was given; one whose price waits for an answer goes on waiting.
    """
    if not shop.book.promotions and not cart.codes and not any(promotion_ids(item) for item in items):
        return
    prices = price_cart(db, cart, items, shop)
    for item in items:
        quoted = prices.quoted[item.id]
        if isinstance(quoted, RefusedItem) or item.id in prices.lost:
            continue
        price = Money(item.price_minor, item.currency)
        if quoted.price == price and quoted.price.currency == item.currency:
            continue
        is_less = quoted.price.currency == price.currency and quoted.price < price
        stands = is_held(db, item, shop.book)
        if is_less or stands:
            promise(db, item, quoted, shop, until=item.promised_until if stands else None)
    db.flush()


def claims_of(lines: Sequence[QuotedItem], prices: CartPrices) -> list[Claim]:
    """Add up what each promotion takes off an order, with the code that let it count."""
    off: dict[UUID, int] = {}
    codes: dict[UUID, UUID] = {}
    currency = ""
    for line in lines:
        for reason in line.reasons:
            if reason.promotion_id is None:
                continue
            currency = reason.change.currency
            off[reason.promotion_id] = off.get(reason.promotion_id, 0) - reason.change.minor
            code_id = prices.code_ids.get(str(reason.detail)) if reason.kind == "code" else None
            if code_id is not None:
                codes[reason.promotion_id] = code_id
    return [
        Claim(promotion_id=promotion_id, amount=Money(minor, currency), code_id=codes.get(promotion_id))
        for promotion_id, minor in sorted(off.items())
    ]
