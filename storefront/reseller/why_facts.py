"""What "Why this price?" is asked about: read from an address, looked up, and handed to the engine."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import cast, get_args
from uuid import UUID

from sqlalchemy import select

from storefront.billing import parties
from storefront.catalog.endings import sold_ending
from storefront.catalog.labels import BadLabel, encode, map_unicode
from storefront.catalog.offers import rules_on
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.moments import moment_in
from storefront.core.numbers import read_whole
from storefront.customers.models import Customer
from storefront.customers.queries import customers
from storefront.orders.cart_prices import CAME_TO_NOTHING, code_terms
from storefront.orders.models import PurchaseOrder
from storefront.pricing.book import known_rates_of, price_book
from storefront.pricing.codes import find_code
from storefront.pricing.explain import Explanation, explain
from storefront.pricing.items import LONGEST_TERM, Action, Item
from storefront.pricing.margin_rule_changes import active_rules
from storefront.pricing.models import Product
from storefront.pricing.promotion_rules import BuyerFacts, CodeTerms
from storefront.pricing.promotion_uses import uses_by
from storefront.pricing.quote import PriceBook
from storefront.pricing.wholesale import find_cost
from tenants.resellers import current_reseller


@dataclass(frozen=True, kw_only=True)
class Question:
    """What somebody wants to know; everything but the name may stay empty."""

    name: str = ""
    action: str = "register"
    years: str = "1"
    customer: str = ""
    group: str = ""
    code: str = ""
    at: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The price explained, and what it was explained for."""

    explanation: Explanation
    shown: str
    moment: datetime
    customer: Customer | None


def answer(db: Work, asked: Question) -> Answer:
    """Explain a price; raises ``Refused`` naming the field that must be mended."""
    item, shown = _item_of(db, asked)
    moment = _moment_of(db, asked.at)
    customer = _customer_of(db, asked.customer)
    group_id = customer.price_group_id if customer else _group_of(asked.group)
    book = price_book(db, group_id=group_id, at=moment)
    found = explain(
        item,
        cost=find_cost(db, item.ending, item.action, item.years, kind=item.kind),
        rates=known_rates_of(db),
        rules=active_rules(db),
        book=book,
        codes=_codes_of(db, asked.code),
        buyer=_buyer_of(db, customer, book),
        now=moment,
    )
    return Answer(explanation=found, shown=shown, moment=moment, customer=customer)


def _item_of(db: Work, asked: Question) -> tuple[Item, str]:
    if asked.action not in get_args(Action):
        raise Refused(_("Please choose one of these."), field="action")
    years = read_whole(asked.years, least=1, most=LONGEST_TERM)
    if years is None:
        raise Refused(_("Choose between one and ten years."), field="years")
    action = cast("Action", asked.action)
    code = asked.name.strip().lower()
    product = db.scalar(select(Product).where(Product.code == code))
    if product is not None:
        item = Item(key=code, ending=product.code, action=action, years=years, kind=product.kind)
        return item, product.title.in_("en")
    ending = _ending_of(db, code)
    is_ending = code.strip(".").count(".") == ending.count(".")
    shown = "." + code.strip(".") if is_ending else asked.name.strip()
    return Item(key=code, ending=ending, action=action, years=years), shown


def _ending_of(db: Work, name: str) -> str:
    known = rules_on(db, db.today)
    try:
        labels = [encode(part) for part in map_unicode(name.strip(".")).split(".")]
    except BadLabel as bad:
        raise Refused(bad.problem.message, field="name") from None
    found = ".".join(labels) if ".".join(labels) in known else sold_ending(labels, known)
    if found is None:
        raise Refused(_("Type an ending such as .com, a whole name, or the code of a product."), field="name")
    return found


def _moment_of(db: Work, typed: str) -> datetime:
    if not typed:
        return db.now
    try:
        return moment_in(db.zone, datetime.fromisoformat(typed), field="at").astimezone(db.now.tzinfo)
    except (ValueError, OverflowError):
        raise Refused(_("Write the moment as year, month, day and time: 2026-11-30T10:00."), field="at") from None


def _customer_of(db: Work, wanted: str) -> Customer | None:
    if not wanted:
        return None
    found = customers(db, wanted=wanted).rows
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(_("Several customers fit. Type the code or the whole e-mail address."), field="customer")
    raise Refused(_("No customer has this name, e-mail address or code."), field="customer")


def _group_of(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise Refused(_("Please choose one of these."), field="group") from None


def _codes_of(db: Work, typed: str) -> list[CodeTerms]:
    if not typed:
        return []
    row = find_code(db, typed)
    if row is None:
        raise Refused(_("There is no such code."), field="code")
    return [code_terms(row)]


def _buyer_of(db: Work, customer: Customer | None, book: PriceBook) -> BuyerFacts:
    group_id = book.group.id if book.group else None
    if customer is None:
        return BuyerFacts(group_id=group_id)
    ordered = select(PurchaseOrder.id).where(
        PurchaseOrder.customer_id == customer.id, PurchaseOrder.state.not_in(CAME_TO_NOTHING)
    )
    return BuyerFacts(
        customer_id=customer.id,
        group_id=group_id,
        is_new=db.scalar(ordered.limit(1)) is None,
        promotion_uses=MappingProxyType(uses_by(db, customer.id)),
        vat_percent=_vat_of(db, customer),
    )


def _vat_of(db: Work, customer: Customer) -> Decimal:
    return parties.vat_for(current_reseller(db), customer).percent
