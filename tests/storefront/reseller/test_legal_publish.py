"""Publishing a document from the office: a correction or a new edition, now or later, in the languages chosen."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from cms.drafts import find_version
from cms.legal import Held, read_document
from storefront.core import clock
from storefront.core.db import Database, Work
from storefront.web.forms import token_for
from tests.cms.legal_desk import publish_words, terms_page, write_words
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop
from tests.storefront.reseller.office import make_staff


@pytest.fixture
def shop(database: Database) -> Shop:
    """A shop whose terms have one edition, and new words in two languages."""
    opened = open_shop(database)
    with database.work(opened.id) as db:
        publish_words(db, "One.", "1")
        write_words(db, terms_page(db)[0], "Two.")
        write_words(db, terms_page(db)[0], "Dwa.", "pl")
        db.commit()
    return opened


class Desk:
    """The owner's browser at the page that publishes the terms."""

    def __init__(self, client: FlaskClient, token: str, database: Database, shop: Shop) -> None:
        self.client, self.token, self.database, self.shop = client, token, database, shop
        with database.work(shop.id) as db:
            page, document = terms_page(db)
            self.page_id = page.id
            self.address = f"/reseller/legal/{document.id}/publish/"

    def send(self, **typed: object) -> int:
        """Publish; returns the status."""
        with self.work() as db:
            drafts = {each: find_version(db, terms_page(db)[0], each, "draft") for each in ("en", "pl")}
            seen = ",".join(f"{locale}:{each.revision}" for locale, each in drafts.items() if each is not None)
        values = {"csrf_token": self.token, "seen": seen, "languages": ["en"], "deed": "new", "label": "2", **typed}
        return self.client.post(self.address, data=values).status_code

    def work(self) -> Work:
        return self.database.work(self.shop.id)

    def held(self) -> Held:
        with self.work() as db:
            return read_document(db, terms_page(db)[1])

    def words(self, locale: str = "en") -> str:
        with self.work() as db:
            found = find_version(db, terms_page(db)[0], locale, "published")
            return str(found.blocks[0]["html"]) if found else ""


@pytest.fixture
def desk(shop: Shop, database: Database, client_of: Callable[[Shop], FlaskClient], sign_in: Callable[..., str]) -> Desk:
    """The page that publishes, with its form's token."""
    client = client_of(shop)
    token = token_for(sign_in(client, shop, make_staff(database, shop, "owner", "staff")))
    return Desk(client, token, database, shop)


def test_page_offers_what_is_written(desk: Desk) -> None:
    text = desk.client.get(desk.address).text

    assert "A correction of edition 1, in force" in text
    assert "A new edition" in text
    assert 'value="2"' in text
    assert "Polski" in text
    assert "/versions/compare?new=" in text


def test_correction_keeps_the_edition(desk: Desk) -> None:
    assert desk.send(deed="mend", languages=["en", "pl"]) == 303

    assert [each.label for each in desk.held().editions] == ["1"]
    assert [desk.words(), desk.words("pl")] == ["<p>Two.</p>", "<p>Dwa.</p>"]


def test_new_edition_holds_at_once(desk: Desk) -> None:
    assert desk.send() == 303

    held = desk.held()
    assert held.now is not None
    assert held.now.label == "2"
    assert desk.words("pl") == ""


def test_new_edition_waits_for_its_moment(desk: Desk) -> None:
    day = clock.now().astimezone(ZoneInfo("UTC")) + timedelta(days=40)

    assert desk.send(at=f"{day:%Y-%m-%dT10:00}", languages=["en", "pl"]) == 303

    assert [each.label for each in desk.held().coming] == ["2"]
    assert desk.words() == "<p>One.</p>"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"label": "1"}, "There is an edition with this name already"),
        ({"label": ""}, "Please give this edition a number"),
        ({"label": "a/b"}, "letters without accents"),
        ({"languages": []}, "at least one language"),
        ({"languages": ["pl"]}, "first language"),
        ({"at": "2001-01-01T10:00"}, "This moment is past"),
        ({"seen": "en:0"}, "Somebody wrote on meanwhile"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_published(desk: Desk, typed: dict[str, object], said: str) -> None:
    values = {"csrf_token": desk.token, "languages": ["en"], "deed": "new", "label": "2", **typed}
    if "seen" not in typed:
        with desk.work() as db:
            drafts = {each: find_version(db, terms_page(db)[0], each, "draft") for each in ("en", "pl")}
            values["seen"] = ",".join(f"{locale}:{each.revision}" for locale, each in drafts.items() if each)

    answer = desk.client.post(desk.address, data=values)

    assert answer.status_code == 422
    assert said in answer.text
    assert desk.words() == "<p>One.</p>"


def test_editor_asks_for_the_edition_before_it_publishes(desk: Desk) -> None:
    editor = f"/reseller/pages/{desk.page_id}/en/"
    form = desk.client.get(editor).text
    seen = form.partition('name="seen"')[2].partition('value="')[2].partition('"')[0]

    answer = desk.client.post(editor, data={"csrf_token": desk.token, "seen": seen, "do": "publish"})

    assert desk.words() == "<p>One.</p>"
    assert answer.status_code in {303, 409, 422}


def test_nothing_new_leads_to_the_editor(desk: Desk) -> None:
    desk.send(deed="mend", languages=["en", "pl"])

    assert "Nothing new is written" in desk.client.get(desk.address).text
