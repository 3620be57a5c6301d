"""Page + blocks -> what the theme's template shows. The only place that trusts markup, after cleaning it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import g
from markupsafe import Markup

from cms.blocks import KINDS, whole
from cms.contact_form import form_facts
from cms.live import live_facts
from cms.models import PageVersion
from cms.news import news_facts
from cms.own_links import in_language
from cms.page_checks import with_safe_links
from cms.pictures import with_files
from cms.sanitize import safe
from cms.word_facts import facts_of_words
from storefront.core.db import Work
from storefront.core.kept import KIBIBYTE, KeptFacts

Blocks = list[dict[str, Any]]
# What the written part of pages may take in one process, beside what it knows of shops.
ROOM: Final = 4 * 1024 * KIBIBYTE
# What a letter of a block takes in memory, about, with the dictionaries around it.
LETTER_BYTES: Final = 4


def shown(
    db: Work, version: PageVersion, note: str, *, blocks: Sequence[Mapping[str, Any]] | None = None, root: str = ""
) -> dict[str, Any]:
    """Return ``page`` for cms/page.html, with all its blocks or only these.

    Addresses of the shop that its blocks lead to get ``root`` (``/pl``) in front.
    """
    is_kept = blocks is None and version.state == "published"
    written = (
        _KEPT.of(db, g.place.version, version.id, root)
        if is_kept
        else _written(db, version.blocks if blocks is None else blocks, version.locale, root)
    )
    return {
        "title": version.title,
        "description": version.description,
        "preview": False,
        "blocks": [{**block, **in_language(_safe(_live(db, block, version, note)), root)} for block in written],
    }


def _written(db: Work, blocks: Sequence[Mapping[str, Any]], locale: str, root: str) -> Blocks:
    """Return blocks as templates show them, but for what they show of the shop right now."""
    whole_ones = [with_safe_links(whole(block)) for block in blocks if block["kind"] in KINDS]
    safe_ones = [_safe({**block, **facts_of_words(block)}) for block in with_files(db, whole_ones, locale)]
    found: Blocks = in_language(safe_ones, root)
    return found


def _load(db: Work, version_id: UUID, root: str) -> tuple[Blocks, datetime]:
    version = db.find(PageVersion, version_id)
    assert version is not None  # noqa: S101 - it is being shown
    return _written(db, version.blocks, version.locale, root), db.now + timedelta(days=1)


# What visitors see is changed by a notice alone, which raises the shop's version.
_KEPT = KeptFacts(_load, size=lambda blocks: len(repr(blocks)) * LETTER_BYTES, room=ROOM)


def _live(db: Work, block: dict[str, Any], version: PageVersion, note: str) -> dict[str, Any]:
    if block["kind"] == "contact_form":
        return form_facts(db, block, version.page_id)
    if block["kind"] == "news_list":
        return news_facts(db, block, version)
    return live_facts(db, block, note)


def _safe(value: Any) -> Any:
    """Clean every ``html`` and ``answer`` once more on the way out; all other text is escaped by the template.

    Its shape they have since they were written: bringing them into it again would take thirty times as long.
    """
    if isinstance(value, dict):
        return {
            key: Markup(safe(each)) if key in ("html", "answer") and isinstance(each, str) else _safe(each)  # noqa: S704 - cleaned by allow-list in the same expression
            for key, each in value.items()
        }
    return [_safe(each) for each in value] if isinstance(value, list) else value
