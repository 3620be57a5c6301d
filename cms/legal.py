"""Legal documents and their editions: found, made, and which edition a page that is published belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import defer

from cms.legal_models import LegalDocument, LegalEdition
from cms.legal_rules import KINDS, OTHER, edition_at, editions_to_come, in_order, next_label
from cms.models import Page, PageVersion
from cms.paths import slug_of
from storefront.core.audit import record
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.ids import uuid7

STAYS_READABLE = _("This is a legal document, and its editions stay readable. You can take it from view instead.")


@dataclass(frozen=True, kw_only=True)
class Held:
    """A legal document with its editions, the last one first; ``texts`` are the words in view, by language."""

    document: LegalDocument
    editions: Sequence[LegalEdition]
    texts: Mapping[str, PageVersion]
    now: LegalEdition | None
    coming: Sequence[LegalEdition]


def find_document(db: Work, page_id: UUID) -> LegalDocument | None:
    """Return what makes a page a legal document, if it is one."""
    return db.scalar(
        select(LegalDocument).where(LegalDocument.reseller_id == db.reseller_id, LegalDocument.page_id == page_id)
    )


def find_document_by_slug(db: Work, slug: str) -> LegalDocument | None:
    """Return the document at an address below /legal."""
    return db.scalar(
        select(LegalDocument).where(LegalDocument.reseller_id == db.reseller_id, LegalDocument.slug == slug)
    )


def make_document(db: Work, page: Page, kind: str, *, title: str = "") -> LegalDocument:
    """Make a page a legal document; one that is one already stays what it is."""
    found = find_document(db, page.id)
    if found is not None:
        return found
    wanted = KINDS[kind].slug or slug_of(title) or "document"
    taken = set(db.scalars(select(LegalDocument.slug).where(LegalDocument.reseller_id == db.reseller_id)))
    slug = (
        wanted if wanted not in taken else next(each for n in range(2, 999) if (each := f"{wanted}-{n}") not in taken)
    )
    document = db.add(
        LegalDocument(
            page_id=page.id,
            kind=kind,
            slug=slug,
            needs_acceptance=KINDS[kind].needs_acceptance,
            created_at=db.now,
        )
    )
    db.flush()
    record(db, "legal.document_made", document, after={"kind": kind, "slug": slug})
    return document


def document_of(db: Work, page: Page) -> LegalDocument | None:
    """Return the document that a page is: one with the key of a kind is of that kind, whoever made it."""
    found = find_document(db, page.id)
    if found is None and page.key in KINDS and page.key != OTHER:
        return make_document(db, page, page.key)
    return found


def editions_of(db: Work, document: LegalDocument) -> list[LegalEdition]:
    """List the editions of a document that were not cancelled, the last one first."""
    statement = select(LegalEdition).where(
        LegalEdition.reseller_id == db.reseller_id, LegalEdition.document_id == document.id
    )
    return in_order(db.scalars(statement))


def make_edition(db: Work, document: LegalDocument, label: str) -> LegalEdition:
    """Begin an edition that is in force from now on."""
    edition = db.add(
        LegalEdition(
            id=uuid7(),
            document_id=document.id,
            label=label,
            in_force_at=db.now,
            made_at=db.now,
            made_by=db.actor.name,
        )
    )
    db.flush()
    return edition


def edition_to_publish(db: Work, page: Page) -> LegalEdition | None:
    """Return the edition whose words a page says when it is simply published; none for a page that binds nobody.

    Whoever publishes without a word about editions mends or translates the one in force; the first one begins with it.
    """
    document = document_of(db, page)
    if document is None:
        return None
    editions = editions_of(db, document)
    return edition_at(editions, db.now) or make_edition(
        db, document, next_label([each.label for each in editions], db.today)
    )


def text_of(db: Work, edition: LegalEdition, locales: Sequence[str]) -> PageVersion | None:
    """Return the words of an edition in the first of these languages that has them: as they were mended last."""
    found = db.scalars(
        select(PageVersion)
        .where(
            PageVersion.reseller_id == db.reseller_id,
            PageVersion.edition_id == edition.id,
            PageVersion.locale.in_(locales),
            or_(PageVersion.published_at.is_not(None), PageVersion.state == "waiting"),
        )
        .order_by(PageVersion.published_at.asc().nulls_first(), PageVersion.id)
    )
    by_locale = {version.locale: version for version in found}
    return next((by_locale[locale] for locale in locales if locale in by_locale), None)


def read_documents(db: Work) -> list[Held]:
    """Read all legal documents outside the bin, in the order of their kinds; in three questions."""
    rows = db.scalars(
        select(LegalDocument)
        .join(Page, (Page.reseller_id == LegalDocument.reseller_id) & (Page.id == LegalDocument.page_id))
        .where(LegalDocument.reseller_id == db.reseller_id, Page.trashed_at.is_(None))
    )
    editions: dict[UUID, list[LegalEdition]] = {}
    for edition in db.scalars(select(LegalEdition).where(LegalEdition.reseller_id == db.reseller_id)):
        editions.setdefault(edition.document_id, []).append(edition)
    texts: dict[UUID, dict[str, PageVersion]] = {}
    live = _titles().where(PageVersion.reseller_id == db.reseller_id, PageVersion.state == "published")
    for version in db.scalars(live.where(PageVersion.page_id.in_([row.page_id for row in rows]))):
        texts.setdefault(version.page_id, {})[version.locale] = version
    kinds = list(KINDS)
    ordered = sorted(rows, key=lambda row: (kinds.index(row.kind), row.created_at))
    return [held(db, row, editions.get(row.id, []), texts.get(row.page_id, {})) for row in ordered]


def held(db: Work, document: LegalDocument, editions: Sequence[LegalEdition], texts: Mapping[str, PageVersion]) -> Held:
    """Say which edition of a document is in force, as readers see it, and which are to come.

    What is in view counts, not the clock alone: between a moment and the look of the schedule, readers still see the
    edition before, and it is that one that they accept.
    """
    kept = in_order(editions)
    shown = {version.edition_id for version in texts.values()}
    now = next((each for each in kept if each.id in shown), None)
    return Held(
        document=document,
        editions=kept,
        texts=texts,
        now=now,
        coming=[each for each in editions_to_come(kept, db.now) if each is not now],
    )


def read_document(db: Work, document: LegalDocument) -> Held:
    """Read one document with its editions and what is in view of it."""
    live = _titles().where(
        PageVersion.reseller_id == db.reseller_id,
        PageVersion.page_id == document.page_id,
        PageVersion.state == "published",
    )
    texts = {version.locale: version for version in db.scalars(live)}
    return held(db, document, editions_of(db, document), texts)


def _titles() -> Select[PageVersion]:
    """Ask for versions without their words: whoever reads them asks for one (``text_of``)."""
    return select(PageVersion).options(defer(PageVersion.blocks), defer(PageVersion.translated_from))


def refuse_to_lose(db: Work, pages: Sequence[Page]) -> None:
    """Raise ``Refused`` where one of these pages is a document that readers have gone by: it must stay readable."""
    found = db.scalar(
        select(LegalEdition.id)
        .join(
            LegalDocument,
            (LegalDocument.reseller_id == LegalEdition.reseller_id) & (LegalDocument.id == LegalEdition.document_id),
        )
        .where(LegalEdition.reseller_id == db.reseller_id, LegalDocument.page_id.in_([page.id for page in pages]))
        .limit(1)
    )
    if found is not None:
        raise Refused(STAYS_READABLE)
