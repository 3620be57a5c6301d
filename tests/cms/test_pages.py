"""Pages that the house publishes by itself: of a demo, of a new shop."""

from typing import Any

from cms.blocks import block_from
from cms.models import PageVersion
from cms.pages import PageTerms, publish_page
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
