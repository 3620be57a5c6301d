"""rule: read parts of an XLSX archive piece by piece, with bounds on everything that could fill the memory.

A spreadsheet is an archive of XML that anybody may have made by hand: a tree of three million empty fonts fills the
memory and takes thirty kilobytes to send. So no part is ever made a tree. Each is read as it unpacks, and its size, its
elements, their depth and their names, and the length of a tag are bounded before they are held.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from xml.parsers import expat

from storefront.core import archives

MEBIBYTE = 1024 * 1024
# Whatever is neither the table nor its texts: the workbook, its relations, its formats.
LARGEST_OTHER = MEBIBYTE
MOST_PARTS = 200
MOST_ELEMENTS = 1_500_000
MOST_NAMES = 1_000
DEEPEST = 40
LONGEST_TAG = 64 * 1024
PIECE = 64 * 1024

_ENTRY = b"PK\x01\x02"


class Damaged(ValueError):
    """A file that is no spreadsheet, a broken one, or one that is locked."""


class NoTable(ValueError):
    """A workbook without a single table."""


class TooLarge(ValueError):
    """A file that is too large once it is unpacked."""


class TooManyParts(ValueError):
    """A file with more parts than any spreadsheet has."""


class TooMuch(ValueError):
    """A file that holds far more than a table: its formats alone, or one of its tags, would fill a shelf."""


class Reading:
    """One part as it unpacks: what begins and ends in it is told to whoever reads it, nothing else is kept.

    Names come without their namespace. Texts are gathered only while ``keeps`` is set, and at most ``longest`` letters
    and what came with the last of them.
    """

    def __init__(self, longest: int = 0) -> None:
        self.keeps = False
        self.text = ""
        self._longest = longest
        self._left = MOST_ELEMENTS
        self._depth = 0
        self._names: set[str] = set()

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        """Hear of an element that begins."""

    def ends(self, name: str) -> None:
        """Hear of an element that ends."""

    def read(self, content: Iterator[bytes]) -> Iterator[None]:
        """Read a part; yields after each piece of it."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._say
        fed = 0
        for piece in content:
            parser.Parse(piece, False)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > LONGEST_TAG:
                raise TooMuch
            yield
        parser.Parse(b"", True)
        yield

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._left -= 1
        self._depth += 1
        # The parser never forgets a name, so their number is what it may fill the memory with.
        self._names.add(name)
        self._names.update(attributes)
        if not self._left or self._depth > DEEPEST or len(self._names) > MOST_NAMES:
            raise TooMuch
        self.begins(name.rpartition(":")[2], attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.ends(name.rpartition(":")[2])

    def _say(self, text: str) -> None:
        if self.keeps and len(self.text) <= self._longest:
            self.text += text


def _refuse_doctype(*_: object) -> None:
    """Document types have no place in a spreadsheet: they are where entities are made."""
    raise Damaged


# -- The archive -------------------------------------------------------------------------------------------------------


class Parts:
    """The parts of a file by name, each read in pieces and never more of it than it may have."""

    def __init__(self, archive: zipfile.ZipFile, largest: int) -> None:
        self._archive = archive
        self._left = largest

    def __contains__(self, name: str) -> bool:
        return name in self._archive.NameToInfo

    def small(self, name: str, reading: Reading) -> None:
        """Read a part that is neither the table nor its texts."""
        for _piece in reading.read(self.pieces(name, LARGEST_OTHER)):
            pass

    def pieces(self, name: str, largest: int | None = None) -> Iterator[bytes]:
        """Unpack a part. What an archive says of sizes may be a lie, so what comes out of it is counted."""
        part = self._archive.NameToInfo.get(name)
        if part is None or part.compress_type not in archives.PACKINGS:
            raise Damaged
        size = 0
        with self._archive.open(part) as content:
            while piece := content.read(PIECE):
                size += len(piece)
                self._left -= len(piece)
                if self._left < 0:
                    raise TooLarge
                if largest is not None and size > largest:
                    raise TooMuch
                yield piece


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Open an archive; whatever a broken one raises is ``Damaged``."""
    if data.count(_ENTRY) > MOST_PARTS:
        raise TooManyParts
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except (Damaged, NoTable, TooLarge, TooMuch):
        raise
    except (expat.ExpatError, *archives.BROKEN) as error:
        raise Damaged from error
