"""rule: what an ending costs the platform, read from data: terms, tiers and first-year promotions."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from storefront.core.money import Money

SHIPPED = Path(__file__).parent / "data" / "wholesale.toml"
ACTIONS = ("register", "renew", "transfer", "restore", "trade")
# Only where the registry, or somebody at it, takes orders for names that are about to become free.
SOMETIMES = ("backorder",)
BY_THE_YEAR = ("register", "renew")


@dataclass(frozen=True, kw_only=True)
class WholesalePrice:
    """The net prices of one ending on one day.

    ``prices`` holds one year of registering and renewing, and the whole of the other actions. ``tiers`` holds, by
    action, (years, price of one year) for many years at once. ``first_year`` is a promotion on registering only.
    """

    ending: str
    prices: Mapping[str, Money]
    tiers: Mapping[str, tuple[tuple[int, Money], ...]]
    first_year: Money | None = None
    first_year_until: date | None = None

    def one_year(self, action: str, years: int) -> Money:
        """Return the price of one of so many years, without promotions; raises ``KeyError`` for an unknown action."""
        reached = [price for from_years, price in self.tiers.get(action, ()) if years >= from_years]
        return reached[-1] if reached else self.prices[action]

    def total(self, action: str, years: int = 1) -> Money:
        """Return the price of an action for a whole term.

        Registering for several years is one registration, at the promotion's price if there is one, and renewals for
        the rest: a promotion never makes a second year cheaper. Raises ``KeyError`` for an unknown action.
        """
        if action not in BY_THE_YEAR:
            return self.prices[action]
        if action == "renew":
            return self.one_year(action, years).times(years)
        first = self.first_year if self.first_year is not None else self.one_year("register", years)
        rest = years - 1
        return first + self.one_year("renew", rest).times(rest) if rest else first


def load_wholesale(text: str, on: date) -> dict[str, WholesalePrice]:
    """Read the prices that hold on a day; raises ``ValueError`` or ``KeyError`` for data that cannot be read."""
    data = tomllib.loads(text)
    currency = data["currency"]
    found: dict[str, WholesalePrice] = {}
    for entry in sorted(data["prices"], key=lambda one: str(one["from"])):
        if entry["from"] <= on:
            found |= {row["ending"]: _price(row, currency) for row in entry["rows"]}
    _add_tiers(found, data.get("tiers", []), currency)
    for promotion in data.get("promotions", []):
        if promotion["first_day"] <= on <= promotion["last_day"]:
            for ending in promotion["endings"]:
                first_year = Money.of(promotion["price"], currency)
                found[ending] = replace(found[ending], first_year=first_year, first_year_until=promotion["last_day"])
    return found


def _price(row: Mapping[str, str], currency: str) -> WholesalePrice:
    some = [action for action in SOMETIMES if action in row]
    prices = {action: Money.of(row[action], currency) for action in (*ACTIONS, *some)}
    if any(price.minor < 0 for price in prices.values()):
        raise ValueError(f"{row['ending']}: a price below zero")
    return WholesalePrice(ending=row["ending"], prices=prices, tiers={})


def _add_tiers(found: dict[str, WholesalePrice], tiers: list[dict[str, Any]], currency: str) -> None:
    for tier in sorted(tiers, key=lambda one: int(one["from_years"])):
        price, action = found[tier["ending"]], tier["action"]
        step = (int(tier["from_years"]), Money.of(tier["price"], currency))
        found[price.ending] = replace(price, tiers={**price.tiers, action: (*price.tiers.get(action, ()), step)})


@lru_cache(maxsize=8)
def shipped_wholesale(on: date) -> Mapping[str, WholesalePrice]:
    """Return the prices that come with the product, as they hold on a day."""
    return load_wholesale(SHIPPED.read_text(encoding="utf-8"), on)
