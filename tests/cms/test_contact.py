"""A visitor writes to a shop: sent once, mended where it has to be, and no machine's words are kept."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from cms.contact_form import PURPOSE, prefix_of
from cms.models import PageVersion, VisitorMessage
from storefront.core import clock
from storefront.core.db import Database
from storefront.core.sealing import seal
from tests.cms.block_samples import sample
from tests.cms.block_shop import published
from tests.fixtures_app import Shop

FILLED = {
    "name": "Aino Karppinen",
    "email": "aino@example.test",
    "topic": "An invoice",
    "phone": "+358 50 1234567",
    "words": "How long does it take?\r\n\r\nAino",
    "consent": "y",
}


class Form:
    """The form of a page, as a browser fills it in."""

    def __init__(self, database: Database, shop: Shop, client: FlaskClient) -> None:
        self.database, self.shop, self.client = database, shop, client
        self.path = f"/write-{uuid4().hex[:8]}"
        with database.work(shop.id) as db:
            published(db, self.path, sample("contact_form"))
            self.page_id = db.scalar(select(PageVersion.page_id).where(PageVersion.path == self.path))
            db.commit()
        self.action = f"/write/{self.page_id}/b1"

    def stamp(self, age: timedelta = timedelta(seconds=30)) -> str:
        with self.database.work(self.shop.id) as db:
            return seal(db.config, (clock.now() - age).isoformat(), purpose=PURPOSE, owner=db.reseller_id)

    def send(self, **more: str) -> TestResponse:
        said = {**FILLED, "stamp": self.stamp(), **more}
        return self.client.post(self.action, data={prefix_of("b1") + name: value for name, value in said.items()})

    def kept(self) -> list[VisitorMessage]:
        with self.database.work(self.shop.id) as db:
            return list(db.scalars(select(VisitorMessage).where(VisitorMessage.page_id == self.page_id)))


@pytest.fixture
def form(database: Database, shops: dict[str, Shop], client: FlaskClient) -> Form:
    return Form(database, shops["north"], client)


def test_form_on_the_page_leads_to_where_it_is_sent(form: Form) -> None:
    page = form.client.get(form.path).text

    assert f'action="{form.action}"' in page
    assert "We use what you write to answer you, and delete it after a year." in page
    assert 'tabindex="-1"' in page


def test_message_is_sent_once_and_thanked_for(form: Form) -> None:
    answer = form.send()
    form.send()

    assert answer.status_code == 303
    assert "Somebody reads it today." in form.client.get(answer.location).text
    (message,) = form.kept()
    assert message.words == "How long does it take?\n\nAino"
    assert message.answers == {"topic": "An invoice", "phone": "+358 50 1234567"}
    assert message.consent == "We use what you write to answer you, and delete it after a year."


def test_message_of_a_machine_is_thanked_for_and_forgotten(form: Form) -> None:
    answer = form.send(website="https://buy.example")

    assert answer.status_code == 303
    assert form.kept() == []


@pytest.mark.parametrize("age", [timedelta(0), timedelta(hours=3)])
def test_message_sent_too_soon_or_late_is_looked_at_once_more(form: Form, age: timedelta) -> None:
    answer = form.send(stamp=form.stamp(age))

    assert answer.status_code == 422
    assert "Please read your message once more" in answer.text
    assert "How long does it take?" in answer.text
    assert form.kept() == []
    fresh = re.search(r'name="[^"]*-stamp"[^>]*value="([^"]+)"', answer.text)
    assert fresh is not None
    assert unescape(fresh[1]) != form.stamp(age)


@pytest.mark.parametrize(
    "more",
    [
        {"name": ""},
        {"email": "nobody"},
        {"words": ""},
        {"words": "x" * 5_001},
        {"topic": "Free money"},
        {"name": "a\nb"},
    ],
)
def test_what_is_to_be_mended_is_said_and_nothing_is_lost(form: Form, more: dict[str, str]) -> None:
    answer = form.send(**more)

    assert answer.status_code == 422
    assert "put right" in answer.text
    assert "+358 50 1234567" in answer.text
    assert form.kept() == []


def test_message_without_consent_is_not_kept(form: Form) -> None:
    said = {name: value for name, value in {**FILLED, "stamp": form.stamp()}.items() if name != "consent"}

    answer = form.client.post(form.action, data={prefix_of("b1") + name: value for name, value in said.items()})

    assert answer.status_code == 422
    assert form.kept() == []


@pytest.mark.parametrize(
    "address", ["/write/{page}/b2", "/write/{other}/b1", "/write/{page}/b1%00", "/write/nothing/b1"]
)
def test_form_that_is_not_there_is_not_found(form: Form, address: str) -> None:
    assert form.client.get(address.format(page=form.page_id, other=uuid4())).status_code == 404


def test_form_of_another_shop_is_not_found(
    form: Form, client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop]
) -> None:
    assert client_of(shops["south"]).get(form.action).status_code == 404


def test_message_from_another_site_is_refused(form: Form) -> None:
    said = {prefix_of("b1") + name: value for name, value in {**FILLED, "stamp": form.stamp()}.items()}

    answer = form.client.post(form.action, data=said, headers={"Origin": "https://elsewhere.example"})

    assert answer.status_code == 403
    assert form.kept() == []
