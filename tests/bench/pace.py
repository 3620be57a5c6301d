"""A quiet client: asks at a pace over a few lines, and tells its own lateness apart from the server's.

It runs as a program of its own that has loaded next to nothing and makes no garbage. A moment counts as it really was:
an answer's time begins when its question was sent; only where every line was still waiting for the server does it begin
when the question was due. How late the client woke is told beside it.
"""

import gc
import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LINES = 8


@dataclass(frozen=True, kw_only=True)
class Target:
    """A server to ask, and what: the path and the status that is right, in turn."""

    name: str
    port: int
    questions: Sequence[tuple[str, int]]


@dataclass(kw_only=True)
class Waits:
    """Milliseconds that answers took, and milliseconds by which the client itself was late in asking."""

    took: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)


def ask_in_rounds(targets: Sequence[Target], *, rate: int, rounds: int) -> Mapping[str, Waits]:
    """Ask all targets in turn, a share of their questions in each round; one client process asks them all."""
    plan = {
        "rate": rate,
        "rounds": rounds,
        "targets": [{"name": each.name, "port": each.port, "questions": list(each.questions)} for each in targets],
    }
    command = [sys.executable, "-S", str(Path(__file__))]
    done = subprocess.run(command, input=json.dumps(plan), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return {name: Waits(took=took, late=late) for name, (took, late) in json.loads(done.stdout).items()}


class _Line:
    """One connection that is kept open, and the question on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.begun = 0.0
        self.wanted = 0
        self._read = b""

    def fileno(self) -> int:
        """What select looks at."""
        return self.socket.fileno()

    def is_answered(self) -> bool:
        """Read what there is; True when the whole answer came. Raises for a wrong status."""
        self._read += self.socket.recv(65536)
        head, found, body = self._read.partition(b"\r\n\r\n")
        if not found:
            return False
        length = next(
            int(row.partition(b":")[2]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length:")
        )
        if len(body) < length:
            return False
        if int(head.split(maxsplit=2)[1]) != self.wanted:
            raise RuntimeError(f"{head[:40]!r} instead of {self.wanted}")
        self._read = b""
        return True


def _ask(lines: Sequence[_Line], questions: Sequence[tuple[bytes, int]], rate: int) -> tuple[list[float], list[float]]:
    """Ask at a pace and return what every answer took and how late every question was, milliseconds."""
    free, busy = list(lines), set[_Line]()
    took, late = list[float](), list[float]()
    asked, is_held_up = 0, False
    begun = time.perf_counter() + 0.005
    while len(took) < len(questions):
        now = time.perf_counter()
        due = begun + asked / rate
        if asked < len(questions) and now >= due and free:
            line = free.pop()
            request, line.wanted = questions[asked]
            line.begun = due if is_held_up else now
            late.append(0.0 if is_held_up else (now - due) * 1000)
            line.socket.sendall(request)
            busy.add(line)
            asked, is_held_up = asked + 1, False
            continue
        is_held_up = asked < len(questions) and now >= due
        pause = due - now if asked < len(questions) and free else 5.0
        for line in select.select(list(busy), [], [], max(pause, 0.0))[0]:
            if line.is_answered():
                took.append((time.perf_counter() - line.begun) * 1000)
                busy.remove(line)
                free.append(line)
    return took, late


def main() -> None:
    """Read a plan, follow it, write what was found."""
    plan = json.load(sys.stdin)
    rate, rounds = plan["rate"], plan["rounds"]
    found: dict[str, tuple[list[float], list[float]]] = {}
    lines, questions = {}, {}
    for target in plan["targets"]:
        name = target["name"]
        lines[name] = [_Line(target["port"]) for _ in range(LINES)]
        questions[name] = [
            (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n".encode("ascii"), status)
            for path, status in target["questions"]
        ]
        found[name] = ([], [])
    gc.disable()
    for name, asked in questions.items():  # every line has been used once, and the server has read its index
        _ask(lines[name], asked[: 2 * LINES], rate)
        time.sleep(2)
    for number in range(rounds):
        for name, asked in questions.items():
            took, late = _ask(lines[name], asked[number::rounds], rate)
            found[name][0].extend(took)
            found[name][1].extend(late)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
