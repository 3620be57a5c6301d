"""The media library of a shop: upload, describe, replace, put in the bin, delete for good where no page needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text as SqlText
from sqlalchemy import cast, func, or_, select

from cms.media_files import PDF, WEBP, Smaller, made_of, plain_name, smaller
from cms.models import MediaFile, Page, PageVersion
from cms.tree import LIVING, WAS_SEEN
from storefront.core import files, jobs, limits
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Database, Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.paging import Page as Listed
from storefront.core.paging import newest_first
from tenants.picture_headers import SMALLEST_SIDE
from tenants.resellers import current_reseller

SHELF: Final = "library"
RATE: Final = "200/hour"
# A shop may keep so much, unless its settings say otherwise; what is made of a picture by us does not count.
QUOTA_MB: Final = 500
MOST_FILES: Final = 5_000
MEGA: Final = 1_000_000
KEPT_IN_BIN: Final = timedelta(days=30)
LONGEST_ALT: Final = 300
MIDDLE: Final = 500
ENDINGS: Final = {PDF: ".pdf", WEBP: ".webp"}
KINDS: Final = ("pictures", "documents", "undescribed")
# Versions that somebody sees, will see or writes, and those that come back with their page out of the bin.
_COUNTS: Final = or_(PageVersion.state.in_(LIVING), PageVersion.settings[WAS_SEEN].as_boolean())


@dataclass(frozen=True, kw_only=True)
class Described:
    """What people say of a file: words for those who cannot see it, and what stays in view when it is cropped."""

    name: str
    alt: Mapping[str, str]
    is_decorative: bool = False
    focal_x: int = MIDDLE
    focal_y: int = MIDDLE


@dataclass(frozen=True, kw_only=True)
class Usage:
    """A version of a page that shows a file."""

    page_id: UUID
    locale: str
    title: str
    state: str
    is_in_bin: bool


def library(db: Work, *, kind: str = "", words: str = "", after: UUID | None = None) -> Listed[MediaFile]:
    """List what is in the library, the newest first; ``kind`` is one of ``KINDS`` or nothing."""
    statement = select(MediaFile).where(MediaFile.reseller_id == db.reseller_id, MediaFile.trashed_at.is_(None))
    is_picture = MediaFile.kind.startswith("image/")
    if kind in KINDS:
        statement = statement.where(~is_picture if kind == "documents" else is_picture)
    if kind == "undescribed":
        described = MediaFile.alt.has_key(current_reseller(db).default_locale)
        statement = statement.where(MediaFile.is_decorative.is_(False), ~described)
    if words:
        found = cast(MediaFile.alt, SqlText).icontains(words, autoescape=True)
        statement = statement.where(or_(MediaFile.name.icontains(words, autoescape=True), found))
    return newest_first(db, statement, MediaFile.id, after)


def binned(db: Work) -> Sequence[MediaFile]:
    """List what is in the bin."""
    statement = select(MediaFile).where(MediaFile.reseller_id == db.reseller_id, MediaFile.trashed_at.is_not(None))
    return db.scalars(statement.order_by(MediaFile.trashed_at.desc(), MediaFile.id).limit(MOST_FILES))


def space_of(db: Work) -> tuple[int, int]:
    """Return how many bytes the library holds, the bin included, and how many it may hold."""
    used = db.scalar(select(func.coalesce(func.sum(MediaFile.size), 0)).where(MediaFile.reseller_id == db.reseller_id))
    quota = current_reseller(db).settings.get("media_quota_mb", QUOTA_MB)
    return int(used or 0), int(quota) * MEGA


def upload(db: Work, name: str, content: bytes) -> MediaFile:
    """Keep an upload, and have what smaller screens need made of a picture. Raises ``Refused`` or ``TooMany``."""
    limits.spend(db.config, RATE, "media.upload", str(db.reseller_id))
    made = made_of(name, content)
    hold_library(db)
    require_room(db, len(made.content), is_new=True)
    digest = files.keep(db.config, db.reseller_id, made.content, shelf=SHELF)
    row = db.add(
        MediaFile(
            name=made.name,
            kind=made.kind,
            digest=digest,
            size=len(made.content),
            width=made.width,
            height=made.height,
            created_at=db.now,
            created_by=db.actor.name,
        )
    )
    db.flush()
    record(db, "media.uploaded", row, after={"name": made.name, "kind": made.kind})
    ask_for_smaller(db, row)
    return row


def replace(db: Work, row: MediaFile, name: str, content: bytes) -> None:
    """Put another file in the place of one: every page that shows the one shows the other. Raises as ``upload``."""
    limits.spend(db.config, RATE, "media.upload", str(db.reseller_id))
    made = made_of(name, content)
    if (made.kind == WEBP) != row.kind.startswith("image/"):
        raise Refused(_("Please replace a picture by a picture, and a document by a document."))
    hold_library(db)
    db.lock(row)
    require_room(db, len(made.content) - row.size)
    old = _digests(row)
    row.digest = files.keep(db.config, db.reseller_id, made.content, shelf=SHELF)
    row.name, row.kind, row.size, row.variants = made.name, made.kind, len(made.content), []
    row.width, row.height = made.width, made.height
    db.flush()
    record(db, "media.replaced", row, after={"name": made.name})
    ask_for_smaller(db, row)
    _ask_to_throw_away(db, old)
    announce(db)


def describe(db: Work, row: MediaFile, told: Described) -> None:
    """Keep what people say of a file. Raises ``Refused`` where a picture says nothing to those who cannot see it."""
    first = current_reseller(db).default_locale
    if row.kind.startswith("image/") and not told.is_decorative and not told.alt.get(first):
        raise Refused(
            _("Say in words what the picture shows, or that it only decorates."),
            field=f"alt_{first}",
        )
    before = {"name": row.name, "alt": dict(row.alt), "is_decorative": row.is_decorative}
    row.name = _name_of(row, told.name)
    row.alt = {**row.alt, **told.alt}
    row.alt = {locale: words for locale, words in row.alt.items() if words}
    row.is_decorative = told.is_decorative
    row.focal_x, row.focal_y = told.focal_x, told.focal_y
    db.flush()
    after = {"name": row.name, "alt": dict(row.alt), "is_decorative": row.is_decorative}
    record(db, "media.described", row, before=before, after=after)
    announce(db)


def describe_in(db: Work, row: MediaFile, locale: str, words: str) -> None:
    """Keep what a picture shows, said in one language beside a page that shows it. Raises ``Refused`` for no words."""
    said = " ".join(words.split())[:LONGEST_ALT]
    if not said:
        raise Refused(
            _("Please say what the picture shows. That it only decorates is said in the library."), field="alt"
        )
    db.lock(row)
    before = {"alt": dict(row.alt), "is_decorative": row.is_decorative}
    row.alt, row.is_decorative = {**row.alt, locale: said}, False
    db.flush()
    record(db, "media.described", row, before=before, after={"alt": dict(row.alt), "is_decorative": False})
    announce(db)


def _name_of(row: MediaFile, wanted: str) -> str:
    """Return a new name with the ending of the file's kind: nobody is handed a document that says it is a page."""
    ending = ENDINGS.get(row.kind, "")
    stem = wanted[: -len(ending)] if ending and wanted.casefold().endswith(ending) else wanted
    return plain_name(f"{stem}.x", ending)


