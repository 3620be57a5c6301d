"""rule: what offers come to where they count at the same time, tried once for every price that is not alike."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from storefront.core.money import Money, exponent
from storefront.pricing.items import DOMAIN, Action, Item
from storefront.pricing.margin_rules import first_fitting
from storefront.pricing.promotion_rules import BuyerFacts, CodeTerms, PromotionTerms
from storefront.pricing.quote import PriceBook, QuotedItem, quote

# What registries ask for names with a price of their own, in whole units of the currency: the ends matter where an
# amount is taken off, or a price stands instead; between them everything is in proportion.
PREMIUM_COSTS = (5, 20, 100, 500, 2_000, 10_000, 100_000)
PREMIUM_ACTIONS: tuple[Action, ...] = ("register", "renew", "transfer")


@dataclass(frozen=True, kw_only=True)
class Affected:
    """One price that offers lower, for the customers of a group (``None``: for everybody).

    ``left`` is what remains of it for the shop without VAT, where the cost is known. ``together`` names what counts in
    it besides the promotion in question, ``group`` the group.
    """

    group_id: UUID | None
    item: Item
    before: Money
    after: Money
    left: Money | None = None
    cost: Money | None = None
    group: str = ""
    together: tuple[str, ...] = ()

    @property
    def is_loss(self) -> bool:
        """Whether less is left of it, VAT taken off, than it costs the shop."""
        return self.left is not None and self.left.minor < 0

    @property
    def key(self) -> tuple[object, ...]:
        """Name what it is a price of, for whom."""
        item = self.item
        return (self.group_id, item.kind, item.ending, item.action, item.years, item.premium)


def as_if_met(terms: PromotionTerms, now: datetime) -> PromotionTerms:
    """Return an offer as it stands for somebody who meets what it asks of the time, the buyer and the cart."""
    return replace(
        terms,
        starts_at=min(terms.starts_at, now),
        ends_at=None,
        min_quantity=0,
        min_total=None,
        new_customers_only=False,
        max_per_customer=None,
    )


def at_the_same_time(offers: Sequence[PromotionTerms], now: datetime) -> list[tuple[PromotionTerms, ...]]:
    """Return which of the offers run together from now on, the largest such sets only."""
    moments = sorted({max(each.starts_at, now) for each in offers})
    running = [
        tuple(each for each in offers if each.starts_at <= at and (each.ends_at is None or at < each.ends_at))
        for at in moments
    ]
    ids = [{each.id for each in some} for some in running]
    return [
        some
        for place, some in enumerate(running)
        if some and not any(ids[place] < other or (ids[place] == other and at < place) for at, other in enumerate(ids))
    ]


def trials_of(own: PromotionTerms, others: Sequence[PromotionTerms], now: datetime) -> "list[Trial]":
    """Return how a promotion has to be tried: alone, and with all that combine with it while it runs.

    At most one offer without a code counts for a thing, so that one without a code is tried with codes only.
    """
    trials = [Trial(offers=(replace(own, needs_code=False),), now=now)]
    if own.combines:
        with_it = [each for each in others if each.combines and (own.needs_code or each.needs_code)]
        ends_at = own.ends_at
        met = [each for each in with_it if ends_at is None or each.starts_at < ends_at]
        from_its_start = [replace(each, starts_at=max(each.starts_at, own.starts_at)) for each in met]
        living = [each for each in from_its_start if each.ends_at is None or each.starts_at < each.ends_at]
        trials += [Trial(offers=(own, *some), now=now) for some in at_the_same_time(living, now)]
    return trials


@dataclass(kw_only=True)
class Trial:
    """Offers that count at the same time; every code of theirs was typed in."""

    offers: tuple[PromotionTerms, ...]
    now: datetime
    _fits: dict[tuple[object, ...], tuple[bool, ...]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.offers = tuple(as_if_met(each, self.now) for each in self.offers)
        self._codes = [CodeTerms(code=str(each.id), promotion_id=each.id) for each in self.offers if each.needs_code]

    def _fit(self, item: Item) -> tuple[bool, ...]:
        key = (item.kind, item.ending, item.action, item.years, item.premium is None)
        if key not in self._fits:
            self._fits[key] = tuple([each.is_about(item) for each in self.offers])
        return self._fits[key]

    def of(
        self, book: PriceBook, *, group_id: UUID | None = None, with_premium: bool = True, all_prices: bool = False
    ) -> Iterator[Affected]:
        """Yield what becomes cheaper in a book, or with ``all_prices`` what anything costs; a book with costs."""
        tried, buyer = replace(book, promotions=self.offers), BuyerFacts(group_id=group_id)
        answers: dict[tuple[object, ...], QuotedItem | None] = {}
        premium = premium_items(book, self.offers) if with_premium else ()
        for alike, item in (*_priced(book), *premium):
            fit = self._fit(item)
            if not all_prices and not any(fit):
                continue
            key = (*alike, fit)
            if key not in answers:
                quoted = quote([item], tried, codes=self._codes, buyer=buyer, now=self.now)
                answers[key] = quoted.items[0] if quoted.items else None
            answer = answers[key]
            if answer is not None and (all_prices or answer.saved):
                yield self._affected(answer, item, book, group_id)

    def _affected(self, answer: QuotedItem, item: Item, book: PriceBook, group_id: UUID | None) -> Affected:
        cost = item.premium if item.premium is not None else book.find_cost(item)
        return Affected(
            group_id=group_id,
            item=item,
            before=answer.regular,
            after=answer.price,
            left=book.both(answer.price).net - cost if cost is not None else None,
            cost=cost,
            group=book.group.name if book.group is not None and group_id is not None else "",
            together=tuple(each.name for each in self.offers if each.id in answer.promotion_ids),
        )


def _priced(book: PriceBook) -> Iterator[tuple[tuple[object, ...], Item]]:
    """Yield everything in a book, each with what makes its price alike to others: a list has few different amounts."""
    for (ending, action, years), price in sorted(book.prices.items()):
        year = book.prices.get((ending, action, 1)) if years > 1 else None
        yield (price.minor, year.minor if year else 0, years), Item(key="1", ending=ending, action=action, years=years)
    for (kind, code, action, years), price in sorted(book.products.items()):
        yield (price.minor, kind, years), Item(key="1", kind=kind, ending=code, action=action, years=years)


def premium_items(book: PriceBook, offers: Sequence[PromotionTerms]) -> Iterator[tuple[tuple[object, ...], Item]]:
    """Yield names with a price of their own, one of each sort that offers and margin rules tell apart."""
    asked = [each for each in offers if each.with_premium]
    if book.premium is None or not asked:
        return
    rules, unit = book.premium.rules, 10 ** exponent(book.currency)
    bounds = {each.cost_from for each in rules} | {each.cost_to - 1 for each in rules if each.cost_to}
    costs = sorted({unit * each for each in PREMIUM_COSTS} | {bound for bound in bounds if bound > 0})
    limits = [*(each.endings for each in asked), *(each.endings for each in rules)]
    seen = set()
    for ending in sorted({ending for ending, action, _years in book.prices if action == "register"}):
        sort = tuple([named is None or ending in named for named in limits])
        if sort in seen:
            continue
        seen.add(sort)
        for action in PREMIUM_ACTIONS:
            for minor in costs:
                cost = Money(minor, book.currency)
                item = Item(key="1", ending=ending, action=action, years=1, premium=cost, kind=DOMAIN)
                rule = first_fitting(rules, item, cost)
                yield ("premium", minor, rule.id if rule else None, action), item


def worst_of(found: Iterable[Affected], *, wanted: Callable[[Affected], bool]) -> list[Affected]:
    """Return of every thing the lowest price among several trials, the dearest loss first."""
    worst: dict[tuple[object, ...], Affected] = {}
    for each in found:
        known = worst.get(each.key)
        if wanted(each) and (known is None or each.after < known.after):
            worst[each.key] = each
    return sorted(worst.values(), key=lambda each: each.left.minor if each.left is not None else 0)
