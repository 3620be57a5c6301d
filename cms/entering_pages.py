"""Pages that come from elsewhere take their places in the tree: new ones beside what is there, or drafts of theirs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from cms.arrivals import Arrival, ArrivingPage, ArrivingVersion, Choices, Notes
from cms.drafts import find_version
from cms.entering_blocks import blocks_kept, settings_kept
from cms.entering_documents import Editions, editions_coming
from cms.legal_models import LegalEdition
from cms.models import Page, PageVersion
from cms.moved_links import leader, with_links_led
from cms.page_checks import LONGEST_TITLE
from cms.paths import is_allowed, normal_path, slug_of
from cms.pictures import undescribed
from cms.publishing import ONLY_EDITIONS_WAIT, require_complete
from cms.special_rules import is_fixed, is_special, special_at
from cms.tree import DEEPEST, LIVING, MOST_PAGES, free_path
from storefront.core import ids
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import LOCALES, Text
from storefront.core.i18n import lazy_gettext as _
from tenants.resellers import current_reseller

HOME: Final = "/"
# So many versions are held at a time.
AT_ONCE: Final = 100
# Of several versions of a page in a language, the newest words first.
NEWEST: Final = {"draft": 0, "waiting": 1, "published": 2}


@dataclass(kw_only=True)
class Settled:
    """Where things that came are now: pages by their ref, and where each lies by ref and language."""

    pages: dict[str, Page] = field(default_factory=dict)
    paths: dict[tuple[str, str], str] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)  # refs of pages that were here before
    came: dict[tuple[str, str], str] = field(default_factory=dict)  # language and address there: address here
    written: list[UUID] = field(default_factory=list)  # versions
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str, more: int = 1) -> None:
        """Count one, or more."""
        self.counts[what] = self.counts.get(what, 0) + more


@dataclass(kw_only=True)
class _Coming:
    """What holds for every version that comes; ``editions`` are those of the page that comes now."""

    choices: Choices
    notes: Notes
    files: Mapping[str, str]
    settled: Settled
    editions: Editions | None = None


def settle_pages(db: Work, arrival: Arrival, choices: Choices, files: Mapping[str, str]) -> Settled:
    """Make every page and write its versions. The caller holds the tree of the shop and announces what changed."""
    settled = Settled()
    _place(db, arrival, choices, settled)
    coming = _Coming(choices=choices, notes=arrival.notes, files=files, settled=settled)
    documents = {each.ref: each.document for each in arrival.pages}
    for ref, versions in arrival.versions():
        page = settled.pages.get(ref)
        if page is None:
            continue
        place, said = next((version.path for version in versions), ref), documents.get(ref)
        if ref not in settled.there:
            coming.editions = editions_coming(db, page, said, choices, arrival.notes, place=place)
        elif said is not None:
            arrival.notes.say("editions_there", place)
        _settle(db, page, ref, versions, coming)
        coming.editions = None
        _let_go(db)
    _lead_links(db, settled)
    return settled


def _settle(db: Work, page: Page, ref: str, versions: Sequence[ArrivingVersion], coming: _Coming) -> None:
    """Write the versions of one page: each language and state once."""
    settled = coming.settled
    offered = set(current_reseller(db).locales) | {current_reseller(db).default_locale}
    write = _write_beside if ref not in settled.there else _write_over
    taken: set[tuple[str, str]] = set()
    for version in sorted(versions, key=lambda each: NEWEST[each.state]):
        # Of a page that is here, only the newest words become its draft.
        place = (version.locale, version.state if ref not in settled.there else "")
        if place in taken:
            continue
        taken.add(place)
        if version.locale not in offered:
            coming.notes.say("language", version.path, version.locale)
        if version.locale not in LOCALES:
            continue
        row = write(db, page, version, coming)
        settled.paths.setdefault((ref, version.locale), row.path)
        if not is_special(row.path):
            settled.came.setdefault((version.locale, normal_path(version.path)), row.path)
        settled.written.append(row.id)
        settled.count(row.state)
    if coming.editions is not None:
        for edition, version in coming.editions.older(db):
            if version.locale in LOCALES:
                settled.written.append(_write_past(db, page, version, coming, edition).id)
        settled.count("editions", len(coming.editions.made))


def _let_go(db: Work) -> None:
    """Thousands of pages may come: what is written is not held."""
    db.flush()
    for row in [each for each in db.session.identity_map.values() if isinstance(each, PageVersion)]:
        db.session.expunge(row)


def _lead_links(db: Work, settled: Settled) -> None:
    """Let what came lead to pages where they are now: some have another address than they had."""
    if all(old == new for (_locale, old), new in settled.came.items()):
        return
    default = current_reseller(db).default_locale
    for start in range(0, len(settled.written), AT_ONCE):
        some = settled.written[start : start + AT_ONCE]
        rows = select(PageVersion).where(PageVersion.reseller_id == db.reseller_id, PageVersion.id.in_(some))
        for row in db.scalars(rows):
            row.blocks = with_links_led(row.blocks, leader(settled.came, row.locale, default))
            if row.translated_from is not None:
                # The words of the first language: told apart from what they are now, or the links would count as new.
                row.translated_from = with_links_led(row.translated_from, leader(settled.came, default, default))
        _let_go(db)


def _place(db: Work, arrival: Arrival, choices: Choices, settled: Settled) -> None:
    """Find or make a page for each that comes, in its place."""
    there = _there(db)
    keys = set(db.scalars(select(Page.key).where(Page.reseller_id == db.reseller_id)))
    count = len(keys)
    depth: dict[str, int] = {}
    position = (
        1 + (db.scalar(select(func.max(Page.position)).where(Page.reseller_id == db.reseller_id)) or 0) if keys else 0
    )
    met: set[str] = set()
    for number, each in enumerate(arrival.pages):
        known = _known(each, there, choices)
        if known is not None and str(known.id) not in met:
            met.add(str(known.id))
            settled.pages[each.ref] = known
            settled.there.add(each.ref)
            depth[each.ref] = _depth(db, known)
            continue
        if count >= MOST_PAGES:
            arrival.notes.say("too_many", _name(each))
            continue
        parent = settled.pages.get(each.parent)
        if each.parent and parent is None:
            arrival.notes.say("parent", _name(each))
        if parent is not None and depth.get(each.parent, 1) >= DEEPEST:
            arrival.notes.say("deep", _name(each))
            parent = db.find(Page, parent.parent_id)
        depth[each.ref] = 1 if parent is None else min(DEEPEST, depth.get(each.parent, 1) + 1)
        key = each.key if each.key and each.key not in keys and not each.key.startswith("~") else ""
        if special_at(each.key) is not None and each.key not in keys:
            key = each.key
        page = db.add(
            Page(
                key=key or f"p-{ids.uuid7().hex[-12:]}",
                created_at=db.now,
                parent_id=parent.id if parent is not None else None,
                position=position + number,
            )
        )
        db.flush()
        keys.add(page.key)
        settled.pages[each.ref] = page
        settled.count("pages")
        count += 1


def _name(page: ArrivingPage) -> str:
    return next((path for _locale, path in page.places), page.ref)


def _there(db: Work) -> dict[tuple[str, str], Page]:
    """Return the pages outside the bin by language and address, the home page and those without an address by key."""
    statement = (
        select(PageVersion.locale, PageVersion.path, Page)
        .join(Page, (Page.reseller_id == PageVersion.reseller_id) & (Page.id == PageVersion.page_id))
        .where(PageVersion.reseller_id == db.reseller_id, PageVersion.state.in_(LIVING), Page.trashed_at.is_(None))
    )
    found: dict[tuple[str, str], Page] = {}
    for locale, path, page in db.execute(statement.order_by(PageVersion.id)):
        found.setdefault((locale, path), page)
        if is_fixed(path):
            found.setdefault(("", path), page)
    return found


def _known(page: ArrivingPage, there: Mapping[tuple[str, str], Page], choices: Choices) -> Page | None:
    """Return the page of the shop that one that comes is to be a draft of."""
    if is_special(page.key):
        return there.get(("", page.key))
    if choices.taken != "replace":
        return None
    places = [("" if path == HOME else locale, path) for locale, path in page.places]
    return next((there[place] for place in places if place in there), None)


def _depth(db: Work, page: Page) -> int:
    steps, above = 1, page.parent_id
    while above is not None and steps < DEEPEST:
        steps, above = steps + 1, db.require(Page, above).parent_id
    return steps


def _write_over(db: Work, page: Page, version: ArrivingVersion, coming: _Coming) -> PageVersion:
    """Write a version as the draft of a page that is here; what was being written becomes a past version."""
    before = find_version(db, page, version.locale, "draft")
    row = _row(db, page, version, coming)
    row.path = _path(db, page, version)
    if before is not None:
        coming.notes.say("was_there", row.path, version.locale)
        row.revision = before.revision + 1
        before.state = "past"
        db.flush()
    live = find_version(db, page, version.locale, "published")
    row.path = live.path if live is not None else row.path
    coming.notes.say("replaced", row.path, version.locale)
    db.add(row)
    db.flush()
    return row


def _write_past(db: Work, page: Page, version: ArrivingVersion, coming: _Coming, edition: LegalEdition) -> PageVersion:
    """Write the words of an edition of a legal document that nobody sees any more: they stay readable."""
    row = _row(db, page, version, coming)
    row.path, row.state, row.edition_id = _path(db, page, version), "past", edition.id
    row.published_at = _since(db, version)
    db.add(row)
    db.flush()
    return row


def _write_beside(db: Work, page: Page, version: ArrivingVersion, coming: _Coming) -> PageVersion:
    """Write a version of a page that is new here, in the state it had if visitors may see it."""
    row = _row(db, page, version, coming)
    row.path = _path(db, page, version)
    if normal_path(version.path) != row.path and not is_special(row.path):
        coming.notes.say("moved", version.path, row.path)
    row.state = _state(db, page, version, coming.choices)
    row.starts_at = version.starts_at if row.state == "waiting" else None
    if row.state in {"waiting", "published"}:
        db.add(row)
        db.flush()
        why = _why_unseen(db, row)
        if why:
            coming.notes.say("as_draft", row.path, str(why))
            row.state = _unseen(db, page, version.locale)
    elif row.state == "draft" and version.state == "waiting" and coming.choices.publishes:
        coming.notes.say("day_past", row.path)
    _join_edition(db, page, row, version, coming)
    row.published_at = _since(db, version) if row.state == "published" else None
    row.starts_at = row.starts_at if row.state == "waiting" else None
    ends = version.ends_at if row.state in {"waiting", "published"} and not is_fixed(row.path) else None
    row.ends_at = ends if ends is not None and ends > (row.starts_at or db.now) else None
    db.add(row)
    db.flush()
    return row


def _unseen(db: Work, page: Page, locale: str) -> str:
    return "past" if find_version(db, page, locale, "draft") is not None else "draft"


def _join_edition(db: Work, page: Page, row: PageVersion, version: ArrivingVersion, coming: _Coming) -> None:
    """Let the words of a legal document be those of an edition; none wait without one."""
    editions, edition = coming.editions, None
    if editions is None:
        return
    if row.state == "published":
        edition = editions.of_words_in_view(db, page, version.edition)
    elif row.state == "waiting" and row.starts_at is not None:
        edition = editions.of_words_that_wait(db, version.edition, row.starts_at)
        if edition is None:
            coming.notes.say("as_draft", row.path, str(ONLY_EDITIONS_WAIT))
            row.state = _unseen(db, page, version.locale)
    row.edition_id = edition.id if edition is not None else None


def _why_unseen(db: Work, row: PageVersion) -> Text:
    """Say what must be mended before visitors may see a version; nothing where all is well."""
    try:
        require_complete(row)
    except Refused as no:
        return no.message
    silent = undescribed(db, row.blocks, row.locale)
    return _("“%(name)s” has no words for those who cannot see it.", name=silent[0][1]) if silent else ""


def _state(db: Work, page: Page, version: ArrivingVersion, choices: Choices) -> str:
    has_draft = find_version(db, page, version.locale, "draft") is not None
    if choices.publishes and version.state == "published":
        return "published"
    if (
        choices.publishes
        and version.state == "waiting"
        and version.starts_at is not None
        and version.starts_at > db.now
    ):
        return "waiting"
    return "past" if has_draft else "draft"


def _since(db: Work, version: ArrivingVersion) -> Any:
    return version.since if version.since is not None and version.since <= db.now else db.now


def _row(db: Work, page: Page, version: ArrivingVersion, coming: _Coming) -> PageVersion:
    place = f"{version.locale} {version.path}"
    silent = Notes()
    translated = version.translated_from
    return PageVersion(
        page_id=page.id,
        locale=version.locale,
        path="",
        title=version.title[: LONGEST_TITLE * 2],
        description=version.description,
        blocks=blocks_kept(version.blocks, coming.files, coming.notes, place),
        settings=settings_kept(version.settings, coming.files, coming.notes, place),
        translated_from=blocks_kept(translated, coming.files, silent, place) if translated is not None else None,
        edited_at=db.now,
        edited_by=db.actor.name,
    )


def _path(db: Work, page: Page, version: ArrivingVersion) -> str:
    """Return an address that a version may have: its own, where it is free and the shop does not use it itself."""
    if is_special(page.key):
        return page.key
    path = normal_path(version.path)
    if path == HOME:
        if not _has_home(db, page):
            return HOME
        path = "/home"
    if not is_allowed(path):
        steps: Sequence[str] = [slug for step in path.split("/")[:DEEPEST] if (slug := slug_of(step))]
        path = "/" + "/".join(steps)
        if not is_allowed(path) or path == HOME:
            path = f"/{slug_of(version.title) or 'page'}"
    return free_path(db, path, version.locale, page=page)


def _has_home(db: Work, page: Page) -> bool:
    """Whether another page is the home page, in any language, or waits in the bin to be it again."""
    others = select(PageVersion.id).where(PageVersion.reseller_id == db.reseller_id, PageVersion.path == HOME)
    return db.scalar(others.where(PageVersion.page_id != page.id, PageVersion.state.in_(LIVING)).limit(1)) is not None
