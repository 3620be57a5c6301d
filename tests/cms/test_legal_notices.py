"""Customers hear of a new edition once: whoever asks twice, whoever is killed in between."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from cms import legal_notices
from cms.events import EditionAnnounced, EditionWithdrawn
from cms.legal import text_of
from cms.legal_models import EditionNotice, LegalEdition
from cms.legal_notices import accept_edition, changes_for, count_concerned, tell_of_edition, tell_of_withdrawal
from cms.legal_publishing import cancel_edition
from storefront.core import stops
from storefront.core.db import Database, Work
from storefront.core.errors import NotFound
from storefront.core.events import Event
from storefront.core.outbox import OutboxEvent
from storefront.customers.consents import record_consent
from storefront.customers.events import AgreementChanges, AgreementStays
from storefront.customers.models import Consent, Customer
from tests import factories
from tests.cms.legal_desk import publish_words, terms_page
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop

MONTH = timedelta(days=30)


def customer_of(db: Work, edition: LegalEdition | None, *, locale: str = "en", version: str = "1") -> Customer:
    """Make a customer who accepted an edition, or terms before there were editions."""
    customer = factories.make_customer(db, locale=locale)
    text = text_of(db, edition, [locale, "en"]) if edition else None
    record_consent(
        db, customer.id, "terms", version=version, wording="I accept.", text_id=text.id if text is not None else None
    )
    db.flush()
    return customer


@pytest.fixture
def shop(database: Database) -> Shop:
    """A shop of one's own: what is counted is all there is."""
    return open_shop(database)


def announce_second(database: Database, shop: Shop, customers: int = 3) -> UUID:
    """Publish two editions with some customers of the first, and return the event of the second."""
    with database.work(shop.id) as db:
        first = publish_words(db, "One.", "1")
        publish_words(db, "Raz.", deed="mend", locale="pl")
        first.in_force_at = db.now - MONTH
        for number in range(customers):
            customer_of(db, first, locale="pl" if number == 0 else "fr" if number == 1 else "en")
        second = publish_words(db, "Two.", "2", at=db.now + MONTH)
        event = db.scalars(
            select(OutboxEvent).where(OutboxEvent.name == EditionAnnounced.name).order_by(OutboxEvent.id)
        )
        found = next(each for each in event if each.payload["edition_id"] == str(second.id))
        db.commit()
        return found.id


def told(database: Database, shop: Shop, what: type[Event] = AgreementChanges) -> list[str]:
    """Who was told, by the letters that were asked for."""
    with database.work(shop.id) as db:
        rows = db.scalars(select(OutboxEvent.payload).where(OutboxEvent.name == what.name))
        return sorted(str(row["customer_id"]) for row in rows)


def everybody(database: Database, shop: Shop) -> list[str]:
    with database.work(shop.id) as db:
        return sorted(str(each) for each in db.scalars(select(Customer.id)))


def test_everybody_who_accepted_an_older_edition_is_told_once(database: Database, shop: Shop) -> None:
    event = announce_second(database, shop)

    tell_of_edition(database, shop.id, str(event))
    tell_of_edition(database, shop.id, str(event))

    assert told(database, shop) == everybody(database, shop)
    with database.work(shop.id) as db:
        payload = db.scalars(select(OutboxEvent.payload).where(OutboxEvent.name == AgreementChanges.name))[0]
        assert payload["path"] == "/legal/terms/2/"
        assert payload["changes_path"] == "/legal/terms/2/changes"
        assert (payload["title"], payload["label"]) == ("Terms", "2")


