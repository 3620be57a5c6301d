"""What the tests of the pages' office set up: pages that are seen, and how they lie."""

from uuid import UUID

from sqlalchemy import delete, select

from cms.drafts import Writing, save_draft
from cms.legal_models import LegalDocument, LegalEdition
from cms.models import DraftLink, Page, PageVersion, Redirect
from cms.publishing import publish_draft
from cms.tree import Branch, new_page, read_tree
from storefront.core.db import Database, Work
from tests.fixtures_app import Shop


def live_page(database: Database, shop: Shop, title: str, parent: UUID | None = None, locale: str = "en") -> UUID:
    """Publish a page with one block."""
    with database.work(shop.id) as db:
        draft = new_page(db, title, locale, parent=db.find(Page, parent))
        writing = Writing(path=draft.path, title=title, blocks=[{"kind": "hero", "title": f"{title} says hello"}])
        save_draft(db, draft, writing, revision=0)
        page_id = publish_draft(db, draft, revision=1).page_id
        db.commit()
    return page_id


def page_keys(db: Work) -> set[str]:
    """Name all pages of a shop."""
    return set(db.scalars(select(Page.key)))


def forget_pages(database: Database, shop: Shop, but: set[str]) -> None:
    """Take away what a test made."""
    with database.work(shop.id) as db:
        made = [page.id for page in db.scalars(select(Page).where(Page.key.not_in(but)))]
        db.execute(delete(DraftLink).where(DraftLink.page_id.in_(made)))
        db.execute(delete(PageVersion).where(PageVersion.page_id.in_(made)))
        documents = select(LegalDocument.id).where(LegalDocument.page_id.in_(made))
        db.execute(delete(LegalEdition).where(LegalEdition.document_id.in_(documents)))
        db.execute(delete(LegalDocument).where(LegalDocument.page_id.in_(made)))
        db.execute(delete(Page).where(Page.id.in_(made)))
        db.execute(delete(Redirect))
        db.commit()


def lie(database: Database, shop: Shop, made: list[UUID], *, in_bin: bool = False) -> list[object]:
    """Return the made pages as nested lists of titles, in their order."""

    def told(branches: list[Branch]) -> list[object]:
        found: list[object] = []
        for branch in branches:
            version = branch.shown_in("en")
            title = version.title if version else ""
            if branch.page.id in made:
                found.append([title, told(branch.children)] if branch.children else title)
        return found

    with database.work(shop.id) as db:
        return told(read_tree(db, in_bin=in_bin))
