"""Note what every group of customers sees, as it changes, and read it again: the memory behind every reduction."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, Integer, String, Uuid, column, func, insert, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, distinct_on

from storefront.core import jobs
from storefront.core.changes import announce
from storefront.core.db import UtcDateTime, Work
from storefront.core.ids import uuid7_texts
from storefront.core.money import Money
from storefront.pricing.book import price_book
from storefront.pricing.history_rules import (
    DAYS,
    Claim,
    History,
    Priced,
    Seen,
    SeenKey,
    key_of,
    lawful_claim,
    lowest_before,
    reduced_since,
    why_unlawful,
)
from storefront.pricing.items import DOMAIN, Item, ProductKey
from storefront.pricing.models import MAIN_LINE, Price, PriceList, PriceSeen
from storefront.pricing.offer_models import PriceGroup, Promotion
from storefront.pricing.quote import PriceBook, quote
from storefront.pricing.shown_prices import endings_in, may_be_cheaper
from tenants.models import Site
from tenants.resellers import current_reseller

__all__ = [
    "DAYS",
    "Claim",
    "History",
    "Priced",
    "Seen",
    "SeenKey",
    "key_of",
    "lawful_claim",
    "lowest_before",
    "note_meanwhile",
    "note_prices",
    "note_seen_prices",
    "planned_history",
    "price_history",
    "reduced_since",
    "seen_on",
    "why_unlawful",
]

# Why a change was noted, when nobody did anything but the clock.
BY_TIME = "time"
# What was found when a shop's history began.
AT_FIRST = "first"
NEXT = "next"


class _Shown(NamedTuple):
    """What one group sees for one thing: the fields of a row that make it another one."""

    currency: str
    amounts: str
    minor: int | None
    is_reduced: bool


_Key = tuple[UUID | None, str, str, str, int]


def note_prices(db: Work, *, because: str, at: datetime | None = None) -> int:
    """Add what anybody sees otherwise than was last noted, and return how many prices that are.

    To be called by every action that changes prices, after ``announce`` and before its transaction ends; ``because``
    names it, such as ``price_list.published``. What changes later by itself, a scheduled list or the end of a
    promotion, is noted by a job at its moment.
    """
    # One at a time in each shop, so that two that publish at once do not note the same difference twice.
    db.execute(select(Site.version).where(Site.reseller_id == db.reseller_id).with_for_update())
    noted = _last_noted(db)
    if not noted:
        noted = _begin(db)
    now = _shown_now(db)
    gone = {
        key: _Shown(currency=was.currency, amounts=was.amounts, minor=None, is_reduced=False)
        for key, was in noted.items()
        if key not in now and was.minor is not None
    }
    new = {key: shown for key, shown in now.items() if noted.get(key) != shown}
    _add(db, {**new, **gone}.items(), from_at=at or db.now, because=because)
    next_at = _next_change_at(db)
    if next_at is not None:
        jobs.ask(db, "note_seen_prices", NEXT, at=next_at)
    return len(new) + len(gone)


@jobs.job(queue="later")
def note_seen_prices(db: Work, _argument: str) -> None:
    """Note what changed by itself: a list that began, a promotion that began or ended."""
    if note_prices(db, because=BY_TIME, at=_last_change_at(db)):
        # Pages that were kept show what held until now.
        announce(db)


def note_meanwhile(db: Work) -> None:
    """Note what changed by itself until now, from the moment at which it did, also where no job has come by yet."""
    note_prices(db, because=BY_TIME, at=_last_change_at(db))


def planned_history(
    db: Work, seen: History, items: Sequence[Priced], until: datetime, *, group_id: UUID | None = None
) -> History:
    """Return a history that goes on with what people will see before a moment, as lists and promotions are planned."""
    rows, wanted = {key: list(found) for key, found in seen.rows.items()}, {key_of(item) for item in items}
    for moment in sorted({at for at in _planned(db) if db.now < at < until}):
        book = price_book(db, group_id=group_id, at=moment)
        shown = dict(_shown_by(_only(book, wanted), group_id, moment))
        for key in wanted:
            then = shown.get((group_id, *key))
            price = Money(then.minor, then.currency) if then is not None and then.minor is not None else None
            is_reduced = then is not None and then.is_reduced
            row = Seen(from_at=moment, price=price, amounts=book.amounts, is_reduced=is_reduced)
            rows.setdefault(key, []).append(row)
    return replace(seen, rows=rows)


def _only(book: PriceBook, wanted: Collection[SeenKey]) -> PriceBook:
    """Return a book of a few prices."""
    names = {key: price for key, price in book.prices.items() if (DOMAIN, *key) in wanted}
    return replace(book, prices=names, products={key: each for key, each in book.products.items() if key in wanted})


def begin_history(db: Work) -> None:
    """Begin the history of a shop that has prices and none noted yet."""
    note_prices(db, because=AT_FIRST)


def shops_without_history(db: Work) -> Sequence[UUID]:
    """List shops that show prices of which nothing was ever noted. Needs an office Work."""
    begun = select(PriceSeen.reseller_id).where(PriceSeen.reseller_id == PriceList.reseller_id).exists()
    shown = (PriceList.published_at.is_not(None), PriceList.starts_at <= db.now)
    return db.scalars(select(PriceList.reseller_id).where(*shown, ~begun).distinct())


def price_history(
    db: Work, *, group_id: UUID | None = None, items: Iterable[Priced] = (), since: datetime | None = None
) -> History:
    """Return what a group saw, oldest first: all of it, or only of some items, or only from a moment on.

    What was in force at ``since`` is among it. Customers of the default group see what everybody sees.
    """
    reseller = current_reseller(db)
    wanted = _Wanted(group_id=_noted_group(db, group_id), items=tuple(items))
    rows: dict[SeenKey, list[Seen]] = {}
    for row in db.scalars(wanted.rows(since).order_by(PriceSeen.from_at, PriceSeen.id)):
        key = (row.kind, row.ending, row.action, row.years)
        rows.setdefault(key, []).append(_seen(row))
    found = db.scalar(_shown_list(db, reseller.currency))
    amounts = found.amounts if found else reseller.shows
    return History(currency=reseller.currency, amounts=amounts, zone=reseller.zone, rows=rows)


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """Which rows of the history are asked for."""

    group_id: UUID | None
    items: tuple[Priced, ...]

    def rows(self, since: datetime | None) -> Any:
        """Return the statement for the rows, not yet ordered."""
        own = select(PriceSeen).where(PriceSeen.price_group_id.is_not_distinct_from(self.group_id))
        if self.items:
            keys = sorted({key_of(item) for item in self.items})
            own = own.where(tuple_(PriceSeen.kind, PriceSeen.ending, PriceSeen.action, PriceSeen.years).in_(keys))
        if since is None:
            return own
        in_force = _newest(PriceSeen.id).where(
            PriceSeen.price_group_id.is_not_distinct_from(self.group_id), PriceSeen.from_at <= since
        )
        return own.where(or_(PriceSeen.from_at > since, PriceSeen.id.in_(in_force)))


def seen_on(db: Work, day: date, *, group_id: UUID | None = None) -> Sequence[PriceSeen]:
    """List what a group saw on a day where the shop keeps its books: in force as it began, and every change of it."""
    zone = ZoneInfo(db.zone)
    after = day + timedelta(days=1)
    begins = datetime(day.year, day.month, day.day, tzinfo=zone)
    ends = datetime(after.year, after.month, after.day, tzinfo=zone)
    wanted = _Wanted(group_id=_noted_group(db, group_id), items=())
    order = (PriceSeen.kind, PriceSeen.ending, PriceSeen.action, PriceSeen.years, PriceSeen.from_at, PriceSeen.id)
    rows: Sequence[PriceSeen] = db.scalars(wanted.rows(begins).where(PriceSeen.from_at < ends).order_by(*order))
    return rows


def _noted_group(db: Work, group_id: UUID | None) -> UUID | None:
    if group_id is None:
        return None
    group = db.require(PriceGroup, group_id)
    return None if group.is_default else group.id


def _seen(row: PriceSeen) -> Seen:
    price = None if row.minor is None else Money(row.minor, row.currency)
    return Seen(from_at=row.from_at, price=price, amounts=row.amounts, is_reduced=row.is_reduced)


# In the order of an index.
_ITEM = (PriceSeen.kind, PriceSeen.ending, PriceSeen.action, PriceSeen.years, PriceSeen.price_group_id)


def _newest(*columns: Any) -> Any:
    """Select columns of the last row of every price of every group."""
    return select(*columns).ext(distinct_on(*_ITEM)).order_by(*_ITEM, PriceSeen.from_at.desc(), PriceSeen.id.desc())


def _last_noted(db: Work) -> dict[_Key, _Shown]:
    columns = (PriceSeen.currency, PriceSeen.amounts, PriceSeen.minor, PriceSeen.is_reduced)
    return {
        (group_id, kind, ending, action, years): _Shown(currency, amounts, minor, is_reduced)
        for kind, ending, action, years, group_id, currency, amounts, minor, is_reduced in db.execute(
            _newest(*_ITEM, *columns)
        )
    }


def _shown_now(db: Work) -> dict[_Key, _Shown]:
    open_groups = select(PriceGroup.id).where(~PriceGroup.is_default, PriceGroup.closed_at.is_(None))
    shown: dict[_Key, _Shown] = {}
    for group_id in (None, *db.scalars(open_groups.order_by(PriceGroup.position))):
        shown.update(_shown_by(price_book(db, group_id=group_id), group_id, db.now))
    return shown


def _shown_by(book: PriceBook, group_id: UUID | None, now: datetime) -> Iterator[tuple[_Key, _Shown]]:
    """Tell what somebody of whom nothing is known but the group sees for everything in a book.

    Each is asked for alone, as it stands on a page: what needs a full cart or a code is not what everybody sees. Items
    are made only of what an offer may be about, because a list has twenty thousand prices.
    """
    running = [terms for terms in book.promotions if not terms.needs_code]
    in_offers = endings_in(running)
    made: dict[int | None, _Shown] = {}
    for (kind, ending, action, years), price in _sold(book):
        minor = price.minor
        if in_offers is None or ending in in_offers:
            item = Item(key="", kind=kind, ending=ending, action=action, years=years)
            found = quote([item], book, now=now).find("") if may_be_cheaper(item, running) else None
            if found is not None:
                yield (
                    (group_id, kind, ending, action, years),
                    _Shown(book.currency, book.amounts, found.price.minor, bool(found.promotion_ids)),
                )
                continue
        shown = made.get(minor)
        if shown is None:
            shown = made[minor] = _Shown(book.currency, book.amounts, minor, is_reduced=False)
        yield (group_id, kind, ending, action, years), shown


def _sold(book: PriceBook) -> Iterator[tuple[ProductKey, Money]]:
    for (ending, action, years), price in book.prices.items():
        yield (DOMAIN, ending, action, years), price
    yield from book.products.items()


def _add(db: Work, shown: Iterable[tuple[_Key, _Shown]], *, from_at: datetime, because: str) -> None:
    """Add rows in one statement, however many: a list of twenty thousand prices is published in a breath.

    What differs in nothing but years and amount goes on one line, so that little has to be written and read again.
    """
    lines: dict[tuple[Any, ...], tuple[list[int], list[int | None]]] = {}
    count = 0
    for (group_id, kind, ending, action, years), each in shown:
        alike = (group_id, kind, ending, action, each.currency, each.amounts, each.is_reduced)
        terms, minors = lines.setdefault(alike, ([], []))
        terms.append(years)
        minors.append(each.minor)
        count += 1
    if not count:
        return
    row_ids = iter(uuid7_texts(count))
    rows = [
        [str(group_id) if group_id else None, *alike, [next(row_ids) for _ in years], years, minors]
        for (group_id, *alike), (years, minors) in lines.items()
    ]
    columns = (
        column("price_group_id", Uuid),
        column("kind", String),
        column("ending", String),
        column("action", String),
        column("currency", String),
        column("amounts", String),
        column("is_reduced", Boolean),
        column("ids", ARRAY(Uuid)),
        column("terms", ARRAY(Integer)),
        column("minors", ARRAY(Integer)),
    )
    names = [each.name for each in columns]
    given = (
        func.jsonb_to_recordset(literal([dict(zip(names, row, strict=True)) for row in rows], JSONB))
        .table_valued(*columns, name="given")
        .render_derived(name="given", with_types=True)
    )
    each_term = (
        func.unnest(given.c.ids, given.c.terms, given.c.minors)
        .table_valued(column("id", Uuid), column("years", Integer), column("minor", Integer), joins_implicitly=True)
        .render_derived(name="term")
    )
    fixed = {
        "reseller_id": literal(db.reseller_id, Uuid),
        "from_at": literal(from_at, UtcDateTime()),
        "because": literal(because, String),
    }
    told = {name: given.c[name] for name in names[:7]} | {each.name: each for each in each_term.c}
    values = {**fixed, **told}
    db.execute(insert(PriceSeen).from_select(list(values), select(*values.values()).select_from(given, each_term)))


def _begin(db: Work) -> dict[_Key, _Shown]:
    """Begin a shop's history with the lists that held before anything was noted, each from its moment."""
    currency = current_reseller(db).currency
    shown: dict[_Key, _Shown] = {}
    for row in db.scalars(
        select(PriceList)
        .where(
            PriceList.published_at < db.now,
            PriceList.starts_at < db.now,
            PriceList.line == MAIN_LINE,
            PriceList.currency == currency,
        )
        .order_by(func.greatest(PriceList.starts_at, PriceList.published_at))
    ):
        held = _prices_of(db, row)
        changed: dict[_Key, _Shown] = {key: each for key, each in held.items() if shown.get(key) != each}
        for key, was in shown.items():
            if key not in held and was.minor is not None:
                changed[key] = _Shown(currency=was.currency, amounts=was.amounts, minor=None, is_reduced=False)
        began_at = max(row.starts_at, row.published_at or row.starts_at)
        _add(db, changed.items(), from_at=began_at, because=AT_FIRST)
        shown |= changed
    return shown


