"""What customers will really see of a changed price list while offers run, and what of it lies below cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.pricing.group_rules import counted_as, group_prices
from storefront.pricing.items import Item, PriceKey
from storefront.pricing.models import MAIN_LINE
from storefront.pricing.offer_models import PriceGroup
from storefront.pricing.price_sheet import PriceSheet
from storefront.pricing.promotion_losses import Books, running_offers
from storefront.pricing.promotion_rules import PromotionTerms
from storefront.pricing.promotion_trials import Affected, Trial, at_the_same_time, worst_of
from storefront.pricing.quote import PriceBook, quote

MOST_SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class SeenPrice:
    """What is seen of a price now and with the new list, ``None`` where it is not sold; ``offers`` count then."""

    item: Item
    now: Money | None
    then: Money | None
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WithOffers:
    """Changed prices about which an offer is: the first as they are seen, how many in all, and new losses."""

    seen: tuple[SeenPrice, ...] = ()
    count: int = 0
    losses: tuple[Affected, ...] = ()


def list_with_offers(db: Work, sheet: PriceSheet) -> WithOffers:
    """Look at a list as the first group of its line will see it, with what runs now; losses also with codes."""
    offers = running_offers(db)
    changed: dict[PriceKey, int | None] = {
        (each.key.ending, each.key.action, each.key.years): each.after.minor if each.after else None  # type: ignore[misc]  # its actions are ours
        for each in sheet.changes()
    }
    group_id = _group_of(db, sheet.row.line)
    if not offers or not changed or (group_id is None and sheet.row.line != MAIN_LINE):
        return WithOffers()
    before = Books(db=db).of(group_id)
    after = _with_list(before, sheet, changed)
    shown = [each for each in offers if not each.needs_code and each.why_not_now(db.now) is None]
    about = [item for item in map(_item, sorted(changed)) if any(each.is_about(item) for each in shown)]
    return WithOffers(
        seen=tuple(_seen(db, item, before, after, shown) for item in about[:MOST_SHOWN]),
        count=len(about),
        losses=_new_losses(db, before, after, offers),
    )


def _group_of(db: Work, line: str) -> UUID | None:
    if line == MAIN_LINE:
        return None
    own = select(PriceGroup.id).where(PriceGroup.line == line, PriceGroup.closed_at.is_(None))
    return db.scalar(own.order_by(PriceGroup.position, PriceGroup.id).limit(1))


def _item(key: PriceKey) -> Item:
    ending, action, years = key
    return Item(key="1", ending=ending, action=action, years=years)


def _with_list(book: PriceBook, sheet: PriceSheet, changed: Mapping[PriceKey, int | None]) -> PriceBook:
    """Return a book as it will be with the changed prices, a group's discount and single prices counted."""
    own, wanted = sheet.terms.amounts, book.amounts
    new = {
        key: counted_as(Money(minor, book.currency), own, wanted, book.vat_percent)
        for key, minor in changed.items()
        if minor is not None
    }
    if book.group is not None:
        new = group_prices(new, {}, book.group.discount_percent) | dict(book.group.singles)
    kept = {key: price for key, price in book.prices.items() if key not in changed}
    return replace(book, prices={**kept, **new})


def _seen(db: Work, item: Item, before: PriceBook, after: PriceBook, shown: Sequence[PromotionTerms]) -> SeenPrice:
    now, then = (quote([item], replace(each, promotions=tuple(shown)), now=db.now).items for each in (before, after))
    counted = then[0].promotion_ids if then else ()
    return SeenPrice(
        item=item,
        now=now[0].price if now else None,
        then=then[0].price if then else None,
        offers=tuple(each.name for each in shown if each.id in counted),
    )


def _new_losses(
    db: Work, before: PriceBook, after: PriceBook, offers: Sequence[PromotionTerms]
) -> tuple[Affected, ...]:
    """List what the new list and an offer together sell below cost, and neither the list alone nor today's prices."""
    trials = [Trial(offers=some, now=db.now) for some in at_the_same_time(offers, db.now)]
    known = {each.key for trial in trials for each in trial.losing(before, with_premium=False)}
    found = worst_of(each for trial in trials for each in trial.losing(after, with_premium=False))
    return tuple(each for each in found if each.together and each.key not in known)
