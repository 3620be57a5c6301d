"""Moments that people type, kept within the years that calendars, zones and databases agree about."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.support import LazyProxy

from storefront.core.errors import Refused
from storefront.core.i18n import format_day
from storefront.core.i18n import lazy_gettext as _

# Whoever means more has mistyped the year; the year 1 in Helsinki is no year at all in UTC.
FARTHEST = timedelta(days=36_525)


def require_near(moment: datetime | None, now: datetime, *, field: str) -> None:
    """Refuse a moment more than a hundred years away from now, naming the field that it was typed into."""
    if moment is None or now - FARTHEST <= moment <= now + FARTHEST:
        return
    first, last = (LazyProxy(format_day, day, enable_cache=False) for day in (now - FARTHEST, now + FARTHEST))
    raise Refused(
        _("Please look at the year: choose a day from %(first)s to %(last)s.", first=first, last=last), field=field
    )


def moment_in(zone: str, local: datetime, *, field: str) -> datetime:
    """Return the moment when the clocks of a zone show this; of the two in autumn, the earlier one.

    Raises ``Refused`` for an hour that clocks jump over: whoever typed it should see that, not an hour later.
    """
    local = local.replace(tzinfo=None)
    moment = local.replace(tzinfo=ZoneInfo(zone))
    try:
        exists = moment.astimezone(UTC).astimezone(moment.tzinfo).replace(tzinfo=None) == local
    except OverflowError:  # the first day of all, or the last: ``require_near`` has the words for it
        return moment
    if not exists:
        raise Refused(_("Clocks are put forward at that hour. Please choose another one."), field=field)
    return moment
