"""The library in the office: uploaded, described, replaced, thrown away; and how it is served to everybody."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from cms import media
from cms.drafts import Writing, save_draft
from cms.models import MediaFile, Page, PageVersion
from cms.publishing import publish_draft
from cms.tree import new_page
from storefront.core.db import Database
from tests.cms.test_media_files import DOCUMENT
from tests.fixtures_app import Shop
from tests.storefront.account.people import errors_in
from tests.storefront.reseller.conftest import Enter
from tests.tenants.picture_bombs import png, saved

PLACE = "/reseller/media/"
SCRIPT = {"Accept": "application/json"}
PICTURE = saved("PNG", (900, 450))


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Begin with nothing, and take away what a test made."""
    with database.work(shops["north"].id) as db:
        db.execute(delete(MediaFile))
        db.commit()
    yield
    with database.work(shops["north"].id) as db:
        made = select(Page.id).where(Page.key.startswith("p-"))
        db.execute(delete(PageVersion).where(PageVersion.page_id.in_(made)))
        db.execute(delete(Page).where(Page.key.startswith("p-")))
        db.execute(delete(MediaFile))
        db.commit()


@pytest.fixture
def kept(database: Database, shops: dict[str, Shop]) -> Callable[[], list[MediaFile]]:
    """What lies in the library, the oldest first."""

    def look() -> list[MediaFile]:
        with database.work(shops["north"].id) as db:
            return list(db.scalars(select(MediaFile).order_by(MediaFile.id)))

    return look


def send(
    client: FlaskClient, token: str, *uploads: tuple[str, bytes], address: str = f"{PLACE}new", **more: Any
) -> Any:
    chosen = [(io.BytesIO(content), name) for name, content in uploads]
    headers = more.pop("headers", {})
    return client.post(address, data={"csrf_token": token, "files": chosen, **more}, headers=headers)


def used_on_a_page(database: Database, shop: Shop, row: MediaFile) -> None:
    with database.work(shop.id) as db:
        media.describe(
            db,
            db.require(MediaFile, row.id),
            media.Described(name=row.name, alt={"en": "Boats"}, focal_x=200, focal_y=900),
        )
        draft = new_page(db, "With a picture", "en")
        writing = Writing(path=draft.path, title="With a picture", blocks=[{"kind": "image", "picture": str(row.id)}])
        publish_draft(db, draft, revision=save_draft(db, draft, writing, revision=0))
        db.commit()


def test_empty_library_says_what_to_do(owner: FlaskClient) -> None:
    answer = owner.get(PLACE)

    assert answer.status_code == 200
    assert "No pictures yet" in answer.text


def test_one_upload_leads_to_its_words(enter: Enter, kept: Callable[[], list[MediaFile]]) -> None:
    client, token = enter()

    answer = send(client, token, ("harbour.png", PICTURE))

    assert answer.status_code == 303, errors_in(answer)
    (row,) = kept()
    assert answer.location.endswith(f"{PLACE}{row.id}/")
    page = client.get(answer.location).text
    assert 'name="alt_en"' in page
    assert "No page shows it." in page
    assert "Words missing" in client.get(PLACE).text


def test_several_uploads_are_kept_as_far_as_they_can_be(enter: Enter, kept: Callable[[], list[MediaFile]]) -> None:
    client, token = enter()

    answer = send(client, token, ("a.png", PICTURE), ("bomb.png", png(65_535, 65_535)), ("form.pdf", DOCUMENT))

    assert answer.status_code == 303
    assert [row.name for row in kept()] == ["a.webp", "form.pdf"]
    assert "bomb.png: This picture has too many points" in client.get(answer.location).text


@pytest.mark.parametrize(
    ("name", "content"),
    [("page.html", b"<script>alert(1)</script>"), ("a.png", b""), ("run.exe", b"MZ" + bytes(90))],
)
def test_what_is_no_file_for_pages_is_refused(
    enter: Enter, kept: Callable[[], list[MediaFile]], name: str, content: bytes
) -> None:
    client, token = enter()

    answer = send(client, token, (name, content))

    assert answer.status_code == 422
    assert errors_in(answer)
    assert kept() == []


