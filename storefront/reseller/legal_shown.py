"""Legal documents as the office shows them: titles, editions, and how each language stands."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from cms.legal import Held, read_documents
from cms.legal_notices import count_concerned
from cms.legal_publishing import ready_drafts
from cms.legal_reading import edition_shown
from cms.legal_rules import KINDS, OTHER
from cms.models import Page, PageVersion
from storefront.core.db import Work
from storefront.core.i18n import Text, gettext
from storefront.core.i18n import lazy_gettext as _
from storefront.reseller.pages_shown import editor_url
from storefront.reseller.shop_words import shop_locales
from storefront.web.locale import NATIVE_NAMES

# How a document stands in a language: word, tone, sign.
STATES: dict[str, tuple[Text, str, str]] = {
    "current": (_("Of the edition in force"), "success", "ok"),
    "behind": (_("Of an older edition"), "warning", "alert"),
    "missing": (_("Not published"), "neutral", "minus"),
}


def document_rows(db: Work) -> list[dict[str, Any]]:
    """Return every document with its editions and languages."""
    return [document_row(db, held) for held in read_documents(db)]


def document_row(db: Work, held: Held) -> dict[str, Any]:
    """Return one document with its editions and languages."""
    locales = shop_locales()
    kind = KINDS[held.document.kind]
    drafts = ready_drafts(db, held, locales)
    return {
        "document": held.document,
        "title": title_of_document(db, held),
        "kind": kind,
        "url": editor_url(held.document.page_id, locales[0]),
        "public_path": f"/legal/{held.document.slug}/",
        "now": edition_shown(held, held.now) if held.now is not None else None,
        "coming": [(each, edition_shown(held, each)) for each in held.coming],
        "languages": [_language(held, locale, is_written=locale in drafts) for locale in locales],
        "has_drafts": bool(drafts),
        "has_editions": bool(held.editions),
        "accepted_by": count_concerned(db, held.document) if held.document.needs_acceptance else 0,
    }


def title_of_document(db: Work, held: Held) -> str:
    """Return the title of a document in the first language that has one; else what its kind is called."""
    titles = {locale: version.title for locale, version in held.texts.items()}
    if not titles:
        drafts = select(PageVersion).where(
            PageVersion.page_id == held.document.page_id, PageVersion.state.in_(("draft", "waiting"))
        )
        titles = {version.locale: version.title for version in db.scalars(drafts)}
    found = next((titles[locale] for locale in shop_locales() if titles.get(locale)), "")
    return found or (gettext("Without a title") if held.document.kind == OTHER else str(KINDS[held.document.kind].name))


def missing_kinds(db: Work) -> Sequence[str]:
    """Name the kinds of document that a shop does not have yet; there may always be another one."""
    known = set(db.scalars(select(Page.key).where(Page.key.in_(KINDS))))
    return [kind for kind in KINDS if kind == OTHER or kind not in known]


def _language(held: Held, locale: str, *, is_written: bool) -> dict[str, Any]:
    text = held.texts.get(locale)
    is_current = text is not None and held.now is not None and text.edition_id == held.now.id
    state = "missing" if text is None else "current" if is_current else "behind"
    return {
        "locale": locale,
        "name": NATIVE_NAMES.get(locale, locale),
        "url": editor_url(held.document.page_id, locale),
        "state": STATES[state],
        "is_missing": state == "missing",
        "is_behind": state == "behind",
        "is_written": is_written,
    }
