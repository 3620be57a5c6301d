"""What a changed price list means for everybody and for groups, offers counted, and what of it lies below cost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.pricing.group_rules import counted_as, group_prices
from storefront.pricing.groups import GroupSummary, price_groups
from storefront.pricing.items import Item, PriceKey
from storefront.pricing.models import MAIN_LINE
from storefront.pricing.price_cells import losing
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
class InGroup:
    """A group that buys by the list: how many of its prices change, and how many fall below cost for it alone."""

    summary: GroupSummary
    changed: int
    losses: int


@dataclass(frozen=True, kw_only=True)
class WithOffers:
    """Changed prices about which an offer is: the first as they are seen, how many in all.

    ``losses`` are those that neither the list alone nor today's prices have, ``groups`` one line each.
    """

    seen: tuple[SeenPrice, ...] = ()
    count: int = 0
    losses: tuple[Affected, ...] = ()
    groups: tuple[InGroup, ...] = ()


def list_with_offers(db: Work, sheet: PriceSheet) -> WithOffers:
    """Look at a list as everybody and every group of its line will see it, with what runs now; losses with codes."""
    changed: dict[PriceKey, int | None] = {
        (each.key.ending, each.key.action, each.key.years): each.after.minor if each.after else None  # type: ignore[misc]  # its actions are ours
        for each in sheet.changes()
    }
    summaries = [each for each in price_groups(db) if each.group.line == sheet.row.line]
    groups = [each.group.id for each in summaries]
    buyers = [None, *groups] if sheet.row.line == MAIN_LINE else groups
    if not changed or not buyers:
        return WithOffers()
    offers, books = running_offers(db), Books(db=db)
    trials = [Trial(offers=some, now=db.now) for some in at_the_same_time(offers, db.now) or [()]]
    alone = {(key.ending, key.action, key.years) for key in losing(sheet.prices, sheet.costs, sheet.terms)}
    both = [(before := books.of(each), _with_list(before, sheet, changed)) for each in buyers]
    losses = [_new_losses(before, after, trials, alone) for before, after in both]
    shown = [each for each in offers if not each.needs_code and each.why_not_now(db.now) is None]
    about = [item for item in map(_item, sorted(changed)) if any(each.is_about(item) for each in shown)]
    return WithOffers(
        seen=tuple(_seen(db, item, *both[0], shown) for item in about[:MOST_SHOWN]),
        count=len(about),
        losses=_without_repeats(losses),
        groups=tuple(
            InGroup(summary=each, changed=_changed_for(before, after, changed), losses=len(lost))
            for each, (before, after), lost in zip(summaries, both[-len(groups) :], losses[-len(groups) :], strict=True)
        )
        if groups
        else (),
    )


def _changed_for(before: PriceBook, after: PriceBook, changed: Collection[PriceKey]) -> int:
    return sum(before.prices.get(key) != after.prices.get(key) for key in changed)


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
    before: PriceBook, after: PriceBook, trials: Sequence[Trial], alone: Collection[tuple[str, str, int]]
) -> list[Affected]:
    """List what customers of a book come to buy below cost, and neither by the list ``alone`` nor today."""
    known = {each.key for trial in trials for each in trial.losing(before, with_premium=False)}
    found = worst_of(each for trial in trials for each in trial.losing(after, with_premium=False))
    return [
        each
        for each in found
        if each.key not in known and (each.item.ending, each.item.action, each.item.years) not in alone
    ]


def _without_repeats(losses: Sequence[Sequence[Affected]]) -> tuple[Affected, ...]:
    """Put the losses of all buyers together; what a group pays like everybody else is said once."""
    said: dict[tuple[object, ...], Affected] = {}
    for each in (each for some in losses for each in some):
        said.setdefault((each.key[1:], each.after), each)
    return tuple(sorted(said.values(), key=lambda each: each.left.minor if each.left is not None else 0))
