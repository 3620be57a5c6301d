"""Load a PriceBook: the immutable facts that a quote needs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import repeat
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from storefront.core.db import Work
from storefront.core.kept import KIBIBYTE, KeptFacts, end_of_day
from storefront.core.money import Money
from storefront.pricing.amounts import HUNDRED, Amounts
from storefront.pricing.book_facts import BookFacts, GroupFacts, ListFacts, book_facts
from storefront.pricing.ecb import rates_into
from storefront.pricing.exchange import exchange_terms, own_rates
from storefront.pricing.group_rules import GroupTerms, counted_as, group_prices
from storefront.pricing.items import DOMAIN, Action, PriceKey, ProductKey
from storefront.pricing.list_prices import told_by
from storefront.pricing.margin import Ending, ExchangeRate, Margin, NoExchangeRate, into
from storefront.pricing.offer_models import GroupPrice, Promotion
from storefront.pricing.quote import PremiumTerms, PriceBook
from storefront.pricing.vat_rates import known_rates
from storefront.pricing.wholesale import current_costs
from tenants.models import Reseller
from tenants.resellers import current_reseller

# What a shop puts on a registry's own price for one name, unless its settings say otherwise.
PREMIUM_MARKUP_PERCENT = "20"
# What one price takes in a book, bytes: its place in the table. Amounts, which many have in common, and the rest.
PRICE_BYTES = 64
BOOK_BYTES = 16 * KIBIBYTE


def price_book(
    db: Work, *, version: int | None = None, group_id: UUID | None = None, at: datetime | None = None
) -> PriceBook:
    """Return the prices that hold in this shop now; pages name the shop's version, jobs load afresh.

    At another moment (``at``) they are those of the lists and promotions as they are known now.

    Without a group they are those of the shop's default group, if it has one. A shop that has published no list has
    an empty book: it sells nothing, and nothing is ever free.
    """
    if at is not None:
        return load_book(db, group_id, at)[0]
    return _KEPT.of(db, version, group_id)


def load_costs(db: Work, book: PriceBook) -> PriceBook:
    """Return the book with what everything in it costs the shop today, for an office that asks.

    Costs are in the currency of the book; what cannot be exchanged is left out rather than guessed.
    """
    rates = known_rates_of(db)
    costs: dict[ProductKey, Money] = {}
    for (kind, ending, action, years), cost in current_costs(db).items():
        try:
            costs[kind, ending, cast("Action", action), years] = into(cost, book.currency, rates, db.today)
        except NoExchangeRate:
            continue
    return replace(book, costs=costs)


def known_rates_of(db: Work) -> tuple[ExchangeRate, ...]:
    """Return the rates this shop may use: those that the platform took in, and its own."""
    terms = premium_terms(current_reseller(db).settings)
    return (*own_rates(db), *(terms.exchange_rates if terms else ()))


def load_book(db: Work, group_id: UUID | None = None, at: datetime | None = None) -> tuple[PriceBook, datetime]:
    """Load the prices that hold now for a group, and the moment until which they do. Four queries at most."""
    reseller, moment = current_reseller(db), at or db.now
    today = moment.astimezone(ZoneInfo(reseller.zone)).date()
    facts = book_facts(db, reseller.currency, group_id, moment)
    shown = facts.own or facts.main
    counted: Amounts = "net" if (shown.amounts if shown else reseller.shows) == "net" else "gross"
    vat_percent = shown_vat_percent(reseller, today)
    names, products = _listed(db, facts, reseller.currency, counted, vat_percent)
    group = _group_terms(db, facts.group, reseller.currency) if facts.group else None
    premium = premium_terms(reseller.settings)
    # At the end of the day another VAT rate may hold.
    holds_until = min([end_of_day(db, reseller.zone), *facts.changes_at])
    book = PriceBook(
        currency=reseller.currency,
        prices=group_prices(names, group.singles, group.discount_percent) if group else names,
        listed=names if group else {},
        products=group_prices(products, group.other_singles, group.discount_percent) if group else products,
        listed_products=products if group else {},
        amounts=counted,
        vat_percent=vat_percent,
        premium=_with_facts(premium, facts, reseller, today) if premium else None,
        group=group,
        promotions=facts.promotions,
        list_id=shown.id if shown else None,
        list_name=shown.name if shown else "",
        rounding=reduced_ending(reseller.settings, counted),
        zone=reseller.zone,
        holds_until=holds_until,
    )
    return book, holds_until


def _with_facts(premium: PremiumTerms, facts: BookFacts, reseller: Reseller, today: date) -> PremiumTerms:
    """Sell names with a price of their own by the shop's margin rules, at the rates that the platform took in."""
    own = exchange_terms(reseller.settings)
    rates = rates_into(
        reseller.currency,
        facts.quotes,
        today=today,
        valid_days=own.valid_days,
        buffer_percent=own.buffer_percent,
    )
    return replace(premium, rules=facts.premium_rules, exchange_rates=(*rates, *premium.exchange_rates))


