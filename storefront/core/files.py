"""Files of a reseller: documents, letters, pictures; named by what is in them, kept for ever unless on a shelf."""

import hashlib
import os
from datetime import datetime
from pathlib import Path
from uuid import UUID

from storefront.core.config import Config
from storefront.core.errors import NotFound


def keep(config: Config, reseller_id: UUID, content: bytes, *, shelf: str = "") -> str:
    """Store bytes and return their SHA-256, under which ``fetch`` finds them again.

    What may be thrown away one day lies on a shelf of its own, so that nothing else is named by the same bytes there.
    """
    digest = hashlib.sha256(content).hexdigest()
    _write(_path(config, reseller_id, digest, shelf), content)
    return digest


def fetch(config: Config, reseller_id: UUID, digest: str, *, shelf: str = "") -> bytes:
    """Return stored bytes; ``NotFound`` if there are none, or if they are no longer what they were."""
    path = _path(config, reseller_id, digest, shelf)
    if not path.is_file():
        raise NotFound
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise NotFound
    return content


def is_kept(config: Config, reseller_id: UUID, digest: str) -> bool:
    """Whether there is a file of this name; only ``fetch`` looks whether it is whole."""
    return _path(config, reseller_id, digest).is_file()


def throw_away(config: Config, reseller_id: UUID, digest: str, *, shelf: str) -> None:
    """Delete bytes of a shelf; whoever calls this knows that nobody names them any more."""
    _path(config, reseller_id, digest, shelf).unlink(missing_ok=True)


def keep_made(config: Config, reseller_id: UUID, name: str, content: bytes, *, shelf: str) -> None:
    """Store what can be made again at any time, under the digest of what it was made from."""
    _write(_path(config, reseller_id, name, shelf), content)


def find_made(config: Config, reseller_id: UUID, name: str, *, shelf: str) -> bytes | None:
    """Return what was made, or ``None``; whoever asks keeps it from being thrown away."""
    path = _path(config, reseller_id, name, shelf)
    try:
        content = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    return content


def throw_away_unused(config: Config, *, shelf: str, since: datetime) -> None:
    """Delete what was made and nobody asked for since a moment, in all shops."""
    for path in config.files_dir.glob(f"*/{shelf}/*/*"):
        if path.is_file() and path.stat().st_mtime < since.timestamp():
            path.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _path(config: Config, reseller_id: UUID, digest: str, shelf: str = "") -> Path:
    if len(digest) != hashlib.sha256().digest_size * 2 or not digest.isalnum():
        raise NotFound
    return config.files_dir / str(reseller_id) / shelf / digest[:2] / digest
