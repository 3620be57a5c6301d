"""The data directory: made, locked against a second instance, and given its first keys."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storefront.machine.speech import CannotGoOnError

RECORD = "children.json"
RUNNING = "running.json"  # the addresses of the servers while ./run serve holds the directory
LOCK = "lock"
DEMO = "demo-logins.txt"


def make(data: Path) -> Path:
    """Make the data directory and its parts; raise when it belongs to somebody else."""
    data = data.absolute()
    try:
        # Root lends an account to PostgreSQL, which must pass through here; what is secret lies in directories of 0700.
        data.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        if data.stat().st_uid == 0 and os.geteuid() == 0:
            data.chmod(data.stat().st_mode | 0o711)
        for part in ("keys", "logs", "files", "valkey"):
            (data / part).mkdir(mode=0o700, exist_ok=True)
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        sentence = f"{data} cannot be used as the data directory ({error.strerror}). Choose another with --data."
        raise CannotGoOnError(sentence) from error
    if not os.access(data, os.R_OK | os.W_OK | os.X_OK) or not os.access(data / "keys", os.R_OK | os.W_OK | os.X_OK):
        sentence = f"{data} was made by another account. Start ./run as that account, or choose another with --data."
        raise CannotGoOnError(sentence)
    make_keys(data / "keys")
    return data


def make_keys(keys: Path) -> None:
    """Make the first key ring, readable by its owner only; an existing one is left alone, its mode is narrowed."""
    ring = keys / "ring.json"
    keys.chmod(0o700)
    if not ring.exists():
        first = json.dumps({"current": "k1", "keys": {"k1": base64.b64encode(secrets.token_bytes(32)).decode()}})
        write_private(ring, first.encode())
    ring.chmod(0o600)


def write_private(path: Path, content: bytes) -> None:
    """Write a file with mode 0600 from its first byte on, whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Hold the data directory; raise when another instance does. The system lets go when we die, however we die."""
    with (data / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            sentence = f"Another instance is using {data}. Stop it, or choose another directory with --data."
            raise CannotGoOnError(sentence) from error
        yield


def is_held(data: Path) -> bool:
    """Whether another instance holds the data directory now."""
    try:
        with held(data):
            return False
    except CannotGoOnError:
        return True


def is_fresh(data: Path) -> bool:
    """Whether nothing has been kept in this directory yet."""
    return not data.exists() or not any(data.iterdir())
