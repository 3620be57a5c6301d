"""Children are written down, stopped in order, and reaped after a kill; a stranger with the same id is left alone."""

import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storefront.machine.processes import Household, Program, Trace, is_same, read_record, reap, start_mark, tagged

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]


def program(place: Path, command: list[str], name: str = "sleeper", grace_s: float = 5) -> Program:
    return Program(name=name, command=command, log=place / f"{name}.log", environment=dict(os.environ), grace_s=grace_s)


def await_words(log: Path, words: str) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and words not in log.read_text():
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if start_mark(pid) is None:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SLEEP) as process:
        yield process
        process.kill()


def test_child_is_written_down_with_its_start(tmp_path: Path) -> None:
    household = Household(tmp_path / "children.json")

    process = household.start(program(tmp_path, SLEEP))

    tag, traces = read_record(tmp_path / "children.json")
    assert tag
    assert [(trace.name, trace.pid, is_same(trace)) for trace in traces] == [("sleeper", process.pid, True)]
    household.stop()


def test_stop_ends_children_and_forgets_them(tmp_path: Path) -> None:
    household = Household(tmp_path / "children.json")
    process = household.start(program(tmp_path, SLEEP))

    household.stop()

    assert process.returncode == -signal.SIGTERM
    assert not (tmp_path / "children.json").exists()


def test_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    household = Household(None)
    process = household.start(program(tmp_path, DEAF, grace_s=0.2))
    await_words(tmp_path / "sleeper.log", "deaf")

    household.stop()

    assert process.returncode == -signal.SIGKILL


def test_ended_child_is_told_once_with_its_code(tmp_path: Path) -> None:
    household = Household(None)
    household.start(program(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"])).wait()

    first, second = household.ended(), household.ended()

    assert [(gone.name, code) for gone, code in first] == [("sleeper", 3)]
    assert second == []


def test_orphan_of_a_killed_start_is_reaped(tmp_path: Path) -> None:
    process = Household(tmp_path / "children.json").start(program(tmp_path, SLEEP))

    stopped = reap(tmp_path / "children.json")

    process.wait(5)
    assert stopped == 1
    assert not (tmp_path / "children.json").exists()


def test_grandchild_of_a_killed_start_is_reaped(tmp_path: Path) -> None:
    parent = f"import subprocess; print(subprocess.Popen({SLEEP!r}, start_new_session=True).pid, flush=True)"
    Household(tmp_path / "children.json").start(program(tmp_path, [sys.executable, "-c", parent])).wait()
    grandchild = int((tmp_path / "sleeper.log").read_text())
    if not tagged(read_record(tmp_path / "children.json")[0]):
        os.kill(grandchild, signal.SIGKILL)
        pytest.skip("this system does not let us look at the environment of processes")

    reap(tmp_path / "children.json")

    assert is_gone(grandchild)


def test_stranger_with_the_same_id_is_left_alone(tmp_path: Path, stranger: subprocess.Popen[bytes]) -> None:
    time.sleep(0.05)  # the system tells starts apart by hundredths of a second
    household = Household(tmp_path / "children.json")
    process = household.start(program(tmp_path, SLEEP))
    record = tmp_path / "children.json"
    record.write_text(record.read_text().replace(f'"pid": {process.pid}', f'"pid": {stranger.pid}'))
    process.kill()
    process.wait()

    reap(record)

    assert stranger.poll() is None


def test_torn_record_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "children.json").write_text('{"tag": "x", "chil')

    assert read_record(tmp_path / "children.json") == ("", [])


def test_start_mark_of_nobody_is_none() -> None:
    assert start_mark(2**22 + 1) is None


def test_trace_of_another_start_is_not_the_same() -> None:
    trace = Trace(
        name="me",
        pid=os.getpid(),
        started=start_mark(os.getpid()) or "",
        stop_signal=15,
        grace_s=1,
        is_server=False,
    )

    assert is_same(trace)
    assert not is_same(dataclasses.replace(trace, started="earlier"))