def test_nothing_chosen_is_said(enter: Enter) -> None:
    client, token = enter()

    answer = client.post(f"{PLACE}new", data={"csrf_token": token})

    assert answer.status_code == 422
    assert "Please choose a file." in answer.text


def test_script_of_the_editor_uploads_in_place(enter: Enter, kept: Callable[[], list[MediaFile]]) -> None:
    client, token = enter()

    good = send(client, token, ("harbour.png", PICTURE), alt="The harbour", headers=SCRIPT)
    bad = send(client, token, ("bomb.png", png(65_535, 65_535)), headers=SCRIPT)

    (row,) = kept()
    assert good.status_code == 200
    assert good.json["files"][0]["id"] == str(row.id)
    assert row.alt == {"en": "The harbour"}
    assert bad.status_code == 422
    assert "too many points" in bad.json["problems"][0]


def test_script_of_the_editor_finds_a_small_picture(enter: Enter, kept: Callable[[], list[MediaFile]]) -> None:
    client, token = enter()
    send(client, token, ("harbour.png", PICTURE), ("form.pdf", DOCUMENT))
    picture, document = kept()

    found = client.get(f"{PLACE}{picture.id}/thumb")

    assert found.location.endswith(f"/media/library/{picture.digest}.webp")
    assert client.get(f"{PLACE}{document.id}/thumb").status_code == 404


def test_words_and_what_stays_in_view_are_kept(enter: Enter, kept: Callable[[], list[MediaFile]]) -> None:
    client, token = enter()
    send(client, token, ("harbour.png", PICTURE))
    address = f"{PLACE}{kept()[0].id}/"
    values = {"csrf_token": token, "name": "Harbour", "focal_x": "20", "focal_y": "90"}

    silent = client.post(address, data=values)
    beyond = client.post(address, data={**values, "alt_en": "Boats", "focal_x": "900"})
    good = client.post(address, data={**values, "alt_en": "Boats", "alt_fr": "Des bateaux"})

    assert (silent.status_code, beyond.status_code, good.status_code) == (422, 422, 303)
    row = kept()[0]
    assert (row.name, row.alt) == ("Harbour.webp", {"en": "Boats", "fr": "Des bateaux"})
    assert (row.focal_x, row.focal_y) == (200, 900)


def test_document_has_no_words_for_those_who_cannot_see(enter: Enter, kept: Callable[[], list[MediaFile]]) -> None:
    client, token = enter()
    send(client, token, ("form.pdf", DOCUMENT))
    address = f"{PLACE}{kept()[0].id}/"

    page = client.get(address).text
    answer = client.post(address, data={"csrf_token": token, "name": "Form.pdf"})

    assert "alt_en" not in page
    assert answer.status_code == 303
    assert kept()[0].name == "Form.pdf"


def test_document_keeps_the_ending_of_its_kind_under_a_new_name(
    enter: Enter, kept: Callable[[], list[MediaFile]]
) -> None:
    client, token = enter()
    send(client, token, ("form.pdf", DOCUMENT))
    address = f"{PLACE}{kept()[0].id}/"

    for typed, name in (("evil.html", "evil.html.pdf"), ("Prices 1.5", "Prices 1.5.pdf"), ("FORM.PDF", "FORM.pdf")):
        client.post(address, data={"csrf_token": token, "name": typed})

        assert kept()[0].name == name


def test_document_beside_pictures_is_not_lost_in_the_list_that_follows(enter: Enter) -> None:
    client, token = enter()

    answer = send(client, token, ("harbour.png", PICTURE), ("form.pdf", DOCUMENT))

    assert answer.location.endswith("/reseller/media/")
    assert "form.pdf" in client.get(answer.location).text


