"""What changed is known in every process within a second."""

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy.exc import NoResultFound

from storefront.core import changes
from storefront.core.changes import Versions, announce, announce_everywhere, stamp_of
from storefront.core.config import Config
from storefront.core.db import Database
from storefront.core.store import Store
from tenants.models import Site
from tenants.resolve import Resolver
from tests.fixtures_app import Shop
from tests.waiting import until

WATCHER = """
    import sys, time
    from dataclasses import replace
    from pathlib import Path
    from storefront import models
    from storefront.core.config import Config
    from storefront.core.db import Database
    from tenants.resolve import Resolver
    config = Config.from_environment()
    resolver = Resolver(Database(config))
    seen = None
    while True:
        place = resolver.find(sys.argv[1])
        told = f"{place.version} {place.state}" if place else "unknown"
        if told != seen and (seen is not None or resolver.versions.is_trusted):
            seen = told
            print(told, time.time(), flush=True)
        time.sleep(0.002)
"""


@contextmanager
def watcher(config: Config, host: str) -> Iterator[subprocess.Popen[str]]:
    """Run another process that tells whenever it sees something new."""
    environment = {
        "DATABASE_URL": config.database_url,
        "OFFICE_URL": config.office_url,
        "REDIS_URL": config.redis_url,
        "VITRINE_MODE": "development",
        "VITRINE_DATA": str(config.data_dir),
    }
    command = [sys.executable, "-c", textwrap.dedent(WATCHER), host]
    root = Path(__file__).resolve().parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=root) as process:
        try:
            yield process
        finally:
            process.kill()


def next_line(process: subprocess.Popen[str]) -> tuple[str, float]:
    """Return what the other process saw, and when."""
    assert process.stdout is not None
    for line in process.stdout:
        told, _, moment = line.strip().rpartition(" ")
        if told and moment.replace(".", "").isdigit():
            return told, float(moment)
    pytest.fail("the other process ended")


def current(versions: Versions, reseller_id: UUID, version: int) -> bool:
    return versions.allow(stamp_of(reseller_id, version))


def test_announce_raises_the_version_once(front: Database, shop: Shop, neighbour: Shop) -> None:
    with front.work(shop.id) as db:
        version = announce(db)
        db.commit()

    with front.work(shop.id) as db:
        assert version == 2
        assert db.session.get_one(Site, shop.id).version == 2
        assert db.session.get_one(Site, neighbour.id).version == 1


def test_announce_in_the_office_names_the_shop(front: Database, shop: Shop) -> None:
    with front.office_work() as db:
        assert announce(db, shop.id) == 2

        with pytest.raises(NoResultFound):
            announce(db, uuid4())


def test_announce_for_another_shop_is_stopped_by_the_wall(front: Database, shop: Shop, neighbour: Shop) -> None:
    with front.work(shop.id) as db, pytest.raises(NoResultFound):
        announce(db, neighbour.id)


def test_announce_is_heard_by_two_processes_within_a_second(front: Database, front_config: Config, shop: Shop) -> None:
    with watcher(front_config, shop.host) as one, watcher(front_config, shop.host) as two:
        assert next_line(one)[0] == next_line(two)[0] == "1 open"

        took = []
        for version in (2, 3, 4):
            with front.work(shop.id) as db:
                announce(db)
                db.commit()
            committed_at = time.time()
            for process in (one, two):
                told, moment = next_line(process)
                assert told == f"{version} open"
                took.append(moment - committed_at)

    assert max(took) < 1


def test_announce_of_a_lost_line_is_caught_up_within_a_second(
    front_config: Config, shop: Shop, resolver: Resolver
) -> None:
    resolver.find(shop.host)
    address = front_config.owner_url.replace("postgresql+psycopg:", "postgresql:", 1)
    with psycopg.connect(address, autocommit=True) as line:
        cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = %s"
        as_app = front_config.database_url.replace("postgresql+psycopg:", "postgresql:", 1)
        with psycopg.connect(as_app, autocommit=True) as same_role:
            same_role.execute(cut, ("vitrine changes",))
        line.execute("UPDATE site SET version = 9, changed_at = now() WHERE reseller_id = %s", (shop.id,))

    until(lambda: getattr(resolver.find(shop.host), "version", 0) == 9, seconds=1.5)
    assert not current(resolver.versions, shop.id, 8)


def test_change_without_notice_is_found_by_looking(front_config: Config, shop: Shop, resolver: Resolver) -> None:
    resolver.find(shop.host)

    address = front_config.owner_url.replace("postgresql+psycopg:", "postgresql:", 1)
    with psycopg.connect(address, autocommit=True) as line:
        line.execute("UPDATE site SET version = 7, changed_at = now() WHERE reseller_id = %s", (shop.id,))

    until(lambda: not current(resolver.versions, shop.id, 6), seconds=1.5)


def test_change_while_no_process_ran_is_known_to_the_next_one(front: Database, shop: Shop, store: Store) -> None:
    first = Resolver(front, store)
    first.versions.start()
    until(lambda: first.versions.is_trusted)
    kept = first.find(shop.host)
    first.close()
    with front.work(shop.id) as db:
        announce(db)
        db.commit()

    second = Resolver(front, store)
    found = [second.find(shop.host)]
    until(lambda: second.versions.is_trusted)
    found.append(second.find(shop.host))

    second.close()
    assert kept is not None
    assert [place.version for place in found if place] == [2, 2]


def test_everything_changed_throws_all_away(front: Database, shop: Shop, resolver: Resolver, store: Store) -> None:
    resolver.find(shop.host)
    birth = store.birth

    with front.office_work() as db:
        announce_everywhere(db)
        db.commit()

    until(lambda: store.birth != birth, seconds=1)
    until(lambda: getattr(resolver.find(shop.host), "version", 0) == 2, seconds=1)


def test_too_many_changes_throw_all_away_instead_of_being_remembered(
    front: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "FLOOR_LIMIT", 10)
    versions = Versions(front)
    forgotten: list[int] = []
    versions.on_forget.append(lambda: forgotten.append(len(versions._floor)))

    for number in range(25):
        versions.learn(uuid4(), number + 2)

    assert forgotten == [11, 11]
    assert len(versions._floor) == 3
    assert versions.epoch == 2


def test_without_database_what_is_kept_is_trusted(front_config: Config) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
    database = Database(replace(front_config, database_url=nowhere, office_url=nowhere))
    versions = Versions(database)

    assert not versions.is_trusted

    until(lambda: current(versions, uuid4(), 1))
    versions.close()
    database.dispose()
    assert not versions.is_trusted


def test_unreadable_notices_are_passed_over(front: Database) -> None:
    versions = Versions(front)

    for payload in ("", "x", "x 1", f"{uuid4()} x", f"{uuid4()}", "* *"):
        versions.hear("site", payload)

    assert versions._floor == {}


def test_versions_nobody_holds_end_their_thread(front: Database) -> None:
    thread = thread_of(Versions(front))

    until(lambda: not thread.is_alive(), seconds=3)


def thread_of(versions: Versions) -> threading.Thread:
    versions.start()
    until(lambda: versions.is_trusted)
    assert versions._thread is not None
    return versions._thread
