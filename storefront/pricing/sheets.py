"""rule: read and write tables as CSV or XLSX, safe against formulas, archives that burst and wrong encodings."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.pricing.xlsx import CONTROLS, xlsx_rows
from storefront.pricing.xlsx_parts import Damaged, NoTable, TooLarge, TooManyParts, TooMuch

MEBIBYTE = 1024 * 1024
# What may come in: twenty thousand prices, one a row, with room to spare, and nothing that fills the memory.
LARGEST_FILE = 4 * MEBIBYTE
LARGEST_UNPACKED = 24 * MEBIBYTE
MOST_ROWS = 30_000
MOST_COLUMNS = 120
LONGEST_CELL = 1_000
SEPARATORS = ";\t,"
# What a spreadsheet takes for a formula when it opens a file (OWASP: CSV injection); a tab or return may hide one.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")
_OLD_ENCODINGS = ("cp1252", "cp1250")
_SIGNS = frozenset(map(chr, range(128))) | set("€£§°«»\u00a0\u2013\u2014\u2018\u2019\u201c\u201d\u201e\u2026")

CSV_TYPE = "text/csv"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# What a cell may be when a table is written; amounts of money come as Decimal, so that they are numbers there.
Value = str | int | Decimal | date | None


class Unreadable(ValueError):
    """A file that is no table we can read; ``why`` is the sentence for whoever sent it."""

    def __init__(self, why: Text) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A table as it was read: texts without outer spaces, as many in every row as the widest has.

    Rows without any text are left out; ``numbers`` says which row of the file each is, counted from 1.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]

    @property
    def head(self) -> tuple[str, ...]:
        """The first row: what the columns are called."""
        return self.rows[0] if self.rows else ()

    @property
    def body(self) -> Sequence[tuple[int, tuple[str, ...]]]:
        """All other rows, each with its number in the file."""
        return tuple(zip(self.numbers[1:], self.rows[1:], strict=True))


def cell_name(row: int, column: int) -> str:
    """Name a cell as spreadsheets do: row 3 and column 1 is ``B3``; the row counts from 1, the column from 0."""
    return f"{_letters(column)}{row}"


def _letters(column: int) -> str:
    return (_letters(column // 26 - 1) if column > 25 else "") + chr(ord("A") + column % 26)  # noqa: PLR2004 - letters


def read_sheet(data: bytes, file_name: str) -> Sheet:
    """Read a file that somebody sent; what it is, is seen from its content, not from its name.

    Raises ``Unreadable`` for anything that is not one plain table within the limits. Formulas are never computed: a
    cell holds what the sender's spreadsheet last showed.
    """
    if len(data) > LARGEST_FILE:
        raise Unreadable(_("The file is larger than %(size)s MB.", size=LARGEST_FILE // MEBIBYTE))
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    if data.startswith(b"PK\x03\x04"):
        return _sheet(_xlsx_rows(data), file_name)
    if data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x7fELF", b"MZ")):
        raise Unreadable(_("This is no table that can be read here. Please save it as XLSX or CSV."))
    return _sheet(_csv_rows(_decoded(data)), file_name)


def _sheet(rows: Iterable[Sequence[str]], name: str) -> Sheet:
    kept: list[Sequence[str]] = []
    numbers: list[int] = []
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise Unreadable(_("The table has more than %(num)s rows.", num=MOST_ROWS))
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(_("The table has more than %(num)s columns.", num=MOST_COLUMNS))
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise Unreadable(_("Row %(row)s has a cell that is far too long.", row=number))
        if cells:
            kept.append(cells)
            numbers.append(number)
    if not kept:
        raise Unreadable(_("The file is empty."))
    width = max(len(row) for row in kept)
    return Sheet(
        name=name,
        rows=tuple((*row, *([""] * (width - len(row)))) for row in kept),
        numbers=tuple(numbers),
    )


# -- CSV ---------------------------------------------------------------------------------------------------------------


def _decoded(data: bytes) -> str:
    """Read text as spreadsheets save it: UTF-8, UTF-16 with its mark, else Windows' Central or Western European."""
    is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", *_OLD_ENCODINGS):
        try:
            text = data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        # The old ones fit nearly everything, so one counts only if what it reads are letters.
        is_certain = encoding not in _OLD_ENCODINGS or all(each.isalpha() or each in _SIGNS for each in text)
        if is_certain and CONTROLS.search(text) is None:
            return text
    raise Unreadable(_("The letters of this file cannot be read. Please save it as CSV in UTF-8, or as XLSX."))


