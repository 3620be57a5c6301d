"""The editor of a page, as its script hears of it."""

from uuid import UUID

from flask.testing import FlaskClient

from cms.models import Page
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.storefront.reseller.conftest import Enter
from tests.storefront.reseller.edited_page import address, by_script, kept
from tests.storefront.reseller.page_form import PageForm


def test_script_is_told_what_is_kept_and_what_is_still_to_be_done(owner: FlaskClient, page_id: UUID) -> None:
    form = PageForm(owner, address(page_id)).fill(b1__title="", title="Typed")

    told = by_script(form)

    assert told.status_code == 200
    assert told.json["order"] == ["b1", "b2"]
    assert told.json["kept"]["title"] == "Typed"
    assert 'data-place="b1.title"' in told.json["side"]
    assert "Published, changed since" in told.json["badge"]
    assert told.json["fetched"] == {}


def test_script_is_told_that_nobody_is_signed_in(owner: FlaskClient, client: FlaskClient, page_id: UUID) -> None:
    form = PageForm(owner, address(page_id))
    form._client = client

    told = by_script(form)

    assert told.status_code == 401
    assert told.json["title"] == "Please sign in."


def test_script_gets_a_new_token_for_that_of_another_session(owner: FlaskClient, page_id: UUID) -> None:
    form = PageForm(owner, address(page_id))
    token = form.values["csrf_token"]
    form.values["csrf_token"] = "stale"

    told = by_script(form)

    assert told.status_code == 422
    assert told.json["token"] == token
    assert told.json["title"]


def test_script_is_told_that_the_page_is_in_the_bin(
    owner: FlaskClient, page_id: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    form = PageForm(owner, address(page_id))
    with database.work(shops["north"].id) as db:
        db.require(Page, page_id).trashed_at = db.now
        db.commit()
    binned = by_script(form)
    form.address = address(UUID(int=0))

    gone = by_script(form)

    assert (binned.status_code, gone.status_code) == (404, 404)
    assert "in the bin" in binned.json["title"]
    assert "no longer there" in gone.json["title"]


def test_script_gets_the_blocks_that_others_changed_meanwhile(enter: Enter, page_id: UUID) -> None:
    mine, theirs = PageForm(enter()[0], address(page_id)), PageForm(enter()[0], address(page_id))
    theirs.fill(b2__title="Theirs").press("save")

    told = by_script(mine.fill(b1__title="Mine")).json

    assert list(told["fetched"]) == ["b2"]
    assert 'value="Theirs"' in told["fetched"]["b2"]


def test_script_is_shown_both_where_both_changed_the_same(
    enter: Enter, page_id: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    mine, theirs = PageForm(enter()[0], address(page_id)), PageForm(enter()[0], address(page_id))
    theirs.fill(b1__title="Theirs", title="Their page").press("save")

    told = by_script(mine.fill(b1__title="Mine", title="My page"))

    assert told.status_code == 409
    assert set(told.json["clashes"]) == {"b1", "title"}
    assert "<del>Mine</del><ins>Theirs</ins>" in told.json["clashes"]["b1"]["html"]
    assert kept(database, shops, page_id)[0] == "Their page"


def test_script_keeps_the_rest_where_an_address_cannot_be(
    owner: FlaskClient, page_id: UUID, database: Database, shops: dict[str, Shop]
) -> None:
    told = by_script(PageForm(owner, address(page_id)).fill(path="/cart", b1__title="Kept all the same"))

    assert told.status_code == 200
    assert "address" in told.json["wrong"]["path"]
    title, path, blocks, _revision = kept(database, shops, page_id)
    assert (title, path, blocks[0]["title"]) == ("Fjords", "/fjords", "Kept all the same")
