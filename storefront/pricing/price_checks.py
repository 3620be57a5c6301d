"""What to look at before a price list is published: losses, leaps, and what could then not be sold any more."""

from dataclasses import dataclass

from storefront.pricing.items import LONGEST_TERM
from storefront.pricing.price_cells import CellKey, Change, Weighed, losing, weigh
from storefront.pricing.price_sheet import PriceSheet

TERMS = range(1, LONGEST_TERM + 1)


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What was found. ``losses`` are all of the list, also old ones; the rest compares it with what holds now."""

    weighed: Weighed
    losses: tuple[Change, ...]
    free: tuple[CellKey, ...]
    cannot_renew: tuple[str, ...]
    cannot_restore: tuple[str, ...]
    unpriced: tuple[str, ...]
    no_longer_sold: tuple[str, ...]

    @property
    def needs_word(self) -> bool:
        """Whether somebody must say that they have seen this before it is published."""
        return bool(self.losses or self.cannot_renew or self.free or self.no_longer_sold)


def look_through(sheet: PriceSheet) -> Findings:
    """Look through a whole list."""
    prices, offered = sheet.prices, set(sheet.offered)
    sold = [ending for ending in sheet.offered if _has(sheet, ending, "register")]
    return Findings(
        weighed=weigh(sheet.changes(), sheet.terms),
        losses=tuple(
            sheet.change(key, prices[key]) for key in losing(prices, sheet.costs, sheet.terms) if key.ending in offered
        ),
        # A transfer may cost nothing; a registration that does is a slip, unless the cost is nothing as well.
        free=tuple(
            key
            for key, minor in prices.items()
            if not minor and key.action in ("register", "renew") and key not in sheet.costs and key.ending in offered
        ),
        cannot_renew=tuple(ending for ending in sold if not _renews(sheet, ending)),
        # Prices of restoring must be shown wherever names are sold (ICANN, Expired Registration Recovery Policy 4.1).
        cannot_restore=tuple(
            ending
            for ending in sold
            if sheet.may_sell(CellKey(ending, "restore", 1)) and not _has(sheet, ending, "restore")
        ),
        unpriced=tuple(ending for ending in sheet.offered if not _has(sheet, ending, "register")),
        no_longer_sold=tuple(
            sorted(
                {key.ending for key in sheet.live if key.action == "register" and key.ending in offered}
                - {key.ending for key in prices if key.action == "register"}
            )
        ),
    )


def _renews(sheet: PriceSheet, ending: str) -> bool:
    """Whether names are renewed for the shortest term that their registry has: that is what most people ask for."""
    shortest = next((years for years in TERMS if sheet.may_sell(CellKey(ending, "renew", years))), 1)
    return CellKey(ending, "renew", shortest) in sheet.prices


def _has(sheet: PriceSheet, ending: str, action: str) -> bool:
    return any(CellKey(ending, action, years) in sheet.prices for years in TERMS)
