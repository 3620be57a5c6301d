"""Announcements of the platform: written, changed, withdrawn; mistakes keep what was typed."""

import pytest
from sqlalchemy import select

from storefront.core.db import Database
from tenants.office_models import Announcement
from tests.storefront.operator.conftest import Enter

ADDRESS = "/operator/announcements/"
TYPED = {
    "severity": "warning",
    "title_en": "Registry closed",
    "body_en": "On Sunday.",
    "title_fr": "Registre fermé",
    "shown_from": "2026-11-01T10:00",
    "shown_until": "",
    "slugs": "",
}


def newest(database: Database) -> Announcement:
    with database.office_work() as db:
        row = db.scalar(select(Announcement).order_by(Announcement.id.desc()).limit(1))
    assert row is not None
    return row


def test_it_is_written_changed_and_withdrawn(enter: Enter, database: Database) -> None:
    client, token = enter()

    written = client.post(f"{ADDRESS}new", data={"csrf_token": token, **TYPED})
    row = newest(database)
    changed = client.post(f"{ADDRESS}{row.id}", data={"csrf_token": token, **TYPED, "slugs": "north, SOUTH"})
    for_two = newest(database)
    withdrawn = client.post(f"{ADDRESS}{row.id}/withdraw", data={"csrf_token": token})

    assert [answer.status_code for answer in (written, changed, withdrawn)] == [303, 303, 303]
    assert row.is_for_all
    assert row.title == {"en": "Registry closed", "fr": "Registre fermé"}
    assert (for_two.is_for_all, len(for_two.reseller_ids)) == (False, 2)
    assert newest(database).withdrawn_at is not None
    assert "Withdrawn" in client.get(ADDRESS).text
    assert client.post(f"{ADDRESS}{row.id}/withdraw", data={"csrf_token": token}).status_code == 422


def test_form_shows_what_was_written(enter: Enter, database: Database) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}new", data={"csrf_token": token, **TYPED, "slugs": "north"})

    answer = client.get(f"{ADDRESS}{newest(database).id}")

    assert 'value="Registry closed"' in answer.text
    assert 'value="north"' in answer.text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"title_en": ""}, "in English at least"),
        ({"slugs": "nobody-is-called-this"}, "no reseller called nobody-is-called-this"),
        ({"shown_until": "2026-10-01T10:00"}, "must end after it begins"),
        ({"shown_from": "0001-01-01T00:00"}, "Please look at the year"),
        ({"shown_until": "9999-12-31T23:59"}, "Please look at the year"),
        ({"shown_from": "2026-03-29T01:30x"}, "Please type a date and a time."),
        ({"severity": "loud"}, "choose one of these"),
        ({"body_en": "x" * 2_001}, "at most 2000"),
    ],
)
def test_mistake_keeps_what_was_typed(enter: Enter, wrong: dict[str, str], says: str) -> None:
    client, token = enter()

    answer = client.post(f"{ADDRESS}new", data={"csrf_token": token, **TYPED, **wrong})

    assert answer.status_code == 422
    assert says in answer.text
    assert "Registre fermé" in answer.text


def test_reader_of_the_platform_may_not_write(enter: Enter) -> None:
    client, token = enter("operator_read_only")

    assert client.get(ADDRESS).status_code == 200
    assert client.post(f"{ADDRESS}new", data={"csrf_token": token, **TYPED}).status_code == 403
