"""XLSX as it is read here: the same as a full reader sees, and nothing made by hand may fill the memory."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from storefront.pricing import sheets, xlsx_parts
from storefront.pricing.sheets import Unreadable, read_sheet

Parts = dict[str, bytes]

BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"
TABLE = "xl/worksheets/sheet1.xml"
MEBIBYTE = 1024 * 1024


def packed(parts: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {each.filename: archive.read(each) for each in archive.infolist()}


def small() -> Parts:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Ending", "Price"])
    book.worksheets[0].append(["com", 10.9])
    return parts_of(saved(book))


def rows_of(parts: Mapping[str, bytes]) -> tuple[tuple[str, ...], ...]:
    return read_sheet(packed(parts), "x.xlsx").rows


def table(rows: bytes) -> Parts:
    """A file whose table was written by hand."""
    return small() | {TABLE: b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"}


def shared(parts: Parts, texts: bytes) -> Parts:
    """Such a file with texts that its cells refer to."""
    relation = b'<Relationship Id="rId9" Type="a/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    return parts | {RELATIONS: parts[RELATIONS].replace(b"</Relationships>", relation), STRINGS: texts}


# -- What is read ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shape", "shown"),
    [
        ("żółw.pl", None, "żółw.pl"),
        ("=6*7", None, ""),
        (12, None, "12"),
        (0.1 + 0.2, None, "0.3"),
        (1e-7, None, "0.0000001"),
        (1e21, None, "1000000000000000000000"),
        (-3.5, '#,##0.00" €"', "-3.5"),
        (0.25, "0%", "0.25"),
        (True, None, "1"),
        (date(2027, 1, 31), None, "2027-01-31"),
        (datetime(2027, 1, 31, 12, 30), None, "2027-01-31"),  # noqa: DTZ001 - spreadsheets know no zones
        (46418, 'd" de "mmmm" de "yyyy', "2027-01-31"),
        (46418, '[$-415]0.00" dni"', "46418"),
        (46418, "General", "46418"),
        (time(12), None, "0.5"),
        ("#REF!", None, "#REF!"),
        (None, "0.00", ""),
    ],
)
def test_cell_shows_what_a_person_would_type(value: object, shape: str | None, shown: str) -> None:
    book = openpyxl.Workbook()
    cell = book.worksheets[0]["B2"]
    book.worksheets[0]["A2"] = "x"
    cell.value = value
    if shape is not None:
        cell.number_format = shape

    assert read_sheet(saved(book), "x").rows[0][1:] == ((shown,) if shown else ())


def test_rich_text_is_read_without_how_it_looks() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append([CellRichText("żó", TextBlock(InlineFont(b=True), "łw"))])

    assert read_sheet(saved(book), "x").rows == (("żółw",),)


@pytest.mark.parametrize(
    ("string", "shown"),
    [
        ("<t>東</t><rPh sb='0' eb='1'><t>x</t></rPh><phoneticPr/>", "東"),
        ("<r><rPr><b/></rPr><t>żó</t></r><r><t>łw</t></r>", "żółw"),
        ("<t>a_x000D_\nb_xD800__x005F_x0041_</t>", "a\nb_x0041_"),
        ("<t>&lt;com&gt; &#38; co</t>", "<com> & co"),
        ("", ""),
    ],
)
def test_texts_that_cells_share_are_read(string: str, shown: str) -> None:
    cells = b"<row><c t='s'><v>1</v></c><c t='s'><v>0</v></c></row>"
    parts = shared(table(cells), f"<sst><si><t>x</t></si><si>{string}</si></sst>".encode())

    assert rows_of(parts) == ((shown, "x"),)


@pytest.mark.parametrize("text", ["1e999999", "NaN", "inf", "1_0", "ten", "9" * 900])
def test_number_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        read_sheet(packed(table(f"<row><c><v>{text}</v></c></row>".encode())), "x.xlsx")


def test_cells_without_places_follow_each_other() -> None:
    rows = b"<row><c><v>1</v></c><c/><c t='str'><v>a</v></c></row><row r='4'><c r='C4'><v>2</v></c></row>"

    sheet = read_sheet(packed(table(rows)), "x")

    assert sheet.rows == (("1", "", "a"), ("", "", "2"))
    assert sheet.numbers == (1, 4)


def test_prefixes_and_relative_places_are_understood() -> None:
    parts = table(b"<row><c><v>7</v></c></row>")
    parts[TABLE] = parts[TABLE].replace(b"<", b"<x:").replace(b"<x:/", b"</x:")
    parts[RELATIONS] = parts[RELATIONS].replace(b'"/xl/worksheets/', b'"worksheets/')

    assert rows_of(parts) == (("7",),)


def test_years_may_begin_in_1904() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0].append([date(2027, 1, 31)])

    assert read_sheet(saved(book), "x").rows == (("2027-01-31",),)


def test_first_table_is_read_whatever_stands_before_it() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["table"])
    book.create_chartsheet("chart", 0)
    book.create_sheet("second").append(["second"])

    assert read_sheet(saved(book), "x").rows == (("table",),)


# -- What is refused ---------------------------------------------------------------------------------------------------


def fonts(parts: Parts) -> None:
    parts[STYLES] = b"<styleSheet><fonts>" + b"<font/>" * 300_000 + b"</fonts></styleSheet>"


def names(parts: Parts) -> None:
    parts[BOOK] = parts[BOOK].replace(b"<definedNames", b"<definedName>x</definedName>" * 200_000 + b"<definedNames")


def sheets_without_end(parts: Parts) -> None:
    found = b'<sheet name="a" sheetId="1" r:id="rId1"/>'
    parts[BOOK] = parts[BOOK].replace(b"</sheets>", found * 100_000 + b"</sheets>")


def relations(parts: Parts) -> None:
    one = b'<Relationship Id="a" Type="b/styles" Target="c.xml"/>'
    parts[RELATIONS] = parts[RELATIONS].replace(b"</Relationships>", one * 100_000 + b"</Relationships>")


def elements(parts: Parts) -> None:
    parts[TABLE] = table(b"<row>" + b"<c/>" * MANY + b"</row>")[TABLE]


def strings(parts: Parts) -> None:
    parts.update(shared(parts, b"<sst>" + b"<si/>" * MANY + b"</sst>"))


def depth(parts: Parts) -> None:
    parts[TABLE] = table(b"<x>" * 20_000)[TABLE]


def attributes(parts: Parts) -> None:
    many = b" ".join(b'a%d=""' % number for number in range(40_000))
    parts[TABLE] = table(b"<row " + many + b"/>")[TABLE]


def tag_names(parts: Parts) -> None:
    parts[TABLE] = table(b"".join(b"<a%d/>" % number for number in range(40_000)))[TABLE]


def spaces_of_names(parts: Parts) -> None:
    parts[TABLE] = table(b"".join(b'<c xmlns:a%d="x"/>' % number for number in range(40_000)))[TABLE]


def comment(parts: Parts) -> None:
    parts[TABLE] = table(b"<!--" + b"x" * 500_000)[TABLE]


def rows_again(parts: Parts) -> None:
    parts[TABLE] = table(b'<row r="1"/>' * 2)[TABLE]


def far_columns(parts: Parts) -> None:
    parts[TABLE] = table(b'<row><c r="XFD1"><v>1</v></c></row>')[TABLE]


def far_rows(parts: Parts) -> None:
    parts[TABLE] = table(b'<row r="1048576"><c><v>1</v></c></row>')[TABLE]


def far_string(parts: Parts) -> None:
    parts[TABLE] = table(b'<row><c t="s"><v>-1</v></c></row>')[TABLE]


def no_relations(parts: Parts) -> None:
    del parts["_rels/.rels"]


def long_text(parts: Parts) -> None:
    parts[TABLE] = table(b'<row><c t="inlineStr"><is><t>' + b"x" * 500_000 + b"</t></is></c></row>")[TABLE]


MANY = 50_000
MORE = "far more than a table"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (fonts, MORE),
        (names, MORE),
        (sheets_without_end, MORE),
        (relations, MORE),
        (elements, MORE),
        (strings, MORE),
        (depth, MORE),
        (attributes, MORE),
        (tag_names, MORE),
        (spaces_of_names, MORE),
        (comment, MORE),
        (rows_again, "damaged"),
        (far_columns, "columns"),
        (far_rows, "rows"),
        (far_string, "damaged"),
        (no_relations, "damaged"),
        (long_text, "far too long"),
    ],
)
def test_file_made_to_fill_the_memory_is_refused(
    change: Callable[[Parts], None], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_parts, "MOST_ELEMENTS", MANY)
    parts = small()
    change(parts)
    data = packed(parts)
    assert len(data) < sheets.LARGEST_FILE

    with pytest.raises(Unreadable, match=why):
        read_sheet(data, "x.xlsx")


@pytest.mark.parametrize("change", [fonts, attributes, depth, tag_names], ids=lambda change: change.__name__)
def test_refusal_takes_little_memory(change: Callable[[Parts], None]) -> None:
    parts = small()
    change(parts)
    data = packed(parts)

    tracemalloc.start()
    try:
        with pytest.raises(Unreadable):
            read_sheet(data, "x.xlsx")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 4 * MEBIBYTE


def test_archive_packed_for_a_dictionary_of_gigabytes_is_refused() -> None:
    data = packed(small(), zipfile.ZIP_LZMA)

    with pytest.raises(Unreadable, match="damaged"):
        read_sheet(data, "x.xlsx")


def test_parts_that_no_table_needs_are_not_looked_at() -> None:
    parts = small() | {
        "xl/theme/theme1.xml": b"<",
        "docProps/core.xml": b"<",
        "xl/media/image1.png": b"x" * 2 * MEBIBYTE,
    }

    assert rows_of(parts) == (("Ending", "Price"), ("com", "10.9"))
