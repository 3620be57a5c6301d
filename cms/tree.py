"""The tree of pages: begin, move, copy, put in the bin and take out again; addresses follow their pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import defer

from cms.drafts import copy_of, find_version
from cms.legal import refuse_to_lose
from cms.legal_models import LegalDocument
from cms.models import DraftLink, Page, PageVersion, VisitorMessage
from cms.paths import fitting, normal_path, slug_of
from cms.redirects import leave_redirect
from cms.special_rules import MARK
from storefront.core import ids
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _

MOST_PAGES = 2_000
DEEPEST = 4
KEPT_IN_BIN = timedelta(days=30)
# A version that was seen when its page went into the bin comes into view again with it.
WAS_SEEN: Final = "was_seen"
# One that waited goes on waiting, if its moment has not come meanwhile.
_WAITED: Final = "waited"
LIVING = ("draft", "waiting", "published")
HOME_STAYS = _("A shop without a home page cannot be found. Please change it instead.")


@dataclass(kw_only=True)
class Branch:
    """A page in the tree with its versions that count, by language and state, and its children in their order."""

    page: Page
    versions: dict[tuple[str, str], PageVersion] = field(default_factory=dict)
    children: list["Branch"] = field(default_factory=list)

    def shown_in(self, locale: str) -> PageVersion | None:
        """The version that names the page in a list: what is written, else what is seen, in this language or any."""
        mine = [self.versions.get((locale, state)) for state in ("draft", "published", "waiting", "past")]
        return next((each for each in [*mine, *self.versions.values()] if each is not None), None)


def read_tree(db: Work, *, in_bin: bool = False) -> list[Branch]:
    """Read all pages outside the bin, with what is written, waits and is seen, or those in it: in two queries."""
    pages = select(Page).where(Page.reseller_id == db.reseller_id, Page.trashed_at.is_not(None) == in_bin)
    pages = pages.where(~Page.key.startswith(MARK, autoescape=True))
    branches = {
        page.id: Branch(page=page) for page in db.scalars(pages.order_by(Page.position, Page.created_at, Page.id))
    }
    living = PageVersion.state.in_(LIVING)
    counts = or_(living, PageVersion.settings[WAS_SEEN].as_boolean()) if in_bin else living
    # What pages say is not asked for: of all pages of a shop it may be more than a worker holds.
    words = select(PageVersion).options(defer(PageVersion.blocks), defer(PageVersion.translated_from))
    for version in db.scalars(words.where(PageVersion.reseller_id == db.reseller_id, counts)):
        branch = branches.get(version.page_id)
        if branch is not None:
            branch.versions[version.locale, version.state] = version
    roots: list[Branch] = []
    for branch in branches.values():
        parent = branches.get(branch.page.parent_id) if branch.page.parent_id else None
        (parent.children if parent else roots).append(branch)
    return roots


def branch_of(db: Work, page: Page) -> Branch:
    """Read one page with its versions that count, without what lies below it."""
    statement = select(PageVersion).where(PageVersion.reseller_id == db.reseller_id, PageVersion.page_id == page.id)
    counts = or_(PageVersion.state.in_(LIVING), PageVersion.settings[WAS_SEEN].as_boolean())
    found = db.scalars(statement.where(counts).order_by(PageVersion.id))
    return Branch(page=page, versions={(version.locale, version.state): version for version in found})


def binned_count(db: Work) -> int:
    """Count what lies in the bin."""
    statement = select(func.count()).select_from(Page).where(Page.reseller_id == db.reseller_id)
    return db.scalar(statement.where(Page.trashed_at.is_not(None))) or 0


def hold_tree(db: Work) -> None:
    """Let one at a time change the tree of this shop, and see it as the one before left it.

    Two who put two pages below each other at the same time would make a circle that hangs on nothing.
    """
    db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"pages {db.reseller_id}", 0))))
    db.flush()
    for row in db.session.identity_map.values():
        if isinstance(row, Page):
            db.session.expire(row)


def new_page(db: Work, title: str, locale: str, *, parent: Page | None = None, key: str = "") -> PageVersion:
    """Begin a page with a free address made from its title; returns its draft. Raises ``Refused`` where none fits."""
    hold_tree(db)
    _refuse_too_many(db)
    if parent is not None and len(_line_of(db, parent)) >= DEEPEST:
        raise Refused(_("Pages can lie at most %(num)s deep.", num=DEEPEST), field="parent")
    page = db.add(
        Page(key=key or f"p-{ids.uuid7().hex[-12:]}", created_at=db.now, parent_id=parent.id if parent else None)
    )
    page.position = _last_position(db, parent) + 1
    db.flush()
    draft = db.add(
        PageVersion(
            page_id=page.id,
            locale=locale,
            path=free_path(db, f"{_path_of(db, parent, locale)}/{slug_of(title) or 'page'}", locale),
            title=title,
            blocks=[],
            edited_at=db.now,
            edited_by=db.actor.name,
        )
    )
    db.flush()
    record(db, "page.made", page, after={"title": title, "path": draft.path})
    return draft


def _refuse_too_many(db: Work) -> None:
    count = db.scalar(select(func.count()).select_from(Page).where(Page.reseller_id == db.reseller_id)) or 0
    if count >= MOST_PAGES:
        raise Refused(_("A shop holds at most %(num)s pages.", num=MOST_PAGES))


def free_path(db: Work, path: str, locale: str, *, page: Page | None = None) -> str:
    """Return an address that no page but ``page`` has in a language: this one, else with a number behind it."""
    path = fitting(path)
    others = select(PageVersion.path).where(
        PageVersion.reseller_id == db.reseller_id,
        PageVersion.locale == locale,
        PageVersion.state.in_(LIVING),
        PageVersion.path.startswith(path, autoescape=True),
    )
    taken = set(db.scalars(others.where(PageVersion.page_id != page.id) if page is not None else others))
    return path if path not in taken else next(each for n in range(2, 9_999) if (each := f"{path}-{n}") not in taken)


def move_page(db: Work, page: Page, parent: Page | None, before: Page | None = None) -> None:
    """Put a page under another, or at the top, before a sibling or last; addresses follow, old ones lead to the new.

    Raises ``Refused`` for a place inside the page itself, too deep, or for the home page.
    """
    hold_tree(db)
    line = _line_of(db, parent) if parent else []
    if line and _is_home(db, page):
        raise Refused(_("The home page lies below no other page."))
    if page.id in {each.id for each in line}:
        raise Refused(_("A page cannot lie inside itself."))
    if len(line) + _depth_below(db, page) > DEEPEST:
        raise Refused(_("Pages can lie at most %(num)s deep.", num=DEEPEST))
    old_parent = page.parent_id
    page.parent_id = parent.id if parent else None
    siblings = [each for each in _children(db, parent) if each.id != page.id]
    place = next((n for n, each in enumerate(siblings) if before is not None and each.id == before.id), len(siblings))
    siblings.insert(place, page)
    for position, each in enumerate(siblings):
        each.position = position
    db.flush()
    if old_parent != page.parent_id:
        for version in _versions(db, page):
            if version.path != "/":
                slug = version.path.rsplit("/", maxsplit=1)[-1]
                move_address(db, page, version, f"{_path_of(db, parent, version.locale)}/{slug}")
        announce(db)
    record(db, "page.moved", page, after={"parent": str(page.parent_id or ""), "position": page.position})


def move_address(db: Work, page: Page, version: PageVersion, path: str) -> None:
    """Give a version of a page another address, and the pages below it with it; the old ones lead on."""
    old = version.path
    if old == path:
        return
    path = free_path(db, path, version.locale, page=page)
    if version.state == "published":
        leave_redirect(db, old, path)
    version.path = path
    db.flush()
    carry_children(db, page, version.locale, old, path)


def carry_children(db: Work, page: Page, locale: str, old: str, new: str) -> None:
    """Move the addresses of all pages below one whose address in a language has changed."""
    if old == "/":
        return
    for child in _children(db, page):
        for version in _versions(db, child):
            if version.locale == locale and version.path.startswith(f"{old}/"):
                move_address(db, child, version, new + version.path.removeprefix(old))


def copy_page(db: Work, page: Page) -> Page:
    """Begin a page like another one, in all its languages, beside it; nobody sees it yet."""
    hold_tree(db)
    _refuse_too_many(db)
    copy = db.add(Page(key=f"p-{ids.uuid7().hex[-12:]}", created_at=db.now, parent_id=page.parent_id))
    copy.position = _last_position(db, db.find(Page, page.parent_id)) + 1
    db.flush()
    for locale in sorted({version.locale for version in _versions(db, page)}):
        version = find_version(db, page, locale, "draft") or find_version(db, page, locale, "published")
        if version is None:
            continue
        path = "/home" if version.path == "/" else version.path
        copy_of(db, version, page_id=copy.id, path=free_path(db, path, locale))
    record(db, "page.copied", copy, after={"from": page.key})
    return copy


def trash_page(db: Work, page: Page) -> None:
    """Put a page and all below it in the bin: nobody sees them, and for thirty days they can be taken out again."""
    hold_tree(db)
    pages = [page, *_below(db, page)]
    if any(_is_home(db, each) for each in pages):
        raise Refused(HOME_STAYS)
    refuse_to_lose(db, pages)
    for each in pages:
        each.trashed_at = db.now
        for version in _versions(db, each):
            if version.state != "draft":
                mark = WAS_SEEN if version.state == "published" else _WAITED
                version.settings, version.state = {**version.settings, mark: True}, "past"
    db.flush()
    record(db, "page.trashed", page)
    announce(db)


def untrash_page(db: Work, page: Page) -> None:
    """Take a page and all below it out of the bin; what was seen is seen again, where its address is still free."""
    hold_tree(db)
    parent = db.find(Page, page.parent_id)
    if parent is not None and parent.trashed_at is not None:
        page.parent_id = None
    for each in [page, *_below(db, page)]:
        each.trashed_at = None
        past = select(PageVersion).where(PageVersion.reseller_id == db.reseller_id, PageVersion.page_id == each.id)
        for version in db.scalars(past.where(PageVersion.state == "past")):
            _take_out(db, each, version)
    record(db, "page.untrashed", page)
    announce(db)


def _take_out(db: Work, page: Page, version: PageVersion) -> None:
    was_seen, waited = version.settings.get(WAS_SEEN), version.settings.get(_WAITED)
    if not was_seen and not waited:
        return
    version.settings = {key: value for key, value in version.settings.items() if key not in {WAS_SEEN, _WAITED}}
    if was_seen:
        version.path = free_path(db, version.path, version.locale, page=page)
        version.state = "published"
    elif version.starts_at is not None and version.starts_at > db.now:
        version.state = "waiting"
    db.flush()


def sweep_bin(db: Work) -> None:
    """Delete for good what has been in the bin for thirty days, with what was sent through its forms."""
    old = select(Page).where(Page.reseller_id == db.reseller_id, Page.trashed_at < db.now - KEPT_IN_BIN)
    for page in db.scalars(old):
        if any(child.trashed_at is None or child.trashed_at >= db.now - KEPT_IN_BIN for child in _children(db, page)):
            continue
        for child in [*reversed(_below(db, page)), page]:
            for model in (VisitorMessage, DraftLink, PageVersion, LegalDocument):
                db.execute(delete(model).where(model.reseller_id == db.reseller_id, model.page_id == child.id))
            db.execute(delete(Page).where(Page.reseller_id == db.reseller_id, Page.id == child.id))


def shops_with_full_bins(db: Work) -> Sequence[UUID]:
    """Name the shops with pages that have been in the bin for thirty days; for an office Work."""
    return db.scalars(select(Page.reseller_id).where(Page.trashed_at < db.now - KEPT_IN_BIN).distinct())


def _is_home(db: Work, page: Page) -> bool:
    return any(version.path == "/" for version in _versions(db, page))


def _versions(db: Work, page: Page) -> Sequence[PageVersion]:
    statement = select(PageVersion).where(PageVersion.reseller_id == db.reseller_id, PageVersion.page_id == page.id)
    return db.scalars(statement.where(PageVersion.state.in_(LIVING)).order_by(PageVersion.id))


def _children(db: Work, parent: Page | None) -> Sequence[Page]:
    statement = select(Page).where(
        Page.reseller_id == db.reseller_id, Page.parent_id == (parent.id if parent else None)
    )
    return db.scalars(statement.order_by(Page.position, Page.created_at, Page.id))


def _below(db: Work, page: Page) -> list[Page]:
    found: list[Page] = []
    for child in _children(db, page):
        found += [child, *_below(db, child)]
    return found


def _depth_below(db: Work, page: Page) -> int:
    return 1 + max((_depth_below(db, child) for child in _children(db, page)), default=0)


def _line_of(db: Work, page: Page) -> list[Page]:
    """Return a page and all it lies under, the page first."""
    line = [page]
    while line[-1].parent_id is not None:
        line.append(db.require(Page, line[-1].parent_id))
    return line


def _last_position(db: Work, parent: Page | None) -> int:
    return max((each.position for each in _children(db, parent)), default=-1)


def _path_of(db: Work, page: Page | None, locale: str) -> str:
    """Return where a page lies in a language, else in any; nothing for the top and for the home page."""
    if page is None:
        return ""
    versions = _versions(db, page)
    mine = [version for version in versions if version.locale == locale] or list(versions)
    return normal_path(mine[0].path).rstrip("/") if mine else ""