def usages(db: Work, row: MediaFile) -> list[Usage]:
    """List the versions of pages that show a file: written, waiting, seen, or in the bin with their page."""
    needle = str(row.id)
    statement = (
        select(PageVersion, Page.trashed_at)
        .join(Page, (Page.id == PageVersion.page_id) & (Page.reseller_id == PageVersion.reseller_id))
        .where(PageVersion.reseller_id == db.reseller_id, _COUNTS)
        .where(
            or_(
                cast(PageVersion.blocks, SqlText).contains(needle), cast(PageVersion.settings, SqlText).contains(needle)
            )
        )
        .order_by(PageVersion.path, PageVersion.locale, PageVersion.state)
    )
    return [
        Usage(
            page_id=version.page_id,
            locale=version.locale,
            title=version.title,
            state=version.state,
            is_in_bin=trashed_at is not None,
        )
        for version, trashed_at in db.execute(statement)
    ]


def trash(db: Work, row: MediaFile) -> None:
    """Put a file in the bin; ``Refused`` while a page shows it."""
    db.lock(row)
    if any(not each.is_in_bin for each in usages(db, row)):
        raise Refused(_("Pages show this file. Take it out of them first."))
    row.trashed_at = row.trashed_at or db.now
    db.flush()
    record(db, "media.trashed", row, before={"name": row.name})
    announce(db)


def untrash(db: Work, row: MediaFile) -> None:
    """Take a file out of the bin."""
    row.trashed_at = None
    db.flush()
    record(db, "media.untrashed", row, after={"name": row.name})
    announce(db)


