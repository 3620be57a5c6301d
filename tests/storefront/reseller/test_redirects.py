"""Redirects: written, refused with the reason beside the field, taken in whole or not at all, and followed."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from cms.models import Redirect
from cms.redirects import known_redirects, redirects
from storefront.core.db import Database
from storefront.pricing.sheets import MEBIBYTE
from tests.fixtures_app import Shop
from tests.storefront.account.people import errors_in
from tests.storefront.reseller.page_desk import forget_pages, live_page, page_keys

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/redirects/"


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Take away what a test made."""
    with database.work(shops["north"].id) as db:
        before = page_keys(db)
    yield
    forget_pages(database, shops["north"], before)
    with database.work(shops["south"].id) as db:
        db.execute(delete(Redirect))
        db.commit()


def kept(database: Database, shop: Shop) -> dict[str, str]:
    with database.work(shop.id) as db:
        return {path: each.target for path, each in known_redirects(db).items()}


def first_id(database: Database, shop: Shop) -> UUID:
    with database.work(shop.id) as db:
        return redirects(db)[0].id


def write(client: FlaskClient, token: str, path: str, target: str, **more: str) -> TestResponse:
    return client.post(f"{ADDRESS}new", data={"csrf_token": token, "path": path, "target": target, **more})


def send(client: FlaskClient, token: str, table: str | bytes, do: str = "take") -> TestResponse:
    # Written by hand: the test client would leave a temporary file open for a large one.
    content = table if isinstance(table, bytes) else table.encode()
    fields = {"csrf_token": token, "do": do}
    parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    head = '--b\r\nContent-Disposition: form-data; name="file"; filename="redirects.csv"\r\n\r\n'
    body = "".join([*parts, head]).encode() + content + b"\r\n--b--\r\n"
    return client.post(f"{ADDRESS}import", data=body, content_type="multipart/form-data; boundary=b")


def test_visitors_are_led_on_in_their_language_with_their_query(enter: Enter) -> None:
    client, token = enter()

    answer = write(client, token, "https://old.example/Old-Page/?x=1", "/search", is_permanent="y")
    write(client, token, "/for-now", "https://else.example/there?a=b#c")
    lead = client.get("/fr/old-page?q=a%20b&utm=%C3%A9")
    elsewhere = client.get("/for-now?q=1")

    assert answer.status_code == 303, errors_in(answer)
    assert (lead.status_code, lead.location) == (301, "/fr/search?q=a%20b&utm=%C3%A9")
    assert (elsewhere.status_code, elsewhere.location) == (302, "https://else.example/there?a=b&q=1#c")
    assert client.get("/OLD-PAGE").location == "/search"
    assert client.get("/nowhere").status_code == 404


def test_redirect_is_asked_for_again_after_an_hour(
    enter: Enter, client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop]
) -> None:
    client, token = enter()
    write(client, token, "/old", "/search", is_permanent="y")
    visitor = client_of(shops["north"])

    answer = visitor.get("/old")

    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert client_of(shops["south"]).get("/old").status_code == 404


@pytest.mark.parametrize("query", ["%0d%0aSet-Cookie:x=1", "a=\r\nSet-Cookie:%20x", "a=%00", "\\..\\", "a=\xff"])
def test_hostile_query_stays_in_the_query(enter: Enter, query: str) -> None:
    client, token = enter()
    write(client, token, "/old", "/search", is_permanent="y")

    answer = client.get("/old", query_string=query)

    assert answer.location.startswith("/search?")
    assert not {"\r", "\n", "\\"} & set(answer.location)
    assert "x" not in {cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")}


@pytest.mark.parametrize(
    ("path", "target", "word"),
    [
        ("/cart", "/prices", "The shop uses this address itself."),
        ("old", "/prices", "begins with a slash"),
        ("/old", "//evil.example", "or a web address"),
        ("/old", "javascript:alert(1)", "or a web address"),
        ("/old", "/old/", "in a circle"),
        ("/apple", "/prices", "A page has this address."),
        ("", "", "Please fill this in."),
    ],
)
def test_nonsense_is_refused_and_stays_as_typed(
    enter: Enter, database: Database, shops: dict[str, Shop], path: str, target: str, word: str
) -> None:
    live_page(database, shops["north"], "Apple")
    client, token = enter()

    answer = write(client, token, path, target)

    assert answer.status_code == 422
    assert word in answer.text
    assert f'value="{path}"' in answer.text
    assert kept(database, shops["north"]) == {}


def test_redirect_is_changed_found_and_removed(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    write(client, token, "/old", "/nothing-here")
    row = first_id(database, shops["north"])

    listed = client.get(f"{ADDRESS}?q=nothing-h").text
    edited = client.post(f"{ADDRESS}{row}", data={"csrf_token": token, "path": "/older", "target": "/search"})

    assert "Nothing is there" in listed
    assert "No redirect has these words" in client.get(f"{ADDRESS}?q=100%25").text
    assert edited.status_code == 303, errors_in(edited)
    assert kept(database, shops["north"]) == {"/older": "/search"}
    client.post(f"{ADDRESS}{row}/remove", data={"csrf_token": token})
    assert kept(database, shops["north"]) == {}


def test_table_is_taken_in_and_goes_out_again(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    answer = send(client, token, "from;to;permanent\n/a;/b;yes\n/c;https://else.example/;no\n")
    table = client.get(f"{ADDRESS}export").get_data()
    again = send(client, token, table, do="look").text

    assert answer.status_code == 303, errors_in(answer)
    assert kept(database, shops["north"]) == {"/a": "/b", "/c": "https://else.example/"}
    assert "As it is: 2" in again


def test_table_with_one_wrong_line_changes_nothing(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    answer = send(client, token, "/a,/b\n/b,/a\n/good,/search\n")

    assert answer.status_code == 422
    assert answer.text.count("in a circle") == 2
    assert "2 lines cannot be as they are" in answer.text
    assert kept(database, shops["north"]) == {}


@pytest.mark.parametrize("table", [b"", b"%PDF-1.4", b"x" * (MEBIBYTE + 1), b"PK\x03\x04broken"])
def test_what_is_no_table_is_refused(enter: Enter, table: bytes) -> None:
    client, token = enter()

    assert send(client, token, table).status_code == 422


def test_checking_alone_changes_nothing(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()

    answer = send(client, token, "/a,/b\n", do="look")

    assert answer.status_code == 200
    assert "New: 1" in answer.text
    assert kept(database, shops["north"]) == {}


def test_strangers_and_readers(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    write(client, token, "/old", "/search")
    row = first_id(database, shops["north"])
    reader, reader_token = enter("read_only")
    stranger, stranger_token = enter(slug="south")

    assert "/old" in reader.get(ADDRESS).text
    assert reader.post(f"{ADDRESS}{row}/remove", data={"csrf_token": reader_token}).status_code == 403
    assert "/old" not in stranger.get(ADDRESS).text
    assert "/old" not in stranger.get(f"{ADDRESS}export").text
    assert stranger.get(f"{ADDRESS}{row}").status_code == 404
    assert stranger.post(f"{ADDRESS}{row}/remove", data={"csrf_token": stranger_token}).status_code == 404


def test_hint_names_a_page_that_the_shop_has(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    live_page(database, shops["north"], "Ab")

    assert "such as /ab," in enter()[0].get(f"{ADDRESS}new").text
