"""Pages that the house publishes by itself: of a demo, of a new shop."""

from typing import Any

from cms.blocks import block_from
from cms.models import PageVersion
from cms.pages import PageTerms, publish_page
from cms.redirects import find_redirect
from cms.translations import stale_blocks
from storefront.core.db import Work


def published(db: Work, locale: str, title: str, *blocks: dict[str, Any]) -> PageVersion:
    terms = PageTerms(
        key="words", locale=locale, path="/words", title=title, blocks=[block_from(each) for each in blocks]
    )
    return publish_page(db, terms)


def test_page_that_is_published_in_two_languages_counts_as_translated(db: Work) -> None:
    source = published(db, "en", "Words", {"kind": "hero", "title": "Hello"})

    german = published(db, "de", "Worte", {"kind": "hero", "title": "Hallo"})

    assert (source.translated_from, german.translated_from) == (None, source.blocks)
    assert stale_blocks(german.blocks, source.blocks, german.translated_from) == []
    changed = published(db, "en", "Words", {"kind": "hero", "title": "Hello there"})
    assert stale_blocks(german.blocks, changed.blocks, german.translated_from) == ["b1"]


def test_page_that_the_house_publishes_elsewhere_leaves_a_way_from_its_old_address(db: Work) -> None:
    before = published(db, "en", "Words", {"kind": "hero", "title": "Hello"})

    now = publish_page(db, PageTerms(key="words", locale="en", path="/sentences", title="Sentences"))

    assert (before.state, now.state) == ("past", "published")
    left = find_redirect(db, "/words")
    assert left is not None
    assert (left.target, left.is_automatic) == ("/sentences", True)
