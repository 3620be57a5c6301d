"""From a cart to an order with its proforma: one transaction, one order however often somebody presses."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from storefront.billing.issue import LineTerms, ProformaTerms, Reckoned, issue_proforma
from storefront.billing.payments import BANK, CARD, settle_free
from storefront.core import ids
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text, current_locale, format_money, gettext, ngettext
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import publish
from storefront.customers.models import Contact, Customer
from storefront.orders.agreements import Agreed, describe, keep_consents, require_agreement
from storefront.orders.basket import Basket, CartLine, basket, reckon_basket
from storefront.orders.cart_prices import claims_of, plain_reason
from storefront.orders.carts import answer_questions, clear
from storefront.orders.events import OrderPlaced
from storefront.orders.holders import Holder, answer_problems, card_of, contact_for, holders
from storefront.orders.lifecycle import ItemState, OrderState
from storefront.orders.models import Cart, OrderItem, PurchaseOrder
from storefront.orders.withdrawal import order_button
from storefront.pricing.promotion_uses import UsedUp, reserve_uses
from storefront.pricing.queries import Shelf
from tenants.resellers import current_reseller

CODE_ATTEMPTS = 5


class CartChanged(Refused):
    """What was looked at is not what lies in the cart now: it must be looked at again before anything is bought."""


@dataclass(frozen=True, kw_only=True)
class OrderTerms:
    """What the checkout form says. ``once_key`` is the cart's id: a cart becomes one order, never two.

    ``shown`` is the fingerprint of what the page showed (see ``fingerprint``), ``answers`` what the registries of some
    endings asked, by ending.
    """

    customer: Customer
    user_id: UUID
    once_key: str
    shown: str
    pays_by: str
    agreed: Agreed
    answers: Mapping[str, dict[str, str]] = field(default_factory=dict)


def fingerprint(seen: Basket, reckoned: Reckoned) -> str:
    """Return a short text that differs whenever names, terms, prices or VAT differ."""
    lines = [
        [line.item.name_ascii, line.item.action, line.item.years, line.price.minor, line.price.currency]
        for line in seen.lines
    ]
    sums = [reckoned.totals.net.minor, reckoned.totals.vat.minor, reckoned.totals.gross.minor]
    return hashlib.sha256(json.dumps([lines, sums]).encode()).hexdigest()[:24]


def find_placed_order(db: Work, customer_id: UUID, once_key: str) -> PurchaseOrder | None:
    """Find the order that a cart has become already, if it is this customer's."""
    order = db.scalar(
        select(PurchaseOrder).where(PurchaseOrder.reseller_id == db.reseller_id, PurchaseOrder.once_key == once_key),
    )
    return order if order is not None and order.customer_id == customer_id else None


def place_order(db: Work, cart: Cart, terms: OrderTerms, shop: Shelf) -> PurchaseOrder:
    """Order a cart: consents, lines with frozen data, a proforma with a number; the cart is gone afterwards.

    Pressing twice gives the same order. Raises ``CartChanged`` when prices or lines are not those that were shown,
    and ``Refused`` naming what to mend; nothing is lost by either.
    """
    held = db.scalar(
        select(Cart).where(Cart.reseller_id == db.reseller_id, Cart.id == cart.id).with_for_update(),
    )
    placed = find_placed_order(db, terms.customer.id, terms.once_key)
    if placed is not None:
        return placed
    if held is None or terms.once_key != str(cart.id):
        raise CartChanged(_("This cart was changed in another window. Please look at it once more."))
    # Whatever another window has changed before we held the cart counts.
    db.flush()
    db.session.expire_all()
    # Not before we hold it: of two presses at once, the second would write into a cart that is gone.
    for ending, answers in terms.answers.items():
        answer_questions(db, held, ending, answers)
    if terms.pays_by not in (CARD, BANK):
        raise Refused(_("Please choose how you want to pay."), field="pays_by")
    seen = basket(db, held, shop)
    reckoned = _require_as_shown(db, seen, terms)
    boxes = require_agreement(terms.customer, terms.agreed)
    found = _require_holders(db, seen, terms.customer, shop)
    button = order_button("consumer" if terms.customer.is_consumer else "business", reckoned.totals.gross)
    order = _write_order(db, terms, reckoned, describe(db, terms.agreed, boxes, button))
    _write_lines(db, order, seen, reckoned, found)
    _reserve(db, order, seen)
    keep_consents(db, order, terms.agreed, boxes)
    proforma = issue_proforma(
        db,
        ProformaTerms(
            customer=terms.customer,
            lines=[_paper_line(line) for line in seen.lines],
            amounts=seen.book.amounts,
            shop_percent=seen.book.vat_percent,
            locale=order.locale,
            order_id=order.id,
            order_code=order.code,
        ),
    )
    order.state = OrderState.AWAITING_PAYMENT
    publish(db, OrderPlaced(order_id=order.id, proforma_id=proforma.id))
    settle_free(db, proforma)
    record(db, "order.placed", order, after={"code": order.code, "total": str(reckoned.totals.gross)})
    clear(db, held)
    return order


def _reserve(db: Work, order: PurchaseOrder, seen: Basket) -> None:
    """Count the promotions and codes of an order; whoever comes too late for the last use looks at the cart again."""
    counted = [line.quoted for line in seen.lines if line.quoted is not None]
    try:
        reserve_uses(db, order.id, order.customer_id, claims_of(counted, seen.prices))
    except UsedUp as gone:
        raise CartChanged(gone.message) from gone


