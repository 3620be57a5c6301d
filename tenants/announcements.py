"""What the platform tells resellers: written and withdrawn by operators, shown to staff until each has read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.dialects.postgresql import insert

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import DEFAULT_LOCALE, LOCALES
from storefront.core.i18n import lazy_gettext as _
from storefront.core.ids import uuid7
from storefront.core.moments import require_near
from tenants.models import Reseller
from tenants.office_models import Announcement, AnnouncementRead

SEVERITIES = ("info", "warning", "danger")
LONGEST_TITLE, LONGEST_BODY = 160, 2_000
MOST_RESELLERS = 500


@dataclass(frozen=True, kw_only=True)
class AnnouncementTerms:
    """What an operator says; ``title`` and ``body`` by language. No ``slugs`` means every reseller."""

    title: Mapping[str, str]
    body: Mapping[str, str]
    severity: str
    shown_from: datetime
    shown_until: datetime | None
    slugs: Sequence[str] = ()


def write_announcement(db: Work, terms: AnnouncementTerms) -> Announcement:
    """Write an announcement in an office Work. Raises ``Refused``."""
    row = db.add(Announcement(**_values(db, terms), written_at=db.now))
    db.flush()
    return row


def change_announcement(db: Work, row: Announcement, terms: AnnouncementTerms) -> None:
    """Change an announcement, in an office Work; who has read it is not shown it again. Raises ``Refused``."""
    if row.withdrawn_at is not None:
        raise Refused(_("This announcement was withdrawn. Please write a new one."))
    for name, value in _values(db, terms).items():
        setattr(row, name, value)


def withdraw_announcement(db: Work, row: Announcement) -> None:
    """Show an announcement to nobody any more, in an office Work. Raises ``Refused`` when it was withdrawn before."""
    if row.withdrawn_at is not None:
        raise Refused(_("This announcement was withdrawn already."))
    row.withdrawn_at = db.now


def announcements(db: Work, limit: int = 100) -> list[Announcement]:
    """List what was ever written, the newest first, in an office Work."""
    return list(db.scalars(select(Announcement).order_by(Announcement.id.desc()).limit(limit)))


def require_announcement(db: Work, announcement_id: UUID) -> Announcement:
    """Return one announcement that this Work may see; ``NotFound`` otherwise."""
    row = db.session.get(Announcement, announcement_id)
    if row is None:
        raise NotFound
    return row


def unread_announcements(db: Work, user_id: UUID, limit: int = 5) -> list[Announcement]:
    """List what is to be shown to somebody of the staff now, the gravest and then the newest first."""
    was_read = exists().where(
        AnnouncementRead.announcement_id == Announcement.id,
        AnnouncementRead.user_id == user_id,
        AnnouncementRead.reseller_id == db.reseller_id,
    )
    found = db.scalars(_shown(db).where(~was_read).order_by(Announcement.id.desc()).limit(limit * 4))
    return sorted(found, key=lambda row: -SEVERITIES.index(row.severity))[:limit]


def shown_announcements(db: Work, limit: int = 50) -> list[Announcement]:
    """List what is for this reseller and not withdrawn, read or not, the newest first; what is over stays listed."""
    shown = select(Announcement).where(Announcement.withdrawn_at.is_(None), Announcement.shown_from <= db.now)
    return list(db.scalars(shown.order_by(Announcement.shown_from.desc()).limit(limit)))


def _shown(db: Work) -> Select[Announcement]:
    # Whom it is for is the wall's business: only what is for this reseller can be read at all.
    return select(Announcement).where(
        Announcement.withdrawn_at.is_(None),
        Announcement.shown_from <= db.now,
        or_(Announcement.shown_until.is_(None), Announcement.shown_until > db.now),
    )


def read_announcement(db: Work, announcement_id: UUID, user_id: UUID) -> None:
    """Note that somebody has read it; twice is once. ``NotFound`` for what is not for this reseller."""
    row = require_announcement(db, announcement_id)
    noted = insert(AnnouncementRead).values(
        reseller_id=db.reseller_id, id=uuid7(), user_id=user_id, announcement_id=row.id, read_at=db.now
    )
    db.execute(noted.on_conflict_do_nothing(index_elements=["reseller_id", "user_id", "announcement_id"]))
    record(db, "announcement.read", after={"announcement": row.id})


def in_language(texts: Mapping[str, str], locale: str) -> str:
    """Return a text in a language; the English one where it was not written in that."""
    return texts.get(locale) or texts.get(DEFAULT_LOCALE) or next(iter(texts.values()), "")


def _values(db: Work, terms: AnnouncementTerms) -> dict[str, object]:
    title, body = _written(terms.title, LONGEST_TITLE, "title_en"), _written(terms.body, LONGEST_BODY, "body_en")
    if terms.severity not in SEVERITIES:
        raise Refused(_("Please choose one of these."), field="severity")
    require_near(terms.shown_from, db.now, field="shown_from")
    require_near(terms.shown_until, db.now, field="shown_until")
    if terms.shown_until is not None and terms.shown_until <= terms.shown_from:
        raise Refused(_("It must end after it begins."), field="shown_until")
    return {
        "title": title,
        "body": body,
        "severity": terms.severity,
        "is_for_all": not terms.slugs,
        "reseller_ids": _resellers(db, terms.slugs),
        "shown_from": terms.shown_from,
        "shown_until": terms.shown_until,
    }


def _written(texts: Mapping[str, str], longest: int, field: str) -> dict[str, str]:
    found = {locale: texts[locale].strip() for locale in LOCALES if texts.get(locale, "").strip()}
    if DEFAULT_LOCALE not in found:
        message = _("Please write it in English at least: whoever reads no other language of it reads that.")
        raise Refused(message, field=field)
    if any(len(text) > longest for text in found.values()):
        raise Refused(_("This is too long: please use at most %(num)s characters.", num=longest), field=field)
    return found


def _resellers(db: Work, slugs: Sequence[str]) -> list[UUID]:
    wanted = list(dict.fromkeys(slug.lower() for slug in slugs))
    if not wanted:
        return []
    if len(wanted) > MOST_RESELLERS:
        raise Refused(_("Please name at most %(num)s resellers, or write to all.", num=MOST_RESELLERS), field="slugs")
    rows = db.execute(select(Reseller.slug, Reseller.id).where(Reseller.slug.in_(wanted)))
    known = {slug: reseller_id for slug, reseller_id in rows}  # noqa: C416 - dict() takes a result for a mapping
    missing = [slug for slug in wanted if slug not in known]
    if missing:
        raise Refused(_("There is no reseller called %(name)s.", name=missing[0][:40]), field="slugs")
    return [known[slug] for slug in wanted]
