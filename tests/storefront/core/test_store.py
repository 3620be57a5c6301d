"""The store all processes of a machine share: bounded, and lost without harm at any moment."""

import os
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lmdb
import pytest

from storefront.core import store as store_module
from storefront.core.store import Store, boot_id, key_of, shared_store
from tests.waiting import until

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def opened(folder: Path, limit_mb: int = 4) -> Store:
    store = Store(folder, limit_mb)
    store.belong_to("one", NOON)
    return store


FORKING = """
    import os, sys
    from datetime import UTC, datetime
    from pathlib import Path
    from storefront.core.store import Store
    store = Store(Path(sys.argv[1]), 4)
    def belong():
        store.belong_to("one", datetime(2026, 3, 1, 12, tzinfo=UTC))
    # USED
    if store.birth:
        belong()
        store.write(b"x", b"y")
    pid = os.fork()
    if pid == 0:
        belong()
        print(store.read(b"parent") is None, store.write(b"child", b"2"), flush=True)
        os._exit(0)
    os.waitpid(pid, 0)
    belong()
    print(store.write(b"parent", b"1"), store.read(b"parent"), store.read(b"child"))
"""


def run_child(code: str, *arguments: object) -> str:
    """Run a program to its end and return what it printed."""
    with child(code, *arguments) as process:
        told, _ = process.communicate(timeout=30)
    return told


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Run a program with the store at hand."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[3])


def test_write_then_read_gives_the_same_bytes(tmp_path: Path) -> None:
    store = opened(tmp_path)

    assert store.write(b"k", b"\0value")

    assert store.read(b"k") == b"\0value"
    assert store.read(b"other") is None


def test_write_before_the_database_is_known_keeps_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path, 4)

    assert not store.write(b"k", b"value")

    assert store.read(b"k") is None


def test_key_of_long_parts_stays_within_what_lmdb_takes(tmp_path: Path) -> None:
    store = opened(tmp_path)
    keys = {key_of("a" * length, "b") for length in range(480, 520)}

    assert store.write_many([(key, b"1") for key in keys])

    assert len(keys) == 40
    assert max(map(len, keys)) <= 511
    assert key_of("a", "bc") != key_of("ab", "c")


def test_write_beyond_the_limit_begins_anew(tmp_path: Path) -> None:
    store = opened(tmp_path, 1)
    before = store.birth

    for number in range(400):
        store.write(b"k%d" % number, os.urandom(8_000))

    assert store.birth != before
    assert store.write(b"last", b"1")
    assert store.read(b"last") == b"1"
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [store.birth]
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.mdb")) < 2_000_000


def test_write_of_an_earlier_birth_is_refused(tmp_path: Path) -> None:
    store = opened(tmp_path)
    birth = store.birth
    store.renew()

    assert not store.write(b"k", b"stale", birth=birth)

    assert store.read(b"k") is None
    assert store.write(b"k", b"fresh", birth=store.birth)


