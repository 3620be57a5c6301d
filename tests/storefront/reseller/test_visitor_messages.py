"""The office reads what visitors wrote."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cms.models import PageVersion, VisitorMessage
from cms.visitor_messages import Said, leave_message
from storefront.core.db import Database
from tests.cms.block_shop import published
from tests.fixtures_app import Shop

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/visitor-messages/"


@pytest.fixture
def message_id(database: Database, shops: dict[str, Shop]) -> UUID:
    """Something that a visitor wrote."""
    with database.work(shops["north"].id) as db:
        published(db, "/office-form", {"kind": "contact_form", "consent": "Yes, answer me."})
        version = db.scalar(
            select(PageVersion).where(PageVersion.path == "/office-form", PageVersion.state == "published")
        )
        assert version is not None
        said = Said(
            name="Aino <Karppinen>",
            email="aino&co@example.test",
            words="How long?\n\n<b>Aino</b>",
            consent="Yes, answer me.",
            answers={"topic": "A domain"},
        )
        found = leave_message(db, version, "b1", said).id
        db.commit()
    return found


def test_message_is_listed_and_shown_as_it_was_typed(enter: Enter, message_id: UUID) -> None:
    client, _token = enter()

    listed = client.get(ADDRESS)
    shown = client.get(f"{ADDRESS}{message_id}")

    assert f"{ADDRESS}{message_id}" in listed.text
    assert "Aino &lt;Karppinen&gt;" in shown.text
    assert "&lt;b&gt;Aino&lt;/b&gt;" in shown.text
    assert "A domain" in shown.text
    assert "English" in shown.text
    assert "Yes, answer me." in shown.text
    assert 'href="mailto:aino%26co@example.test?subject=Your%20message%20to%20us%3A%20A%20page"' in shown.text


def test_message_is_done_with_and_opened_again(
    enter: Enter, database: Database, shops: dict[str, Shop], message_id: UUID
) -> None:
    client, token = enter()

    client.post(f"{ADDRESS}{message_id}/done", data={"csrf_token": token})

    assert f"{ADDRESS}{message_id}" in client.get(f"{ADDRESS}?state=read").text
    assert f"{ADDRESS}{message_id}" not in client.get(f"{ADDRESS}?state=new").text
    client.post(f"{ADDRESS}{message_id}/open-again", data={"csrf_token": token})
    with database.work(shops["north"].id) as db:
        assert db.require(VisitorMessage, message_id).read_at is None


def test_message_is_deleted_after_a_question(
    enter: Enter, database: Database, shops: dict[str, Shop], message_id: UUID
) -> None:
    client, token = enter()
    assert "Delete this message?" in client.get(f"{ADDRESS}{message_id}/remove").text

    client.post(f"{ADDRESS}{message_id}/remove", data={"csrf_token": token})

    with database.work(shops["north"].id) as db:
        assert db.find(VisitorMessage, message_id) is None


def test_who_writes_pages_does_not_read_what_visitors_write(enter: Enter, message_id: UUID) -> None:
    client, _token = enter(role="content")

    assert client.get(f"{ADDRESS}{message_id}").status_code == 403


def test_who_only_reads_changes_nothing(
    enter: Enter, database: Database, shops: dict[str, Shop], message_id: UUID
) -> None:
    client, token = enter(role="read_only")

    answer = client.post(f"{ADDRESS}{message_id}/done", data={"csrf_token": token})

    assert answer.status_code == 403
    with database.work(shops["north"].id) as db:
        assert db.require(VisitorMessage, message_id).read_at is None


def test_unread_message_is_told_on_the_first_page_and_in_the_menu(enter: Enter, message_id: UUID) -> None:
    client, token = enter()

    before = client.get("/reseller/overview").text
    client.post(f"{ADDRESS}{message_id}/done", data={"csrf_token": token})
    after = client.get("/reseller/overview").text

    assert re.search(r"One message of a visitor is unread|\d+ messages of visitors are unread", before)
    assert f"{ADDRESS}?state=new" in before
    assert _unread(before) == _unread(after) + 1


@pytest.mark.usefixtures("message_id")
def test_who_may_not_see_customers_is_told_of_no_messages(enter: Enter) -> None:
    client, _token = enter("content")

    page = client.get("/reseller/overview")

    assert page.status_code == 200
    assert "visitor" not in page.text.partition("<main")[2]
    assert ADDRESS not in page.text


def _unread(page: str) -> int:
    found = re.search(r"Visitors&#39; messages(?:<span class=\"count\">(\d+)</span>)?</a>", page)
    assert found is not None
    return int(found[1] or 0)
