"""Publish a page, now or at a moment; take it from view, now or at a moment. Each happens once, whoever is killed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from cms.drafts import BAD_PATH, copy_of, find_version, open_draft
from cms.legal import document_of, edition_to_publish
from cms.legal_models import LegalEdition
from cms.models import Page, PageVersion
from cms.page_checks import Words, problems_of
from cms.paths import is_allowed
from cms.pictures import undescribed
from cms.redirects import forget_redirect, leave_redirect
from cms.special_rules import is_fixed
from cms.starter_texts import gaps_in, pattern_gaps
from cms.tree import HOME_STAYS, carry_children, free_path, hold_tree
from storefront.core import stops
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Conflict, Refused
from storefront.core.i18n import lazy_gettext as _

# Whoever plans pages plans them for a season; a slip in the year is asked again.
LATEST = timedelta(days=730)
# A turn comes every half minute, and others wait for the tree of pages meanwhile.
MOST_AT_ONCE = 50
# Earlier versions of a page in a language; editions of legal documents are kept for ever.
MOST_KEPT = 100
TAKEN = _("Another page has this address already.")
ONLY_EDITIONS_WAIT = _("This page is a legal document. Its editions are planned and cancelled under “Legal documents”.")


def publish_draft(db: Work, draft: PageVersion, *, revision: int, edition: LegalEdition | None = None) -> PageVersion:
    """Put a draft in front of visitors; what they saw becomes a past version, and its old address leads to the new.

    A legal document belongs to an edition, unless another is named to the one in force; an edition that waits goes on
    waiting. Raises ``Conflict`` if somebody else saved since ``revision``, ``Refused`` naming the first thing to mend.
    """
    page = _held(db, draft, revision)
    require_complete(draft)
    _require_completed(db, page, draft)
    _require_described(db, draft)
    edition = edition or edition_to_publish(db, page)
    if edition is None:
        _forget_waiting(db, page, draft.locale)
    draft.edition_id = edition.id if edition is not None else None
    before = find_version(db, page, draft.locale, "published")
    # An end that somebody set is the page's, not that of its words of then.
    draft.ends_at = before.ends_at if before is not None else None
    return go_live(db, page, draft)


def schedule_draft(
    db: Work,
    draft: PageVersion,
    at: datetime,
    *,
    revision: int,
    until: datetime | None = None,
    edition: LegalEdition | None = None,
) -> PageVersion:
    """Let a draft as it is now go live at a moment; visitors see what they see until then, and writing goes on.

    A second call replaces the first. Raises what ``publish_draft`` raises, and ``Refused`` for a moment that is past.
    """
    page = _held(db, draft, revision)
    require_complete(draft)
    _require_completed(db, page, draft)
    _require_described(db, draft)
    _require_moments(db, at, until)
    if edition is None and document_of(db, page) is not None:
        raise Refused(ONLY_EDITIONS_WAIT, field="at")
    if until is not None and draft.path == "/":
        raise Refused(HOME_STAYS, field="until")
    _refuse_taken(db, page, draft.locale, draft.path)
    _forget_waiting(db, page, draft.locale)
    waiting = copy_of(
        db,
        draft,
        state="waiting",
        edited_at=draft.edited_at,
        edited_by=draft.edited_by,
        revision=draft.revision,
        starts_at=at,
        ends_at=until,
        edition_id=edition.id if edition is not None else None,
    )
    record(db, "page.scheduled", page, after={"locale": draft.locale, "at": at.isoformat()})
    return waiting


def cancel_schedule(db: Work, page: Page, locale: str) -> None:
    """Let what waits not go live by itself, and what is seen stay in view."""
    db.lock(page)
    waiting = find_version(db, page, locale, "waiting")
    if waiting is not None and waiting.edition_id is not None:
        raise Refused(ONLY_EDITIONS_WAIT)
    _forget_waiting(db, page, locale)
    live = find_version(db, page, locale, "published")
    if live is not None:
        live.ends_at = None
    record(db, "page.schedule_cancelled", page, after={"locale": locale})


def end_at(db: Work, page: Page, locale: str, at: datetime | None) -> None:
    """Take a page from view at a moment, or let it stay; raises ``Refused`` where nobody sees it."""
    db.lock(page)
    live = find_version(db, page, locale, "published")
    if live is None:
        raise Refused(_("This page is not published."))
    if at is not None:
        _require_moments(db, db.now + timedelta(seconds=1), at)
        if live.path == "/":
            raise Refused(HOME_STAYS, field="until")
    live.ends_at = at
    record(db, "page.ends", page, after={"locale": locale, "at": at.isoformat() if at else ""})


def unpublish(db: Work, page: Page, locale: str) -> None:
    """Take a page from view; its words stay as a draft, if nothing newer is being written."""
    db.lock(page)
    live = find_version(db, page, locale, "published")
    if live is None:
        return
    if live.path == "/":
        raise Refused(HOME_STAYS)
    _take_down(db, page, live)


def publish_due(db: Work) -> None:
    """Do what is due in this shop: put in view what waited for this moment, take from view what ends.

    Where another page took the address meanwhile, a page goes live beside it: nobody is there to be asked, and it must
    hold up no other. Not all at once: what is left comes with the next turn.
    """
    hold_tree(db)
    due = select(PageVersion).where(
        PageVersion.reseller_id == db.reseller_id,
        or_(
            (PageVersion.state == "waiting") & (PageVersion.starts_at <= db.now),
            (PageVersion.state == "published") & (PageVersion.ends_at <= db.now),
        ),
    )
    for version in db.scalars(due.order_by(PageVersion.starts_at, PageVersion.id).limit(MOST_AT_ONCE)):
        stops.point("page.due")
        page = db.require(Page, version.page_id)
        db.lock(page)
        db.session.refresh(version)
        if version.state == "waiting" and page.trashed_at is None:
            if not is_fixed(version.path):
                version.path = free_path(db, version.path, version.locale, page=page)
            go_live(db, page, version)
            stops.point("page.live")
        # Whoever held the page may have given it more time.
        elif version.state == "published" and version.ends_at and version.ends_at <= db.now and version.path != "/":
            _take_down(db, page, version)


def shops_with_due_pages(db: Work) -> Sequence[UUID]:
    """Name the shops where a page waits for a moment that has come; for an office Work."""
    waiting = (PageVersion.state == "waiting") & (PageVersion.starts_at <= db.now)
    ending = (PageVersion.state == "published") & (PageVersion.ends_at <= db.now)
    return db.scalars(select(PageVersion.reseller_id).where(or_(waiting, ending)).distinct())


def require_complete(draft: PageVersion) -> None:
    """Raise ``Refused`` with the first thing that must be mended before visitors may see a draft."""
    if not is_fixed(draft.path) and not is_allowed(draft.path):
        raise Refused(BAD_PATH, field="path")
    problems = problems_of(Words(title=draft.title, description=draft.description, path=draft.path), draft.blocks)
    if problems:
        raise Refused(problems[0].message, field=problems[0].place)


def _require_completed(db: Work, page: Page, draft: PageVersion) -> None:
    """Raise ``Refused`` for a legal document in which something of its pattern is still to be completed.

    Elsewhere it is advice: a page may say what it likes in brackets. Who the seller is must be in the law's papers.
    """
    if document_of(db, page) is None:
        return
    known = pattern_gaps(draft.locale)
    for gap in gaps_in([draft.title, draft.description, *draft.blocks]):
        if gap in known:
            raise Refused(_("Complete “%(gap)s” first: a legal document says it.", gap=gap), field="blocks")


def _require_described(db: Work, draft: PageVersion) -> None:
    """Raise ``Refused`` for the first picture that says nothing to those who cannot see it."""
    for place, name in undescribed(db, draft.blocks, draft.locale)[:1]:
        raise Refused(
            _(
                "Say in this language what “%(name)s” shows, or that it only decorates. Media has a place for it.",
                name=name,
            ),
            field=place,
        )


def _held(db: Work, draft: PageVersion, revision: int) -> Page:
    page = db.require(Page, draft.page_id)
    # Before the page itself, as those do who move it: what goes live meanwhile must be seen to move along.
    hold_tree(db)
    db.lock(page)
    db.session.refresh(draft)
    if draft.state != "draft" or draft.revision != revision:
        raise Conflict(_("Somebody else has changed this page since you opened it. Please look at it once more."))
    if page.trashed_at is not None:
        raise Refused(_("This page is in the bin. Take it out first."))
    return page


def _require_moments(db: Work, at: datetime, until: datetime | None) -> None:
    if at <= db.now:
        raise Refused(_("This moment is past. Please choose a later one, or publish now."), field="at")
    if at > db.now + LATEST:
        raise Refused(_("Please choose a moment within the next two years."), field="at")
    if until is not None and until <= at:
        raise Refused(_("It cannot end before it begins."), field="until")


def _refuse_taken(db: Work, page: Page, locale: str, path: str) -> None:
    statement = select(PageVersion.id).where(
        PageVersion.reseller_id == db.reseller_id,
        PageVersion.locale == locale,
        PageVersion.path == path,
        PageVersion.state == "published",
        PageVersion.page_id != page.id,
    )
    if db.scalar(statement.limit(1)) is not None:
        raise Refused(TAKEN, field="path")


def _forget_waiting(db: Work, page: Page, locale: str) -> None:
    db.execute(
        update(PageVersion)
        .where(PageVersion.reseller_id == db.reseller_id, PageVersion.page_id == page.id)
        .where(PageVersion.locale == locale, PageVersion.state == "waiting")
        .values(state="past")
    )


def go_live(db: Work, page: Page, version: PageVersion) -> PageVersion:
    """Show a version to visitors, whatever it was or where it comes from new; nothing is asked of what it says.

    What they saw becomes a past version, and its address leads to the new one. Raises ``Refused`` for a taken one.
    """
    _refuse_taken(db, page, version.locale, version.path)
    before = find_version(db, page, version.locale, "published")
    if before is not None:
        before.state = "past"
        db.flush()
    version.state, version.published_at, version.starts_at = "published", db.now, None
    db.add(version)
    db.flush()
    _forget_oldest(db, page, version.locale)
    forget_redirect(db, version.path)
    if before is not None and before.path != version.path:
        leave_redirect(db, before.path, version.path)
        carry_children(db, page, version.locale, before.path, version.path)
    record(db, "page.published", page, after={"path": version.path, "locale": version.locale, "title": version.title})
    announce(db)
    return version


def _forget_oldest(db: Work, page: Page, locale: str) -> None:
    past = select(PageVersion.id).where(
        PageVersion.reseller_id == db.reseller_id,
        PageVersion.page_id == page.id,
        PageVersion.locale == locale,
        PageVersion.state == "past",
        PageVersion.edition_id.is_(None),
    )
    oldest = past.order_by(PageVersion.edited_at.desc(), PageVersion.id.desc()).offset(MOST_KEPT)
    db.execute(delete(PageVersion).where(PageVersion.reseller_id == db.reseller_id, PageVersion.id.in_(oldest)))


def _take_down(db: Work, page: Page, live: PageVersion) -> None:
    if live.edition_id is not None:
        # Somebody may have agreed to these very words: the draft is another row.
        open_draft(db, page, live.locale)
    draft = find_version(db, page, live.locale, "draft")
    live.state, live.ends_at = ("past" if draft is not None else "draft"), None
    db.flush()
    record(db, "page.unpublished", page, before={"path": live.path, "locale": live.locale})
    announce(db)
