"""A page that waits goes live once and at its moment: whoever is killed, however many run, whatever clocks do."""

import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from cms.drafts import Writing, find_version, open_draft, save_draft
from cms.models import Page, PageVersion
from cms.publishing import publish_draft, schedule_draft
from cms.tree import new_page
from storefront import schedule
from storefront.core import clock, stops
from storefront.core.audit import AuditEntry
from storefront.core.db import Database
from storefront.core.errors import Conflict, Refused
from storefront.core.moments import moment_in
from tests.conftest import Addresses
from tests.fixtures_app import config_for
from tests.fixtures_front import open_shop
from tests.storefront.provisioning.test_kills import program
from tests.waiting import until

TASK = next(task for task in schedule.SCHEDULE if task.name == "publish_due_pages")
POINTS = ("page.due", "page.live", "schedule.committed")
HERO = {"kind": "hero", "title": "Hello"}
# A zone, what its clocks show when somebody wants a page to go live, and when that is, unless that hour never comes.
CHANGES = (
    ("Europe/Warsaw", "2027-03-28 01:59", "2027-03-28 00:59"),
    ("Europe/Warsaw", "2027-03-28 02:30", None),
    ("Europe/Warsaw", "2027-03-28 03:00", "2027-03-28 01:00"),
    ("Europe/Warsaw", "2027-10-31 01:59", "2027-10-30 23:59"),
    ("Europe/Warsaw", "2027-10-31 02:30", "2027-10-31 00:30"),
    ("Europe/Warsaw", "2027-10-31 03:00", "2027-10-31 02:00"),
    ("America/New_York", "2027-03-14 01:59", "2027-03-14 06:59"),
    ("America/New_York", "2027-03-14 02:30", None),
    ("America/New_York", "2027-03-14 03:00", "2027-03-14 07:00"),
    ("America/New_York", "2027-11-07 01:30", "2027-11-07 05:30"),
    ("America/New_York", "2027-11-07 02:00", "2027-11-07 07:00"),
    ("Australia/Lord_Howe", "2027-10-03 02:15", None),
    ("Australia/Lord_Howe", "2027-04-04 01:45", "2027-04-03 14:45"),
    ("Pacific/Apia", "2027-06-01 00:00", "2027-05-31 11:00"),
    ("Asia/Kathmandu", "2027-06-01 00:00", "2027-05-31 18:15"),
)


def proof(*values: object) -> Any:
    """A case for the proof alone."""
    return pytest.param(*values, marks=pytest.mark.proof)


def wanted(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def waiting(database: Database, shop: UUID, at: datetime | None = None) -> UUID:
    """A page whose first version is seen and whose second waits; without a moment it is due."""
    with database.work(shop) as db:
        draft = new_page(db, "Spring", "en")
        save_draft(db, draft, Writing(path=draft.path, title="Before", blocks=[HERO]), revision=0)
        publish_draft(db, draft, revision=1)
        page = db.require(Page, draft.page_id)
        draft = open_draft(db, page, "en")
        save_draft(db, draft, Writing(path=draft.path, title="After", blocks=[HERO]), revision=draft.revision)
        row = schedule_draft(db, draft, at or db.now + timedelta(hours=1), revision=draft.revision)
        if at is None:
            db.execute(update(PageVersion).where(PageVersion.id == row.id).values(starts_at=db.now))
        page_id = page.id
        db.commit()
    return page_id


def standing(database: Database, shop: UUID, page_id: UUID) -> tuple[str, dict[str, int], int]:
    """What visitors see of a page, how many versions are in each state, and how often it was published."""
    with database.work(shop) as db:
        states = db.scalars(select(PageVersion.state).where(PageVersion.page_id == page_id))
        counted = dict(Counter(states))
        live = find_version(db, db.require(Page, page_id), "en", "published")
        entries = select(AuditEntry.id).where(
            AuditEntry.reseller_id == shop, AuditEntry.action == "page.published", AuditEntry.subject_id == str(page_id)
        )
        return live.title if live else "", counted, len(list(db.scalars(entries)))


ONCE = ("After", {"past": 1, "published": 1, "draft": 1}, 2)


@pytest.mark.crash
@pytest.mark.parametrize("label", POINTS)
def test_stopped_schedule_publishes_once(database: Database, label: str) -> None:
    shop = open_shop(database).id
    page = waiting(database, shop)
    has_stopped: list[str] = []

    def stop(place: str) -> None:
        if place == label and not has_stopped:
            has_stopped.append(place)
            raise stops.Stopped

    end = stops.listen(stop)
    try:
        with pytest.raises(stops.Stopped):
            TASK.run(database)
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(TASK.run, [database] * 3))
    finally:
        end()

    assert standing(database, shop, page) == ONCE


