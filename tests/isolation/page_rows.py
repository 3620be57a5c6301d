"""Rows of the public site for an estate: one of each kind, with the shop's mark."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from cms.legal_models import EditionNotice, LegalDocument, LegalEdition
from cms.models import DraftLink, MediaFile, NewsCategory, Page, PageVersion, Redirect, VisitorMessage
from cms.move_models import SiteMove
from cms.site_moves import SHELF as MOVES
from storefront.core import large_files
from storefront.core.db import Work
from storefront.core.text import LocalizedText


def of_shop(db: Work, mark: str) -> dict[str, UUID]:
    """Make one of everything about pages that is a shop's own; ``version_id`` is the draft of its own page."""
    page = db.scalar(select(Page).where(Page.key == mark)) or db.add(Page(key=mark, created_at=db.now))
    db.flush()
    draft = db.add(
        PageVersion(
            page_id=page.id, locale="en", path=f"/{mark}", title=mark, description=mark, blocks=[], edited_at=db.now
        )
    )
    category = db.add(NewsCategory(slug=mark, title=LocalizedText(en=mark), position=0))
    redirect = db.add(Redirect(path=f"/{mark}-old", target=f"/{mark}", created_at=db.now))
    media = db.add(
        MediaFile(name=mark, kind="image/png", digest="0" * 64, size=1, width=1, height=1, alt={}, created_at=db.now)
    )
    message = db.add(VisitorMessage(page_id=page.id, block_id="b1", locale="en", words=mark, sent_at=db.now))
    link = db.add(
        DraftLink(page_id=page.id, locale="en", made_at=db.now, made_by=mark, until=db.now + timedelta(days=7))
    )
    digest, size = large_files.keep_large(db.config, db.reseller_id, [mark.encode()], shelf=MOVES)
    move = db.add(SiteMove(kind="archive", name=mark, state="done", digest=digest, size=size, asked_at=db.now))
    move.asked_by = move.why = mark
    db.flush()
    document, edition = _document(db, mark)
    return {
        "legal_id": document.id,
        "edition_id": edition.id,
        "page_id": page.id,
        "version_id": draft.id,
        "news_category_id": category.id,
        "redirect_id": redirect.id,
        "media_id": media.id,
        "link_id": link.id,
        "visitor_message_id": message.id,
        "move_id": move.id,
    }


def of_person(db: Work, customer_id: UUID, edition_id: UUID) -> None:
    """Note that a customer was told of the shop's edition."""
    db.add(EditionNotice(edition_id=edition_id, customer_id=customer_id, told_at=db.now))


def _document(db: Work, mark: str) -> tuple[LegalDocument, LegalEdition]:
    """A legal document with one edition in force and a draft."""
    page = db.add(Page(key=f"{mark}-legal", created_at=db.now))
    db.flush()
    document = db.add(
        LegalDocument(page_id=page.id, kind="other", slug=f"{mark}-legal", needs_acceptance=False, created_at=db.now)
    )
    db.flush()
    edition = db.add(
        LegalEdition(document_id=document.id, label=mark, in_force_at=db.now, made_at=db.now, made_by=mark)
    )
    db.flush()
    words = {"page_id": page.id, "locale": "en", "path": f"/{mark}-legal", "title": mark, "description": mark}
    seen = {"state": "published", "published_at": db.now, "edition_id": edition.id}
    for more in ({}, seen):
        db.add(PageVersion(**words, blocks=[], edited_at=db.now, **more))
    db.flush()
    return document, edition
