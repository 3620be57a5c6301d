"""What visitors write: kept once, told by letter, listed, deleted after a year."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cms.models import PageVersion, VisitorMessage
from cms.visitor_messages import (
    KEPT_FOR,
    Said,
    leave_message,
    mark_read,
    page_titles,
    remove_message,
    shops_with_old_messages,
    sweep_old_messages,
    visitor_messages,
)
from storefront.core.audit import AuditEntry
from storefront.core.db import Database, Work
from storefront.core.outbox import OutboxEvent
from tests.cms.block_shop import published
from tests.fixtures_app import Shop

SAID = Said(name="Aino", email="aino@example.test", words="How long?", consent="Yes.", answers={"topic": "A domain"})


@pytest.fixture
def version(db: Work) -> PageVersion:
    published(db, "/reach", {"kind": "contact_form", "consent": "Yes."})
    found = db.scalar(select(PageVersion).where(PageVersion.path == "/reach"))
    assert found is not None
    return found


def events(db: Work) -> int:
    return db.scalar(select(func.count()).where(OutboxEvent.name == "tenants.visitor_wrote")) or 0


def test_message_is_kept_and_told(db: Work, version: PageVersion) -> None:
    before = events(db)

    message = leave_message(db, version, "b1", SAID)

    assert (message.name, message.words, message.answers, message.consent) == (
        "Aino",
        "How long?",
        {"topic": "A domain"},
        "Yes.",
    )
    assert events(db) == before + 1
    assert page_titles(db, [message]) == {version.page_id: "A page"}


def test_event_says_nothing_in_the_open(db: Work, version: PageVersion) -> None:
    leave_message(db, version, "b1", SAID)

    payload = db.scalar(select(OutboxEvent.payload).where(OutboxEvent.name == "tenants.visitor_wrote"))

    assert "Aino" not in str(payload)
    assert "How long?" not in str(payload)


def test_same_words_twice_are_one_message(db: Work, version: PageVersion) -> None:
    first = leave_message(db, version, "b1", SAID)
    before = events(db)

    again = leave_message(db, version, "b1", SAID)

    assert again.id == first.id
    assert events(db) == before


def test_message_is_new_until_somebody_is_done_with_it(db: Work, version: PageVersion) -> None:
    message = leave_message(db, version, "b1", SAID)

    mark_read(db, message, is_read=True)

    assert message in visitor_messages(db, state="read").rows
    assert message not in visitor_messages(db, state="new").rows
    mark_read(db, message, is_read=False)
    assert message in visitor_messages(db, state="new").rows


def test_log_keeps_that_a_message_was_deleted_not_what_it_said(db: Work, version: PageVersion) -> None:
    message = leave_message(db, version, "b1", SAID)

    remove_message(db, message)

    assert db.find(VisitorMessage, message.id) is None
    entry = db.scalar(select(AuditEntry).where(AuditEntry.action == "visitor_message.removed"))
    assert entry is not None
    assert "How long?" not in str(entry.difference)


def test_messages_go_after_a_year(db: Work, version: PageVersion) -> None:
    old, young = (leave_message(db, version, f"b{num}", SAID) for num in (1, 2))
    old.sent_at = db.now - KEPT_FOR - timedelta(days=1)
    db.flush()
    old_id, young_id = old.id, young.id

    sweep_old_messages(db)

    db.session.expire_all()
    assert set(db.scalars(select(VisitorMessage.id).where(VisitorMessage.page_id == version.page_id))) == {young_id}
    assert old_id != young_id


def test_shops_with_old_messages_are_found(database: Database, shops: dict[str, Shop]) -> None:
    with database.work(shops["north"].id) as db:
        published(db, "/old-messages", {"kind": "contact_form", "consent": "Yes."})
        found = db.scalar(select(PageVersion).where(PageVersion.path == "/old-messages"))
        assert found is not None
        leave_message(db, found, "b1", SAID).sent_at = db.now - KEPT_FOR - timedelta(days=1)
        db.commit()

    with database.office_work() as db:
        assert shops["north"].id in shops_with_old_messages(db)
