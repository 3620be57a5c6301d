"""What a buyer accepts: the edition in force, the very words that were shown, and nothing newer unseen."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from cms.legal import make_document, text_of
from cms.legal_publishing import Plan, change_acceptance, publish_document
from cms.models import Page
from cms.tree import new_page
from storefront.core.db import Database
from storefront.customers.models import Consent
from storefront.orders.models import PurchaseOrder
from tests import factories
from tests.cms.legal_desk import publish_words, terms_page, write_words
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop
from tests.fixtures_sale import BuyerInBrowser
from tests.storefront.shop.test_cart import name


@pytest.fixture
def shop(database: Database) -> Shop:
    """A shop that sells under terms: edition 1 in English and Polish, edition 2 in English, 3 to come."""
    opened = open_shop(database)
    with database.work(opened.id) as db:
        factories.stock(db)
        first = publish_words(db, "One.", "1")
        first.in_force_at = db.now - timedelta(days=40)
        publish_words(db, "Raz.", deed="mend", locale="pl")
        publish_words(db, "Two.", "2")
        publish_words(db, "Three.", "3", at=db.now + timedelta(days=40))
        db.commit()
    return opened


@pytest.fixture
def buyer(buyer_in: Callable[..., BuyerInBrowser], shop: Shop) -> BuyerInBrowser:
    """Somebody with a name in the cart."""
    made = buyer_in(shop)
    made.add(name())
    return made


def consents(database: Database, buyer: BuyerInBrowser) -> list[Consent]:
    with database.work(buyer.shop.id) as db:
        rows = select(Consent).where(Consent.customer_id == buyer.customer_id, Consent.kind == "terms")
        return list(db.scalars(rows.order_by(Consent.version)))


def test_order_keeps_the_edition_and_the_words_that_were_shown(buyer: BuyerInBrowser, database: Database) -> None:
    page = buyer.get("/checkout").text
    assert "I accept the terms of service (edition 2)." in page
    assert 'href="/terms"' in page

    assert buyer.order(pays_by="card").status_code == 303

    (consent,) = consents(database, buyer)
    with database.work(buyer.shop.id) as db:
        document = terms_page(db)[1]
        order = db.scalars(select(PurchaseOrder).where(PurchaseOrder.customer_id == buyer.customer_id))[0]
        assert order.agreed["terms"]["texts"] == [{"version": "2", "text_id": str(consent.text_id)}]
        assert document.needs_acceptance
    assert (consent.version, consent.wording) == ("2", "I accept the terms of service (edition 2).")
    assert consent.address


def test_translation_that_lags_behind_binds_nobody(buyer: BuyerInBrowser) -> None:
    page = buyer.get("/pl/checkout").text

    assert "/pl/terms" in page or "/pl/legal/terms/2/" in page
    assert "2)" in page


def test_edition_that_came_meanwhile_is_not_accepted_unseen(buyer: BuyerInBrowser, database: Database) -> None:
    form = buyer.checkout_form(pays_by="card")
    with database.work(buyer.shop.id) as db:
        publish_words(db, "Four.", "4")
        db.commit()

    answer = buyer.post("/checkout", **form)

    assert answer.status_code == 422
    assert "There is a new edition since you opened this page" in answer.text
    assert "(edition 4)" in answer.text
    assert consents(database, buyer) == []
    assert buyer.order(pays_by="card").status_code == 303
    assert [each.version for each in consents(database, buyer)] == ["4"]


def test_every_document_to_accept_is_named_and_kept(buyer: BuyerInBrowser, database: Database) -> None:
    with database.work(buyer.shop.id) as db:
        page = db.require(Page, new_page(db, "Rules", "en").page_id)
        document = make_document(db, page, "other", title="Rules of names")
        change_acceptance(db, document, needs_acceptance=True)
        draft = write_words(db, page, "Be nice.", title="Rules of names")
        edition = publish_document(db, document, Plan(deed="new", revisions={"en": draft.revision}, label="A"))
        text = text_of(db, edition, ["en"])
        assert text is not None
        text_id = text.id
        db.commit()

    assert "Terms (edition 2), Rules of names (edition A)" in buyer.get("/checkout").text
    assert buyer.order(pays_by="card").status_code == 303

    assert [each.version for each in consents(database, buyer)] == ["2", "A"]
    assert text_id in {each.text_id for each in consents(database, buyer)}
