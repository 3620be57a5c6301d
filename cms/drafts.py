"""Drafts: what is being written of a page in one language, apart from what visitors see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from cms.blocks import BadBlock, block_from, with_ids
from cms.models import Page, PageVersion
from cms.page_settings import SHARED
from cms.paths import is_allowed
from cms.special_rules import is_fixed, is_special
from cms.translations import begin_translation
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Conflict, Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.resellers import current_reseller

STALE = _("Somebody else has changed this page since you opened it. Nothing of yours is lost: compare both below.")
BAD_PATH = _("The shop uses this address itself, or it has characters an address cannot have.")

# What another version of the same page has in common with one, beside its blocks and settings.
SAID = ("page_id", "locale", "path", "title", "description", "translated_from")


@dataclass(frozen=True, kw_only=True)
class Writing:
    """What an editor says of a page in one language. ``settings`` are for search engines and shared links."""

    path: str
    title: str
    description: str = ""
    blocks: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    settings: Mapping[str, Any] = field(default_factory=dict)


def find_version(db: Work, page: Page, locale: str, state: str) -> PageVersion | None:
    """Find the one version of a page and language that is a draft, waits, or is published."""
    return db.scalar(
        select(PageVersion).where(
            PageVersion.reseller_id == db.reseller_id,
            PageVersion.page_id == page.id,
            PageVersion.locale == locale,
            PageVersion.state == state,
        )
    )


def open_draft(db: Work, page: Page, locale: str) -> PageVersion:
    """Return what is being written, or begin it: as the page stands, or as a translation that still lacks its words."""
    draft = find_version(db, page, locale, "draft")
    if draft is not None:
        return draft
    db.lock(page)
    draft = find_version(db, page, locale, "draft")
    if draft is not None:
        return draft
    live = find_version(db, page, locale, "published") or find_version(db, page, locale, "waiting")
    if live is not None:
        return copy_of(db, live)
    source = source_of(db, page)
    return db.add(
        PageVersion(
            page_id=page.id,
            locale=locale,
            path=source.path if source else page.key if is_special(page.key) else "",
            title="",
            blocks=begin_translation(with_ids(source.blocks)) if source else [],
            settings={name: source.settings[name] for name in SHARED if name in source.settings} if source else {},
            edited_at=db.now,
            edited_by=db.actor.name,
        )
    )


def source_of(db: Work, page: Page) -> PageVersion | None:
    """Return what translations are made from: the page in the shop's first language, as it is seen, else as written."""
    locale = current_reseller(db).default_locale
    return find_version(db, page, locale, "published") or find_version(db, page, locale, "draft")


def copy_of(db: Work, version: PageVersion, **own: Any) -> PageVersion:
    """Write another version that says what one says; ``own`` is what it has of its own, such as its page or state."""
    said = {name: getattr(version, name) for name in SAID}
    copied = {"blocks": with_ids(version.blocks), "settings": dict(version.settings)}
    written = {"edited_at": db.now, "edited_by": db.actor.name}
    copy = db.add(PageVersion(**{**said, **copied, **written, **own}))
    db.flush()
    return copy


def put_aside(db: Work, page: Page, locale: str) -> PageVersion | None:
    """Make what is being written a past version; returns it. What is written next goes on counting its revisions."""
    draft = find_version(db, page, locale, "draft")
    if draft is not None:
        draft.state = "past"
        db.flush()
    return draft


def save_draft(db: Work, draft: PageVersion, writing: Writing, *, revision: int) -> int:
    """Keep what was written, whatever is still missing in it, and return the new revision.

    Raises ``Conflict`` if somebody else saved since ``revision``, and ``Refused`` for an address that cannot be or for
    blocks that are none; what is incomplete is refused by publishing, never by saving.
    """
    db.lock(draft)
    if draft.state != "draft" or draft.revision != revision:
        raise Conflict(STALE)
    is_changed = writing.path != draft.path and not is_fixed(draft.path)
    if is_changed and (is_fixed(writing.path) or not is_allowed(writing.path)):
        raise Refused(BAD_PATH, field="path")
    try:
        blocks = [block_from(block).to_json() for block in with_ids([dict(block) for block in writing.blocks])]
    except BadBlock as error:
        raise Refused(_("One block of this page cannot be read. Please load the page again.")) from error
    draft.path = draft.path if is_fixed(draft.path) else writing.path
    draft.title, draft.description, draft.blocks = writing.title, writing.description, blocks
    draft.settings = dict(writing.settings)
    draft.edited_at, draft.edited_by, draft.revision = db.now, db.actor.name, revision + 1
    db.flush()
    return draft.revision


def discard_draft(db: Work, draft: PageVersion) -> None:
    """Throw away what was written since the page was published; a page that was never published keeps its draft."""
    db.lock(draft)
    page = db.require(Page, draft.page_id)
    if find_version(db, page, draft.locale, "published") is None:
        raise Refused(_("This page was never published. Put it in the bin if nobody needs it."))
    record(db, "page.draft_discarded", page, before={"title": draft.title, "locale": draft.locale})
    db.session.delete(draft)
    db.flush()


def restore_version(db: Work, version: PageVersion) -> PageVersion:
    """Write again what stood in an earlier version; what is being written now becomes a past version, not lost."""
    page = db.require(Page, version.page_id)
    db.lock(page)
    before = put_aside(db, page, version.locale)
    fresh = copy_of(db, version, revision=before.revision + 1 if before is not None else 0)
    record(db, "page.version_restored", page, after={"version": str(version.id), "locale": version.locale})
    db.flush()
    return fresh


def mark_translated(db: Work, draft: PageVersion) -> None:
    """Say that what is written now is the translation of the source as it stands now."""
    page = db.require(Page, draft.page_id)
    source = source_of(db, page)
    draft.translated_from = with_ids(source.blocks) if source is not None else None
    record(db, "page.translated", page, after={"locale": draft.locale})
    db.flush()


def versions_of(db: Work, page: Page, locale: str, *, limit: int = 50) -> Sequence[PageVersion]:
    """List the versions of a page in a language, the newest first."""
    statement = select(PageVersion).where(
        PageVersion.reseller_id == db.reseller_id, PageVersion.page_id == page.id, PageVersion.locale == locale
    )
    return db.scalars(statement.order_by(PageVersion.edited_at.desc(), PageVersion.id.desc()).limit(limit))