def test_belong_to_another_database_throws_everything_away(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.write(b"k", b"of one")

    since = store.belong_to("two", NOON + timedelta(days=1))

    assert since == NOON + timedelta(days=1)
    assert store.read(b"k") is None


def test_belong_to_the_same_database_keeps_everything_and_says_since_when(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.write(b"k", b"of one")

    since = store.belong_to("one", NOON + timedelta(days=1))

    assert since == NOON
    assert store.read(b"k") == b"of one"


def test_renew_remembers_up_to_when_all_was_known(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.all_is_known(NOON + timedelta(hours=3))

    store.renew()

    assert store.belong_to("one", NOON + timedelta(days=1)) == NOON + timedelta(hours=3)


def test_open_after_a_restart_of_the_machine_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "0000-old").mkdir()
    (tmp_path / "0000-old" / "data.mdb").write_bytes(b"torn" * 1000)
    (tmp_path / "current").write_text("0000-old")

    store = opened(tmp_path)

    assert store.birth.startswith(boot_id())
    assert not (tmp_path / "0000-old").exists()


def test_read_a_foreign_file_finds_nothing_and_breaks_nothing(tmp_path: Path) -> None:
    birth = f"{boot_id()}-broken"
    (tmp_path / birth).mkdir()
    (tmp_path / birth / "data.mdb").write_bytes(b"no database" * 1000)
    (tmp_path / "current").write_text(birth)
    store = Store(tmp_path, 4)

    assert store.read(b"k") is None

    store.belong_to("one", NOON)
    store.renew()
    assert store.write(b"k", b"1")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_open_where_nothing_may_be_written_finds_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    store = Store(tmp_path / "pages", 4)

    assert store.read(b"k") is None
    assert not store.write(b"k", b"1")
    tmp_path.chmod(0o700)


def test_shared_store_is_one_for_each_folder(tmp_path: Path) -> None:
    assert shared_store(tmp_path, 4) is shared_store(tmp_path, 4)
    store = opened(tmp_path / "a")
    with pytest.raises(lmdb.Error, match="already open"):
        lmdb.open(str(tmp_path / "a" / store.birth))


def test_follow_sees_that_another_process_began_anew(tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.write(b"k", b"old")
    told = run_child(
        """
        import sys
        from datetime import UTC, datetime
        from pathlib import Path
        from storefront.core.store import Store
        store = Store(Path(sys.argv[1]), 4)
        store.belong_to("one", datetime(2026, 3, 1, 12, tzinfo=UTC))
        print(store.read(b"k").decode())
        store.renew()
        store.write(b"k", b"new")
        """,
        tmp_path,
    )

    assert store.read(b"k") == b"old"
    store.follow()

    assert told == "old\n"
    assert store.read(b"k") == b"new"


def test_fork_before_the_store_is_used_gives_parent_and_child_the_same(tmp_path: Path) -> None:
    told = run_child(FORKING.replace("# USED", ""), tmp_path)

    assert told == "True True\nTrue b'1' b'2'\n"


def test_fork_of_an_open_store_leaves_the_parent_unharmed(tmp_path: Path) -> None:
    told = run_child(FORKING.replace("# USED", "store.write(b'x', b'y'); store.read(b'x')"), tmp_path)

    assert told.endswith("True b'1' None\n")
    assert "begins_anew" not in told


@pytest.mark.crash
@pytest.mark.parametrize("delay_s", [0.0, 0.02, 0.05, 0.11])
def test_kill_in_the_middle_of_writing_harms_nobody(tmp_path: Path, delay_s: float) -> None:
    store = opened(tmp_path, 64)
    store.write(b"before", b"1" * 5_000)
    writer = child(
        """
        import sys
        from datetime import UTC, datetime
        from pathlib import Path
        from storefront.core.store import Store
        store = Store(Path(sys.argv[1]), 64)
        store.belong_to("one", datetime(2026, 3, 1, 12, tzinfo=UTC))
        number = 0
        while True:
            number += 1
            body = bytes([number % 251]) * 20_000
            store.write_many([(b"k%d" % (number % 300), body), (b"twin%d" % (number % 300), body)])
        """,
        tmp_path,
    )
    until(lambda: store.read(b"k50") is not None, seconds=30)
    time.sleep(delay_s)

    writer.kill()
    writer.communicate(timeout=10)

    for number in range(300):
        value = store.read(b"k%d" % number)
        assert value == store.read(b"twin%d" % number)
        assert value is None or value == value[:1] * 20_000
    assert store.write(b"after", b"1")
    assert store.read(b"before") == b"1" * 5_000
    store.follow()
    assert store._environment is not None
    assert str(writer.pid) not in store._environment.readers()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux says what is mapped")
def test_follow_gives_back_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(tmp_path, 64)
    store.write_many([(b"k%d" % number, b"x" * 100_000) for number in range(400)])
    whole = sum(len(store.read(b"k%d" % number) or b"") for number in range(400))
    before = mapped_bytes(tmp_path)
    monkeypatch.setattr(store_module, "MAPPED_LIMIT", 0)

    for _ in range(store_module.QUIET_LOOKS - 1):
        store.follow()
    still = mapped_bytes(tmp_path)
    store.follow()

    assert still > 30_000_000
    assert whole == 40_000_000
    assert before > 30_000_000
    assert mapped_bytes(tmp_path) < 1_000_000
    assert store.read(b"k399") == b"x" * 100_000


def mapped_bytes(folder: Path) -> int:
    """Return how much of the files of a folder counts as memory of this process."""
    found, counts = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if "-" in line.partition(" ")[0]:
            counts = str(folder) in line
        elif counts and line.startswith("Rss:"):
            found += int(line.split()[1]) * 1024
    return found
