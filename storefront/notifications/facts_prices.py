"""Events of prices -> what their letters may say; registered beside those of facts.py."""

from collections.abc import Sequence
from typing import Any, Final, cast

from storefront.core.db import Work
from storefront.core.events import Event
from storefront.notifications.facts import Told, _about
from storefront.orders.rising_renewals import SalePrices, rising_renewals, sale_prices
from storefront.pricing.events import CostsRise
from storefront.pricing.items import Action
from storefront.pricing.models import CostWarning
from storefront.pricing.rising_costs import rising_costs
from storefront.pricing.wholesale_files import Change
from storefront.web.price_words import action_words, name_words

# A letter is read, not searched: the whole list stands in the office.
LINES_TOLD = 40


@_about(CostsRise)
def costs_rise(db: Work, event: CostsRise) -> Told | None:
    """What rises, from when, and what it means for names that renew; nothing if it was withdrawn meanwhile."""
    warning = db.find(CostWarning, event.warning_id)
    if warning is None or warning.valid_from <= db.today:
        return None
    rises = rising_costs(db, warning.valid_from)
    if not rises:
        return None
    by_year = [change for change in rises if change.key[3] == 1]
    renewals = {change.key[1]: change.after for change in by_year if change.key[2] == "renew"}
    affected = rising_renewals(db, warning.valid_from, renewals)
    lines = _lines(by_year, sale_prices(db, warning.valid_from))
    return Told(
        values={
            "day": warning.valid_from,
            "endings": len({change.key[1] for change in rises}),
            "lines": lines[:LINES_TOLD],
            "more": len(rises) - len(lines[:LINES_TOLD]),
            "renewals": affected.names,
            "at_loss": affected.at_loss,
        },
        links={"prices": "/reseller/price-lists/", "costs": "/reseller/purchase-prices/?show=coming"},
    )


def _lines(rises: Sequence[Change], prices: SalePrices) -> list[dict[str, Any]]:
    """Describe what a year costs before and after, what then loses money first."""
    found = [
        {
            "name": name_words("domain", change.key[1]),
            "action": action_words(change.key[2]),
            "before": change.before,
            "after": change.after,
            "at_loss": prices.loses(change.key[1], cast("Action", change.key[2]), change.after),
        }
        for change in rises
    ]
    return sorted(found, key=lambda line: not line["at_loss"])


TOLD: Final[frozenset[type[Event]]] = frozenset({CostsRise})
