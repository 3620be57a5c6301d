"""What a shop offers, loaded together and kept by the shop's version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storefront.catalog.offers import OfferedEnding, find_rules, offered
from storefront.catalog.tld_groups import EndingGroup, groups
from storefront.catalog.tlds import TldRules
from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.core.kept import KeptFacts, end_of_day


@dataclass(frozen=True, kw_only=True)
class Assortment:
    """The endings of a shop by A-label, in the shop's order, and the groups it proposes them in."""

    endings: Mapping[str, OfferedEnding]
    groups: tuple[EndingGroup, ...]


def _load(db: Work) -> tuple[Assortment, datetime]:
    return Assortment(endings=offered(db), groups=groups(db)), end_of_day(db)


# What an offer of one ending takes: the offer, its badge and its place; the rules are shared by all shops.
OFFER_BYTES = 768

_KEPT = KeptFacts(_load, size=lambda found: OFFER_BYTES * len(found.endings))


def assortment(db: Work, *, version: int | None = None) -> Assortment:
    """Return what this shop offers today; pages name the shop's version, so that it is loaded once a change."""
    return _KEPT.of(db, version)


def offered_endings(db: Work, *, version: int | None = None) -> list[str]:
    """Return the endings (A-labels) that this shop offers, in its order."""
    return list(assortment(db, version=version).endings)


def require_rules(db: Work, ending: str) -> TldRules:
    """Return today's rules of an ending; raises ``NotFound`` for one nobody has described."""
    rules = find_rules(db, ending)
    if rules is None:
        raise NotFound
    return rules