def _separator_of(text: str) -> str:
    """Return what separates the cells: the separator that the first row has most of, outside of quotes."""
    first = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    return max(SEPARATORS, key=lambda separator: (first.count(separator), separator == ";"))


def _csv_rows(text: str) -> Iterable[Sequence[str]]:
    # Excel's own first line, "sep=;", says what separates.
    said = re.match(r"sep=(.)\r?\n", text)
    separator = said[1] if said else _separator_of(text)
    lines = io.StringIO(text[said.end() :] if said else text, newline="")
    if said:
        yield ()
    rows = csv.reader(lines, delimiter=separator, strict=True)
    try:
        for row in rows:
            yield [_plain(cell) for cell in row]
    except csv.Error as error:
        if "field limit" in str(error):
            raise Unreadable(_("Row %(row)s has a cell that is far too long.", row=rows.line_num)) from error
        raise Unreadable(_("The rows of this file do not add up: a quotation mark may be missing.")) from error


def _plain(cell: str) -> str:
    """Take off the mark that keeps a text from being a formula, as ``quoted`` puts it on."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def quoted(value: Value) -> str:
    """Write a value so that no spreadsheet takes it for a formula; a plain number stays one."""
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date) else str(value)
    if text.startswith(FORMULA_STARTS) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def write_csv(rows: Iterable[Sequence[Value]], *, separator: str = ";") -> bytes:
    """Write a table as spreadsheets of Europe open it: UTF-8 with its mark, semicolons."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerows([quoted(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


# -- XLSX --------------------------------------------------------------------------------------------------------------


def _xlsx_rows(data: bytes) -> Iterator[Sequence[str]]:
    try:
        yield from xlsx_rows(data, columns=MOST_COLUMNS, longest=LONGEST_CELL, largest=LARGEST_UNPACKED)
    except tuple(_WHY) as error:
        raise Unreadable(_WHY[type(error)]) from error


_WHY: dict[type[Exception], Text] = {
    Damaged: _("This XLSX file is damaged, or protected by a password."),
    NoTable: _("The file has no table in it."),
    TooLarge: _("Unpacked, this XLSX file is too large."),
    TooManyParts: _("This XLSX file has too many parts."),
    TooMuch: _("This XLSX file holds far more than a table. Please copy the table into a new file, or save it as CSV."),
}


def write_xlsx(rows: Iterable[Sequence[Value]], *, title: str = "Prices", widths: Sequence[int] = ()) -> bytes:
    """Write a table as XLSX: its first row stands out and stays in sight, amounts are numbers, nothing is a formula."""
    from openpyxl import Workbook  # noqa: PLC0415 - 5 MiB that a worker carries only after it wrote such a file

    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    page.freeze_panes = "A2"
    for place, width in enumerate(widths):
        page.column_dimensions[_letters(place)].width = width
    for number, row in enumerate(rows):
        page.append([_written(page, cell, is_head=number == 0) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _written(page: Any, value: Value, *, is_head: bool) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - see above
    from openpyxl.styles import Font  # noqa: PLC0415 - see above

    cell = WriteOnlyCell(page)
    if isinstance(value, str):
        cell.value = CONTROLS.sub("", value)[:LONGEST_CELL]
        # The type is said, so that a text that begins like a formula stays a text for every reader.
        cell.data_type = "s"
        if value.startswith(FORMULA_STARTS):
            cell.quotePrefix = True
    elif value is not None:
        cell.value = value
        if isinstance(value, Decimal):
            cell.number_format = "0.00"
    if is_head:
        cell.font = Font(bold=True)
    return cell
