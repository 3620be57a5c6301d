"""Page + blocks -> what the theme's template shows. The only place that trusts markup, after cleaning it."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from cms.blocks import KINDS, whole
from cms.contact_form import form_facts
from cms.live import live_facts
from cms.models import PageVersion
from cms.news import news_facts
from cms.page_checks import with_safe_links
from cms.pictures import with_files
from cms.sanitize import safe
from cms.word_facts import facts_of_words
from storefront.core.db import Work


def shown(
    db: Work, version: PageVersion, note: str, *, blocks: Sequence[Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """Return ``page`` for cms/page.html, with all its blocks or only these."""
    wanted = version.blocks if blocks is None else blocks
    found = with_files(
        db, [with_safe_links(whole(block)) for block in wanted if block["kind"] in KINDS], version.locale
    )
    return {
        "title": version.title,
        "description": version.description,
        "preview": False,
        "blocks": [_safe({**block, **facts_of_words(block), **_live(db, block, version, note)}) for block in found],
    }


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
