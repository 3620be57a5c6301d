"""Files that may be too large for the memory: kept and read piece by piece, on a shelf, named by what is in them."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from storefront.core.config import Config
from storefront.core.errors import NotFound


def keep_large(config: Config, reseller_id: UUID, pieces: Iterable[bytes], *, shelf: str) -> tuple[str, int]:
    """Store what may be too large for the memory, piece by piece; return its SHA-256 and its size.

    Whatever ``pieces`` raises leaves nothing behind.
    """
    folder = config.files_dir / str(reseller_id) / shelf
    folder.mkdir(parents=True, exist_ok=True)
    summed, size = hashlib.sha256(), 0
    with NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as draft:
        try:
            for piece in pieces:
                summed.update(piece)
                size += len(piece)
                draft.write(piece)
            draft.flush()
            os.fsync(draft.fileno())
            path = place_of(config, reseller_id, summed.hexdigest(), shelf=shelf)
            path.parent.mkdir(parents=True, exist_ok=True)
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    return summed.hexdigest(), size


def require_path(config: Config, reseller_id: UUID, digest: str, *, shelf: str) -> Path:
    """Return where a large file lies, to be read piece by piece; ``NotFound`` if there is none."""
    path = place_of(config, reseller_id, digest, shelf=shelf)
    if not path.is_file():
        raise NotFound
    return path


def place_of(config: Config, reseller_id: UUID, digest: str, *, shelf: str) -> Path:
    """Return where a file of this name lies, or would; ``NotFound`` for what is no name."""
    if len(digest) != hashlib.sha256().digest_size * 2 or not digest.isalnum():
        raise NotFound
    return config.files_dir / str(reseller_id) / shelf / digest[:2] / digest
