"""A list as a file, and a file read back: by cell what is wrong, and never a part of it."""

import io
import zipfile
from collections.abc import Callable
from html import unescape
from uuid import UUID

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from storefront.pricing.models import PriceImport
from storefront.pricing.price_cells import CellKey
from tests.storefront.reseller.price_desk import Desk, desk

__all__ = ["desk"]
Enter = Callable[..., tuple[FlaskClient, str]]
COM = CellKey("com", "register", 1)


def send(enter: Enter, list_id: UUID, content: bytes, name: str = "prices.csv") -> TestResponse:
    client, token = enter()
    # Written by hand: the test client would leave a temporary file open for a large one.
    field = b'--edge\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n%s\r\n' % token.encode()
    head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    return client.post(
        f"/reseller/price-lists/{list_id}/import",
        data=field + head + content + b"\r\n--edge--\r\n",
        content_type="multipart/form-data; boundary=edge",
    )


def say_yes(enter: Enter, answer: TestResponse) -> TestResponse:
    client, token = enter()
    return client.post(f"{answer.location}/apply", data={"csrf_token": token})


def shown(enter: Enter, answer: TestResponse) -> str:
    client, _token = enter()
    return client.get(answer.location).text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_exported_is_read_back_and_changes_nothing(enter: Enter, desk: Desk, kind: str) -> None:
    draft = desk.draft()
    client, _token = enter()

    exported = client.get(f"/reseller/price-lists/{draft}/export?format={kind}")
    answer = send(enter, draft, exported.data, f"prices.{kind}")

    assert exported.status_code == 200
    assert f"List%202.{kind}" in exported.headers["Content-Disposition"]
    assert answer.status_code == 303
    assert "Nothing would change" in shown(enter, answer)


def test_file_is_shown_first_and_put_in_on_a_yes(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()

    answer = send(enter, draft, b"ending;years;register;renew\r\n.com;1;12,90;-\r\n")
    before = desk.prices(draft)
    told = shown(enter, answer)
    applied = say_yes(enter, answer)

    assert before[COM] == 1090
    assert "2 prices change" in told
    assert applied.status_code == 303
    assert desk.prices(draft)[COM] == 1290
    assert CellKey("com", "renew", 1) not in desk.prices(draft)


def test_faults_are_named_by_cell_and_nothing_is_used(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()
    table = "ending;years;register;renew;colour;currency\r\n.com;1;12.90;cheap;;EUR\r\n.nowhere;1;5;;;\r\n"
    table += ".net;11;5;;;PLN\r\n.com;1;7;;;\r\n.de;3;7;;;\r\n"

    answer = send(enter, draft, table.encode())
    told = shown(enter, answer)
    refused = say_yes(enter, answer)

    for where in ("D2", "E1", "A3", "B4", "F4", "C5", "C6"):
        assert f"<code>{where}</code>" in told, where
    assert refused.status_code == 422
    assert desk.prices(draft) == desk.prices(desk.live_id)


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (".com;-5", "B2", "A price below zero is not possible."),
        (".com;\u22125,00", "B2", "A price below zero is not possible."),
        (".com;1000000.01", "B2", "1000000.01 is far too much: is the decimal point right?"),
        (".com;99999999999999999999", "B2", "is far too much"),
        (".com;9.9999", "B2", "9.9999 has more decimals than EUR."),
        (".com;=1+1", "B2", "“=1+1” is no amount"),
        (".com;1e5", "B2", "“1e5” is no amount"),
        (".com;NaN", "B2", "“NaN” is no amount"),
        (".com;\u0669\u0669", "B2", "is no amount"),
        ("=HYPERLINK(1);5", "A2", "Nobody knows the ending “=HYPERLINK(1)”"),
        (".nowhere;5", "A2", "Nobody knows the ending “.nowhere”"),
        (".com;5\r\n.com;6", "B3", "This price stands in B2 already."),
    ],
)
def test_fault_of_a_cell_is_named_and_nothing_is_lost(
    enter: Enter, desk: Desk, row: str, cell: str, words: str
) -> None:
    draft = desk.draft()

    answer = send(enter, draft, f"ending;register\r\n{row}\r\n".encode())
    told = unescape(shown(enter, answer))
    refused = say_yes(enter, answer)

    assert f"<code>{cell}</code>" in told
    assert words in told
    assert refused.status_code == 422
    assert desk.prices(draft) == desk.prices(desk.live_id)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "cp1252"])
