"""Load a PriceBook: the immutable facts that a quote needs."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from storefront.core.db import Work
from storefront.core.kept import KeptFacts, end_of_day
from storefront.core.money import Money
from storefront.pricing.amounts import HUNDRED
from storefront.pricing.margin import Ending, ExchangeRate, Margin
from storefront.pricing.models import Price, PriceList
from storefront.pricing.quote import PremiumTerms, PriceBook
from storefront.pricing.vat_rates import known_rates
from tenants.models import Reseller
from tenants.resellers import current_reseller

# What a shop puts on a registry's own price for one name, unless its settings say otherwise.
PREMIUM_MARKUP_PERCENT = "20"


def price_book(db: Work, *, version: int | None = None) -> PriceBook:
    """Return the prices that hold in this shop now; pages name the shop's version, jobs load afresh.

    A shop that has published no list has an empty book: it sells nothing, and nothing is ever free.
    """
    return _KEPT.of(db, version)


def load_book(db: Work) -> tuple[PriceBook, datetime]:
    """Load the prices that hold now, and the moment until which they do. Five queries."""
    reseller = current_reseller(db)
    found = db.scalar(
        select(PriceList)
        .where(
            PriceList.published_at.is_not(None),
            PriceList.starts_at <= db.now,
            PriceList.currency == reseller.currency,
        )
        .order_by(PriceList.starts_at.desc(), PriceList.published_at.desc())
        .limit(1),
    )
    # Columns, not rows: a list of two thousand prices is read in milliseconds and leaves nothing behind.
    columns = select(Price.ending, Price.action, Price.years, Price.minor)
    rows = db.execute(columns.where(Price.price_list_id == found.id)) if found else ()
    book = PriceBook(
        currency=reseller.currency,
        prices={(row.ending, row.action, row.years): Money(row.minor, reseller.currency) for row in rows},
        amounts="net" if (found.amounts if found else reseller.shows) == "net" else "gross",
        vat_percent=shown_vat_percent(reseller, db.today),
        premium=premium_terms(reseller.settings),
    )
    return book, _holds_until(db)


def _holds_until(db: Work) -> datetime:
    """Return when another list begins, at the latest the end of the day: then another VAT rate may hold."""
    begins = select(func.min(PriceList.starts_at)).where(
        PriceList.published_at.is_not(None), PriceList.starts_at > db.now
    )
    next_list: datetime | None = db.scalar(begins)
    return min(end_of_day(db), next_list) if next_list else end_of_day(db)


_KEPT = KeptFacts(load_book)


def shown_vat_percent(reseller: Reseller, day: date) -> Decimal:
    """Return the VAT rate that a shop's pages name: its own country's; what is owed is decided with the buyer."""
    if not reseller.is_vat_registered:
        return Decimal(0)
    rates = known_rates()
    place = rates.find_territory(reseller.country, reseller.postcode)
    if place is not None and place.percent is not None:
        return place.percent
    return rates.find_percent(reseller.country, day) or Decimal(0)


def premium_terms(settings: Mapping[str, Any]) -> PremiumTerms | None:
    """Read how a shop sells names with a price of their own; ``{"premium": false}`` in its settings: not at all.

    ``premium.markup_percent`` and ``exchange_rates`` (base, quoted, rate, on, source, buffer_percent) are texts.
    """
    wanted = settings.get("premium", {})
    if wanted is False:
        return None
    rates = tuple(
        ExchangeRate(
            base=each["base"],
            quoted=each["quoted"],
            rate=Decimal(each["rate"]),
            on=date.fromisoformat(each["on"]),
            source=each["source"],
            buffer_percent=Decimal(each.get("buffer_percent", "0")),
        )
        for each in settings.get("exchange_rates", ())
    )
    markup = Decimal(wanted.get("markup_percent", PREMIUM_MARKUP_PERCENT))
    margin = Margin(method="markup", percent=min(markup, HUNDRED * HUNDRED))
    return PremiumTerms(margin=margin, ending=Ending(step=100), exchange_rates=rates)
