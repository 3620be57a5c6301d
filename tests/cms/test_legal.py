"""Legal documents: which edition a page belongs to, what stays readable, and what is never lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cms.drafts import Writing, find_version, open_draft, save_draft
from cms.legal import document_of, editions_of, find_document, read_document, text_of
from cms.legal_models import LegalDocument
from cms.models import Page, PageVersion
from cms.publishing import cancel_schedule, publish_draft, schedule_draft, unpublish
from cms.tree import new_page, sweep_bin, trash_page
from storefront.core.db import Work
from storefront.core.errors import Refused

MONTH = timedelta(days=30)


def words(text: str) -> list[dict[str, str]]:
    return [{"kind": "rich_text", "id": "b1", "title": "", "html": f"<p>{text}</p>"}]


def write(db: Work, page: Page, text: str, locale: str = "en") -> PageVersion:
    """Write the words of a page into its draft."""
    draft = open_draft(db, page, locale)
    path = draft.path or f"/terms-{locale}"
    save_draft(db, draft, Writing(path=path, title="Terms", blocks=words(text)), revision=draft.revision)
    return draft


def terms(db: Work, text: str = "We sell names.") -> tuple[Page, LegalDocument]:
    """Publish the first edition of the terms."""
    page = db.require(Page, new_page(db, "Terms", "en", key="terms").page_id)
    draft = write(db, page, text)
    publish_draft(db, draft, revision=draft.revision)
    document = find_document(db, page.id)
    assert document is not None
    return page, document


def text(version: PageVersion | None) -> str:
    assert version is not None
    return str(version.blocks[0]["html"])


def test_page_of_a_kind_is_a_document_and_its_first_publication_an_edition(db: Work) -> None:
    _page, document = terms(db)

    held = read_document(db, document)

    assert (document.kind, document.slug, document.needs_acceptance) == ("terms", "terms", True)
    assert [each.label for each in held.editions] == [f"{db.today:%Y-%m}"]
    assert held.now is held.editions[0]
    assert held.now.in_force_at == db.now


def test_page_of_no_kind_is_none(db: Work) -> None:
    page = db.require(Page, new_page(db, "About", "en").page_id)

    assert document_of(db, page) is None
    assert find_document(db, page.id) is None


def test_mended_word_stays_in_its_edition_and_is_what_readers_find(db: Work) -> None:
    page, document = terms(db, "We sel names.")
    draft = write(db, page, "We sell names.")

    publish_draft(db, draft, revision=draft.revision)

    (edition,) = editions_of(db, document)
    assert text(text_of(db, edition, ["en"])) == "<p>We sell names.</p>"
    said = db.scalars(select(PageVersion.edition_id).where(PageVersion.page_id == page.id))
    assert set(said) == {edition.id}


def test_document_is_scheduled_only_as_an_edition(db: Work) -> None:
    page, _document = terms(db)
    draft = write(db, page, "We sell more.")

    with pytest.raises(Refused) as no:
        schedule_draft(db, draft, db.now + MONTH, revision=draft.revision)

    assert no.value.field == "at"
    cancel_schedule(db, page, "en")
    assert find_version(db, page, "en", "published") is not None


def test_words_that_were_in_force_are_not_written_over_after_they_are_taken_from_view(db: Work) -> None:
    page, document = terms(db)
    seen = find_version(db, page, "en", "published")
    assert seen is not None

    unpublish(db, page, "en")
    write(db, page, "Something else.")

    assert seen.state == "past"
    assert text(seen) == "<p>We sell names.</p>"
    (edition,) = editions_of(db, document)
    assert text_of(db, edition, ["en"]) is seen
    assert read_document(db, document).now is None


def test_document_with_an_edition_is_not_put_into_the_bin(db: Work) -> None:
    page, _document = terms(db)
    below = db.require(Page, new_page(db, "Below", "en").page_id)
    page.parent_id = below.id
    db.flush()

    for each in (page, below):
        with pytest.raises(Refused):
            trash_page(db, each)


def test_document_without_an_edition_leaves_with_its_page(db: Work) -> None:
    page = db.require(Page, new_page(db, "Terms", "en", key="terms").page_id)
    assert document_of(db, page) is not None
    trash_page(db, page)
    page.trashed_at = db.now - 2 * MONTH
    db.flush()

    sweep_bin(db)

    assert find_document(db, page.id) is None
