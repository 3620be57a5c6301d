"""rule: read the first table of an XLSX file (ECMA-376 part 1, 18.3) as texts, as a person would type them."""

import posixpath
import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Context

from storefront.pricing.xlsx_parts import Damaged, NoTable, Parts, Reading, TooLarge, opened

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = range(0xD800, 0xE000)
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,2})?")
# Fifteen digits are what a spreadsheet shows: 10.9 is not 10.9000000000000004.
_SHOWN = Context(prec=15)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# What a format of numbers says in quotes, brackets or after a backslash is no part of a date.
_SAID = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(50, 59)})
_FIRST_LEAP = 60  # spreadsheets count a 29 February 1900 that never was


def xlsx_rows(data: bytes, *, columns: int, longest: int, largest: int) -> Iterator[list[str]]:
    """Read the rows of the first table as texts; a gap between rows is empty rows.

    Only the first ``columns`` cells count: a text in a later one comes as one more cell. Texts are cut, but not before
    they are longer than ``longest`` letters. Raises ``Damaged``, ``TooLarge``, ``TooManyParts`` or ``TooMuch``.
    """
    with opened(data) as archive:
        if sum(part.file_size for part in archive.infolist()) > largest:
            raise TooLarge
        parts = Parts(archive, largest)
        book = _Book(parts)
        styles, strings = _Styles(), _Strings(longest)
        if book.styles in parts:
            parts.small(book.styles, styles)
        if book.strings in parts:
            for _piece in strings.read(parts.pieces(book.strings)):
                pass
        rows = _Rows(_Cells(book=book, styles=styles, strings=strings.found), columns, longest)
        number = 0
        for _piece in rows.read(parts.pieces(book.table)):
            for place, row in rows.taken():
                while number < place - 1:
                    number += 1
                    yield []
                number += 1
                yield row


# -- The parts that a table needs --------------------------------------------------------------------------------------


class _Relations(Reading):
    """What a part refers to: by its id, with what it is and where."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.found: dict[str, tuple[str, str]] = {}
        self._folder = folder

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        """Note a relation to another part; one to the outside is nothing to us."""
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes["Type"].rpartition("/")[2]
            place = posixpath.normpath(posixpath.join("/", self._folder, attributes["Target"]))
            self.found[attributes["Id"]] = (kind, place.lstrip("/"))

    def place_of(self, kind: str) -> str:
        """Return where the part of a kind is; empty if there is none."""
        return next((place for each, place in self.found.values() if each == kind), "")


class _Book(Reading):
    """The workbook: where its first table is, and on which day it begins to count."""

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._tables: list[str] = []
        self._first_day = date(1899, 12, 30)
        root = _Relations("")
        parts.small("_rels/.rels", root)
        book = root.place_of("officeDocument")
        folder, name = posixpath.split(book)
        relations = _Relations(folder)
        parts.small(posixpath.join(folder, "_rels", f"{name}.rels"), relations)
        parts.small(book, self)
        self.styles = relations.place_of("styles")
        self.strings = relations.place_of("sharedStrings")
        places = (relations.found[each] for each in self._tables)
        self.table = next((place for kind, place in places if kind == "worksheet"), "")
        if not self.table:
            raise NoTable

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        """Note the sheets in their order, and the calendar."""
        if name == "sheet":
            self._tables.extend(value for key, value in attributes.items() if key.rpartition(":")[2] == "id")
        elif name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            self._first_day = date(1904, 1, 1)

    def day(self, serial: int) -> date:
        """Return the day that a number of days stands for."""
        is_early = self._first_day.year < 1900 and serial < _FIRST_LEAP  # noqa: PLR2004 - the calendar's own year
        return self._first_day + timedelta(days=serial + is_early)


class _Styles(Reading):
    """Which styles of cells show a number as a day."""

    def __init__(self) -> None:
        super().__init__()
        self._formats: dict[str, str] = {}
        self._is_inside = False
        self._cells: list[str] = []

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        """Note the formats that the file brings, and which each style has."""
        if name == "numFmt" and "numFmtId" in attributes:
            self._formats[attributes["numFmtId"]] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._is_inside = True
        elif name == "xf" and self._is_inside:
            self._cells.append(attributes.get("numFmtId", "0"))

    def ends(self, name: str) -> None:
        """Leave the styles of cells."""
        if name == "cellXfs":
            self._is_inside = False

    def is_day(self, style: str) -> bool:
        """Whether a style shows a day; one that the file does not explain shows a number."""
        place = int(style or 0)
        number = self._cells[place] if place < len(self._cells) else "0"
        if number in self._formats:
            shown = _SAID.sub("", self._formats[number].split(";")[0]).lower()
            return any(letter in shown for letter in "dmy")
        return int(number) in _DATE_FORMATS


class _Strings(Reading):
    """The texts that cells refer to by their number."""

    def __init__(self, longest: int) -> None:
        super().__init__(longest)
        self.found: list[str] = []
        self._is_sound = False

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        """Gather the text of a string, not how it is pronounced."""
        if name == "si":
            self.text = ""
        elif name == "rPh":
            self._is_sound = True
        self.keeps = name == "t" and not self._is_sound

    def ends(self, name: str) -> None:
        """Keep a string that is over."""
        self.keeps = False
        if name == "rPh":
            self._is_sound = False
        elif name == "si":
            self.found.append(_unescaped(self.text))


class _Cells:
    """What the cells of a table show."""

    def __init__(self, *, book: _Book, styles: _Styles, strings: list[str]) -> None:
        self._book = book
        self._styles = styles
        self._strings = strings

    def shown(self, kind: str, style: str, text: str) -> str:
        """Write a cell's value as a person would type it; a number never in powers of ten, a day as YYYY-MM-DD."""
        if kind in {"str", "inlineStr", "e"}:
            return _unescaped(text)
        if kind == "s":
            return self._strings[_index(text)]
        if kind == "b":
            return "1" if text in {"1", "true"} else "0"
        if kind == "d":
            found = _DAY.match(text)
            return found[0] if found else text
        return self._number(style, text)

    def _number(self, style: str, text: str) -> str:
        if _NUMBER.fullmatch(text) is None:
            raise Damaged
        number = _SHOWN.create_decimal(text)
        if number >= 1 and self._styles.is_day(style):
            return self._book.day(int(number)).isoformat()
        return text if _WHOLE.fullmatch(text) else format(number.normalize(_SHOWN), "f")