def test_replaced_on_every_page_at_once(enter: Enter, kept: Callable[[], list[MediaFile]]) -> None:
    client, token = enter()
    send(client, token, ("harbour.png", PICTURE))
    before = kept()[0]

    wrong = send(client, token, ("form.pdf", DOCUMENT), address=f"{PLACE}{before.id}/replace")
    right = send(client, token, ("new.png", saved("PNG", (300, 300))), address=f"{PLACE}{before.id}/replace")

    (row,) = kept()
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "Please replace a picture by a picture" in wrong.text
    assert row.digest != before.digest


def test_file_on_a_page_cannot_be_thrown_away(
    enter: Enter, kept: Callable[[], list[MediaFile]], database: Database, shops: dict[str, Shop]
) -> None:
    client, token = enter()
    send(client, token, ("harbour.png", PICTURE))
    row = kept()[0]
    used_on_a_page(database, shops["north"], row)

    answer = client.post(f"{PLACE}{row.id}/trash", data={"csrf_token": token})
    page = client.get(answer.location).text

    assert "Pages show this file" in page
    assert "With a picture" in page
    assert kept()[0].trashed_at is None


def test_bin_takes_gives_back_and_deletes(enter: Enter, kept: Callable[[], list[MediaFile]]) -> None:
    client, token = enter()
    send(client, token, ("harbour.png", PICTURE))
    address = f"{PLACE}{kept()[0].id}"
    told = {"csrf_token": token}

    thrown = client.post(f"{address}/trash", data=told)
    assert "harbour.webp" in client.get(thrown.location).text
    assert "harbour.webp" in client.get(f"{PLACE}bin").text
    client.post(f"{address}/untrash", data=told)
    assert kept()[0].trashed_at is None
    client.post(f"{address}/remove", data=told)
    assert len(kept()) == 1
    client.post(f"{address}/trash", data=told)
    client.post(f"{address}/remove", data=told)

    assert kept() == []


def test_list_is_searched_and_filtered(enter: Enter) -> None:
    client, token = enter()
    send(client, token, ("harbour.png", PICTURE), alt="Boats")
    send(client, token, ("form.pdf", DOCUMENT))

    documents = client.get(f"{PLACE}?state=documents").text
    boats = client.get(f"{PLACE}?q=boats").text
    piece = client.get(f"{PLACE}choose?state=pictures").text

    assert ("form.pdf" in documents, "harbour.webp" in documents) == (True, False)
    assert ("harbour.webp" in boats, "form.pdf" in boats) == (True, False)
    assert ("harbour.webp" in piece, "<html" in piece) == (True, False)


@pytest.mark.parametrize("role", ["read_only", "support"])
def test_who_may_not_write_pages_uploads_nothing(enter: Enter, kept: Callable[[], list[MediaFile]], role: str) -> None:
    client, token = enter(role)

    answer = send(client, token, ("harbour.png", PICTURE))

    assert answer.status_code == 403
    assert kept() == []
    assert client.get(PLACE).status_code == 200


def test_picture_is_served_for_ever_and_runs_nothing(
    enter: Enter, kept: Callable[[], list[MediaFile]], client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop]
) -> None:
    client, token = enter()
    send(client, token, ("harbour.png", PICTURE))
    digest = kept()[0].digest

    answer = client_of(shops["north"]).get(f"/media/library/{digest}.webp")
    elsewhere = client_of(shops["south"]).get(f"/media/library/{digest}.webp")
    named_wrongly = client_of(shops["north"]).get(f"/media/library/{digest}.html")

    assert answer.status_code == 200
    assert answer.mimetype == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (elsewhere.status_code, named_wrongly.status_code) == (404, 404)


