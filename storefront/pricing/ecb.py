"""rule: read the euro reference rates as the European Central Bank publishes them, and what each currency costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.margin import ExchangeRate

SOURCE = "ECB"
EURO = "EUR"
# The file of ninety days has 60 kB, that of all days since 1999 eight megabytes: nobody needs that one.
LARGEST_FILE = 1024 * 1024
NAMESPACE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}"
PLACES = Decimal("0.00000001")
MOST = Decimal(10) ** 9
# Between two working days a currency that is worth a shop's while moves less; more is a slip until somebody says no.
JUMP_PERCENT = 10


class UnreadableRates(ValueError):
    """A file that is not one of the bank's; ``why`` is the sentence for whoever sent it."""

    def __init__(self, why: Text) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True, kw_only=True)
class DayRates:
    """What one euro cost on a day, by currency."""

    on: date
    rates: Mapping[str, Decimal]


@dataclass(frozen=True, kw_only=True)
class Jump:
    """A currency that moved further than is likely."""

    currency: str
    before: Decimal
    after: Decimal

    @property
    def percent(self) -> int:
        """By how much, whole percent, up or down."""
        return int(abs(self.after - self.before) * 100 / self.before)


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """One euro in a currency, on the latest day that is known."""

    currency: str
    rate: Decimal
    on: date
    source: str = SOURCE


def read_ecb(data: bytes, *, today: date) -> tuple[DayRates, ...]:
    """Read ``eurofxref-daily.xml`` or the file of ninety days, newest first; raises ``UnreadableRates``."""
    if len(data) > LARGEST_FILE:
        raise UnreadableRates(_("The file is too large. Please take the rates of today or of the last 90 days."))
    from defusedxml import ElementTree  # noqa: PLC0415 - a worker for pages reads no such file

    try:
        root = ElementTree.fromstring(data, forbid_dtd=True)
    # Of these come the parser's own words (``SyntaxError``) and those about entities and the like (``ValueError``).
    except (SyntaxError, ValueError, LookupError) as error:
        raise UnreadableRates(_("This is no XML file of the European Central Bank.")) from error
    days = tuple(sorted((_day(cube) for cube in root.iter(f"{NAMESPACE}Cube") if "time" in cube.attrib), key=_by_day))[
        ::-1
    ]
    if not days:
        raise UnreadableRates(_("This is no XML file of the European Central Bank."))
    if days[0].on > today:
        raise UnreadableRates(_("The file has rates of %(day)s, a day that has not come yet.", day=days[0].on))
    if len({day.on for day in days}) != len(days):
        raise UnreadableRates(_("The file has two sets of rates for one day."))
    return days


def _by_day(each: DayRates) -> date:
    return each.on


def _day(cube: Iterable[object]) -> DayRates:
    attributes = getattr(cube, "attrib", {})
    rates: dict[str, Decimal] = {}
    try:
        on = date.fromisoformat(attributes["time"])
        for each in cube:
            said = getattr(each, "attrib", {})
            currency, rate = said["currency"], Decimal(said["rate"])
            is_sound = len(currency) == len(EURO) and currency.isascii() and currency.isupper() and currency != EURO
            if not is_sound or currency in rates or not rate.is_finite() or not PLACES <= rate < MOST:
                raise UnreadableRates(_("The rate of %(currency)s cannot be right.", currency=currency[:8]))
            rates[currency] = rate
    except (KeyError, InvalidOperation, ValueError) as error:
        if isinstance(error, UnreadableRates):
            raise
        raise UnreadableRates(_("This is no XML file of the European Central Bank.")) from error
    if not rates:
        raise UnreadableRates(_("The file has no rates for %(day)s.", day=on))
    return DayRates(on=on, rates=rates)


def jumps(known: Iterable[Quoted], new: DayRates) -> tuple[Jump, ...]:
    """List the currencies that moved further than is likely since the day that is known."""
    return tuple(
        jump
        for each in known
        if each.currency in new.rates and each.on < new.on
        for jump in [Jump(currency=each.currency, before=each.rate, after=new.rates[each.currency])]
        if jump.percent >= JUMP_PERCENT
    )


def rates_into(
    currency: str, known: Iterable[Quoted], *, today: date, valid_days: int, buffer_percent: Decimal
) -> tuple[ExchangeRate, ...]:
    """Return what every other currency costs in this one; both sides of a pair count through the euro.

    A rate older than so many days is left out: whoever asks for it hears ``NoExchangeRate`` and sells nothing, rather
    than at a guess. A rate of two currencies is as old as the older of them.
    """
    fresh = {each.currency: each for each in known if (today - each.on).days <= valid_days}
    fresh[EURO] = Quoted(currency=EURO, rate=Decimal(1), on=today)
    mine = fresh.get(currency)
    if mine is None:
        return ()
    return tuple(
        ExchangeRate(
            base=base,
            quoted=currency,
            rate=rate,
            on=min(mine.on, other.on),
            source=other.source if base != EURO else mine.source,
            buffer_percent=buffer_percent,
            holds_until=min(mine.on, other.on) + timedelta(days=valid_days),
        )
        for base, other in sorted(fresh.items())
        if base != currency and (rate := (mine.rate / other.rate).quantize(PLACES)) > 0
    )
