"""Exchange rates: taken in by the platform, used by each shop with its own buffer and patience."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from storefront.core.audit import record
from storefront.core.changes import announce, announce_everywhere
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import format_percent
from storefront.core.i18n import lazy_gettext as _
from storefront.core.numbers import read_whole
from storefront.pricing.ecb import EURO, SOURCE, DayRates, Quoted, UnreadableRates, jumps, rates_into, read_ecb
from storefront.pricing.margin import ExchangeRate
from storefront.pricing.models import ExchangeQuote
from tenants.resellers import current_reseller

# Against movements until the registrar is paid, unless a shop says otherwise.
BUFFER_PERCENT = Decimal(2)
MOST_BUFFER_PERCENT = Decimal(50)
# The bank is closed for five days at most, around Easter and the turn of the year.
VALID_DAYS = 7
MOST_VALID_DAYS = 60


@dataclass(frozen=True, kw_only=True)
class ExchangeTerms:
    """How a shop uses rates: what it adds to them, and for how many days it trusts them."""

    buffer_percent: Decimal = BUFFER_PERCENT
    valid_days: int = VALID_DAYS


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """What a file of rates brought."""

    newest: date
    days: int
    currencies: int


def exchange_terms(settings: Mapping[str, Any]) -> ExchangeTerms:
    """Read how a shop uses rates from ``exchange`` in its settings: ``buffer_percent``, a text, and ``valid_days``."""
    own = settings.get("exchange", {})
    return ExchangeTerms(
        buffer_percent=Decimal(own.get("buffer_percent", BUFFER_PERCENT)),
        valid_days=int(own.get("valid_days", VALID_DAYS)),
    )


def change_exchange_terms(db: Work, *, buffer_percent: str, valid_days: str) -> None:
    """Set what this shop adds to rates, and how long it trusts them. Raises ``Refused``."""
    try:
        buffer = Decimal(buffer_percent.replace(",", ".").strip())
    except InvalidOperation:
        raise Refused(_("Please type a percentage such as 2 or 2.5."), field="buffer_percent") from None
    if not buffer.is_finite() or not 0 <= buffer <= MOST_BUFFER_PERCENT:
        raise Refused(
            _("Please choose between 0 and %(most)s percent.", most=MOST_BUFFER_PERCENT), field="buffer_percent"
        )
    days = read_whole(valid_days, least=1, most=MOST_VALID_DAYS)
    if days is None:
        raise Refused(_("Please choose between 1 and %(most)s days.", most=MOST_VALID_DAYS), field="valid_days")
    reseller = current_reseller(db)
    before = exchange_terms(reseller.settings)
    chosen = {"buffer_percent": str(buffer.normalize() + 0), "valid_days": days}
    reseller.settings = {**reseller.settings, "exchange": chosen}
    record(
        db,
        "exchange_terms.changed",
        before={"buffer_percent": str(before.buffer_percent), "valid_days": before.valid_days},
        after=chosen,
    )
    announce(db)


def take_in_rates(db: Work, data: bytes, *, is_sure: bool = False) -> TakenIn:
    """Take in a file of the European Central Bank, in an office Work. Raises ``Refused``, also for unlikely jumps."""
    try:
        days = read_ecb(data, today=db.now.date())
    except UnreadableRates as no:
        raise Refused(no.why, field="file") from no
    newest = days[0]
    far = jumps(latest_quotes(db), newest)
    if far and not is_sure:
        named = ", ".join(f"{each.currency} {format_percent(each.percent)}" for each in far[:5])
        message = _("Some rates moved unusually far: %(named)s. Tick the box below if that is right.", named=named)
        raise Refused(message, field="is_sure")
    for day in days:
        _keep(db, day)
    announce_everywhere(db)
    return TakenIn(newest=newest.on, days=len(days), currencies=len(newest.rates))


def _keep(db: Work, day: DayRates) -> None:
    rows = [
        {"base": EURO, "quoted": currency, "on_day": day.on, "rate": rate, "source": SOURCE}
        for currency, rate in day.rates.items()
    ]
    given = insert(ExchangeQuote).values(rows)
    changed = {"rate": given.excluded.rate, "source": given.excluded.source}
    db.execute(given.on_conflict_do_update(index_elements=["base", "quoted", "on_day"], set_=changed))


def latest_quotes(db: Work) -> Sequence[Quoted]:
    """List the newest rate of every currency against the euro."""
    newest = (
        select(ExchangeQuote)
        .ext(distinct_on(ExchangeQuote.quoted))
        .where(ExchangeQuote.base == EURO)
        .order_by(ExchangeQuote.quoted, ExchangeQuote.on_day.desc())
    )
    return [Quoted(currency=row.quoted, rate=row.rate, on=row.on_day, source=row.source) for row in db.scalars(newest)]


def days_known(db: Work, limit: int = 30) -> Sequence[tuple[date, int]]:
    """List the days whose rates are known, newest first, with the number of currencies."""
    counted = select(ExchangeQuote.on_day, func.count()).group_by(ExchangeQuote.on_day)
    found = db.execute(counted.order_by(ExchangeQuote.on_day.desc()).limit(limit))
    return [(day, count) for day, count in found]


def own_rates(db: Work) -> tuple[ExchangeRate, ...]:
    """Return what other currencies cost in this shop's own, buffer included; what is too old is not among it."""
    reseller = current_reseller(db)
    terms = exchange_terms(reseller.settings)
    return rates_into(
        reseller.currency,
        latest_quotes(db),
        today=db.today,
        valid_days=terms.valid_days,
        buffer_percent=terms.buffer_percent,
    )
