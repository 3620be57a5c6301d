"""rule: read an archive that somebody sends, with bounds on everything that could fill the memory or the disk.

Nothing of it is ever unpacked to a place that it names. What it says of its own sizes may be a lie, so what comes out
is counted. The list of what is in it is bounded before Python's reader takes it in.
"""

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from storefront.core import archives
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _

MEBIBYTE: Final = 1024 * 1024
MOST_ENTRIES: Final = 60_000
LARGEST_LIST: Final = 12 * MEBIBYTE
LARGEST_UNPACKED: Final = 1_536 * MEBIBYTE
PIECE: Final = 64 * 1024

BROKEN = _("This archive is broken or cut off. Please send it again.")
TOO_MANY = _("This archive holds more files than we take: at most %(num)s.", num=MOST_ENTRIES)
TOO_MUCH = _("This archive is larger than we take once it is unpacked.")
LOCKED = _(
    "This archive is locked with a password or packed in a way that we do not read. Please pack it as a plain ZIP."
)

_END = struct.Struct("<4s4H2LH")
_END_SIGN, _FAR_SIGN = b"PK\x05\x06", b"PK\x06\x07"
_FAR_LENGTH: Final = 20
_LONGEST_COMMENT: Final = 65_535
_LOCKED: Final = 0x1


class Entries:
    """The files of an archive by name, each read in pieces, all together never more than may come out."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._left = LARGEST_UNPACKED
        self.names = [each.filename for each in archive.infolist() if not each.is_dir()]

    def __contains__(self, name: str) -> bool:
        return name in self._archive.NameToInfo

    def size_of(self, name: str) -> int:
        """Return how large a file says that it is."""
        return self._archive.NameToInfo[name].file_size

    def pieces(self, name: str, largest: int) -> Iterator[bytes]:
        """Unpack a file in pieces. Raises ``Refused`` for one that is larger, broken or locked."""
        entry = self._archive.NameToInfo.get(name)
        if entry is None:
            raise Refused(BROKEN)
        if entry.compress_type not in archives.PACKINGS or entry.flag_bits & _LOCKED:
            raise Refused(LOCKED)
        size = 0
        try:
            with self._archive.open(entry) as content:
                while piece := content.read(PIECE):
                    size += len(piece)
                    self._left -= len(piece)
                    if size > largest or self._left < 0:
                        raise Refused(TOO_MUCH)
                    yield piece
        except archives.BROKEN as error:
            raise Refused(BROKEN) from error

    def whole(self, name: str, largest: int) -> bytes:
        """Unpack a small file at once."""
        return b"".join(self.pieces(name, largest))


@contextmanager
def opened(path: Path) -> Iterator[Entries]:
    """Open an archive; raises ``Refused`` for one that is broken or has too much in it."""
    _require_bounds(path)
    try:
        archive = zipfile.ZipFile(path)
    except archives.BROKEN as error:
        raise Refused(BROKEN) from error
    with archive:
        if len(archive.filelist) > MOST_ENTRIES:
            raise Refused(TOO_MANY)
        yield Entries(archive)


def _require_bounds(path: Path) -> None:
    """Look at the end of an archive as Python's reader does, before it takes in the whole list of files."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - _LONGEST_COMMENT - _END.size - _FAR_LENGTH))
        tail = file.read()
    place = len(tail) - _END.size
    if not (place >= 0 and tail[place : place + 4] == _END_SIGN and tail.endswith(b"\0\0")):
        place = tail.rfind(_END_SIGN)
    if place < 0 or len(tail) - place < _END.size:
        raise Refused(BROKEN)
    # Archives beyond four gigabytes or 65,535 files say so just before their end; none of ours is that large.
    if tail[max(0, place - _FAR_LENGTH) :].startswith(_FAR_SIGN):
        raise Refused(TOO_MUCH)
    listed = _END.unpack(tail[place : place + _END.size])
    if listed[4] > MOST_ENTRIES:
        raise Refused(TOO_MANY)
    if listed[5] > LARGEST_LIST:
        raise Refused(TOO_MANY)
