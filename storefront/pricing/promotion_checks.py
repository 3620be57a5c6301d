"""Whether a promotion may be started: no reduction that is none by law, no percentage that is not so, no loss."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.i18n import Text, format_money, gettext, ngettext
from storefront.core.i18n import lazy_gettext as _
from storefront.core.money import Money
from storefront.pricing.book import load_costs, price_book
from storefront.pricing.history import lawful_claim, price_history, why_unlawful
from storefront.pricing.items import Item
from storefront.pricing.margin import Ending
from storefront.pricing.offer_models import PriceGroup, Promotion
from storefront.pricing.promotion_rules import BuyerFacts, PromotionTerms
from storefront.pricing.quote import PriceBook, QuotedItem, quote

PERCENT = re.compile(r"(\d{1,3})\s*(?:%|percent\b|Prozent\b|procent\b|pour cent\b)", re.IGNORECASE)
# What people order and see on pages; the rest is a consequence.
ANNOUNCED = frozenset({"register", "transfer", "renew"})


@dataclass(frozen=True, kw_only=True)
class Affected:
    """One price that a promotion lowers, for the customers of a group (``None``: for everybody)."""

    group_id: UUID | None
    item: Item
    before: Money
    after: Money
    left: Money | None = None

    @property
    def is_loss(self) -> bool:
        """Whether less is left of it, VAT taken off, than it costs the shop."""
        return self.left is not None and self.left.minor < 0


def affected_prices(db: Work, terms: PromotionTerms, *, rounding: Ending | None = None) -> list[Affected]:
    """List every price that a promotion lowers by itself, for everybody or for each of its groups.

    ``rounding`` asks how it would be if lowered prices ended otherwise than they do.
    """
    found: list[Affected] = []
    for group_id in sorted(terms.groups, key=str) if terms.groups is not None else [None]:
        book = load_costs(db, replace(price_book(db, group_id=group_id), promotions=()))
        book = replace(book, rounding=rounding) if rounding else book
        own = replace(terms, starts_at=min(terms.starts_at, db.now), ends_at=None, needs_code=False)
        # A condition on the whole cart is met by whoever buys enough; what is looked at here is each price by itself.
        own = replace(own, min_quantity=0, min_total=None)
        tried = replace(book, promotions=(own,))
        buyer = BuyerFacts(group_id=group_id)
        found += [_compared(answer, tried, group_id) for answer in _each_alone(db, tried, buyer, own)]
    return found


def _each_alone(db: Work, book: PriceBook, buyer: BuyerFacts, terms: PromotionTerms) -> Iterable[QuotedItem]:
    for ending, action, years in sorted(book.prices):
        item = Item(key="one", ending=ending, action=action, years=years)
        if terms.why_not_on(item) is None:
            answer = quote([item], book, buyer=buyer, now=db.now)
            yield from (each for each in answer.items if each.saved)


def _compared(answer: QuotedItem, book: PriceBook, group_id: UUID | None) -> Affected:
    cost = book.find_cost(answer.item)
    return Affected(
        group_id=group_id,
        item=answer.item,
        before=answer.regular,
        after=answer.price,
        left=book.both(answer.price).net - cost if cost is not None else None,
    )


def why_not_run(db: Work, promotion: Promotion, terms: PromotionTerms) -> Text | None:
    """Say why a promotion may not be started; ``None`` if it may. Sentences name the first price in question."""
    affected = affected_prices(db, terms)
    if not affected:
        return _("No price becomes lower by this promotion. Please look at its endings, actions and terms.")
    losses = [each for each in affected if each.is_loss]
    if losses and not promotion.terms.get("may_lose"):
        worst = min(losses, key=lambda each: each.left.minor if each.left else 0)
        return _(
            "%(what)s would be sold for %(price)s, which is less than it costs you. Prices below cost in all: %(num)s. "
            "Say in the promotion that it may sell below cost, or take less off.",
            what=words_of(worst.item),
            price=format_money(worst.after),
            num=len(losses),
        )
    return None if promotion.needs_code else _why_unlawful(db, promotion, affected)


def _why_unlawful(db: Work, promotion: Promotion, affected: Sequence[Affected]) -> Text | None:
    """Hold what is announced against the lowest price of the thirty days before (Directive 98/6/EC art. 6a)."""
    said = _percent_said(promotion.title.values())
    is_announced = bool(promotion.terms.get("is_announced", True))
    if not is_announced and said is None:
        return None
    seen = {
        group_id: price_history(db, group_id=group_id, items=[each.item for each in affected])
        for group_id in {each.group_id for each in affected}
    }
    for each in affected:
        if each.item.action not in ANNOUNCED:
            continue
        history = seen[each.group_id]
        why = why_unlawful(history, each.item, each.after, promotion.starts_at)
        if why is not None and is_announced:
            return _("%(what)s: %(why)s", what=words_of(each.item), why=why)
        claim = lawful_claim(history, each.item, each.after, promotion.starts_at)
        percent = claim.percent if claim else 0
        if said is not None and said > percent:
            return _(
                "The title says %(said)s %%, but %(what)s becomes only %(percent)s %% cheaper than its lowest price "
                "of the 30 days before. Please change the title or the reduction.",
                said=said,
                what=words_of(each.item),
                percent=percent,
            )
    return None


def _percent_said(titles: Iterable[str]) -> int | None:
    """Return the highest percentage that a title names."""
    found = [int(number) for title in titles for number in PERCENT.findall(title)]
    return max(found, default=None)


def words_of(item: Item) -> str:
    """Name a price in words, in the language of this moment."""
    num, ending = item.years, item.ending
    if item.action == "register":
        return ngettext(
            "A registration of .%(ending)s for %(num)s year",
            "A registration of .%(ending)s for %(num)s years",
            num,
            ending=ending,
        )
    if item.action == "renew":
        return ngettext(
            "A renewal of .%(ending)s for %(num)s year",
            "A renewal of .%(ending)s for %(num)s years",
            num,
            ending=ending,
        )
    if item.action == "transfer":
        return gettext("A transfer of .%(ending)s", ending=ending)
    return f".{ending}, {item.action}"


def open_groups(db: Work) -> list[tuple[UUID, str]]:
    """List the groups that a promotion can be for."""
    statement = select(PriceGroup.id, PriceGroup.name).where(
        PriceGroup.reseller_id == db.reseller_id, PriceGroup.closed_at.is_(None)
    )
    return [(group_id, name) for group_id, name in db.execute(statement.order_by(PriceGroup.position, PriceGroup.name))]
