"""Legal documents in the office: listed, begun from patterns, accepted or not, cancelled."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from cms.legal import find_document_by_slug, read_document
from cms.legal_models import LegalDocument
from cms.queries import find_page
from storefront.core.db import Database, Work
from storefront.web.forms import token_for
from tests.cms.legal_desk import publish_words, terms_page, write_words
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop
from tests.storefront.reseller.conftest import Enter
from tests.storefront.reseller.office import make_staff

ADDRESS = "/reseller/legal/"
MONTH = timedelta(days=30)


@pytest.fixture
def shop(database: Database) -> Shop:
    """A shop without any document."""
    return open_shop(database)


@pytest.fixture
def desk(
    shop: Shop, database: Database, client_of: Callable[[Shop], FlaskClient], sign_in: Callable[..., str]
) -> tuple[FlaskClient, str]:
    """A browser of its owner, with the token of its forms."""
    client = client_of(shop)
    return client, token_for(sign_in(client, shop, make_staff(database, shop, "owner", "staff")))


def terms_of(db: Work) -> LegalDocument:
    found = find_document_by_slug(db, "terms")
    assert found is not None
    return found


def test_empty_office_leads_to_patterns(desk: tuple[FlaskClient, str]) -> None:
    text = desk[0].get(ADDRESS).text

    assert "No legal documents yet" in text
    for kind in ("terms", "acts", "registry_rules", "owner_change", "disputes", "holder_data", "other"):
        assert f'value="{kind}"' in text


def test_document_begins_from_its_pattern_in_every_language(
    desk: tuple[FlaskClient, str], database: Database, shop: Shop
) -> None:
    client, token = desk

    answer = client.post(f"{ADDRESS}add", data={"csrf_token": token, "kind": "disputes"})

    with database.work(shop.id) as db:
        row = find_page(db, "disputes")
        assert row is not None
        assert answer.location.endswith(f"/reseller/pages/{row.id}/en/")
        assert find_document_by_slug(db, "disputes") is not None
    text = client.get(ADDRESS).text
    assert "Disputes about names" in text
    assert "new words in the draft" in text
    assert 'value="disputes"' not in text


def test_other_document_needs_a_title_and_gets_its_address_from_it(
    desk: tuple[FlaskClient, str], database: Database, shop: Shop
) -> None:
    client, token = desk
    refused = client.post(f"{ADDRESS}add", data={"csrf_token": token, "kind": "other", "title": " "})

    made = client.post(f"{ADDRESS}add", data={"csrf_token": token, "kind": "other", "title": "Hosting terms"})

    assert (refused.status_code, made.status_code) == (422, 303)
    with database.work(shop.id) as db:
        assert find_document_by_slug(db, "hosting-terms") is not None


def test_document_there_is_cannot_be_begun_again(desk: tuple[FlaskClient, str]) -> None:
    client, token = desk
    typed = {"csrf_token": token, "kind": "terms"}

    assert client.post(f"{ADDRESS}add", data=typed).status_code == 303
    assert client.post(f"{ADDRESS}add", data=typed).status_code == 422


def test_list_says_what_holds_what_comes_and_what_lags(
    desk: tuple[FlaskClient, str], database: Database, shop: Shop
) -> None:
    with database.work(shop.id) as db:
        first = publish_words(db, "One.", "1")
        first.in_force_at = db.now - MONTH
        publish_words(db, "Raz.", deed="mend", locale="pl")
        publish_words(db, "Two.", "2")
        publish_words(db, "Three.", "3", at=db.now + MONTH)
        db.commit()

    text = desk[0].get(ADDRESS).text

    assert "Edition 2, in force since" in text
    assert "Edition 3 comes into force on" in text
    assert "Of an older edition" in text
    assert "Not published" in text


def test_edition_to_come_is_cancelled_and_its_words_stay_in_the_draft(
    desk: tuple[FlaskClient, str], database: Database, shop: Shop
) -> None:
    client, token = desk
    with database.work(shop.id) as db:
        edition = publish_words(db, "Three.", "3", at=db.now + MONTH)
        document = terms_page(db)[1]
        address = f"{ADDRESS}{document.id}/editions/{edition.id}/cancel"
        db.commit()

    answer = client.post(address, data={"csrf_token": token})

    assert answer.status_code == 303
    with database.work(shop.id) as db:
        assert read_document(db, terms_of(db)).editions == []
    assert "will not come into force" in client.get(ADDRESS).text


def test_acceptance_is_switched(desk: tuple[FlaskClient, str], database: Database, shop: Shop) -> None:
    client, token = desk
    with database.work(shop.id) as db:
        write_words(db, terms_page(db)[0], "One.")
        address = f"{ADDRESS}{terms_of(db).id}/acceptance"
        db.commit()

    for needed, expected in (("no", False), ("yes", True)):
        assert client.post(address, data={"csrf_token": token, "needed": needed}).status_code == 303
        with database.work(shop.id) as db:
            assert terms_of(db).needs_acceptance is expected


def test_only_who_writes_pages_may_change_anything(enter: Enter) -> None:
    client, token = enter("sales")

    assert "Add a document" not in client.get(ADDRESS).text
    assert client.post(f"{ADDRESS}add", data={"csrf_token": token, "kind": "terms"}).status_code == 403


def test_who_writes_pages_finds_documents_beside_them(enter: Enter) -> None:
    client, _token = enter("content", slug="south")

    text = client.get("/reseller/pages/").text

    assert f'href="{ADDRESS}"' in text
    assert 'href="/reseller/branding/advertisement/"' in text
    assert client.get("/reseller/branding/").status_code == 403


@pytest.mark.parametrize("old", ["terms", "privacy"])
def test_old_addresses_lead_on(enter: Enter, old: str) -> None:
    assert enter()[0].get(f"{ADDRESS}{old}").location == ADDRESS
