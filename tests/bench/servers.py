"""Granian as the shop runs it, and what its workers hold in memory."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from storefront.machine.serve import THRIFT

THREADS = 8
START_S = 90.0
ROOT = Path(__file__).resolve().parents[2]
# Hides what developers have installed and a shop's machine has not.
SHOPS_MACHINE = Path(__file__).parent / "shops_machine"


@dataclass(frozen=True, kw_only=True)
class Server:
    """One Granian with one worker."""

    name: str
    port: int
    pid: int


@dataclass(frozen=True, kw_only=True)
class Held:
    """Resident memory of one worker, MiB: all of it, and without the pages of files that all processes share."""

    resident: float
    own: float


@contextmanager
def serving(name: str, target: str, environment: Mapping[str, str], host: str, *, path: str = "/") -> Iterator[Server]:
    """Serve an app with one worker and eight threads until the block ends."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "granian",
        target,
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--workers", "1", "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning"]
    places = os.pathsep.join([str(SHOPS_MACHINE), str(ROOT)])
    settings = {**os.environ, **THRIFT, **environment, "VITRINE_PORT": str(port), "PYTHONPATH": places}
    process = subprocess.Popen(command, env=settings, cwd=ROOT)
    try:
        wait_for(port, host, path)
        yield Server(name=name, port=port, pid=process.pid)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        process.kill()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, host: str, path: str) -> None:
    """Wait until the server answers 200."""
    until = time.monotonic() + START_S
    answer = "nothing"
    while time.monotonic() < until:
        with suppress(OSError):
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            line.request("GET", path, headers={"Host": f"{host}:{port}", "Accept-Language": "en"})
            answer = str(line.getresponse().status)
            line.close()
            if answer == "200":
                return
        time.sleep(0.2)
    sentence = f"the server said {answer} for {START_S:.0f} seconds"
    raise RuntimeError(sentence)


def held_by(server: Server) -> Held:
    """Look at the largest child of the server: its worker."""
    table = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=True).stdout
    rows = [[int(word) for word in line.split()] for line in table.splitlines()]
    workers = [(rss, pid) for pid, parent, rss in rows if parent == server.pid] or [(0, server.pid)]
    resident, pid = max(workers)
    own = resident
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
        own = next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
    return Held(resident=resident / 1024, own=own / 1024)


def busy_s(server: Server) -> float:
    """Return the processor time that the server and its workers have used so far, in seconds."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            words = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
            if server.pid in {int(folder.name), int(words[1])}:
                ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")