def _listed(
    db: Work, facts: BookFacts, currency: str, counted: Amounts, vat_percent: Decimal
) -> tuple[dict[PriceKey, Money], dict[ProductKey, Money]]:
    """Return what the lists say of names and of other products, counted one way.

    What a group's own line does not name is sold at the main line's price.
    """
    lists = [each for each in (facts.main, facts.own) if each is not None]
    names: dict[PriceKey, Money] = {}
    products: dict[ProductKey, Money] = {}
    # A list has thousands of prices and a few hundred amounts: each is made once.
    made = {each is lists[-1]: _Amounts(each, currency, counted, vat_percent) for each in lists}
    for told in told_by(db, [each.id for each in lists]):
        prices = map(made[told.of_last].__getitem__, told.minors)
        if told.kind == DOMAIN:
            names.update(zip(map(_key, told.endings, repeat(told.action), told.years), prices, strict=True))
        else:
            found = zip(told.endings, told.years, prices, strict=True)
            products.update({(told.kind, ending, told.action, years): price for ending, years, price in found})
    return names, products


@lru_cache(maxsize=65_536)
def _key(ending: str, action: Action, years: int) -> PriceKey:
    """Name a price: the same for every shop, so a process has one object of each."""
    return ending, action, years


class _Amounts(dict[int, Money]):
    """The amounts of a list as a book counts them, by what the list says."""

    def __init__(self, listed: ListFacts, currency: str, counted: Amounts, vat_percent: Decimal) -> None:
        super().__init__()
        self._told = listed, currency, counted, vat_percent

    def __missing__(self, minor: int) -> Money:
        listed, currency, counted, vat_percent = self._told
        price = self[minor] = _counted(minor, currency, listed, counted, vat_percent)
        return price


def _counted(minor: int, currency: str, listed: ListFacts, counted: Amounts, vat_percent: Decimal) -> Money:
    if listed.amounts == counted:
        return Money(minor, currency)
    return counted_as(Money(minor, currency), "gross" if counted == "net" else "net", counted, vat_percent)


def _group_terms(db: Work, group: GroupFacts, currency: str) -> GroupTerms:
    columns = select(GroupPrice.kind, GroupPrice.ending, GroupPrice.action, GroupPrice.years, GroupPrice.minor)
    singles: dict[PriceKey, Money] = {}
    others: dict[ProductKey, Money] = {}
    for kind, ending, action, years, minor in db.execute(columns.where(GroupPrice.price_group_id == group.id)):
        if kind == DOMAIN:
            singles[ending, action, years] = Money(minor, currency)
        else:
            others[kind, ending, action, years] = Money(minor, currency)
    return GroupTerms(
        id=group.id,
        name=group.name,
        line=group.line,
        discount_percent=group.discount_percent,
        singles=singles,
        other_singles=others,
    )


def has_room(row: Promotion) -> bool:
    """Tell whether a promotion has uses and budget left."""
    within_uses = row.max_uses is None or row.uses < row.max_uses
    return within_uses and (row.budget_minor is None or row.spent_minor < row.budget_minor)


def reduced_ending(settings: Mapping[str, Any], counted: Amounts) -> Ending:
    """Read how prices that a promotion lowered may end; ``{"reduced_ending": {"step": 100, "digits": 90}}``."""
    given = settings.get("reduced_ending") or {}
    return Ending(step=int(given.get("step", 1)), digits=int(given.get("digits", 0)), amounts=counted)


def size_of(book: PriceBook) -> int:
    """Estimate the memory that a book takes, bytes: its prices count, everything else is little beside them."""
    count = len(book.prices) + len(book.listed) + len(book.products) + len(book.listed_products)
    if book.group is not None:
        count += len(book.group.singles) + len(book.group.other_singles)
    return BOOK_BYTES + PRICE_BYTES * count + len(book.promotions) * KIBIBYTE


_KEPT = KeptFacts(load_book, size=size_of)


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
