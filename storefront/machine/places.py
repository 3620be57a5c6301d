"""Where things lie: the project, its virtual environment, and a short directory for sockets."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from storefront.machine.speech import CannotGoOnError

ROOT = Path(__file__).resolve().parents[2]
VENV = Path(os.environ.get("VITRINE_VENV", ROOT / ".venv"))
PYTHON = VENV / "bin" / "python"

# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the last one NUL.
LONGEST_SOCKET_PATH = 103


def is_there(path: Path) -> bool:
    """Whether something we may look at is there; Path.exists raises where we may not look."""
    return os.path.exists(path)  # noqa: PTH110 - see above


def fingerprint(text: str) -> str:
    """Twelve hexadecimal digits that stand for a longer text, such as a path."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def socket_base() -> Path:
    """The shortest directory that is ours to write and is emptied by a reboot."""
    candidates = [os.environ.get("XDG_RUNTIME_DIR"), "/run" if os.geteuid() == 0 else None]
    for candidate in candidates:
        if candidate and len(candidate) < LONGEST_SOCKET_PATH // 2 and os.access(candidate, os.W_OK | os.X_OK):
            return Path(candidate)
    return Path(tempfile.gettempdir())


def make_private(directory: Path, mode: int = 0o700) -> Path:
    """Make a directory that belongs to us; raise when somebody else already put something there."""
    directory.mkdir(mode=mode, parents=True, exist_ok=True)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        sentence = f"{directory} belongs to somebody else. Remove it, or set TMPDIR to a directory of your own."
        raise CannotGoOnError(sentence)
    directory.chmod(mode)
    return directory


def runtime_directory(data: Path) -> Path:
    """The directory for the sockets of one data directory; others may pass through it, not look around."""
    directory = make_private(socket_base() / f"vitrine-{fingerprint(str(data))}", 0o711)
    if len(str(directory / "postgres" / ".s.PGSQL.5432")) > LONGEST_SOCKET_PATH:
        sentence = f"{directory} is too long for a socket. Set TMPDIR to a shorter directory."
        raise CannotGoOnError(sentence)
    return directory