def _prices_of(db: Work, prices: PriceList) -> Mapping[_Key, _Shown]:
    columns = select(Price.kind, Price.ending, Price.action, Price.years, Price.minor)
    return {
        (None, row.kind, row.ending, row.action, row.years): _Shown(
            currency=prices.currency, amounts=prices.amounts, minor=row.minor, is_reduced=False
        )
        for row in db.execute(columns.where(Price.price_list_id == prices.id))
    }


def _shown_list(db: Work, currency: str) -> Any:
    return (
        select(PriceList)
        .where(
            PriceList.published_at.is_not(None),
            PriceList.starts_at <= db.now,
            PriceList.line == MAIN_LINE,
            PriceList.currency == currency,
        )
        .order_by(PriceList.starts_at.desc(), PriceList.published_at.desc())
        .limit(1)
    )


def _next_change_at(db: Work) -> datetime | None:
    """Return when prices change by themselves next; ``None`` if nothing is planned."""
    return min((at for at in _planned(db) if at > db.now), default=None)


def _last_change_at(db: Work) -> datetime:
    """Return the planned moment that has just come, but nothing before what was noted last."""
    noted = db.scalar(select(func.max(PriceSeen.from_at)))
    past = [at for at in _planned(db) if at <= db.now and (noted is None or at > noted)]
    return max(past, default=db.now)


def _planned(db: Work) -> list[datetime]:
    """List the moments of the last and coming days at which a list or a promotion begins or ends."""
    lately = db.now - timedelta(days=DAYS)
    lists = select(PriceList.starts_at).where(PriceList.published_at.is_not(None), PriceList.starts_at > lately)
    spans = select(Promotion.starts_at, Promotion.ends_at).where(
        Promotion.state == "running", or_(Promotion.ends_at.is_(None), Promotion.ends_at > lately)
    )
    moments = list(db.scalars(lists))
    for starts_at, ends_at in db.execute(spans):
        moments += [at for at in (starts_at, ends_at) if at is not None]
    return moments
