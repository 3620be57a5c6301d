"""Terms of a shop, written and published in editions."""

from datetime import datetime

from cms.drafts import Writing, open_draft, save_draft
from cms.legal import make_document
from cms.legal_models import LegalDocument, LegalEdition
from cms.legal_publishing import Deed, Plan, publish_document
from cms.models import Page, PageVersion
from cms.queries import find_page
from cms.tree import new_page
from storefront.core.db import Work


def write_words(db: Work, page: Page, words: str, locale: str = "en", title: str = "Terms") -> PageVersion:
    """Write the words of a document into its draft."""
    draft = open_draft(db, page, locale)
    db.flush()
    path = draft.path or f"/terms-{locale}"
    blocks = [{"kind": "rich_text", "id": "b1", "title": "", "html": f"<p>{words}</p>"}]
    save_draft(db, draft, Writing(path=path, title=title, blocks=blocks), revision=draft.revision)
    return draft


def terms_page(db: Work) -> tuple[Page, LegalDocument]:
    """Return the terms of a shop, made where there are none."""
    page = find_page(db, "terms") or db.require(Page, new_page(db, "Terms", "en", key="terms").page_id)
    return page, make_document(db, page, "terms")


def publish_words(
    db: Work, words: str, label: str = "", *, at: datetime | None = None, deed: Deed = "new", locale: str = "en"
) -> LegalEdition:
    """Write terms and publish them: as a new edition, or as a word mended."""
    page, document = terms_page(db)
    draft = write_words(db, page, words, locale)
    plan = Plan(deed=deed, revisions={locale: draft.revision}, label=label, at=at)
    return publish_document(db, document, plan)
