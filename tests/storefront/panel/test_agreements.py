"""What a customer agreed to, in their panel: with the way to the words, and new editions to accept."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from cms.legal import text_of
from storefront.core.db import Database
from storefront.customers.consents import record_consent
from tests.cms.legal_desk import publish_words
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop
from tests.fixtures_sale import BuyerInBrowser

MONTH = timedelta(days=30)


@pytest.fixture
def shop(database: Database) -> Shop:
    """A shop with an edition in force."""
    opened = open_shop(database)
    with database.work(opened.id) as db:
        publish_words(db, "One.", "1").in_force_at = db.now - 2 * MONTH
        db.commit()
    return opened


@pytest.fixture
def customer(buyer_in: Callable[..., BuyerInBrowser], shop: Shop, database: Database) -> BuyerInBrowser:
    """Somebody who accepted it, and also did something that no page says."""
    made = buyer_in(shop)
    with database.work(shop.id) as db:
        edition = publish_words(db, "One!", deed="mend")
        text = text_of(db, edition, ["en"])
        assert text is not None
        record_consent(db, made.customer_id, "terms", version="1", wording="I accept <it>.", text_id=text.id)
        record_consent(db, made.customer_id, "immediate_start", version="a", wording="Begin at once.")
        db.commit()
    return made


def plan_second(database: Database, shop: Shop) -> UUID:
    with database.work(shop.id) as db:
        edition = publish_words(db, "Two.", "2", at=db.now + MONTH)
        db.commit()
        return edition.id


def test_list_leads_to_the_very_edition(customer: BuyerInBrowser) -> None:
    text = customer.get("/panel/agreements/").text

    assert "Terms, edition 1" in text
    assert 'href="/legal/terms/1/"' in text
    assert "I accept &lt;it&gt;." in text
    assert "Asked to begin at once" in text
    assert "/panel/agreements/" in customer.get("/panel/profile").text


def test_new_edition_is_announced_until_it_is_accepted(
    customer: BuyerInBrowser, database: Database, shop: Shop
) -> None:
    assert "Accept edition" not in customer.get("/panel/").text
    edition = plan_second(database, shop)
    overview = customer.get("/panel/").text
    assert "Edition 2 comes into force on" in overview
    assert 'href="/legal/terms/2/changes"' in overview

    answer = customer.post(f"/panel/agreements/{edition}/accept")

    assert answer.status_code == 303
    assert "Accept edition" not in customer.get("/panel/").text
    assert "Terms, edition 2" in customer.get("/panel/agreements/").text
    assert customer.post(f"/panel/agreements/{edition}/accept").status_code == 404


def test_whoever_accepted_nothing_is_asked_nothing(
    buyer_in: Callable[..., BuyerInBrowser], shop: Shop, database: Database
) -> None:
    stranger = buyer_in(shop)
    edition = plan_second(database, shop)

    assert "Accept edition" not in stranger.get("/panel/").text
    assert "Nothing yet" in stranger.get("/panel/agreements/").text
    assert stranger.post(f"/panel/agreements/{edition}/accept").status_code == 404
