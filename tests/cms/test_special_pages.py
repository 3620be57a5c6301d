"""Pages without an address: begun with the theme's words, in no list and at no address, and shown without a query."""

from collections.abc import Mapping

import pytest
from flask import Flask, g

from cms.drafts import Writing, find_version, open_draft, save_draft
from cms.models import Page
from cms.publishing import publish_draft, schedule_draft
from cms.queries import find_published_page
from cms.special_pages import begin_special, own_pages
from cms.special_rules import BROKEN, MAINTENANCE, NOT_FOUND, RESTRAINED, SPECIAL_PAGES
from cms.tree import read_tree
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.web import lifecycle
from storefront.web import own_pages as web
from tests.fixtures_app import Shop

TEXT = {"kind": "rich_text", "html": "<p>Our words</p>"}


def published(db: Work, key: str, *blocks: Mapping[str, object], title: str = "Ours", locale: str = "en") -> Page:
    page = begin_special(db, key, locale)
    draft = open_draft(db, page, locale)
    save_draft(db, draft, Writing(path=draft.path, title=title, blocks=blocks), revision=draft.revision)
    publish_draft(db, draft, revision=draft.revision)
    return page


def test_keys_are_what_the_web_asks_for() -> None:
    theirs = {web.NOT_FOUND, web.BROKEN, web.MAINTENANCE, web.PARKED_PAGE, web.RESTRAINED_PAGE}

    assert theirs == set(SPECIAL_PAGES)
    assert web.OF_SHOP == (NOT_FOUND, BROKEN, MAINTENANCE)


def test_page_is_begun_once_with_the_words_that_visitors_read(db: Work) -> None:
    page = begin_special(db, NOT_FOUND, "en")

    assert begin_special(db, NOT_FOUND, "en") is page
    draft = find_version(db, page, "en", "draft")
    assert draft is not None
    assert (draft.path, draft.title) == (NOT_FOUND, "There is nothing at this address")
    assert "a letter too many" in draft.blocks[0]["html"]


def test_other_language_begins_as_a_translation(db: Work) -> None:
    page = published(db, NOT_FOUND, TEXT)

    begin_special(db, NOT_FOUND, "fr")

    draft = find_version(db, page, "fr", "draft")
    assert draft is not None
    assert (draft.path, draft.title) == (NOT_FOUND, "")


def test_page_begun_in_another_language_only_has_its_words_in_the_first(db: Work) -> None:
    page = begin_special(db, BROKEN, "fr")

    assert open_draft(db, page, "en").path == BROKEN


def test_what_is_no_such_page_is_not_begun(db: Work) -> None:
    with pytest.raises(NotFound):
        begin_special(db, "~else", "en")


def test_it_stands_in_no_tree_and_at_no_address(db: Work) -> None:
    published(db, NOT_FOUND, TEXT)

    assert NOT_FOUND not in {branch.page.key for branch in read_tree(db)}
    assert find_published_page(db, f"/{NOT_FOUND}", ["en"]) is None


def test_its_address_cannot_be_changed_nor_taken_by_another(db: Work) -> None:
    page = begin_special(db, NOT_FOUND, "en")
    draft = open_draft(db, page, "en")

    save_draft(db, draft, Writing(path="/mine", title="Ours", blocks=[TEXT]), revision=0)

    assert draft.path == NOT_FOUND


def test_block_that_may_not_stand_there_is_refused(db: Work) -> None:
    with pytest.raises(Refused, match="forbid advertising"):
        published(db, RESTRAINED, {"kind": "call_to_action", "title": "Buy", "url": "/buy", "button": "Buy"})


def test_it_can_wait_for_its_moment(db: Work) -> None:
    page = begin_special(db, BROKEN, "en")
    draft = open_draft(db, page, "en")

    waiting = schedule_draft(db, draft, db.now.replace(year=db.now.year + 1), revision=draft.revision)

    assert waiting.path == BROKEN


def test_words_are_told_by_language_and_broken_blocks_are_left_out(app: Flask, shops: dict[str, Shop]) -> None:
    with app.test_request_context("/", base_url=shops["north"].url):
        assert lifecycle.open_request() is None
        page = published(g.db, NOT_FOUND, TEXT)
        version = find_version(g.db, page, "en", "published")
        assert version is not None
        version.blocks = [*version.blocks, {"kind": "price_table"}, {"kind": "gone"}]
        g.db.flush()

        told = own_pages(g.db, "en", web.OF_SHOP)

        assert set(told) == {NOT_FOUND}
        assert [each["kind"] for each in told[NOT_FOUND]["blocks"]] == ["rich_text"]
        assert own_pages(g.db, "fr", web.OF_SHOP) == {}
        g.db.session.rollback()
