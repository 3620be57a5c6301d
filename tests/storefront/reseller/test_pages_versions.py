"""Versions of a page: listed, compared word by word, written again."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from cms.drafts import Writing, find_version, open_draft, save_draft, versions_of
from cms.models import Page
from storefront.core.db import Database
from tests.fixtures_app import Shop
from tests.storefront.reseller.page_desk import forget_pages, live_page, page_keys

Enter = Callable[..., tuple[FlaskClient, str]]


@pytest.fixture(autouse=True)
def undone(database: Database, shops: dict[str, Shop]) -> Iterator[None]:
    """Take away what a test made."""
    with database.work(shops["north"].id) as db:
        before = page_keys(db)
    yield
    forget_pages(database, shops["north"], before)


@pytest.fixture
def written(database: Database, shops: dict[str, Shop]) -> UUID:
    """A page with a newer draft."""
    page_id = live_page(database, shops["north"], "Apple")
    with database.work(shops["north"].id) as db:
        draft = open_draft(db, db.require(Page, page_id), "en")
        blocks = [{**draft.blocks[0], "title": "Apple says <goodbye>"}, {"kind": "rich_text", "html": "<p>More</p>"}]
        save_draft(
            db, draft, Writing(path=draft.path, title="Apples", blocks=blocks, settings={"noindex": True}), revision=0
        )
        db.commit()
    return page_id


def address(page_id: UUID, locale: str = "en") -> str:
    return f"/reseller/pages/{page_id}/{locale}/versions/"


def test_versions_are_listed_and_the_seen_one_is_compared_with_the_newest(enter: Enter, written: UUID) -> None:
    client, _token = enter()

    listed = client.get(address(written)).text
    compared = client.get(f"{address(written)}compare").text

    assert "Seen now" in listed
    assert "Being written" in listed
    assert "<del>hello</del>" in compared
    assert "<ins>&lt;goodbye&gt;</ins>" in compared
    assert "<del>Apple</del>" in compared
    assert "<ins>Apples</ins>" in compared
    assert "added" in compared
    assert "Keep this page out of search engines" in compared


def test_order_of_the_two_does_not_matter(
    enter: Enter, database: Database, shops: dict[str, Shop], written: UUID
) -> None:
    with database.work(shops["north"].id) as db:
        newer, older = versions_of(db, db.require(Page, written), "en")
        ids = (newer.id, older.id)
    client, _token = enter()

    one, other = (
        client.get(f"{address(written)}compare?old={old}&new={new}").text for old, new in (ids, reversed(ids))
    )

    assert "<del>hello</del>" in one
    assert one == other
    assert "Both say the same" in client.get(f"{address(written)}compare?old={ids[0]}&new={ids[0]}").text
    assert client.get(f"{address(written)}compare?old=nonsense&new=x").status_code == 200


def test_restored_version_is_the_draft_and_nothing_is_lost(
    enter: Enter, database: Database, shops: dict[str, Shop], written: UUID
) -> None:
    client, token = enter()
    with database.work(shops["north"].id) as db:
        live = find_version(db, db.require(Page, written), "en", "published")
        assert live is not None
        live_id = live.id

    answer = client.post(f"{address(written)}{live_id}/restore", data={"csrf_token": token})

    assert answer.status_code == 303
    with database.work(shops["north"].id) as db:
        page = db.require(Page, written)
        draft = find_version(db, page, "en", "draft")
        assert draft is not None
        assert draft.title == "Apple"
        assert [each.title for each in versions_of(db, page, "en") if each.state == "past"] == ["Apples"]


def test_version_of_another_page_or_language_is_nowhere(
    enter: Enter, database: Database, shops: dict[str, Shop], written: UUID
) -> None:
    other = live_page(database, shops["north"], "Birch")
    with database.work(shops["north"].id) as db:
        theirs = versions_of(db, db.require(Page, other), "en")[0].id
    client, token = enter()

    assert client.post(f"{address(written)}{theirs}/restore", data={"csrf_token": token}).status_code == 404
    assert client.post(f"{address(other, 'fr')}{theirs}/restore", data={"csrf_token": token}).status_code == 404
    assert client.get(address(written, "fr")).status_code == 404
    assert client.get(f"{address(written, 'xx')}compare").status_code == 404


def test_strangers_and_readers(enter: Enter, written: UUID) -> None:
    reader, token = enter("read_only")
    stranger, _token = enter(slug="south")

    assert reader.get(f"{address(written)}compare").status_code == 200
    assert reader.post(f"{address(written)}{written}/restore", data={"csrf_token": token}).status_code == 403
    assert stranger.get(address(written)).status_code == 404
