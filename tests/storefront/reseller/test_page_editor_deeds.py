"""The buttons of the editor: publish, now or at a moment, and share."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.storefront.reseller.edited_page import address, kept
from tests.storefront.reseller.page_form import PageForm


def test_page_is_published_and_seen(
    owner: FlaskClient, client: FlaskClient, page_id: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    form = PageForm(owner, address(page_id)).fill(b1__title="Seen by all")

    form.press("publish")

    assert "It is published." in form.text
    assert "Seen by all" in client.get("/fjords").text
    assert kept(database, shops, page_id) is None


@pytest.mark.parametrize(
    ("at", "status", "words"),
    [
        ("2031-03-30T03:30", 422, "Clocks are put forward"),
        ("2001-01-01T00:00", 422, "This moment is past"),
        ("", 422, "when it goes live"),
        ("soon", 422, "date and a time"),
    ],
)
def test_moment_that_cannot_be_is_named_at_its_field(
    owner: FlaskClient, page_id: UUID, at: str, status: int, words: str
) -> None:
    form = PageForm(owner, address(page_id)).fill(at=at, b1__title="Still typed")

    answer = form.press("schedule")

    assert answer.status_code == status
    assert words in form.text
    assert form.values["b1.title"] == "Still typed"


def test_page_waits_for_its_moment_and_the_schedule_can_be_cancelled(
    owner: FlaskClient, page_id: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    day = (datetime.now(UTC) + timedelta(days=30)).date()
    form = PageForm(owner, address(page_id)).fill(at=f"{day}T08:00", until=f"{day}T20:00", b1__title="Later")

    form.press("schedule")
    waiting = kept(database, shops, page_id, state="waiting")
    said = form.text
    form.press("cancel")

    assert waiting[2][0]["title"] == "Later"
    assert "Goes live on" in said
    assert kept(database, shops, page_id, state="waiting") is None
    assert kept(database, shops, page_id, state="published")[2][0]["title"] == "Hello"


def test_page_that_is_seen_ends_at_a_moment(owner: FlaskClient, page_id: UUID) -> None:
    day = (datetime.now(UTC) + timedelta(days=30)).date()

    form = PageForm(owner, address(page_id)).fill(until=f"{day}T20:00")
    form.press("end")

    assert "Visitors see this page until" in form.text


def test_shared_link_shows_the_draft_to_anybody_and_is_kept_by_nobody(
    owner: FlaskClient, client: FlaskClient, page_id: UUID
) -> None:
    form = PageForm(owner, address(page_id)).fill(b1__title="For the boss")
    form.press("share")
    found = re.search(r'data-copy="https?://[^/"]+(/drafts/[^"]+)"', form.text)
    assert found is not None

    answer = client.get(found[1])

    assert answer.status_code == 200
    assert "For the boss" in answer.text
    assert "This is a draft." in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Set-Cookie" not in answer.headers
    assert client.get(found[1][:-3] + "AAA").status_code == 404