def test_document_is_served_to_be_kept(
    enter: Enter, kept: Callable[[], list[MediaFile]], client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop]
) -> None:
    client, token = enter()
    send(client, token, ("Preise März.pdf", DOCUMENT))

    answer = client_of(shops["north"]).get(f"/media/library/{kept()[0].digest}.pdf")

    assert answer.data == DOCUMENT
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''Preise%20M%C3%A4rz.pdf"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_thrown_away_file_is_not_served(
    enter: Enter, kept: Callable[[], list[MediaFile]], client_of: Callable[[Shop], FlaskClient], shops: dict[str, Shop]
) -> None:
    client, token = enter()
    send(client, token, ("harbour.png", PICTURE))
    row = kept()[0]
    address = f"/media/library/{row.digest}.webp?now"  # a question is never answered from what is ready
    visitor = client_of(shops["north"])
    assert visitor.get(address).status_code == 200

    client.post(f"{PLACE}{row.id}/trash", data={"csrf_token": token})

    assert visitor.get(address).status_code == 404


def test_page_offers_every_width_and_keeps_the_point_in_view(
    enter: Enter,
    kept: Callable[[], list[MediaFile]],
    client_of: Callable[[Shop], FlaskClient],
    shops: dict[str, Shop],
    database: Database,
) -> None:
    client, token = enter()
    send(client, token, ("harbour.png", PICTURE))
    row = kept()[0]
    values = {"csrf_token": token, "name": "Harbour", "alt_en": "Boats", "focal_x": "20", "focal_y": "90"}
    client.post(f"{PLACE}{row.id}/", data=values)
    media.make_smaller_pictures(database, shops["north"].id, str(row.id))
    used_on_a_page(database, shops["north"], row)

    page = client_of(shops["north"]).get("/with-a-picture").text

    assert '<source type="image/avif"' in page
    assert f'/media/library/{row.digest}.webp 900w" sizes=' in page
    assert 'data-x="2" data-y="9"' in page
    assert "style=" not in page
    smallest = page.partition('srcset="')[2].partition(" ")[0]
    assert client_of(shops["north"]).get(smallest).mimetype == "image/avif"


def test_file_of_another_shop_is_none(enter: Enter, kept: Callable[[], list[MediaFile]]) -> None:
    client, token = enter()
    send(client, token, ("harbour.png", PICTURE))
    south, other = enter(slug="south")
    address = f"{PLACE}{kept()[0].id}"

    deeds = ("trash", "untrash", "remove", "replace")
    codes = {south.post(f"{address}/{deed}", data={"csrf_token": other}).status_code for deed in deeds}

    assert codes == {404}
    assert south.get(f"{address}/").status_code == 404
    assert kept()[0].trashed_at is None


def test_words_of_a_picture_are_said_beside_the_page_that_shows_it(
    enter: Enter, kept: Callable[[], list[MediaFile]]
) -> None:
    client, token = enter()
    send(client, token, ("harbour.png", PICTURE), headers=SCRIPT)
    address = f"{PLACE}{kept()[0].id}/words"

    said = client.post(address, data={"csrf_token": token, "locale": "en", "alt": " The  harbour "}, headers=SCRIPT)
    asked = client.get(f"{address}?locale=en", headers=SCRIPT)
    other = client.post(address, data={"csrf_token": token, "locale": "fr", "alt": ""}, headers=SCRIPT)

    assert (said.status_code, asked.json) == (200, {"alt": "The harbour", "is_decorative": False, "problem": ""})
    assert (other.status_code, "Please say what the picture shows" in other.text) == (422, True)
    assert (kept()[0].alt, kept()[0].is_decorative) == ({"en": "The harbour"}, False)


@pytest.mark.parametrize("locale", ["xx", "../en"])
def test_words_in_no_language_of_the_shop_are_not_taken(
    enter: Enter, kept: Callable[[], list[MediaFile]], locale: str
) -> None:
    client, token = enter()
    send(client, token, ("harbour.png", PICTURE), headers=SCRIPT)

    answer = client.post(f"{PLACE}{kept()[0].id}/words", data={"csrf_token": token, "locale": locale, "alt": "Boats"})

    assert (answer.status_code, kept()[0].alt) == (404, {})
