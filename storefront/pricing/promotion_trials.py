"""rule: what offers come to where they count at the same time, tried once for every price that is not alike."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from storefront.core.money import Money, exponent
from storefront.pricing.amounts import HUNDRED
from storefront.pricing.items import DOMAIN, Action, Item
from storefront.pricing.margin_rules import first_fitting
from storefront.pricing.promotion_rules import BuyerFacts, CodeTerms, PromotionTerms
from storefront.pricing.quote import PriceBook, QuotedItem, first_year_of, quote
from storefront.pricing.reductions import Cut, cut_off, price_after

# What registries ask for names with a price of their own, in whole units of the currency: the ends matter where an
# amount is taken off, or a price stands instead; between them everything is in proportion.
PREMIUM_COSTS = (5, 20, 100, 500, 2_000, 10_000, 100_000)
MOST_LOSSES = 1_000
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
    trials = [Trial(offers=(replace(own, needs_code=False),), now=now, of_first=True)]
    if own.combines:
        with_it = [each for each in others if each.combines and (own.needs_code or each.needs_code)]
        ends_at = own.ends_at
        met = [each for each in with_it if ends_at is None or each.starts_at < ends_at]
        from_its_start = [replace(each, starts_at=max(each.starts_at, own.starts_at)) for each in met]
        living = [each for each in from_its_start if each.ends_at is None or each.starts_at < each.ends_at]
        trials += [Trial(offers=(own, *some), now=now, of_first=True) for some in at_the_same_time(living, now)]
    return trials


@dataclass(kw_only=True)
class Trial:
    """Offers that count at the same time; every code of theirs was typed in.

    ``of_first`` asks only for prices in which the first of them counts. What a group buys below cost anyway, because
    somebody said that it may, is then left aside.
    """

    offers: tuple[PromotionTerms, ...]
    now: datetime
    of_first: bool = False
    _fits: dict[tuple[object, ...], tuple[bool, ...]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.offers = tuple(as_if_met(each, self.now) for each in self.offers)
        self._codes = [CodeTerms(code=str(each.id), promotion_id=each.id) for each in self.offers if each.needs_code]

    def _fit(self, item: Item) -> tuple[bool, ...]:
        key = (item.kind, item.ending, item.action, item.years, item.premium is None)
        if key not in self._fits:
            self._fits[key] = tuple([each.is_about(item) for each in self.offers])
        return self._fits[key]

    def lowered(self, book: PriceBook) -> Iterator[Affected]:
        """Yield every listed price that becomes lower in a book by a single offer, the others left aside."""
        (terms,) = self.offers
        if terms.why_not_for(_buyer(book)) is not None or not _is_payable(terms, book):
            return
        for item, price in _priced(book):
            if self._fit(item)[0]:
                is_part = terms.first_year_only and item.years > 1 and terms.method != "order_amount"
                off = cut_off(terms, first_year_of(item, price.minor, book) if is_part else price.minor)
                after = price_after(price.minor, (Cut(terms=terms, off=off),) if off else (), book.rounding)
                if after < price.minor:
                    yield _affected(item, (price, Money(after, price.currency)), (terms.name,), book)

    def losing(self, book: PriceBook, *, with_premium: bool = True) -> Iterator[Affected]:
        """Yield what is sold below cost in a book with costs; only what could be is priced as a cart is."""
        tried, buyer, least = replace(book, promotions=self.offers), _buyer(book), _Least(self.offers, book)
        answers: dict[tuple[object, ...], QuotedItem | None] = {}
        for alike, item in (*self._suspects(book, least), *(self._premium(book) if with_premium else ())):
            key = (*alike, self._fit(item))
            if key not in answers:
                quoted = quote([item], tried, codes=self._codes, buyer=buyer, now=self.now)
                answers[key] = quoted.items[0] if quoted.items else None
            answer = answers[key]
            if answer is None or (item.premium is not None and not answer.saved):
                continue
            if self.of_first and self.offers[0].id not in answer.promotion_ids:
                continue
            names = tuple(each.name for each in self.offers if each.id in answer.promotion_ids)
            if (
                self.of_first
                and book.group is not None
                and item.premium is None
                and _is_loss(answer.regular, item, book)
            ):
                continue
            found = _affected(item, (answer.regular, answer.price), names, book)
            if found.is_loss:
                yield found

    def _suspects(self, book: PriceBook, least: "_Least") -> Iterator[tuple[tuple[object, ...], Item]]:
        for item, price in _priced(book):
            cost, fit = book.find_cost(item), self._fit(item)
            if cost is None or (self.of_first and not fit[0]):
                continue
            if least.could_lose(price.minor, cost.minor, fit):
                share = first_year_of(item, price.minor, book)
                yield (price.minor, share, item.years > 1), item

    def _premium(self, book: PriceBook) -> Iterator[tuple[tuple[object, ...], Item]]:
        return (each for each in premium_items(book, self.offers) if any(self._fit(each[1])))


@dataclass
class _Least:
    """A price below which nothing comes, whichever of the offers count, in whatever order: reckoned, not quoted."""

    offers: Sequence[PromotionTerms]
    book: PriceBook

    def __post_init__(self) -> None:
        self._enough: dict[int, int] = {}
        self._cuts: dict[tuple[bool, ...], tuple[int | None, Fraction, int]] = {}

    def could_lose(self, price: int, cost: int, fit: tuple[bool, ...]) -> bool:
        """Whether a price might fall below a net cost."""
        return self._of(price, fit) < self._enough_for(cost)

    def _enough_for(self, cost: int) -> int:
        """Return an amount of this book that surely pays for a net cost."""
        if cost not in self._enough:
            vat = self.book.vat_percent if self.book.amounts == "gross" else Decimal(0)
            self._enough[cost] = int((cost + 1) * Fraction(vat + HUNDRED) / 100) + 1
        return self._enough[cost]

    def _of(self, price: int, fit: tuple[bool, ...]) -> int:
        if not any(fit):
            return price
        if fit not in self._cuts:
            self._cuts[fit] = self._cut([each for each, counts in zip(self.offers, fit, strict=True) if counts])
        instead, share, amount = self._cuts[fit]
        start = price if instead is None else min(price, instead)
        return int(start * share) - amount

    def _cut(self, offers: Sequence[PromotionTerms]) -> tuple[int | None, Fraction, int]:
        """Say what all offers do at most: a price instead, then every percentage, then every amount and rounding."""
        amounts = [(each.method, each.amount.minor) for each in offers if each.amount is not None]
        share = Fraction(1)
        for each in offers:
            share *= 1 - Fraction(each.percent) / 100
        off = sum(minor for method, minor in amounts if method != "price")
        instead = min((minor for method, minor in amounts if method == "price"), default=None)
        return instead, share, off + len(offers) + self.book.rounding.step


def _buyer(book: PriceBook) -> BuyerFacts:
    return BuyerFacts(group_id=book.group.id if book.group is not None else None)


def _is_payable(terms: PromotionTerms, book: PriceBook) -> bool:
    return terms.amount is None or terms.amount.currency == book.currency


def _affected(item: Item, prices: tuple[Money, Money], names: tuple[str, ...], book: PriceBook) -> Affected:
    cost = item.premium if item.premium is not None else book.find_cost(item)
    before, after = prices
    return Affected(
        group_id=book.group.id if book.group is not None else None,
        item=item,
        before=before,
        after=after,
        left=book.both(after).net - cost if cost is not None else None,
        cost=cost,
        group=book.group.name if book.group is not None else "",
        together=names,
    )


def _is_loss(price: Money, item: Item, book: PriceBook) -> bool:
    cost = book.find_cost(item)
    return cost is not None and book.both(price).net < cost


def _priced(book: PriceBook) -> Iterator[tuple[Item, Money]]:
    """Yield everything in a book with its price."""
    for (ending, action, years), price in sorted(book.prices.items()):
        yield Item(key="1", ending=ending, action=action, years=years), price
    for (kind, code, action, years), price in sorted(book.products.items()):
        yield Item(key="1", kind=kind, ending=code, action=action, years=years), price


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


def count_words(losses: Sequence[Affected]) -> str:
    """Say how many losses ``worst_of`` found; where it stopped looking, that there are more."""
    return f"{len(losses)}+" if len(losses) >= MOST_LOSSES else str(len(losses))


def worst_of(found: Iterable[Affected]) -> list[Affected]:
    """Return of every thing the lowest price among several trials, the dearest loss first.

    Where nearly everything is lost it is enough to know that: after ``MOST_LOSSES`` nobody looks for more.
    """
    worst: dict[tuple[object, ...], Affected] = {}
    for each in found:
        if len(worst) >= MOST_LOSSES:
            break
        known = worst.get(each.key)
        if known is None or each.after < known.after:
            worst[each.key] = each
    return sorted(worst.values(), key=lambda each: each.left.minor if each.left is not None else 0)
