"""Editions: begun, mended, planned, cancelled; each word under the edition it belongs to."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cms.drafts import find_version
from cms.events import EditionAnnounced
from cms.legal import read_document, text_of
from cms.legal_models import LegalEdition
from cms.legal_publishing import Plan, cancel_edition, change_acceptance, publish_document, ready_drafts
from cms.models import PageVersion
from cms.publishing import publish_draft, publish_due
from storefront.core.db import Work
from storefront.core.errors import Conflict, Refused
from storefront.core.outbox import OutboxEvent
from tests.cms.legal_desk import publish_words, terms_page, write_words

MONTH = timedelta(days=30)


def labels(db: Work) -> list[str]:
    _page, document = terms_page(db)
    return [each.label for each in read_document(db, document).editions]


def seen(db: Work, locale: str = "en") -> str:
    page, _document = terms_page(db)
    version = find_version(db, page, locale, "published")
    return str(version.blocks[0]["html"]) if version else ""


def announced(db: Work) -> list[str]:
    rows = db.scalars(select(OutboxEvent).where(OutboxEvent.name == EditionAnnounced.name))
    return [str(row.payload["edition_id"]) for row in rows]


def test_new_edition_holds_at_once_and_the_one_before_stays_readable(db: Work) -> None:
    first = publish_words(db, "One.", "1")
    first.in_force_at = db.now - MONTH

    second = publish_words(db, "Two.", "2")

    _page, document = terms_page(db)
    assert read_document(db, document).now is second
    assert seen(db) == "<p>Two.</p>"
    old = text_of(db, first, ["en"])
    assert old is not None
    assert old.blocks[0]["html"] == "<p>One.</p>"
    assert announced(db) == [str(first.id), str(second.id)]


def test_planned_edition_comes_into_force_by_itself_at_its_moment(db: Work) -> None:
    first = publish_words(db, "One.", "1")
    second = publish_words(db, "Two.", "2", at=db.now + MONTH)
    _page, document = terms_page(db)
    assert (read_document(db, document).now, read_document(db, document).coming) == (first, [second])
    assert seen(db) == "<p>One.</p>"

    second.in_force_at = db.now - timedelta(seconds=1)
    waiting = find_version(db, terms_page(db)[0], "en", "waiting")
    assert waiting is not None
    waiting.starts_at = second.in_force_at
    db.flush()
    # Until the schedule has looked, readers still see the first: that is what they would accept.
    assert read_document(db, document).now is first
    publish_due(db)

    held = read_document(db, document)
    assert (held.now, held.coming) == (second, [])
    assert seen(db) == "<p>Two.</p>"


def test_word_mended_now_leaves_what_waits_alone(db: Work) -> None:
    publish_words(db, "We sel names.", "1")
    second = publish_words(db, "We sell more.", "2", at=db.now + MONTH)

    publish_words(db, "We sell names.", deed="mend")

    page, document = terms_page(db)
    assert labels(db) == ["2", "1"]
    assert seen(db) == "<p>We sell names.</p>"
    waiting = find_version(db, page, "en", "waiting")
    assert waiting is not None
    assert (waiting.edition_id, waiting.blocks[0]["html"]) == (second.id, "<p>We sell more.</p>")
    draft = write_words(db, page, "We sell names, too.")
    publish_draft(db, draft, revision=draft.revision)
    assert read_document(db, document).coming == [second]


def test_words_of_the_edition_to_come_are_mended(db: Work) -> None:
    publish_words(db, "One.", "1")
    second = publish_words(db, "Tow.", "2", at=db.now + MONTH)

    publish_words(db, "Two.", deed="mend_next")

    text = text_of(db, second, ["en"])
    assert text is not None
    assert text.blocks[0]["html"] == "<p>Two.</p>"
    assert text.starts_at == second.in_force_at
    assert len(announced(db)) == 2


def test_cancelled_edition_never_comes_and_gives_its_label_back(db: Work) -> None:
    first = publish_words(db, "One.", "1")
    second = publish_words(db, "Two.", "2", at=db.now + MONTH)
    page, document = terms_page(db)

    cancel_edition(db, document, second.id)
    publish_due(db)

    assert find_version(db, page, "en", "waiting") is None
    assert read_document(db, document).now is first
    assert text_of(db, second, ["en"]) is None
    again = publish_words(db, "Two, once more.", "2", at=db.now + MONTH)
    assert labels(db) == ["2", "1"]
    assert again.id != second.id


def test_edition_in_force_is_not_cancelled(db: Work) -> None:
    first = publish_words(db, "One.", "1")

    with pytest.raises(Refused):
        cancel_edition(db, terms_page(db)[1], first.id)


@pytest.mark.parametrize(
    ("label", "locale", "days", "field"),
    [
        ("", "en", 0, "label"),
        ("no/label", "en", 0, "label"),
        ("1", "en", 0, "label"),
        ("3", "pl", 0, "languages"),
        ("3", "en", 5, "at"),
        ("3", "en", -5, "at"),
    ],
)
def test_edition_that_cannot_be_is_refused(db: Work, label: str, locale: str, days: int, field: str) -> None:
    publish_words(db, "One.", "1")
    publish_words(db, "Two.", "2", at=db.now + MONTH)
    if days < 0:
        cancel_edition(db, terms_page(db)[1], db.scalars(select(LegalEdition).where(LegalEdition.label == "2"))[0].id)

    with pytest.raises(Refused) as no:
        publish_words(db, "Three.", label, locale=locale, at=db.now + timedelta(days=days) if days else None)

    assert no.value.field == field


def test_nothing_to_mend_is_refused(db: Work) -> None:
    with pytest.raises(Refused):
        publish_words(db, "One.", deed="mend")
    with pytest.raises(Refused):
        publish_words(db, "One.", deed="mend_next")


def test_who_saw_an_older_draft_publishes_nothing(db: Work) -> None:
    page, document = terms_page(db)
    draft = write_words(db, page, "One.")

    with pytest.raises(Conflict):
        publish_document(db, document, Plan(deed="new", revisions={"en": draft.revision - 1}, label="1"))
    with pytest.raises(Conflict):
        publish_document(db, document, Plan(deed="new", revisions={"en": draft.revision, "pl": 1}, label="1"))
    with pytest.raises(Refused):
        publish_document(db, document, Plan(deed="new", revisions={}, label="1"))


def test_all_languages_of_an_edition_come_together(db: Work) -> None:
    page, document = terms_page(db)
    drafts = {locale: write_words(db, page, words, locale) for locale, words in (("en", "One."), ("pl", "Raz."))}

    edition = publish_document(
        db, document, Plan(deed="new", revisions={locale: each.revision for locale, each in drafts.items()}, label="1")
    )

    assert [seen(db), seen(db, "pl")] == ["<p>One.</p>", "<p>Raz.</p>"]
    assert {each.edition_id for each in db.scalars(select(PageVersion).where(PageVersion.page_id == page.id))} == {
        edition.id
    }


def test_only_drafts_that_say_something_new_are_offered(db: Work) -> None:
    publish_words(db, "One.", "1")
    page, document = terms_page(db)
    write_words(db, page, "One.")
    assert [*ready_drafts(db, read_document(db, document), ["en", "pl"])] == []

    write_words(db, page, "Raz.", "pl")

    assert [*ready_drafts(db, read_document(db, document), ["en", "pl"])] == ["pl"]


def test_document_that_nobody_accepts_is_announced_to_nobody(db: Work) -> None:
    _page, document = terms_page(db)
    change_acceptance(db, document, needs_acceptance=False)

    publish_words(db, "One.", "1")

    assert announced(db) == []


def test_document_with_a_gap_of_its_pattern_is_not_published(db: Work) -> None:
    with pytest.raises(Refused, match="name of your company") as refused:
        publish_words(db, "We are [name of your company].", "1")

    assert refused.value.field == "blocks"
    assert publish_words(db, "The law says so [1] [sic].", "2").label == "2"