def _require_as_shown(db: Work, seen: Basket, terms: OrderTerms) -> Reckoned:
    """Return the sums if everything is as the page showed it; say what is not otherwise."""
    for line in seen.lines:
        if not line.can_be_ordered:
            is_lost = line.state == "agree" and line.item.id in seen.prices.lost
            raise CartChanged(_why_dearer(line) if is_lost else _why_not(line))
    if not seen.lines:
        raise CartChanged(_("Your cart is empty."))
    reckoned = reckon_basket(db, terms.customer, seen)
    if terms.shown != fingerprint(seen, reckoned):
        for each in seen.codes:
            if each.why is not None:
                said = _("The code %(code)s takes nothing off any more: %(why)s", code=each.code, why=each.why)
                raise CartChanged(_("%(said)s Please look at the prices in your cart. Nothing was ordered.", said=said))
        raise CartChanged(_("Something in your cart has changed since you saw it. Please look at it once more."))
    return reckoned


def _why_dearer(line: CartLine) -> Text:
    """Name the code or the offer that others have used up, and say what to do."""
    codes = [str(each["code"]) for each in line.item.reasons if each.get("code")]
    offers = [str(each["text"]) for each in line.item.reasons if each.get("promotion")]
    facts = {"name": line.item.name_unicode, "price": format_money(line.price)}
    if codes:
        return _(
            "Others were quicker with the code %(code)s, so %(name)s costs %(price)s now. Nothing was ordered: say in "
            "your cart that you take it at this price, or remove it.",
            code=codes[0],
            **facts,
        )
    return _(
        "Others were quicker with “%(offer)s”, so %(name)s costs %(price)s now. Nothing was ordered: say in your cart "
        "that you take it at this price, or remove it.",
        offer=offers[0] if offers else "",
        **facts,
    )


def _why_not(line: CartLine) -> Text:
    name = line.item.name_unicode
    if line.state == "taken":
        return _("%(name)s cannot be registered any more. Nothing was ordered.", name=name)
    if line.state in {"free", "blocked"}:
        return _("%(name)s cannot be transferred now. Nothing was ordered.", name=name)
    if line.state == "code":
        return _("The transfer code of %(name)s is missing. Nothing was ordered.", name=name)
    if line.state == "not_sold":
        return _("%(name)s is not sold here at the moment. Nothing was ordered.", name=name)
    return _("The price of %(name)s needs your answer first. Nothing was ordered.", name=name)


def _require_holders(db: Work, seen: Basket, customer: Customer, shop: Shelf) -> dict[UUID, Holder]:
    found = {holder.item.id: holder for holder in holders(db, customer, [line.item for line in seen.lines], shop)}
    for holder in found.values():
        problems = [*holder.data_problems, *answer_problems(holder, {})]
        for problem in problems:
            said = _("%(name)s: %(why)s", name=holder.item.name_unicode, why=problem.message)
            raise Refused(said, field="holders")
    return found


def _write_order(db: Work, terms: OrderTerms, reckoned: Reckoned, agreed: dict[str, object]) -> PurchaseOrder:
    """Write the order under a code nobody has yet."""
    for attempt in range(CODE_ATTEMPTS):
        order = PurchaseOrder(
            code=ids.public_code(),
            once_key=terms.once_key,
            customer_id=terms.customer.id,
            user_id=terms.user_id,
            state=OrderState.PLACED,
            currency=reckoned.totals.gross.currency,
            total_minor=reckoned.totals.gross.minor,
            locale=current_locale(),
            is_consumer=terms.customer.is_consumer,
            agreed=agreed,
            pays_by=terms.pays_by,
            placed_at=db.now,
        )
        try:
            with db.session.begin_nested():
                db.add(order)
        except IntegrityError:
            if attempt == CODE_ATTEMPTS - 1:
                raise
            continue
        return order
    raise RuntimeError("no free code among 30 ** 6")


def _write_lines(db: Work, order: PurchaseOrder, seen: Basket, reckoned: Reckoned, found: dict[UUID, Holder]) -> None:
    shops_own = list(current_reseller(db).settings.get("nameservers", ()))
    first: Contact | None = None
    for position, (line, priced) in enumerate(zip(seen.lines, reckoned.totals.lines, strict=True)):
        item, holder = line.item, found[line.item.id]
        is_new = item.action == "register"
        contact = first if first and not isinstance(holder.person, Contact) else contact_for(db, holder)
        first = first or contact
        db.add(
            OrderItem(
                order_id=order.id,
                position=position,
                action=item.action,
                name_ascii=item.name_ascii,
                name_unicode=item.name_unicode,
                ending=item.ending,
                years=item.years,
                state=ItemState.PENDING_PAYMENT,
                contact_id=contact.id,
                registrant=card_of(contact),
                # A name that is transferred keeps its own.
                nameservers=list(item.nameservers) or (shops_own if is_new else []),
                extra=dict(holder.answers),
                auth_code_sealed=item.auth_code_sealed,
                price_minor=line.price.minor,
                list_minor=line.regular.minor if line.regular else line.price.minor,
                net_minor=priced.net.minor,
                currency=line.price.currency,
                reasons=[plain_reason(each) for each in line.quoted.reasons] if line.quoted else list(item.reasons),
                premium=dict(line.offer.premium) if line.offer.premium else None,
            ),
        )


def _paper_line(line: CartLine) -> LineTerms:
    if line.item.action == "transfer":
        years = line.item.years
        return LineTerms(
            title=gettext("Transfer of %(name)s", name=line.item.name_unicode),
            detail=", ".join(line.offers),
            term=ngettext("%(num)s more year included", "%(num)s more years included", years)
            if years
            else gettext("the term stays as it is"),
            price=line.price,
        )
    return LineTerms(
        title=gettext("Registration of %(name)s", name=line.item.name_unicode),
        detail=", ".join(line.offers),
        term=ngettext("%(num)s year from registration", "%(num)s years from registration", line.item.years),
        price=line.price,
    )
