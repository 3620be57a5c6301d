"""Tables that come in and go out: what is read, what is refused, and that nothing in them is ever a formula."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import strategies as st

from storefront.pricing import sheets
from storefront.pricing.sheets import Unreadable, Value, cell_name, quoted, read_sheet, write_csv, write_xlsx
from storefront.pricing.xlsx_parts import MOST_PARTS
from tests.laws import law

TABLE: list[list[Value]] = [
    ["Ending", "Price", "From"],
    ["com", Decimal("10.90"), date(2027, 1, 31)],
    ["żółw.pl", 3, None],
]
AS_TEXT = (("Ending", "Price", "From"), ("com", "10.9", "2027-01-31"), ("żółw.pl", "3", ""))

# What the handbook of attacks puts into a cell.
FORMULAS = (
    "=1+1",
    '=HYPERLINK("https://evil.test","click")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "'=1+1",
)


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def changed(change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(write_xlsx(TABLE))) as archive:
        parts = {each.filename: archive.read(each) for each in archive.infolist()}
    change(parts)
    return packed(parts)


def with_entity(parts: dict[str, bytes]) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    first = "xl/worksheets/sheet1.xml"
    parts[first] = bomb + parts[first]


def with_wide_entity(parts: dict[str, bytes]) -> None:
    first = "xl/worksheets/sheet1.xml"
    parts[first] = ('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x>' + parts[first].decode()).encode("utf-16")


def with_bomb(parts: dict[str, bytes]) -> None:
    parts["xl/media/image1.png"] = b"\0" * (sheets.LARGEST_UNPACKED + 1)


def with_many_parts(parts: dict[str, bytes]) -> None:
    parts.update({f"xl/media/{number}.png": b"" for number in range(MOST_PARTS)})


def without_sheets(parts: dict[str, bytes]) -> None:
    del parts["xl/worksheets/sheet1.xml"]


def with_far_row(parts: dict[str, bytes]) -> None:
    first = "xl/worksheets/sheet1.xml"
    parts[first] = parts[first].replace(b'<row r="3">', b'<row r="1048576">').replace(b"A3", b"A1048576")


@pytest.mark.parametrize("written", [write_csv(TABLE), write_xlsx(TABLE)], ids=["csv", "xlsx"])
def test_table_comes_back_as_it_was_written(written: bytes) -> None:
    sheet = read_sheet(written, "prices")

    rows = tuple(tuple(cell.replace("10.90", "10.9") for cell in row) for row in sheet.rows)
    assert rows == AS_TEXT
    assert sheet.numbers == (1, 2, 3)


@pytest.mark.parametrize("formula", FORMULAS)
def test_written_csv_holds_no_formula(formula: str) -> None:
    line = write_csv([[formula]]).decode("utf-8-sig")

    assert line.lstrip('"').startswith("'")


@pytest.mark.parametrize("formula", FORMULAS)
def test_written_xlsx_holds_no_formula(formula: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx([["Head"], [formula]])))

    cell = book.worksheets[0]["A2"]
    assert cell.data_type != "f"


def test_quoted_text_is_read_without_its_mark() -> None:
    assert read_sheet(write_csv([["a"], ["=1+1"]]), "x").rows[1] == ("=1+1",)


@pytest.mark.parametrize(("value", "written"), [("-5", "-5"), ("+48 22", "'+48 22"), (-5, "-5"), (None, ""), ("", "")])
def test_only_plain_numbers_may_begin_with_a_sign(value: Value, written: str) -> None:
    assert quoted(value) == written


def test_formula_of_a_sent_file_is_never_computed() -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["Ending"])
    page.append(["com"])
    page["B2"] = "=6*7"
    out = io.BytesIO()
    book.save(out)

    assert read_sheet(out.getvalue(), "x").rows == (("Ending",), ("com",))


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"a;b\r\n1;2\r\n", (("a", "b"), ("1", "2"))),
        (b"a,b\n1,2", (("a", "b"), ("1", "2"))),
        (b"a\tb\n1,5\t2", (("a", "b"), ("1,5", "2"))),
        (b"sep=;\r\na;b\r\n1;2", (("a", "b"), ("1", "2"))),
        (b'"a,b";c\n"1\n2";3', (("a,b", "c"), ("1\n2", "3"))),
        ("a;zażółć".encode("cp1250"), (("a", "zażółć"),)),
        ("a;Durée".encode("cp1252"), (("a", "Durée"),)),
        ("a;ż".encode("utf-16"), (("a", "ż"),)),
        ("\ufeffa;ż".encode(), (("a", "ż"),)),
        (b"a;b;\n;;\n1", (("a", "b"), ("1", ""))),
    ],
)
def test_csv_is_read_however_it_was_saved(data: bytes, rows: tuple[tuple[str, ...], ...]) -> None:
    assert read_sheet(data, "x.csv").rows == rows


def test_rows_keep_the_number_they_have_in_the_file() -> None:
    sheet = read_sheet(b"sep=;\na;b\n\n1;2\n", "x.csv")

    assert sheet.body == ((4, ("1", "2")),)
    assert cell_name(4, 1) == "B4"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b" \n;;\n", "empty"),
        (b"x" * (sheets.LARGEST_FILE + 1), "larger than"),
        (b'a;b\n"1;2', "quotation mark"),
        (b"a;\xff\x81\x8d", "letters"),
        (b"a;b\x00\x01", "letters"),
        (b"\xd0\xcf\x11\xe0old", "no table"),
        (b"%PDF-1.7", "no table"),
        (b"PK\x03\x04", "damaged"),
        (packed({"a.txt": b"a"}), "damaged"),
        (b"a\n" * (sheets.MOST_ROWS + 1), "rows"),
        (b"a;" * sheets.MOST_COLUMNS + b"b", "columns"),
        (b"a" * (sheets.LONGEST_CELL + 1), "too long"),
        (b"a;b\r\n1;" + b"9" * 1_000_000, "Row 2 has a cell that is far too long"),
        ("a;ż".encode("utf-32"), "letters"),
    ],
)
def test_bad_file_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_sheet(data, "x")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (with_entity, "damaged"),
        (with_wide_entity, "damaged"),
        (with_bomb, "Unpacked"),
        (with_many_parts, "parts"),
        (without_sheets, "damaged|no table"),
        (with_far_row, "rows"),
    ],
)
def test_xlsx_made_to_hurt_is_refused(change: Callable[[dict[str, bytes]], None], why: str) -> None:
    data = changed(change)

    with pytest.raises(Unreadable, match=why):
        read_sheet(data, "x.xlsx")


def test_archive_that_lies_about_its_size_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "LARGEST_UNPACKED", 100)

    with pytest.raises(Unreadable, match="Unpacked"):
        read_sheet(write_xlsx(TABLE), "x.xlsx")


@law(st.binary(max_size=300), few=150)
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    for sent in (data, b"PK\x03\x04" + data):
        try:
            sheet = read_sheet(sent, "x")
        except Unreadable as no:
            assert str(no.why)  # noqa: PT017 - either answer is right, silence is not
        else:
            assert len({len(row) for row in sheet.rows}) == 1


# Spreadsheets and csv both count a row that ends in spaces as the same row.
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12).map(str.strip)


@law(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=4), few=30, many=500)
def test_texts_survive_the_way_there_and_back(rows: list[list[str]]) -> None:
    rows = [["head", "head"], *([f"x{each}" for each in row] for row in rows)]

    for written in (write_csv(rows), write_xlsx(rows)):
        assert [list(row) for row in read_sheet(written, "x").rows] == [[cell.strip() for cell in row] for row in rows]
