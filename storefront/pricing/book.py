"""Load a PriceBook: the immutable facts that a quote needs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, or_, select

from storefront.catalog.tld_groups import groups as ending_groups
from storefront.core.db import Work
from storefront.core.kept import KeptFacts, end_of_day
from storefront.core.money import Money
from storefront.pricing.amounts import HUNDRED, Amounts
from storefront.pricing.group_rules import GroupTerms, counted_as, group_prices
from storefront.pricing.items import DOMAIN, Action, ProductKey
from storefront.pricing.margin import Ending, ExchangeRate, Margin
from storefront.pricing.models import MAIN_LINE, Price, PriceList, WholesalePrice
from storefront.pricing.offer_models import GroupPrice, PriceGroup, Promotion
from storefront.pricing.promotion_rules import PromotionTerms, read_terms
from storefront.pricing.quote import PremiumTerms, PriceBook
from storefront.pricing.vat_rates import known_rates
from tenants.models import Reseller
from tenants.resellers import current_reseller

# What a shop puts on a registry's own price for one name, unless its settings say otherwise.
PREMIUM_MARKUP_PERCENT = "20"


def price_book(db: Work, *, version: int | None = None, group_id: UUID | None = None) -> PriceBook:
    """Return the prices that hold in this shop now; pages name the shop's version, jobs load afresh.

    Without a group they are those of the shop's default group, if it has one. A shop that has published no list has
    an empty book: it sells nothing, and nothing is ever free.
    """
    return _KEPT.of(db, version, group_id)


def load_costs(db: Work, book: PriceBook) -> PriceBook:
    """Return the book with what everything in it costs the shop today, for an office that asks."""
    newest = (
        select(WholesalePrice)
        .where(WholesalePrice.currency == book.currency, WholesalePrice.valid_from <= db.today)
        .order_by(WholesalePrice.valid_from)
    )
    costs: dict[ProductKey, Money] = {
        (row.kind, row.ending, cast("Action", row.action), row.years): Money(row.minor, row.currency)
        for row in db.scalars(newest)
    }
    return replace(book, costs=costs)


def load_book(db: Work, group_id: UUID | None = None) -> tuple[PriceBook, datetime]:
    """Load the prices that hold now for a group, and the moment until which they do."""
    reseller = current_reseller(db)
    currency = reseller.currency
    group = _find_group(db, group_id)
    vat_percent = shown_vat_percent(reseller, db.today)
    lists = {line: _current_list(db, line, currency) for line in {MAIN_LINE, group.line if group else MAIN_LINE}}
    main = lists[MAIN_LINE]
    own = lists.get(group.line if group else MAIN_LINE) or main
    amounts: Amounts = "net" if (own.amounts if own else reseller.shows) == "net" else "gross"
    listed = _prices_of(db, main, amounts, currency, vat_percent) if main else {}
    if own is not None and own is not main:
        listed |= _prices_of(db, own, amounts, currency, vat_percent)
    terms = _terms_of(db, group, currency) if group else None
    names = {key[1:]: price for key, price in listed.items() if key[0] == DOMAIN}
    others = {key: price for key, price in listed.items() if key[0] != DOMAIN}
    promotions, changes_at = _promotions(db)
    book = PriceBook(
        currency=currency,
        prices=group_prices(names, terms.singles, terms.discount_percent) if terms else names,
        listed=names if terms else {},
        products=group_prices(others, terms.other_singles, terms.discount_percent) if terms else others,
        listed_products=others if terms else {},
        amounts=amounts,
        vat_percent=vat_percent,
        premium=premium_terms(reseller.settings),
        group=terms,
        promotions=promotions,
        list_id=own.id if own else None,
        list_name=own.name if own else "",
        zone=db.zone,
    )
    return book, min([_holds_until(db), *changes_at])


def _find_group(db: Work, group_id: UUID | None) -> PriceGroup | None:
    """Return the group that was asked for, the default one where there is none or it was closed."""
    own = PriceGroup.id == group_id
    stands = select(PriceGroup).where(PriceGroup.closed_at.is_(None), or_(own, PriceGroup.is_default))
    return db.scalar(stands.order_by(own.desc()).limit(1))


def _terms_of(db: Work, group: PriceGroup, currency: str) -> GroupTerms:
    rows = db.scalars(select(GroupPrice).where(GroupPrice.price_group_id == group.id))
    singles: dict[ProductKey, Money] = {
        (row.kind, row.ending, cast("Action", row.action), row.years): Money(row.minor, currency) for row in rows
    }
    return GroupTerms(
        id=group.id,
        name=group.name,
        line=group.line,
        discount_percent=group.discount_percent,
        singles={key[1:]: price for key, price in singles.items() if key[0] == DOMAIN},
        other_singles={key: price for key, price in singles.items() if key[0] != DOMAIN},
    )


def _current_list(db: Work, line: str, currency: str) -> PriceList | None:
    statement = select(PriceList).where(
        PriceList.published_at.is_not(None),
        PriceList.starts_at <= db.now,
        PriceList.currency == currency,
        PriceList.line == line,
    )
    return db.scalar(statement.order_by(PriceList.starts_at.desc(), PriceList.published_at.desc()).limit(1))


def _prices_of(
    db: Work, prices: PriceList, amounts: Amounts, currency: str, vat_percent: Decimal
) -> dict[ProductKey, Money]:
    # Columns, not rows: a list of two thousand prices is read in milliseconds and leaves nothing behind.
    columns = select(Price.kind, Price.ending, Price.action, Price.years, Price.minor)
    counted: Amounts = "net" if prices.amounts == "net" else "gross"
    return {
        (row.kind, row.ending, row.action, row.years): counted_as(
            Money(row.minor, currency), counted, amounts, vat_percent
        )
        for row in db.execute(columns.where(Price.price_list_id == prices.id))
    }


def _promotions(db: Work) -> tuple[tuple[PromotionTerms, ...], list[datetime]]:
    """Return the promotions that run now, and when others begin or these end."""
    rows = db.scalars(
        select(Promotion)
        .where(Promotion.state == "running", or_(Promotion.ends_at.is_(None), Promotion.ends_at > db.now))
        .order_by(Promotion.starts_at, Promotion.id)
    )
    groups = {group.slug: group.endings for group in ending_groups(db)} if rows else {}
    running = [row for row in rows if row.starts_at <= db.now and has_room(row)]
    moments = [row.starts_at if row.starts_at > db.now else row.ends_at for row in rows]
    return tuple(read_terms(row, groups) for row in running), [each for each in moments if each is not None]


def has_room(row: Promotion) -> bool:
    """Tell whether a promotion has uses and budget left."""
    within_uses = row.max_uses is None or row.uses < row.max_uses
    return within_uses and (row.budget_minor is None or row.spent_minor < row.budget_minor)


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