@pytest.mark.proof
@pytest.mark.parametrize("run", range(3))
@pytest.mark.parametrize("label", POINTS)
def test_killed_scheduler_publishes_once(own_database: Addresses, tmp_path: Path, label: str, run: int) -> None:
    config = config_for(own_database, tmp_path)
    database = Database(config)
    try:
        shop = open_shop(database).id
        page = waiting(database, shop)
        with program(config, own_database, "relay", VITRINE_KILL_AT=label) as relay:
            assert relay.wait(60) == -signal.SIGKILL
        seen = standing(database, shop, page)[0]
        assert seen == ("After" if label == "schedule.committed" else "Before"), f"{label}, run {run}"
        with program(config, own_database, "relay"), program(config, own_database, "relay"):
            until(lambda: standing(database, shop, page)[0] == "After", seconds=60)

        assert standing(database, shop, page) == ONCE
    finally:
        database.dispose()


@pytest.mark.parametrize(("zone", "typed", "moment"), [*CHANGES[:6], *(proof(*each) for each in CHANGES[6:])])
def test_page_goes_live_when_clocks_show_what_was_typed(
    database: Database, zone: str, typed: str, moment: str | None
) -> None:
    local = datetime.fromisoformat(typed)
    if moment is None:
        with pytest.raises(Refused):
            moment_in(zone, local, field="at")
        return
    at = moment_in(zone, local, field="at")
    assert at.astimezone(UTC) == wanted(moment)

    shop = open_shop(database).id
    with clock.Stopped(wanted(moment) - timedelta(minutes=61)) as stopped:
        page = waiting(database, shop, at)
        seen = []
        for step in (0, 30, 30, 1, 29, 60, 60):
            stopped.forward(timedelta(minutes=step))
            TASK.run(database)
            seen.append(standing(database, shop, page)[0])

        assert seen == ["Before", "Before", "Before", "After", "After", "After", "After"]
        assert standing(database, shop, page) == ONCE


def test_page_that_was_given_more_time_stays(database: Database) -> None:
    shop = open_shop(database).id
    page = waiting(database, shop)
    TASK.run(database)
    with database.work(shop) as db:
        seen = PageVersion.page_id == page, PageVersion.state == "published"
        db.execute(update(PageVersion).where(*seen).values(ends_at=db.now))
        db.commit()
    later: list[Any] = []

    def give(place: str) -> None:
        if place == "page.due" and not later:
            later.append(place)
            with database.work(shop) as db:
                db.execute(update(PageVersion).where(*seen).values(ends_at=db.now + timedelta(hours=1)))
                db.commit()

    end = stops.listen(give)
    try:
        TASK.run(database)
    finally:
        end()

    assert later
    assert standing(database, shop, page)[0] == "After"


@pytest.mark.parametrize("what", ["save", "publish"])
def test_of_many_editors_at_once_one_wins_and_the_others_are_told(database: Database, what: str) -> None:
    shop = open_shop(database).id
    with database.work(shop) as db:
        draft = new_page(db, "Spring", "en")
        save_draft(db, draft, Writing(path=draft.path, title="Before", blocks=[HERO]), revision=0)
        page, path = draft.page_id, draft.path
        db.commit()

    def write(number: int) -> str:
        with database.work(shop) as db:
            mine = find_version(db, db.require(Page, page), "en", "draft")
            assert mine is not None
            try:
                if what == "save":
                    save_draft(db, mine, Writing(path=path, title=f"Editor {number}", blocks=[HERO]), revision=1)
                else:
                    publish_draft(db, mine, revision=1)
            except Conflict:
                return "told"
            db.commit()
            return "won"

    def attempt(number: int) -> str:
        # Who comes when all is over finds no draft any more, and would begin another.
        try:
            return write(number)
        except AssertionError:
            return "told"

    with ThreadPoolExecutor(6) as pool:
        found = Counter(pool.map(attempt, range(6)))

    assert found == {"won": 1, "told": 5}
    assert sum(standing(database, shop, page)[1].values()) == 1
