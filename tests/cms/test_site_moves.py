"""Bringing a site in survives what it cannot help: a killed process, a database that is away for a moment."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import OperationalError

from cms import site_moves
from cms.models import PageVersion
from cms.move_models import SiteMove
from storefront.core import jobs, stops
from storefront.core.db import Database
from tests.cms.made_sites import AS_THEY_WERE, emptied, make_site, packed
from tests.fixtures_app import Shop
from tests.fixtures_front import open_shop
from tests.waiting import until

SEED = 8


@pytest.fixture
def shop(database: Database) -> Shop:
    """An empty shop of one's own."""
    shop = open_shop(database)
    with database.work(shop.id) as db:
        emptied(db)
        db.commit()
    return shop


@pytest.fixture
def archive(database: Database, shop: Shop, tmp_path: Path) -> Path:
    """A site with a bit of everything; nothing of it is in the shop."""
    with database.work(shop.id) as db:
        make_site(db, SEED)
        return packed(db, tmp_path / "site.zip")


@pytest.fixture
def move(database: Database, shop: Shop, archive: Path) -> UUID:
    """An archive that was looked at, and that somebody wants to have brought in."""
    with database.work(shop.id) as db:
        upload = site_moves.Upload(kind="entry", name="site.zip", path=archive)
        row = site_moves.begin_entry(db, upload, AS_THEY_WERE)
        row.state = "looked"
        site_moves.say_yes(db, row)
        db.commit()
        return row.id


def the_job(database: Database, shop: Shop) -> UUID:
    """The job that brings the site in, due now whatever became of whoever was at it."""
    with database.work(shop.id) as db:
        mine = jobs.Job.name == site_moves.bring_site_in.__name__
        db.execute(
            update(jobs.Job)
            .where(mine, jobs.Job.state != "done")
            .values(lease_until=db.now - timedelta(seconds=1), next_at=db.now - timedelta(seconds=1))
        )
        row_id = db.scalar(select(jobs.Job.id).where(mine))
        db.commit()
    assert row_id is not None
    return row_id


def standing(database: Database, shop: Shop, move: UUID) -> tuple[str, int]:
    """What is said of the move, and how many versions of pages the shop has."""
    with database.work(shop.id) as db:
        row = db.require(SiteMove, move)
        return row.state, db.scalar(select(func.count()).select_from(PageVersion)) or 0


def is_done(database: Database, shop: Shop, move: UUID) -> bool:
    return standing(database, shop, move)[0] == "done"


def killed_at(label: str, run: Callable[[], object]) -> int:
    """Do something in a process of its own that the kernel ends at a point; returns the signal that ended it."""
    child = os.fork()
    if child == 0:
        try:
            stops.listen(lambda place: os.kill(os.getpid(), signal.SIGKILL) if place == label else None)
            run()
        finally:
            os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


@pytest.mark.crash
@pytest.mark.parametrize("label", ["site.entered", "site.committed"])
def test_killed_process_brings_nothing_twice_and_loses_nothing(
    database: Database, shop: Shop, archive: Path, move: UUID, tmp_path: Path, label: str
) -> None:
    job = the_job(database, shop)

    ended_by = killed_at(label, lambda: jobs.perform(Database(database.config), job, shop.id))
    after_the_kill = standing(database, shop, move)
    until(lambda: jobs.perform(database, the_job(database, shop), shop.id) and is_done(database, shop, move))

    assert ended_by == signal.SIGKILL
    assert after_the_kill[0] == ("entering" if label == "site.entered" else "done")
    assert (after_the_kill[1] == 0) == (label == "site.entered")
    with database.work(shop.id) as db:
        assert packed(db, tmp_path / "again.zip").read_bytes() == archive.read_bytes()


@contextmanager
def database_away(database: Database, label: str) -> Iterator[list[str]]:
    """Have the database hang up on everybody else, once, at a point."""
    cut: list[str] = []
    others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle in transaction'"
    )

    def cut_off(place: str) -> None:
        if place == label and not cut:
            cut.append(place)
            with database.app.connect() as connection:
                connection.execute(others)

    end = stops.listen(cut_off)
    try:
        yield cut
    finally:
        end()


def test_database_that_is_away_for_a_moment_ends_nothing(
    database: Database, shop: Shop, archive: Path, move: UUID, tmp_path: Path
) -> None:
    with database_away(database, "site.entered") as cut, pytest.raises(OperationalError):
        site_moves.bring_site_in(database, shop.id, str(move))
    meanwhile = standing(database, shop, move)

    site_moves.bring_site_in(database, shop.id, str(move))

    assert cut == ["site.entered"]
    assert meanwhile == ("entering", 0)
    assert standing(database, shop, move)[0] == "done"
    with database.work(shop.id) as db:
        assert packed(db, tmp_path / "again.zip").read_bytes() == archive.read_bytes()
