"""Move a site: packed, downloaded, looked at elsewhere, brought in; refused with a sentence where it is none."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from cms import site_moves
from cms.models import PageVersion
from cms.move_models import SiteMove
from storefront.core.db import Database
from tests.cms.made_sites import packed
from tests.cms.wxr_samples import SMALL
from tests.fixtures_app import Shop
from tests.storefront.account.people import errors_in
from tests.storefront.reseller.page_desk import forget_pages, live_page, page_keys
from tests.tenants.picture_bombs import saved

Enter = Callable[..., tuple[FlaskClient, str]]
ADDRESS = "/reseller/moves/"


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Take away what a test made."""
    before = {}
    for name in ("north", "south"):
        with database.work(shops[name].id) as db:
            before[name] = page_keys(db)
    yield
    for name, keys in before.items():
        forget_pages(database, shops[name], keys)
        with database.work(shops[name].id) as db:
            db.execute(delete(SiteMove))
            db.commit()


def sent(name: str, content: bytes, field: str = "file") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n"


def send(client: FlaskClient, token: str, name: str, content: bytes, beside: bytes = b"") -> TestResponse:
    # Written by hand: the test client would leave a temporary file open for a large one.
    fields = {"csrf_token": token, "locale": "en"}
    words = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    body = "".join(words).encode() + sent(name, content) + (sent("up.zip", beside, "beside") if beside else b"")
    return client.post(f"{ADDRESS}new", data=body + b"--b--\r\n", content_type="multipart/form-data; boundary=b")


def the_move(database: Database, shop: Shop) -> SiteMove:
    with database.work(shop.id) as db:
        return site_moves.moves(db)[0]


def worked(database: Database, shop: Shop, job: Callable[..., None]) -> SiteMove:
    job(database, shop.id, str(the_move(database, shop).id))
    return the_move(database, shop)


def titles(database: Database, shop: Shop, state: str) -> set[str]:
    with database.work(shop.id) as db:
        return set(db.scalars(select(PageVersion.title).where(PageVersion.state == state)))


@pytest.fixture
def archive(database: Database, shops: dict[str, Shop], tmp_path: Path) -> bytes:
    """The site of the shop in the north, with a page of its own."""
    live_page(database, shops["north"], "The boathouse")
    with database.work(shops["north"].id) as db:
        return packed(db, tmp_path / "site.zip").read_bytes()