def test_file_is_read_in_the_letters_it_was_saved_in(enter: Enter, desk: Desk, encoding: str) -> None:
    draft = desk.draft()

    answer = send(enter, draft, "ending;register\r\n.com;12,90\u00a0€\r\n".encode(encoding))
    say_yes(enter, answer)

    assert desk.prices(draft)[COM] == 1290


def test_xlsx_of_a_spreadsheet_program_is_read(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["TLD", "Register"])
    page.append([".com", 14.9])
    page.append(["net", "15,90 €"])
    out = io.BytesIO()
    book.save(out)

    answer = send(enter, draft, out.getvalue(), "prices.xlsx")
    say_yes(enter, answer)

    assert desk.prices(draft)[COM] == 1490
    assert desk.prices(draft)[CellKey("net", "register", 1)] == 1590


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (80 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"\x00\x01\x02\x03" * 100, "cannot be read"),
        (b"a;b\r\n1;2\r\n", "There is no column"),
        (b"PK\x03\x04nonsense", "damaged"),
        (b"ending;register\r\n", "There is no price in this file"),
        (b"x" * (10 * 1024 * 1024), "larger than 4 MB"),
        (b"ending;register\r\n.com;" + b"9" * 200_000, "far too long"),
        (None, "too large"),
    ],
)
def test_what_is_no_table_is_refused_in_words(enter: Enter, desk: Desk, content: bytes | None, words: str) -> None:
    draft = desk.draft()

    answer = send(enter, draft, bomb() if content is None else content, "prices.csv")
    told = shown(enter, answer) if answer.status_code == 303 else answer.text

    assert words in told
    assert desk.prices(draft) == desk.prices(desk.live_id)


def test_request_that_is_far_too_large_is_refused(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()

    answer = send(enter, draft, b"x" * (13 * 1024 * 1024))

    assert answer.status_code == 413
    assert "What was sent is larger than we take. Nothing was kept" in answer.text
    assert desk.prices(draft) == desk.prices(desk.live_id)


def test_missing_file_is_asked_for(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()
    client, token = enter()

    answer = client.post(f"/reseller/price-lists/{draft}/import", data={"csrf_token": token})

    assert answer.status_code == 422
    assert "Please choose a file." in answer.text


def test_formulas_never_leave_as_formulas(enter: Enter, desk: Desk) -> None:
    client, token = enter()
    made = client.post(
        "/reseller/price-lists/new",
        data={"csrf_token": token, "name": "=cmd|x", "begins_with": str(desk.live_id), "line": "main"},
    )

    csv = client.get(f"{made.location}/export?format=csv")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{made.location}/export").data))

    assert not any(cell.startswith("=") for line in csv.text.splitlines() for cell in line.split(";"))
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)


def test_file_of_a_list_that_changed_meanwhile_is_not_put_in(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()
    answer = send(enter, draft, b"ending;register\r\n.com;12.90\r\n")
    client, token = enter()
    sent = {"csrf_token": token, "revision": "0", "register.1.net": "9.00"}
    client.post(f"/reseller/price-lists/{draft}/cells", data=sent)

    told = shown(enter, answer)
    refused = say_yes(enter, answer)

    assert "The list changed since this file was read" in told
    assert refused.status_code == 409
    assert desk.prices(draft)[COM] == 1090


def test_file_is_used_once_and_can_be_forgotten(enter: Enter, desk: Desk) -> None:
    draft = desk.draft()
    first = send(enter, draft, b"ending;register\r\n.com;12.90\r\n")
    say_yes(enter, first)
    second = send(enter, draft, b"ending;register\r\n.com;13.90\r\n")
    client, token = enter()

    again = say_yes(enter, first)
    dropped = client.post(f"{second.location}/drop", data={"csrf_token": token})

    assert again.status_code == 422
    assert dropped.status_code == 303
    with desk.work() as db:
        assert sorted(db.scalars(select(PriceImport.state))) == ["applied", "dropped"]
    assert desk.prices(draft)[COM] == 1290
