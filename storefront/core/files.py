"""Files of a reseller: documents, letters, pictures; named by what is in them, kept for ever unless on a shelf."""

import hashlib
import os
from pathlib import Path
from uuid import UUID

from storefront.core.config import Config
from storefront.core.errors import NotFound


def keep(config: Config, reseller_id: UUID, content: bytes, *, shelf: str = "") -> str:
    """Store bytes and return their SHA-256, under which ``fetch`` finds them again.

    What may be thrown away one day lies on a shelf of its own, so that nothing else is named by the same bytes there.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = _path(config, reseller_id, digest, shelf)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.part")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
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


def _path(config: Config, reseller_id: UUID, digest: str, shelf: str = "") -> Path:
    if len(digest) != hashlib.sha256().digest_size * 2 or not digest.isalnum():
        raise NotFound
    return config.files_dir / str(reseller_id) / shelf / digest[:2] / digest