def remove(db: Work, row: MediaFile) -> None:
    """Delete a file in the bin for good; ``Refused`` while a page would show it, also one in the bin of pages."""
    hold_library(db)
    db.lock(row)
    if row.trashed_at is None or usages(db, row):
        raise Refused(_("Pages show this file. Take it out of them first."))
    record(db, "media.removed", row, before={"name": row.name})
    _ask_to_throw_away(db, _digests(row))
    db.session.delete(row)
    db.flush()


def sweep_library_bin(db: Work) -> None:
    """Delete for good what has been in the bin for thirty days and no page needs."""
    old = select(MediaFile).where(MediaFile.reseller_id == db.reseller_id, MediaFile.trashed_at < db.now - KEPT_IN_BIN)
    for row in db.scalars(old):
        if not usages(db, row):
            remove(db, row)


def shops_with_full_library_bins(db: Work) -> Sequence[UUID]:
    """Name the shops with files that have been in the bin for thirty days; for an office Work."""
    old = select(MediaFile.reseller_id).where(MediaFile.trashed_at < db.now - KEPT_IN_BIN)
    return db.scalars(old.distinct())


def find_public(db: Work, digest: str) -> tuple[str, str] | None:
    """Return kind and name of the bytes that somebody asks for, if they are of a file in this shop's library."""
    statement = select(MediaFile).where(
        MediaFile.reseller_id == db.reseller_id,
        MediaFile.trashed_at.is_(None),
        or_(MediaFile.digest == digest, MediaFile.variants.contains([{"digest": digest}])),
    )
    row = db.scalar(statement.order_by(MediaFile.id).limit(1))
    if row is None:
        return None
    if row.digest == digest:
        return row.kind, row.name
    return next(str(each["kind"]) for each in row.variants if each["digest"] == digest), row.name


@jobs.job(queue="later", opens_own_work=True)
def make_smaller_pictures(database: Database, reseller_id: UUID, media_id: str) -> None:
    """Make what smaller screens need of a picture, and let pages offer it."""
    with database.work(reseller_id) as db:
        row = db.find(MediaFile, UUID(media_id))
        if row is None or not row.kind.startswith("image/"):
            return
        digest, is_tiny = row.digest, min(row.width or 0, row.height or 0) < SMALLEST_SIDE
    if is_tiny:
        return
    try:
        made = list(smaller(files.fetch(database.config, reseller_id, digest, shelf=SHELF)))
    except NotFound:
        return
    with database.work(reseller_id) as db:
        hold_library(db)
        row = db.find(MediaFile, UUID(media_id))
        if row is None or row.digest != digest:
            return
        row.variants = [_kept(db, each) for each in made]
        announce(db)
        db.commit()


def _kept(db: Work, made: Smaller) -> dict[str, Any]:
    digest = files.keep(db.config, db.reseller_id, made.content, shelf=SHELF)
    size = len(made.content)
    return {"kind": made.kind, "width": made.width, "height": made.height, "digest": digest, "size": size}


@jobs.job(queue="later")
def throw_media_away(db: Work, digest: str) -> None:
    """Delete bytes of the library that no file names any more."""
    hold_library(db)
    named = or_(MediaFile.digest == digest, MediaFile.variants.contains([{"digest": digest}]))
    if db.scalar(select(MediaFile.id).where(MediaFile.reseller_id == db.reseller_id, named).limit(1)) is None:
        files.throw_away(db.config, db.reseller_id, digest, shelf=SHELF)


def hold_library(db: Work) -> None:
    """Let one at a time change what lies in this shop's library: bytes are never thrown away while they come anew."""
    db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"library {db.reseller_id}", 0))))


def require_room(db: Work, more: int, *, is_new: bool = False) -> None:
    """Raise ``Refused`` where the library has no room for so many bytes more, or for a file more."""
    used, quota = space_of(db)
    if used + more > quota:
        raise Refused(_("Your library is full: it holds %(num)s MB. Delete what no page needs.", num=quota // MEGA))
    count = db.scalar(select(func.count()).select_from(MediaFile).where(MediaFile.reseller_id == db.reseller_id)) or 0
    if is_new and count >= MOST_FILES:
        raise Refused(_("A library holds at most %(num)s files. Delete what no page needs.", num=MOST_FILES))


def _digests(row: MediaFile) -> list[str]:
    return [row.digest, *(str(each["digest"]) for each in row.variants)]


def ask_for_smaller(db: Work, row: MediaFile) -> None:
    """Have made of a picture what smaller screens need."""
    if row.kind.startswith("image/"):
        jobs.ask(db, make_smaller_pictures.__name__, str(row.id))


def _ask_to_throw_away(db: Work, digests: Sequence[str]) -> None:
    for digest in digests:
        jobs.ask(db, throw_media_away.__name__, digest)