class _Rows(Reading):
    """The rows of a table, taken away as they end; rows without any text are left out."""

    def __init__(self, cells: _Cells, columns: int, longest: int) -> None:
        super().__init__(longest)
        self._cells = cells
        self._columns = columns
        self._done: list[tuple[int, list[str]]] = []
        self._row: dict[int, str] = {}
        self._number = 0
        self._column = -1
        self._kind, self._style, self._sound = "n", "", False

    def taken(self) -> list[tuple[int, list[str]]]:
        """Take away what is read so far: rows with their numbers, counted from 1."""
        done, self._done = self._done, []
        return done

    def begins(self, name: str, attributes: dict[str, str]) -> None:
        """Begin a row or a cell, or gather what a cell holds."""
        if name == "row":
            number = int(attributes.get("r") or self._number + 1)
            if number <= self._number:
                raise Damaged
            self._number, self._column, self._row = number, -1, {}
        elif name == "c":
            self._column = _column(attributes["r"]) if "r" in attributes else self._column + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self.text = ""
        elif name == "rPh":
            self._sound = True
        self.keeps = name == "v" or (name == "t" and not self._sound)

    def ends(self, name: str) -> None:
        """Keep a cell that shows something, and a row that has such cells."""
        self.keeps = False
        if name == "c":
            if self.text and (shown := self._cells.shown(self._kind, self._style, self.text)):
                self._row[min(self._column, self._columns)] = shown
        elif name == "rPh":
            self._sound = False
        elif name == "row" and self._row:
            width = max(self._row) + 1
            self._done.append((self._number, [self._row.get(place, "") for place in range(width)]))


def _index(text: str) -> int:
    number = int(text)
    if number < 0:
        raise Damaged
    return number


def _column(place: str) -> int:
    """Return the number of a cell's column, counted from 0: ``B3`` is in column 1."""
    found = _PLACE.fullmatch(place)
    if found is None:
        raise Damaged
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _unescaped(text: str) -> str:
    """Read ``_x000D_`` as the sign it stands for, and leave out signs that nobody can type."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: _sign(int(found[1], 16)), text)
    return CONTROLS.sub("", text).replace("\r\n", "\n")


def _sign(number: int) -> str:
    return "" if number in _SURROGATES else chr(number)
