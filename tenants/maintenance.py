"""A shop that its people have closed for work: until when, and back again. Orders that are paid go on meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.models import Reseller

SETTING = "maintenance"
# Who closes a shop for longer than this has closed it.
LONGEST = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Maintenance:
    """Since when a site is closed for work, and until when; without an end somebody must open it."""

    since: datetime
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether visitors are still kept out."""
        return self.until is None or now < self.until


def maintenance_of(settings: Mapping[str, Any]) -> Maintenance | None:
    """Read what a shop's settings say of its maintenance, be it over or not."""
    kept = settings.get(SETTING)
    if not kept:
        return None
    until = kept.get("until")
    return Maintenance(
        since=datetime.fromisoformat(kept["since"]), until=datetime.fromisoformat(until) if until else None
    )


def current_maintenance(reseller: Reseller, now: datetime) -> Maintenance | None:
    """Return the maintenance that keeps visitors out now."""
    found = maintenance_of(reseller.settings)
    return found if found is not None and found.holds(now) else None


def begin_maintenance(db: Work, reseller: Reseller, until: datetime | None = None) -> None:
    """Close the public site for work; closing it again changes the end. Every process knows within a second.

    Raises ``Refused`` for an end that is past or too far away.
    """
    if until is not None and until <= db.now:
        raise Refused(_("This moment is past. Please choose a later one, or none."), field="until")
    if until is not None and until > db.now + LONGEST:
        raise Refused(_("Please choose a moment within the next %(num)s days.", num=LONGEST.days), field="until")
    before = current_maintenance(reseller, db.now)
    since = before.since if before is not None else db.now
    kept = {"since": since.isoformat(), "until": until.isoformat() if until else None}
    _change(db, reseller, {**reseller.settings, SETTING: kept}, "reseller.maintenance_begun", {"until": kept["until"]})


def end_maintenance(db: Work, reseller: Reseller) -> None:
    """Let visitors in again."""
    if maintenance_of(reseller.settings) is None:
        return
    rest = {name: value for name, value in reseller.settings.items() if name != SETTING}
    _change(db, reseller, rest, "reseller.maintenance_ended", {})


def _change(db: Work, reseller: Reseller, settings: dict[str, Any], action: str, after: dict[str, Any]) -> None:
    before = reseller.settings.get(SETTING)
    reseller.settings = settings
    entry = record(db, action, before={SETTING: before}, after=after)
    entry.reseller_id, entry.subject_kind, entry.subject_id = reseller.id, "Reseller", reseller.id
    announce(db, reseller.id)
