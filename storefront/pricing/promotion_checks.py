"""Whether a promotion may be started: no reduction that is none by law, no percentage that is not so, no loss."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from babel.numbers import format_decimal
from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.i18n import Text, babel_locale, current_locale, format_money
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.history import (
    History,
    lawful_claim,
    lowest_before,
    planned_history,
    price_history,
    why_unlawful,
)
from storefront.pricing.offer_models import PriceGroup, Promotion
from storefront.pricing.promotion_losses import affected_prices, losing_offers, words_of_offer
from storefront.pricing.promotion_rules import PromotionTerms
from storefront.pricing.promotion_trials import Affected, count_words
from storefront.pricing.title_percent import percent_said

# What people order and see on pages; the rest is a consequence.
ANNOUNCED = frozenset({"register", "transfer", "renew"})


def why_not_run(db: Work, promotion: Promotion, terms: PromotionTerms) -> Text | None:
    """Say why a promotion may not be started; ``None`` if it may. Sentences name the first price in question."""
    affected = affected_prices(db, terms, in_every_group=True)
    if not affected:
        return _("No price becomes lower by this promotion. Please look at its endings, actions and terms.")
    losses = [] if promotion.terms.get("may_lose") else losing_offers(db, terms)
    if losses:
        return _(
            "%(what)s would be sold for %(price)s, which is less than it costs you. Prices below cost in all: %(num)s. "
            "Say in the promotion that it may sell below cost, or take less off.",
            what=words_of_offer(losses[0], but=promotion.name),
            price=format_money(losses[0].after),
            num=count_words(losses),
        )
    return None if promotion.needs_code else _why_unlawful(db, promotion, affected)


def _why_unlawful(db: Work, promotion: Promotion, affected: Sequence[Affected]) -> Text | None:
    """Hold what is announced against the lowest price of the thirty days before (Directive 98/6/EC art. 6a)."""
    said = percent_said(promotion.title.values())
    is_announced = bool(promotion.terms.get("is_announced", True))
    if not is_announced and said is None:
        return None
    announced = [each for each in affected if each.item.action in ANNOUNCED]
    seen = {
        group_id: _seen_before(db, promotion, group_id, [each for each in announced if each.group_id == group_id])
        for group_id in dict.fromkeys(each.group_id for each in announced)
    }
    usual = _seen_before(db, promotion, None, announced if any(seen) else [])
    for each in announced:
        history = seen[each.group_id]
        if lowest_before(history, each.item, promotion.starts_at) is None:
            # Customers of a group that has just been made saw what everybody did.
            history = usual
        why = why_unlawful(history, each.item, each.after, promotion.starts_at)
        if why is not None and is_announced:
            return _("%(what)s: %(why)s", what=words_of_offer(each, but=promotion.name), why=why)
        claim = lawful_claim(history, each.item, each.after, promotion.starts_at)
        if said is not None and (claim is None or said > claim.share):
            return _(
                "The title says %(said)s %%, but %(what)s becomes only %(percent)s %% cheaper than its lowest price "
                "of the 30 days before. Please change the title or the reduction.",
                said=_number(said),
                what=words_of_offer(each, but=promotion.name),
                percent=claim.percent if claim else 0,
            )
    return None


def _seen_before(db: Work, promotion: Promotion, group_id: UUID | None, affected: Sequence[Affected]) -> History:
    """Return what a group has seen, and will have seen when the promotion begins."""
    items = [each.item for each in affected]
    seen = price_history(db, group_id=group_id, items=items)
    return planned_history(db, seen, items, promotion.starts_at, group_id=group_id)


def _number(share: Fraction) -> str:
    number = Decimal(share.numerator) / Decimal(share.denominator)
    return format_decimal(number, locale=babel_locale(current_locale()))


def open_groups(db: Work) -> list[tuple[UUID, str]]:
    """List the groups that a promotion can be for."""
    statement = select(PriceGroup.id, PriceGroup.name).where(
        PriceGroup.reseller_id == db.reseller_id, PriceGroup.closed_at.is_(None)
    )
    return [(group_id, name) for group_id, name in db.execute(statement.order_by(PriceGroup.position, PriceGroup.name))]
