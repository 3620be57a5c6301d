"""Tasks in words: how often, when last, when next; late and failed are said."""

from datetime import timedelta

import pytest

from storefront.core import clock
from storefront.core.db import Database
from storefront.core.i18n import speaking
from storefront.core.task_runs import TaskRun, note_run, task_runs
from storefront.reseller.tasks import TITLES, every, task_rows
from storefront.schedule import SCHEDULE


def run(name: str = "look_at_due_hosts", *, ago_s: int = 10, every_s: int = 900, failed: bool = False) -> TaskRun:
    began = clock.now() - timedelta(seconds=ago_s)
    return TaskRun(name=name, every_s=every_s, began_at=began, failed_at=began if failed else None)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "every 30 seconds"),
        (60, "every minute"),
        (900, "every 15 minutes"),
        (3600, "every hour"),
        (86_400, "every day"),
    ],
)
def test_frequency_is_said_in_words(seconds: int, words: str) -> None:
    assert every(seconds) == words


def test_row_says_last_and_next() -> None:
    with speaking("en", "UTC"):
        row = task_rows([run()], clock.now())[0]

    assert row.text.startswith("every 15 minutes; last ")
    assert ", next " in row.text
    assert not row.is_late
    assert not row.has_failed


def test_late_and_failed_are_told_apart() -> None:
    late, failed = task_rows([run(ago_s=4_000)], clock.now())[0], task_rows([run(failed=True)], clock.now())[0]

    assert (late.is_late, late.has_failed) == (True, False)
    assert (failed.is_late, failed.has_failed) == (False, True)


def test_machinery_is_not_shown() -> None:
    assert task_rows([run("sweep_old_jobs")], clock.now()) == []


def test_every_title_is_of_a_task_there_is() -> None:
    assert set(TITLES) <= {task.name for task in SCHEDULE}


def test_trouble_is_kept_until_it_runs_well_again(database: Database) -> None:
    with database.office_work() as db:
        note_run(db, "of_a_test", every_s=60, began_at=db.now, has_failed=True)
        first = next(row for row in task_runs(db) if row.name == "of_a_test")
        assert first.failed_at is not None
        note_run(db, "of_a_test", every_s=60, began_at=db.now, has_failed=False)
        db.session.expire_all()

        assert next(row for row in task_runs(db) if row.name == "of_a_test").failed_at is None
