"""Kept answers: what of an answer is kept, how it is written into the store and read back."""

import gzip
import os
import struct
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from storefront.core.changes import STAMP_LENGTH

Header = tuple[str, str]
Headers = list[Header]

MAX_BODY = 512 * 1024
GZIP_LEVEL = 6
ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("storefront", "tenants", "frames", "cms", "themes", "translations")

# Set for each answer anew, or never for others' eyes.
_OWN = {"content-length", "content-encoding", "etag", "vary", "x-vitrine-ready", "date", "server", "connection"}
_PACKED: Header = ("Content-Encoding", "gzip")
# What an answer may depend on and still be kept: the front looks at all of these itself.
_KNOWN_VARY = {"accept-encoding", "accept-language", "cookie"}
_PACKABLE = (
    "text/",
    "application/javascript",
    "application/json",
    "application/xml",
    "application/atom+xml",
    "image/svg",
    "application/manifest",
)
# After the stamp: until when, whether the body is packed, lengths of name, ETag and headers.
_FRAME = struct.Struct(">d?HHH")
_START = STAMP_LENGTH + _FRAME.size


class Kept(NamedTuple):
    """One answer as it goes to a visitor."""

    stamp: bytes
    until: float
    etag: str
    headers: tuple[Header, ...]
    body: bytes


class Sheet(NamedTuple):
    """One answer as the app gave it."""

    headers: Headers
    body: bytes


def is_for_all(status: str, headers: Headers) -> bool:
    """Tell whether an answer that the app marked may really be given to everybody."""
    if not status.startswith("200"):
        return False
    for name, value in headers:
        lowered = name.lower()
        if lowered in {"set-cookie", "content-encoding", "content-range"}:
            return False
        if lowered == "vary" and not _words(value) <= _KNOWN_VARY:
            return False
        if lowered == "cache-control" and _words(value) & {"no-store", "private"}:
            return False
    return True


def keep_from(sheet: Sheet, *, name: str, stamp: bytes, until: float, varies_by_language: bool) -> bytes:
    """Write an answer as a record: packed once, if that makes it smaller."""
    kind = next((value for header, value in sheet.headers if header.lower() == "content-type"), "")
    body, is_packed = sheet.body, False
    if kind.startswith(_PACKABLE):
        packed = gzip.compress(sheet.body, GZIP_LEVEL, mtime=0)
        if len(packed) < len(sheet.body):
            body, is_packed = packed, True
    headers = [(header, value) for header, value in sheet.headers if header.lower() not in _OWN]
    rules = _words(", ".join(value for header, value in headers if header.lower() == "cache-control"))
    if not rules:
        headers.append(("Cache-Control", "no-cache"))
    vary = [
        *(["Accept-Encoding"] if is_packed else []),
        *(["Accept-Language"] if varies_by_language else []),
        *([] if "public" in rules else ["Cookie"]),
    ]
    if vary:
        headers.append(("Vary", ", ".join(vary)))
    block = "\n".join(f"{header}: {value}" for header, value in headers).encode("latin-1")
    etag = blake2b(sheet.body, digest_size=12).hexdigest().encode()
    named = name.encode("utf-8", "surrogateescape")
    frame = _FRAME.pack(until, is_packed, len(named), len(etag), len(block))
    return b"".join((stamp, frame, named, etag, block, body))


def read_kept(record: bytes, name: str, *, wants_packed: bool) -> Kept | None:
    """Read a record; ``None`` if it is not about this very host, path and language."""
    until, is_packed, name_length, etag_length, block_length = _FRAME.unpack_from(record, STAMP_LENGTH)
    etag_at = _START + name_length
    if record[_START:etag_at] != name.encode("utf-8", "surrogateescape"):
        return None
    block_at = etag_at + etag_length
    body_at = block_at + block_length
    body = record[body_at:]
    etag = record[etag_at:block_at].decode()
    headers = _headers(record[block_at:body_at])
    if is_packed and wants_packed:
        etag = f'"{etag}-gz"'
        headers = (*headers, ("ETag", etag), _PACKED, _length(len(body)))
    else:
        if is_packed:
            body = gzip.decompress(body)
        etag = f'"{etag}"'
        headers = (*headers, ("ETag", etag), _length(len(body)))
    return Kept(record[:STAMP_LENGTH], until, etag, headers, body)


def short(headers: Iterable[Header]) -> Headers:
    """Return the headers of a 304: those that the visitor's copy is refreshed with (RFC 9110 15.4.5)."""
    wanted = {"cache-control", "etag", "vary", "expires", "content-location", "content-security-policy"}
    return [(name, value) for name, value in headers if name.lower() in wanted]


@lru_cache(maxsize=512)
def _headers(block: bytes) -> tuple[Header, ...]:
    """Read a block of headers; most pages of all shops share theirs."""
    pairs = (line.partition(": ") for line in block.decode("latin-1").split("\n"))
    return tuple((name, value) for name, _, value in pairs)


@lru_cache(maxsize=10_000)
def _length(size: int) -> Header:
    return ("Content-Length", str(size))


def _words(value: str) -> set[str]:
    return {word.strip().lower().partition("=")[0] for word in value.split(",") if word.strip()}


def edition(roots: Iterable[str] = SOURCES) -> str:
    """Name the present code, templates and translations: what another edition made is not shown.

    On a developer's machine every process asks for it once a second, so it makes no object for each path.
    """
    seal = blake2b(digest_size=8)
    for root in roots:
        for path, size, changed_at in _files_below(f"{ROOT}/{root}"):
            seal.update(f"{path}\0{size}\0{changed_at}\n".encode())
    return seal.hexdigest()


def _files_below(folder: str) -> Iterator[tuple[str, int, int]]:
    """Every file with its size and when it was changed, in order; what Python compiled is no source."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files_below(entry.path)
        elif entry.is_file():
            facts = entry.stat()
            yield entry.path, facts.st_size, facts.st_mtime_ns