def test_two_workers_tell_nobody_twice(database: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legal_notices, "AT_ONCE", 1)
    event = announce_second(database, shop)

    workers = [Thread(target=tell_of_edition, args=(database, shop.id, str(event))) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert told(database, shop) == everybody(database, shop)


@pytest.fixture
def killed_once() -> Iterator[list[str]]:
    """Let a process end before its second group of customers is committed."""
    seen: list[str] = []

    def stop(label: str) -> None:
        seen.append(label)
        if seen.count("edition.before_commit") == 2 and label == "edition.before_commit":
            raise stops.Stopped

    end = stops.listen(stop)
    yield seen
    end()


def test_killed_worker_leaves_nobody_out_and_nobody_twice(
    database: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch, killed_once: list[str]
) -> None:
    monkeypatch.setattr(legal_notices, "AT_ONCE", 1)
    event = announce_second(database, shop)
    with pytest.raises(stops.Stopped):
        tell_of_edition(database, shop.id, str(event))
    assert len(told(database, shop)) == 1

    tell_of_edition(database, shop.id, str(event))

    assert "edition.told_some" in killed_once
    assert told(database, shop) == everybody(database, shop)


def test_cancelled_edition_is_told_to_nobody(database: Database, shop: Shop) -> None:
    event = announce_second(database, shop)
    with database.work(shop.id) as db:
        edition = db.scalars(select(LegalEdition).where(LegalEdition.label == "2"))[0]
        cancel_edition(db, terms_page(db)[1], edition.id)
        db.commit()

    tell_of_edition(database, shop.id, str(event))
    tell_of_withdrawal(database, shop.id, str(withdrawn(database, shop)))

    assert told(database, shop) == []
    assert told(database, shop, AgreementStays) == []


def withdrawn(database: Database, shop: Shop) -> UUID:
    """The event that says that an edition does not come."""
    with database.work(shop.id) as db:
        return db.scalars(select(OutboxEvent.id).where(OutboxEvent.name == EditionWithdrawn.name))[0]


def announce_and_cancel(database: Database, shop: Shop) -> UUID:
    """Tell three customers of a second edition, cancel it, and return the event of that."""
    event = announce_second(database, shop)
    tell_of_edition(database, shop.id, str(event))
    with database.work(shop.id) as db:
        edition = db.scalars(select(LegalEdition).where(LegalEdition.label == "2"))[0]
        cancel_edition(db, terms_page(db)[1], edition.id)
        cancel_edition(db, terms_page(db)[1], edition.id)
        db.commit()
    return withdrawn(database, shop)


def test_whoever_was_told_of_an_edition_is_told_once_that_it_does_not_come(database: Database, shop: Shop) -> None:
    event = announce_and_cancel(database, shop)

    tell_of_withdrawal(database, shop.id, str(event))
    tell_of_withdrawal(database, shop.id, str(event))

    assert told(database, shop, AgreementStays) == told(database, shop) == everybody(database, shop)
    with database.work(shop.id) as db:
        payload = db.scalars(select(OutboxEvent.payload).where(OutboxEvent.name == AgreementStays.name))[0]
        assert (payload["title"], payload["label"], payload["path"]) == ("Terms", "2", "/legal/terms/")


def test_withdrawal_interrupted_or_told_by_two_leaves_nobody_out_and_nobody_twice(
    database: Database, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = announce_and_cancel(database, shop)
    monkeypatch.setattr(legal_notices, "AT_ONCE", 1)
    seen: list[str] = []

    def stop(label: str) -> None:
        seen.append(label)
        if label == "edition.before_commit" and seen.count(label) == 2:
            raise stops.Stopped

    end = stops.listen(stop)
    with pytest.raises(stops.Stopped):
        tell_of_withdrawal(database, shop.id, str(event))
    end()
    assert len(told(database, shop, AgreementStays)) == 1

    workers = [Thread(target=tell_of_withdrawal, args=(database, shop.id, str(event))) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()

    assert told(database, shop, AgreementStays) == everybody(database, shop)


def test_closed_customer_is_not_told_that_an_edition_does_not_come(database: Database, shop: Shop) -> None:
    event = announce_and_cancel(database, shop)
    with database.work(shop.id) as db:
        db.scalars(select(Customer).order_by(Customer.id))[0].closed_at = db.now
        db.commit()

    tell_of_withdrawal(database, shop.id, str(event))

    assert len(told(database, shop, AgreementStays)) == 2
    with database.work(shop.id) as db:
        assert db.scalar(select(func.count()).select_from(EditionNotice)) == 0


def test_closed_customer_stranger_and_who_accepted_already_are_not_told(database: Database, shop: Shop) -> None:
    event = announce_second(database, shop)
    with database.work(shop.id) as db:
        edition = db.scalars(select(LegalEdition).where(LegalEdition.label == "2"))[0]
        closed, accepted, _waiting = db.scalars(select(Customer).order_by(Customer.id))
        closed.closed_at = db.now
        accept_edition(db, accepted, edition.id, "en")
        factories.make_customer(db)
        db.commit()

    tell_of_edition(database, shop.id, str(event))

    assert len(told(database, shop)) == 1
    with database.work(shop.id) as db:
        assert db.scalar(select(func.count()).select_from(EditionNotice)) == 1


def test_whoever_accepted_before_there_were_editions_is_concerned(db: Work) -> None:
    edition = publish_words(db, "One.", "1")
    before = count_concerned(db, terms_page(db)[1])

    old = customer_of(db, None, version="2026-01")
    customer_of(db, None, version="unpublished")

    assert count_concerned(db, terms_page(db)[1]) == before + 1
    assert [each.edition for each in changes_for(db, old.id, "en")] == [edition]


def test_panel_speaks_of_an_edition_until_it_is_accepted(db: Work) -> None:
    first = publish_words(db, "One.", "1")
    first.in_force_at = db.now - MONTH
    customer = customer_of(db, first)
    assert changes_for(db, customer.id, "en") == []
    second = publish_words(db, "Two.", "2", at=db.now + MONTH)
    (change,) = changes_for(db, customer.id, "pl")
    assert change.edition is second

    accept_edition(db, customer, second.id, "en")

    assert changes_for(db, customer.id, "en") == []
    consent = db.scalars(select(Consent).where(Consent.customer_id == customer.id).order_by(Consent.id.desc()))[0]
    assert (consent.kind, consent.version, consent.text_id) == ("terms", "2", change.text.id)
    with pytest.raises(NotFound):
        accept_edition(db, customer, second.id, "en")


def test_panel_falls_silent_a_month_after_the_day(db: Work) -> None:
    first = publish_words(db, "One.", "1")
    customer = customer_of(db, first)
    second = publish_words(db, "Two.", "2")
    db.execute(update(LegalEdition).where(LegalEdition.id == first.id).values(in_force_at=db.now - 3 * MONTH))
    db.session.expire_all()
    assert len(changes_for(db, customer.id, "en")) == 1

    second.in_force_at = db.now - MONTH - timedelta(hours=1)
    db.flush()

    assert changes_for(db, customer.id, "en") == []


def test_what_does_not_concern_a_customer_is_not_theirs_to_accept(db: Work) -> None:
    first = publish_words(db, "One.", "1")
    stranger = factories.make_customer(db)

    with pytest.raises(NotFound):
        accept_edition(db, stranger, first.id, "en")
