"""What pages of others fetch from the shop: the script that puts windows in, and the table of events in two tongues.

A published file never changes again, since pages name it by its sum: what is new gets a new version. ``published.json``
holds the sums (tests/frames compares).
"""

from functools import lru_cache
from pathlib import Path
from typing import Final

from frames.snippet import integrity_of

STATIC: Final = Path(__file__).parent / "static"
SCRIPT: Final = "embed.v1.js"
KINDS_OF_FILES: Final = {
    SCRIPT: "text/javascript",
    "events.v1.json": "application/schema+json",
    "events.v1.d.ts": "text/plain",
}


@lru_cache(maxsize=len(KINDS_OF_FILES))
def published(name: str) -> bytes:
    """Return the bytes of a published file."""
    return (STATIC / name).read_bytes()


@lru_cache(maxsize=1)
def script_integrity() -> str:
    """Return the sum by which pages of others name the script."""
    return integrity_of(published(SCRIPT))
