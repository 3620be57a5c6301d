"""Children: started in sessions of their own, written down, stopped in order, and reaped when a start was killed."""

import json
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from storefront.machine.accounts import Account, identity
from storefront.machine.interruptions import undisturbed
from storefront.machine.speech import say

TAG = "VITRINE_RUN"  # an environment variable that marks whatever a start has started, grandchildren too
IS_LINUX = os.uname().sysname == "Linux"
LARGEST_LOG = 5_000_000


@dataclass(frozen=True, kw_only=True)
class Program:
    """What to start and how to end it; servers are stopped after everybody who uses them."""

    name: str
    command: Sequence[str | Path]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    is_server: bool = False
    stop_signal: int = signal.SIGTERM
    grace_s: float = 12
    cwd: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A process as written down: its id alone may have passed to a stranger, with its start time it is the same one."""

    name: str
    pid: int
    started: str
    stop_signal: int
    grace_s: float
    is_server: bool


def start_mark(pid: int) -> str | None:
    """When a process started, in words that only compare; None when it is gone or only waits to be collected."""
    if IS_LINUX:
        try:
            status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return None if status[0] in "ZX" else f"{boot}/{status[19]}"
    asked = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, started = asked.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def is_same(trace: Trace) -> bool:
    """Whether the process written down still lives, and is not a stranger with the same id."""
    return start_mark(trace.pid) == trace.started


def read_record(path: Path) -> tuple[str, list[Trace]]:
    """The tag and the processes that a start wrote down; nothing when there is no record or it is torn."""
    try:
        found = json.loads(path.read_text())
        return str(found["tag"]), [Trace(**entry) for entry in found["children"]]
    except (OSError, ValueError, KeyError, TypeError):
        return "", []


def tagged(tag: str) -> list[int]:
    """Ids of living processes that carry the tag of a start. Only Linux lets us look; elsewhere the record must do."""
    if not tag or not IS_LINUX:
        return []
    mark, found = f"{TAG}={tag}".encode(), []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                carries = mark in (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if carries and start_mark(int(entry.name)):
                found.append(int(entry.name))
    return found


def reap(path: Path) -> int:
    """Stop what a killed start left behind and forget it; returns how many processes were stopped."""
    tag, traces = read_record(path)
    living = [trace for trace in traces if is_same(trace)]
    for is_server in (False, True):
        wave = [trace for trace in living if trace.is_server == is_server]
        for trace in wave:
            _send(trace.pid, trace.stop_signal)
        deadline = time.monotonic() + max((min(trace.grace_s, 6) for trace in wave), default=0)
        while any(is_same(trace) for trace in wave) and time.monotonic() < deadline:
            time.sleep(0.05)
        for trace in wave:
            if is_same(trace):
                _send_group(trace.pid, signal.SIGKILL)
    strays = tagged(tag)
    for pid in strays:
        _send(pid, signal.SIGKILL)
    path.unlink(missing_ok=True)
    return len(living) + len(strays)


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _send_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        _send(pid, number)


class Household:
    """The children of one start of ./run."""

    def __init__(self, record: Path | None) -> None:
        self._record = record
        self._tag = secrets.token_hex(16)
        self._children: list[tuple[Program, subprocess.Popen[bytes]]] = []
        self._write()

    def start(self, program: Program) -> subprocess.Popen[bytes]:
        """Start a program in a session of its own, its words going to its log, and write it down."""
        with undisturbed():  # nothing may start without being written down
            return self._start(program)

    def _start(self, program: Program) -> "subprocess.Popen[bytes]":
        if program.log.exists() and program.log.stat().st_size > LARGEST_LOG:
            program.log.replace(program.log.with_suffix(".old.log"))
        with program.log.open("ab") as log:
            process = subprocess.Popen(
                [str(part) for part in program.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**program.environment, TAG: self._tag},
                cwd=program.cwd,
                start_new_session=True,  # Ctrl-C in the terminal reaches ./run alone, which then stops them in order
                **identity(program.account),
            )
        self._children.append((program, process))
        self._write()
        return process

    def ended(self) -> list[tuple[Program, int]]:
        """Programs that ended since the last look, with their exit codes; they are forgotten."""
        gone = [(program, process) for program, process in self._children if process.poll() is not None]
        for program, process in gone:
            _send_group(process.pid, signal.SIGKILL)  # nobody stays behind in its session's group
            self._children.remove((program, process))
        if gone:
            self._write()
        return [(program, process.returncode) for program, process in gone]

    def stop(self) -> None:
        """Stop everything, however often somebody wishes for it meanwhile."""
        with undisturbed(then_forget=True):
            self._stop()

    def _stop(self) -> None:
        """Programs first, then the servers they lean on; who does not listen is killed."""
        for is_server in (False, True):
            wave = [(program, process) for program, process in self._children if program.is_server == is_server]
            for program, process in wave:
                if process.poll() is None:
                    _send(process.pid, program.stop_signal)
            deadline = time.monotonic() + max((program.grace_s for program, _ in wave), default=0)
            for program, process in reversed(wave):
                self._await(program, process, deadline)
        self._children.clear()
        if self._record:
            self._record.unlink(missing_ok=True)

    def _await(self, program: Program, process: "subprocess.Popen[bytes]", deadline: float) -> None:
        try:
            process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"  {program.name} did not stop in time and is killed")
        finally:
            _send_group(process.pid, signal.SIGKILL)
            process.wait()

    def _write(self) -> None:
        if self._record is None:
            return
        children = [
            {
                "name": program.name,
                "pid": process.pid,
                "started": start_mark(process.pid) or "",
                "stop_signal": int(program.stop_signal),
                "grace_s": program.grace_s,
                "is_server": program.is_server,
            }
            for program, process in self._children
        ]
        fresh = self._record.with_suffix(".new")
        fresh.write_text(json.dumps({"tag": self._tag, "children": children}))
        fresh.replace(self._record)
