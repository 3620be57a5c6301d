"""What offers come to in every group of customers, alone and together, and what of it is sold below cost."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import or_, select

from storefront.catalog.queries import assortment
from storefront.core.db import Work
from storefront.core.i18n import gettext
from storefront.core.money import Money
from storefront.pricing.book import load_costs, price_book
from storefront.pricing.items import ProductKey
from storefront.pricing.margin import Ending
from storefront.pricing.offer_models import PriceGroup, Promotion
from storefront.pricing.price_words import words_of
from storefront.pricing.promotion_rules import PromotionTerms, read_terms
from storefront.pricing.promotion_trials import Affected, Trial, at_the_same_time, trials_of, worst_of
from storefront.pricing.quote import PriceBook


@dataclass(kw_only=True)
class Books:
    """The books of a shop with what everything costs, each read once."""

    db: Work
    rounding: Ending | None = None
    _costs: Mapping[ProductKey, Money] | None = None
    _kept: dict[UUID | None, PriceBook] = field(default_factory=dict)

    def of(self, group_id: UUID | None) -> PriceBook:
        """Return the book of a group; ``rounding`` asks how it would be if lowered prices ended so."""
        if group_id not in self._kept:
            book = price_book(self.db, group_id=group_id)
            if self._costs is None:
                self._costs = load_costs(self.db, book).costs
            self._kept[group_id] = replace(book, costs=self._costs, rounding=self.rounding or book.rounding)
        return self._kept[group_id]


def affected_prices(
    db: Work, terms: PromotionTerms, *, rounding: Ending | None = None, in_every_group: bool = False
) -> list[Affected]:
    """List every price that a promotion lowers by itself, for everybody or for each of its groups.

    ``in_every_group`` asks for customers with terms of their own as well. Names with a price of their own have none
    that could be listed.
    """
    books = Books(db=db, rounding=rounding)
    groups = _groups_of(db, terms) if in_every_group or terms.groups is not None else [None]
    alone = Trial(offers=(replace(terms, needs_code=False),), now=db.now)
    return [each for group_id in groups for each in alone.lowered(books.of(group_id))]


def losing_offers(db: Work, terms: PromotionTerms, *, rounding: Ending | None = None) -> list[Affected]:
    """List what would be sold below cost where a promotion counts, the dearest loss first.

    It is tried for everybody and for every group, alone and with all that combine with it, codes typed in.
    """
    others = [each for each in running_offers(db) if each.id != terms.id] if terms.combines else []
    books, trials = Books(db=db, rounding=rounding), trials_of(terms, others, db.now)
    return worst_of(_all(books, _groups_of(db, terms), trials))


def losing_prices(db: Work, group: PriceGroup | None) -> list[Affected]:
    """List what customers of a group (``None``: of none) would pay less for than it costs, at any time from now on.

    Whatever runs or is planned counts as the prices of a cart are made, every code typed in.
    """
    sets = at_the_same_time(running_offers(db), db.now) or [()]
    trials = [Trial(offers=some, now=db.now) for some in sets]
    group_id, books = group.id if group is not None else None, Books(db=db)
    return worst_of(each for trial in trials for each in trial.losing(books.of(group_id)))


def _all(books: Books, groups: Sequence[UUID | None], trials: Sequence[Trial]) -> Iterator[Affected]:
    for trial in trials:
        for group_id in groups:
            book = books.of(group_id)
            # A group pays for names with a price of their own what everybody does, unless an offer is only for some.
            asks_premium = group_id is None or any(each.groups is not None for each in trial.offers)
            yield from trial.losing(book, with_premium=asks_premium)


def _groups_of(db: Work, terms: PromotionTerms) -> list[UUID | None]:
    """List the groups for which a promotion counts; nobody's group stands for the default one as well."""
    statement = select(PriceGroup.id, PriceGroup.is_default).where(
        PriceGroup.reseller_id == db.reseller_id, PriceGroup.closed_at.is_(None)
    )
    found = [(group_id, is_default) for group_id, is_default in db.execute(statement.order_by(PriceGroup.id))]
    if terms.groups is not None:
        return [group_id for group_id, _is_default in found if group_id in terms.groups]
    return [None, *(group_id for group_id, is_default in found if not is_default)]


def running_offers(db: Work) -> list[PromotionTerms]:
    """List what runs or is planned, also what is used up: an order that comes to nothing gives a use back."""
    groups = {group.slug: group.endings for group in assortment(db).groups}
    statement = select(Promotion).where(
        Promotion.reseller_id == db.reseller_id,
        Promotion.state == "running",
        or_(Promotion.ends_at.is_(None), Promotion.ends_at > db.now),
    )
    return list(_readable(db.scalars(statement.order_by(Promotion.starts_at, Promotion.id)), groups))


def _readable(rows: Iterable[Promotion], groups: Mapping[str, Iterable[str]]) -> Iterator[PromotionTerms]:
    for row in rows:
        try:
            yield read_terms(row, {slug: tuple(endings) for slug, endings in groups.items()})
        except (ValueError, TypeError, KeyError):  # it takes nothing off anywhere
            continue


def words_of_offer(each: Affected, *, but: str = "") -> str:
    """Name a price with whom it is for and what counts in it, ``but`` the promotion that is spoken of."""
    words = f"{each.group}: {words_of(each.item)}" if each.group else words_of(each.item)
    others = [f"“{name}”" for name in each.together if name != but]
    return gettext("%(what)s, together with %(offers)s", what=words, offers=", ".join(others)) if others else words
