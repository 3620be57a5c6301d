"""/legal: what visitors read of documents: what holds, what comes, what was, and what each edition changed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from cms.legal_models import LegalEdition
from cms.legal_publishing import cancel_edition
from cms.paths import is_allowed
from storefront.core.db import Database
from tests.cms.legal_desk import publish_words, terms_page, write_words
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop
from tests.waiting import until

ONE = "We sell names for a year.</p><p>Names are yours."
TWO = "We sell names for two years.</p><p>Names are yours."
THREE = "We sell names for three years.</p><p>Names are yours."


@pytest.fixture(scope="module")
def shop(database: Database) -> Shop:
    """A shop whose terms have an edition of last month, one in force and one to come; in Polish only the first."""
    opened = open_shop(database)
    with database.work(opened.id) as db:
        first = publish_words(db, ONE, "1")
        first.in_force_at = db.now - timedelta(days=40)
        publish_words(db, "Sprzedajemy nazwy.", deed="mend", locale="pl")
        publish_words(db, TWO, "2")
        publish_words(db, THREE, "3", at=db.now + timedelta(days=40))
        db.commit()
    return opened


@pytest.fixture
def visitor(shop: Shop, client_of: Callable[[Shop], FlaskClient]) -> FlaskClient:
    """A browser in that shop."""
    return client_of(shop)


def test_page_says_which_edition_it_is_and_what_comes(visitor: FlaskClient) -> None:
    text = visitor.get("/terms").text

    assert "Edition 2, in force since" in text
    assert "Edition 3 comes into force on" in text
    assert 'href="/legal/terms/3/"' in text
    assert 'href="/legal/terms/3/changes"' in text
    assert 'href="/legal/terms/2/changes"' in text
    assert "for two years" in text


def test_translation_that_lags_behind_leads_to_what_holds(visitor: FlaskClient) -> None:
    text = visitor.get("/pl/terms-pl").text if visitor.get("/pl/terms-pl").status_code == 200 else ""
    text = text or visitor.get("/pl/terms").text

    assert "Sprzedajemy nazwy." in text
    assert "/pl/legal/terms/2/" in text


def test_list_names_documents_and_the_footer_leads_to_it(visitor: FlaskClient) -> None:
    answer = visitor.get("/legal/")

    assert answer.status_code == 200
    assert 'href="/terms"' in answer.text
    assert "Edition 2, in force since" in answer.text
    assert 'href="/legal/"' in visitor.get("/price-list").text


def test_editions_are_listed_the_last_one_first(visitor: FlaskClient) -> None:
    text = visitor.get("/legal/terms/").text

    assert text.index("Edition 3") < text.index("Edition 2") < text.index("Edition 1<")
    assert "Was in force from" in text
    assert "To come" in text


def test_older_edition_is_whole_and_says_that_it_holds_no_more(visitor: FlaskClient) -> None:
    answer = visitor.get("/legal/terms/1/")

    assert "for a year" in answer.text
    assert "Not in force any more" in answer.text
    assert 'href="/terms"' in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert (
        'lang="pl"' in visitor.get("/pl/legal/terms/1/").text or "Sprzedajemy" in visitor.get("/pl/legal/terms/1/").text
    )


def test_edition_to_come_is_readable_beforehand(visitor: FlaskClient) -> None:
    text = visitor.get("/legal/terms/3/").text

    assert "Not in force yet" in text
    assert "for three years" in text
    assert "Not in force any more" not in visitor.get("/legal/terms/2/").text


def test_changes_are_marked_word_by_word_and_the_rest_is_left_out(visitor: FlaskClient) -> None:
    text = visitor.get("/legal/terms/2/changes").text

    assert "</span>a year.</del>" in text
    assert "</span>two years.</ins>" in text
    assert "Names are yours" not in text
    since = visitor.get("/legal/terms/3/changes?since=1")
    assert "</span>three years.</ins>" in since.text


@pytest.mark.parametrize(
    "path",
    [
        "/legal/none/",
        "/legal/privacy/",
        "/legal/terms/9/",
        "/legal/terms/1/changes",
        "/legal/terms/2/changes?since=3",
        "/legal/terms/2/changes?since=9",
        "/legal/terms/..%2f/",
    ],
)
def test_what_is_not_there_is_not_found(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_other_shop_reads_none_of_it(client_of: Callable[[Shop], FlaskClient], database: Database) -> None:
    stranger = client_of(open_shop(database))

    assert "No documents yet" in stranger.get("/legal/").text
    assert stranger.get("/legal/terms/").status_code == 404
    assert stranger.get("/legal/terms/1/").status_code == 404


def test_draft_and_cancelled_edition_are_read_by_nobody(
    client_of: Callable[[Shop], FlaskClient], database: Database
) -> None:
    shop = open_shop(database)
    client = client_of(shop)
    with database.work(shop.id) as db:
        edition: LegalEdition = publish_words(db, "Words of a mistake.", "1", at=db.now + timedelta(days=9))
        db.commit()
    assert "Words of a mistake" in client.get("/legal/terms/1/").text

    with database.work(shop.id) as db:
        cancel_edition(db, terms_page(db)[1], edition.id)
        write_words(db, terms_page(db)[0], "Words of a secret.")
        db.commit()

    until(lambda: client.get("/legal/terms/1/").status_code == 404)
    until(lambda: client.get("/legal/terms/").status_code == 404)
    assert "No documents yet" in client.get("/legal/").text


def test_shop_keeps_the_address_for_itself() -> None:
    assert not is_allowed("/legal")
    assert not is_allowed("/legal/terms")
