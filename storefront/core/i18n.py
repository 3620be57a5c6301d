"""Babel: catalogues, gettext and lazy gettext, dates and money for a locale."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from babel.support import LazyProxy, NullTranslations, Translations

from storefront.core.alphabet import by_name
from storefront.core.countries import COUNTRIES
from storefront.core.money import Money

Text = str | LazyProxy
LOCALES = ("en", "fr", "pl", "de")
DEFAULT_LOCALE = "en"
# English as Europe writes it: 21 November 2026, not November 21.
REGIONS = {"en": "en-GB"}
GROUPED = 1_000  # from here on a number is written with its thousands set apart
CATALOGUES = Path(__file__).resolve().parents[2] / "translations"

_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT_LOCALE)
_zone: ContextVar[str] = ContextVar("zone", default="UTC")


def current_locale() -> str:
    """Return the language that sentences are chosen in at this moment."""
    return _locale.get()


@contextmanager
def speaking(locale: str, zone: str = "UTC") -> Iterator[None]:
    """Choose language and time zone for a block: one request, one letter, one document."""
    locale_token, zone_token = _locale.set(locale), _zone.set(zone)
    try:
        yield
    finally:
        _locale.reset(locale_token)
        _zone.reset(zone_token)


@lru_cache(maxsize=64)
def catalogue(locale: str) -> NullTranslations:
    """Return the catalogue of a language; English is in the source."""
    return Translations.load(CATALOGUES, [locale])


@lru_cache(maxsize=64)
def babel_locale(locale: str) -> Locale:
    """Return Babel's idea of a language, English if it knows none."""
    try:
        return Locale.parse(REGIONS.get(locale, locale), sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse(DEFAULT_LOCALE)


def gettext(message: str, **values: object) -> str:
    """Translate now. With values, ``%(name)s`` placeholders are filled."""
    text = catalogue(current_locale()).ugettext(message) if message else ""
    return text % values if values else text


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Translate now, choosing the plural form of a number, which fills ``%(num)s`` with its thousands set apart."""
    return catalogue(current_locale()).ungettext(singular, plural, num) % {"num": count_words(num), **values}


def count_words(num: int) -> str:
    """Write how many there are, from a thousand on with the thousands set apart."""
    return str(num) if -GROUPED < num < GROUPED else format_number(num)


def pgettext(context: str, message: str, **values: object) -> str:
    """Translate now a word that needs to say where it stands."""
    text = catalogue(current_locale()).upgettext(context, message)
    return text % values if values else text


def lazy_gettext(message: str, **values: object) -> LazyProxy:
    """Translate when shown: business code needs no language."""
    return LazyProxy(gettext, message, enable_cache=False, **values)


@lru_cache(maxsize=20_000)
def _money(minor: int, currency: str, locale: str) -> str:
    return _true_minus(format_currency(Money(minor, currency).decimal, currency, locale=babel_locale(locale)))


def lazy_words(message: str, **values: object) -> str:
    """Translate when shown, for libraries that insist on being given a ``str``: labels and validators of forms."""
    return cast("str", lazy_gettext(message, **values))


def format_money(amount: Money) -> str:
    """Write an amount the way the current language does."""
    return _money(amount.minor, amount.currency, current_locale())


def format_number(value: float) -> str:
    """Write a number the way the current language does."""
    return _true_minus(format_decimal(value, locale=babel_locale(current_locale())))


def format_percent(percent: Decimal | int) -> str:
    """Write a percentage with as many digits as it has and a space before its sign, in every language (ISO 80000-1)."""
    bare = Decimal(percent).normalize()
    number = format_decimal(bare, locale=babel_locale(current_locale()), decimal_quantization=False)
    return f"{_true_minus(number)}\N{NO-BREAK SPACE}%"


def _true_minus(text: str) -> str:
    """Write a minus as wide as a digit, also where a language makes do with the hyphen."""
    return text.replace("-", "\N{MINUS SIGN}")


def format_day(day: date | datetime, style: str = "long") -> str:
    """Write a date; a moment is first moved to the current time zone."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(_zone.get())).date()
    return format_date(day, format=style, locale=babel_locale(current_locale()))


def format_moment(moment: datetime, style: str = "medium") -> str:
    """Write date and time in the current time zone, to the minute: nobody plans by seconds."""
    locale = babel_locale(current_locale())
    day = format_date(moment.astimezone(ZoneInfo(_zone.get())), format=style, locale=locale)
    # The locale says how the two are joined, as in "{1}, {0}".
    return str(locale.datetime_formats[style]).replace("'", "").format(format_clock(moment), day)


def format_clock(moment: datetime) -> str:
    """Write only the time of day."""
    return format_time(moment, format="short", tzinfo=ZoneInfo(_zone.get()), locale=babel_locale(current_locale()))


def country_name(code: str) -> str:
    """Name a country in the current language."""
    return str(babel_locale(current_locale()).territories.get(code, code))


def countries() -> tuple[tuple[str, str], ...]:
    """List the countries of the world, sorted by their name in the current language."""
    return _countries(current_locale())


@lru_cache(maxsize=64)
def _countries(locale: str) -> tuple[tuple[str, str], ...]:
    names = babel_locale(locale).territories
    return tuple(by_name((code, str(names.get(code, code))) for code in COUNTRIES))