def test_site_is_packed_and_downloaded(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    live_page(database, shops["north"], "The boathouse")

    answer = client.post(f"{ADDRESS}archive", data={"csrf_token": token})
    waiting = client.get(answer.location)
    move = worked(database, shops["north"], site_moves.pack_site)
    got = client.get(f"{ADDRESS}{move.id}/download")

    assert (answer.status_code, waiting.status_code) == (303, 200)
    assert waiting.headers["Refresh"].startswith("2;")
    assert got.mimetype == "application/zip"
    assert got.headers["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(got.data)) as found:
        assert "site.json" in found.namelist()
        assert any(b"The boathouse" in found.read(name) for name in found.namelist())
    got.close()


def test_site_comes_into_another_shop_after_a_look(
    enter: Enter, database: Database, shops: dict[str, Shop], archive: bytes
) -> None:
    client, token = enter(slug="south")

    answer = send(client, token, "site.zip", archive)
    looked = worked(database, shops["south"], site_moves.look_at_site)
    before = titles(database, shops["south"], "draft")
    seen = client.get(f"{ADDRESS}{looked.id}")
    client.post(f"{ADDRESS}{looked.id}/look", data={"csrf_token": token, "taken": "beside", "publishes": "y"})
    worked(database, shops["south"], site_moves.look_at_site)
    yes = client.post(f"{ADDRESS}{looked.id}/enter", data={"csrf_token": token})
    done = worked(database, shops["south"], site_moves.bring_site_in)

    assert answer.status_code == 303, errors_in(answer)
    assert looked.state == "looked", looked.why
    assert "The boathouse" not in before
    assert "Nothing is in your shop yet" in seen.text
    assert yes.status_code == 303
    assert (done.state, done.why) == ("done", "")
    assert done.counts["pages"] == looked.counts["pages"]
    assert "The boathouse" in titles(database, shops["south"], "published")
    assert client.get("/the-boathouse").status_code == 200


def test_nothing_comes_in_twice_or_unasked(
    enter: Enter, database: Database, shops: dict[str, Shop], archive: bytes
) -> None:
    client, token = enter(slug="south")
    send(client, token, "site.zip", archive)

    early = client.post(f"{ADDRESS}{the_move(database, shops['south']).id}/enter", data={"csrf_token": token})
    second = send(client, token, "site.zip", archive)
    move = worked(database, shops["south"], site_moves.look_at_site)
    client.post(f"{ADDRESS}{move.id}/enter", data={"csrf_token": token})
    worked(database, shops["south"], site_moves.bring_site_in)
    drafts = titles(database, shops["south"], "draft")
    again = client.post(f"{ADDRESS}{move.id}/enter", data={"csrf_token": token})
    worked(database, shops["south"], site_moves.bring_site_in)

    assert (early.status_code, second.status_code, again.status_code) == (409, 409, 409)
    assert titles(database, shops["south"], "draft") == drafts


def test_page_with_the_same_address_gets_a_draft_and_loses_nothing(
    enter: Enter, database: Database, shops: dict[str, Shop], archive: bytes
) -> None:
    live_page(database, shops["south"], "The boathouse")
    client, token = enter(slug="south")
    send(client, token, "site.zip", archive)
    move = worked(database, shops["south"], site_moves.look_at_site)

    client.post(f"{ADDRESS}{move.id}/look", data={"csrf_token": token, "taken": "replace", "publishes": "y"})
    worked(database, shops["south"], site_moves.look_at_site)
    client.post(f"{ADDRESS}{move.id}/enter", data={"csrf_token": token})
    worked(database, shops["south"], site_moves.bring_site_in)

    with database.work(shops["south"].id) as db:
        found = db.execute(
            select(PageVersion.state, PageVersion.path).where(PageVersion.title == "The boathouse")
        ).all()
    assert sorted(tuple(each) for each in found) == [("draft", "/the-boathouse"), ("published", "/the-boathouse")]


def test_report_is_a_table(enter: Enter, database: Database, shops: dict[str, Shop], archive: bytes) -> None:
    client, token = enter()
    send(client, token, "site.zip", archive)
    move = worked(database, shops["north"], site_moves.look_at_site)

    answer = client.get(f"{ADDRESS}{move.id}/report")

    rows = list(
        csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";" if b";" in answer.data[:40] else ",")
    )
    assert rows[0][:2] == ["Where", "What happened"]
    assert ["/the-boathouse", "this address was taken, so the page has another one", "/the-boathouse-2"] in rows


@pytest.mark.parametrize("content", [b"", b"PK", b"hello", b"PK\x05\x06" + bytes(18), b"<rss/>"])
def test_what_is_no_site_is_refused(enter: Enter, content: bytes) -> None:
    client, token = enter()

    answer = send(client, token, "site.zip", content)

    assert answer.status_code == 422
    assert errors_in(answer)


def test_who_has_not_the_right_may_neither_take_nor_bring(enter: Enter) -> None:
    client, token = enter("support")

    answers = [client.post(f"{ADDRESS}archive", data={"csrf_token": token}), send(client, token, "a.zip", b"x")]

    assert {answer.status_code for answer in answers} <= {403, 404}


def test_archive_of_another_shop_is_not_found(enter: Enter, database: Database, shops: dict[str, Shop]) -> None:
    client, token = enter()
    client.post(f"{ADDRESS}archive", data={"csrf_token": token})
    move = worked(database, shops["north"], site_moves.pack_site)
    stranger, other = enter(slug="south")

    answers = [
        stranger.get(f"{ADDRESS}{move.id}"),
        stranger.get(f"{ADDRESS}{move.id}/download"),
        stranger.post(f"{ADDRESS}{move.id}/remove", data={"csrf_token": other}),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert isinstance(move.id, UUID)


def test_wordpress_site_comes_with_its_uploads_and_a_report(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter(slug="south")
    with io.BytesIO() as kept, zipfile.ZipFile(kept, "w") as uploads:
        uploads.writestr("uploads/2023/05/harbour.jpg", saved("JPEG", (64, 48)))
        uploads.close()
        beside = kept.getvalue()

    answer = send(client, token, "export.xml", SMALL, beside)
    move = worked(database, shops["south"], site_moves.look_at_site)
    form = {"csrf_token": token, "taken": "beside", "publishes": "y"}
    client.post(f"{ADDRESS}{move.id}/look", data=form)
    worked(database, shops["south"], site_moves.look_at_site)
    client.post(f"{ADDRESS}{move.id}/enter", data={"csrf_token": token})
    done = worked(database, shops["south"], site_moves.bring_site_in)
    seen = client.get(f"{ADDRESS}{move.id}")
    about = client.get("/about-2") if client.get("/about-2").status_code == 200 else client.get("/about")
    post = client.get("/2023/05/we-are-open")

    assert answer.status_code == 303, errors_in(answer)
    assert (done.kind, done.state, done.why) == ("wordpress", "done", "")
    assert done.counts["files"] == 1
    assert {"Our boats", "We are open"} <= titles(database, shops["south"], "published")
    assert {"Prices", "Hidden"} <= titles(database, shops["south"], "draft")
    assert "We look after boats." in about.text
    assert "/media/library/" in about.text
    assert (post.status_code, post.location) == (301, "/news/we-are-open")
    assert "comments of readers stay behind" in seen.text


def test_pictures_of_an_old_site_that_is_gone_stop_nothing(
    enter: Enter, database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter(slug="south")
    here = SMALL.replace(b"https://old.example/wp-content", b"http://127.0.0.1/wp-content")

    send(client, token, "export.xml", here)
    looked = worked(database, shops["south"], site_moves.look_at_site)
    client.post(f"{ADDRESS}{looked.id}/enter", data={"csrf_token": token})
    done = worked(database, shops["south"], site_moves.bring_site_in)

    assert "to_fetch" in {what for what, _place, _detail in looked.remarks}
    assert done.state == "done", done.why
    assert ["file", "harbour.jpg", "Its address leads where our servers may not go."] in done.remarks
