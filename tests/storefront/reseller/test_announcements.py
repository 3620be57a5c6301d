"""Announcements: for all or for one, shown until read, in the reader's language, never another reseller's."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from storefront.core import ids
from storefront.core.db import Database
from tenants.announcements import AnnouncementTerms, write_announcement
from tenants.office_models import Announcement
from tests.fixtures_app import Shop
from tests.storefront.reseller.conftest import Enter

START, LIST = "/reseller/overview", "/reseller/announcements/"


@pytest.fixture(autouse=True)
def nothing_stays(database: Database) -> Iterator[None]:
    """Withdraw everything afterwards."""
    yield
    with database.office_work() as db:
        db.execute(update(Announcement).values(withdrawn_at=db.now))
        db.commit()


def announce(
    database: Database, *slugs: str, begins_in_h: float = -1, lasts_h: float | None = None
) -> tuple[UUID, str]:
    title = f"Told {ids.public_code(8)}"
    with database.office_work() as db:
        begins = db.now + timedelta(hours=begins_in_h)
        row = write_announcement(
            db,
            AnnouncementTerms(
                title={"en": title, "fr": f"{title} en français"},
                body={"en": "Something happens."},
                severity="warning",
                shown_from=begins,
                shown_until=begins + timedelta(hours=lasts_h) if lasts_h else None,
                slugs=slugs,
            ),
        )
        db.commit()
        return row.id, title


def test_it_is_shown_until_this_person_has_read_it(enter: Enter, database: Database) -> None:
    row_id, title = announce(database)
    client, token = enter()
    colleague, _token = enter()
    assert title in client.get(START).text

    answer = client.post(f"{LIST}{row_id}/read", data={"csrf_token": token})
    again = client.post(f"{LIST}{row_id}/read", data={"csrf_token": token})

    assert answer.status_code == again.status_code == 303
    assert title not in client.get(START).text
    assert title in client.get(LIST).text
    assert title in colleague.get(START).text


def test_it_is_shown_in_the_language_of_the_page(enter: Enter, database: Database) -> None:
    _row_id, title = announce(database)
    client, _token = enter()

    assert f"{title} en français" in client.get(f"/fr{START}").text
    assert title in client.get(f"/pl{START}").text


@pytest.mark.parametrize(("begins", "lasts"), [(1, None), (-3, 1)])
def test_what_is_planned_or_over_is_not_on_the_start_page(
    enter: Enter, database: Database, begins: float, lasts: float | None
) -> None:
    _row_id, title = announce(database, begins_in_h=begins, lasts_h=lasts)
    client, _token = enter()

    assert title not in client.get(START).text


def test_what_is_for_another_reseller_does_not_exist_here(enter: Enter, database: Database) -> None:
    row_id, title = announce(database, "south")
    client, token = enter()
    theirs, _token = enter(slug="south")

    assert title in theirs.get(START).text
    assert title not in client.get(START).text
    assert title not in client.get(LIST).text
    assert client.post(f"{LIST}{row_id}/read", data={"csrf_token": token}).status_code == 404


def test_wall_hides_it_from_any_query_of_another_reseller(database: Database, shops: dict[str, Shop]) -> None:
    row_id, _title = announce(database, "south")
    every = select(Announcement.id)

    with database.work(shops["north"].id) as db:
        assert row_id not in db.scalars(every)
    with database.work(shops["south"].id) as db:
        assert row_id in db.scalars(every)
