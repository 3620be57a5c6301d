"""What a shop can sell today: endings that have both rules and a price, whose parts are loaded once a version."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from storefront.catalog.labels import LabelRules
from storefront.catalog.offers import OfferedEnding
from storefront.catalog.queries import assortment
from storefront.catalog.tld_groups import EVERYTHING, EndingGroup, proposed
from storefront.core.db import Work
from storefront.core.text import LocalizedText
from storefront.pricing.book import price_book
from storefront.pricing.quote import PriceBook


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Everything a search needs to know of a shop. An ending without a price is not on it, rather than free."""

    book: PriceBook
    endings: Mapping[str, OfferedEnding]
    label_rules: Mapping[str, LabelRules]
    groups: tuple[EndingGroup, ...]

    @property
    def default_group(self) -> EndingGroup:
        """The group that a word without ending is looked up in."""
        return next(group for group in self.groups if group.is_default)

    @property
    def for_others(self) -> EndingGroup | None:
        """The group below whose endings other names are proposed, where the shop chose one that has something."""
        return next((group for group in self.groups if group.is_for_others), None)

    def group(self, slug: str) -> EndingGroup:
        """Return a group by its slug, ``all`` being every ending; the default one for a slug nobody knows."""
        if slug == EVERYTHING:
            return EndingGroup(slug=EVERYTHING, title=LocalizedText(), endings=tuple(self.endings))
        return next((group for group in self.groups if group.slug == slug), self.default_group)


def shelf(db: Work, *, version: int | None = None, group_id: UUID | None = None) -> Shelf:
    """Return what this shop sells now to a group of customers; pages name the shop's version.

    Without a group it is the shop's default one, if there is one. Nine queries, none when kept: the book and the offer
    are kept, each once, and brought together here.
    """
    book, offer = price_book(db, version=version, group_id=group_id), assortment(db, version=version)
    sold = {ending: each for ending, each in offer.endings.items() if book.terms(ending, "register")}
    return Shelf(
        book=book,
        endings=sold,
        label_rules={ending: each.rules.labels for ending, each in sold.items()},
        groups=proposed(offer.groups, sold),
    )
