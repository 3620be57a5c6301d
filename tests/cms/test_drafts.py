"""What is written of a page, apart from what visitors see."""

import pytest

from cms.drafts import Writing, discard_draft, find_version, mark_translated, open_draft, restore_version, save_draft
from cms.models import Page, PageVersion
from cms.publishing import publish_draft
from cms.tree import new_page
from storefront.core.db import Work
from storefront.core.errors import Conflict, Refused

HERO = {"kind": "hero", "title": "Hello", "search": False}


def written(db: Work, title: str = "About us", **more: object) -> tuple[Page, PageVersion]:
    draft = new_page(db, title, "en")
    terms = {"path": draft.path, "title": title, "blocks": [HERO], **more}
    save_draft(db, draft, Writing(**terms), revision=0)  # type: ignore[arg-type]  # a table of terms
    return db.require(Page, draft.page_id), draft


def test_draft_is_kept_though_it_is_incomplete(db: Work) -> None:
    page, draft = written(db, blocks=[{"kind": "rich_text", "html": ""}, HERO])

    assert (draft.revision, [block["id"] for block in draft.blocks]) == (1, ["b1", "b2"])
    assert open_draft(db, page, "en") is draft


def test_draft_that_somebody_else_saved_is_not_overwritten(db: Work) -> None:
    _page, draft = written(db)

    with pytest.raises(Conflict):
        save_draft(db, draft, Writing(path=draft.path, title="Mine"), revision=0)

    assert draft.title == "About us"


@pytest.mark.parametrize("path", ["/cart", "/a b", "about", "/", "/x/" + "y" * 130, "/reseller/pages"])
def test_draft_has_no_address_of_the_shops_own(db: Work, path: str) -> None:
    _page, draft = written(db)

    with pytest.raises(Refused):
        save_draft(db, draft, Writing(path=path, title="x"), revision=1)


def test_draft_of_a_published_page_is_begun_as_it_stands(db: Work) -> None:
    page, draft = written(db)
    live = publish_draft(db, draft, revision=1)

    begun = open_draft(db, page, "en")

    assert begun.id != live.id
    assert (begun.title, begun.path, begun.blocks, begun.state) == (live.title, live.path, live.blocks, "draft")
    discard_draft(db, begun)
    assert find_version(db, page, "en", "draft") is None


def test_page_that_nobody_ever_saw_keeps_its_draft(db: Work) -> None:
    _page, draft = written(db)

    with pytest.raises(Refused, match="bin"):
        discard_draft(db, draft)


def test_translation_begins_with_the_blocks_of_the_source(db: Work) -> None:
    page, draft = written(db)
    publish_draft(db, draft, revision=1)

    french = open_draft(db, page, "fr")

    assert [(block["id"], block["title"], block["search"]) for block in french.blocks] == [("b1", "", False)]
    assert (french.path, french.title, french.translated_from) == ("/about-us", "", None)
    mark_translated(db, french)
    assert french.translated_from == draft.blocks


def test_earlier_version_is_written_again_and_nothing_is_lost(db: Work) -> None:
    page, draft = written(db)
    first = publish_draft(db, draft, revision=1)
    second = open_draft(db, page, "en")
    save_draft(db, second, Writing(path=second.path, title="Changed", blocks=[]), revision=0)

    fresh = restore_version(db, first)

    assert (fresh.title, fresh.state, second.state, first.state) == ("About us", "draft", "past", "published")
    assert fresh.revision == 2
