"""What readers are told of a legal document: which edition they read, since when it holds, what comes and what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from cms.blocks import with_ids
from cms.differences import BlockDifference, Piece, block_differences, differences
from cms.legal import Held, find_document, read_document, text_of
from cms.legal_models import LegalEdition
from cms.legal_rules import KINDS, edition_after, edition_before
from cms.models import PageVersion
from cms.page_checks import label_of
from storefront.core.db import Work
from storefront.core.i18n import Text


@dataclass(frozen=True, kw_only=True)
class EditionShown:
    """An edition in a list or above its words. ``until`` is when another one followed; ``changes_url`` may be empty."""

    label: str
    since: datetime
    until: datetime | None
    is_now: bool
    is_coming: bool
    url: str
    changes_url: str


def edition_shown(held: Held, edition: LegalEdition) -> EditionShown:
    """Return an edition as readers see it."""
    after, slug = edition_after(held.editions, edition), held.document.slug
    before = edition_before(held.editions, edition)
    is_coming = edition in held.coming
    return EditionShown(
        label=edition.label,
        since=edition.in_force_at,
        until=after.in_force_at if after is not None and after not in held.coming and edition is not held.now else None,
        is_now=edition is held.now,
        is_coming=is_coming,
        url=url_for("legal.edition", slug=slug, label=edition.label),
        changes_url=url_for("legal.changes", slug=slug, label=edition.label) if before is not None else "",
    )


def document_shown(db: Work, held: Held, locales: Sequence[str]) -> dict[str, Any] | None:
    """Return a document for a list: its title, what is in force and what comes; nothing where neither is."""
    edition = held.now or next(iter(held.coming), None)
    if edition is None:
        return None
    text = _in_view(held, locales) or text_of(db, edition, locales)
    if text is None:
        return None
    return {
        "title": text.title,
        "language": text.locale,
        "sign": KINDS[held.document.kind].sign,
        "url": _page_url(text) if held.now is not None else edition_shown(held, edition).url,
        "all_url": url_for("legal.show", slug=held.document.slug),
        "now": edition_shown(held, held.now) if held.now is not None else None,
        "coming": [edition_shown(held, each) for each in held.coming],
        "has_older": len(held.editions) - len(held.coming) > 1,
    }


def edition_line(db: Work, version: PageVersion) -> dict[str, Any]:
    """Return what stands above the words of a document in view: their edition, and one that is newer or to come."""
    document = find_document(db, version.page_id)
    if document is None:
        return {"own": None, "newer": None, "coming": [], "all_url": ""}
    held = read_document(db, document)
    own = next((each for each in held.editions if each.id == version.edition_id), None)
    newer = held.now if held.now is not None and own is not None and held.now is not own else None
    return {
        "own": edition_shown(held, own) if own is not None else None,
        # A translation may lag behind: what holds is the newer edition, in the language it is there in.
        "newer": edition_shown(held, newer) if newer is not None else None,
        "coming": [edition_shown(held, each) for each in held.coming],
        "all_url": url_for("legal.show", slug=document.slug) if len(held.editions) > 1 else "",
    }


def changed_words(old: PageVersion, new: PageVersion) -> dict[str, Any]:
    """Compare two editions word by word: the title, and each block that differs; ``has_any`` where anything does."""
    found = block_differences(with_ids(old.blocks), with_ids(new.blocks))
    title = differences(old.title, new.title) if old.title != new.title else []
    return {
        "title": title,
        "blocks": [_block(each) for each in found if each.is_any],
        "has_any": bool(title) or any(each.is_any for each in found),
    }


def _block(found: BlockDifference) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [
        {"labels": each.labels, "is_form_only": each.is_form_only, "paragraphs": paragraphs_of(each.pieces)}
        for each in found.fields
    ]
    name: Text = label_of(found.block)
    return {"name": name, "kind": found.kind, "is_moved": found.is_moved, "fields": fields}


def paragraphs_of(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Cut a comparison at the ends of its paragraphs, and leave out those that are the same in both."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *rest = str(piece.text).split("\n")
        lines[-1].append(Piece(kind=piece.kind, text=first))
        lines.extend([Piece(kind=piece.kind, text=each)] for each in rest)
    kept = [[piece for piece in line if piece.text] for line in lines]
    return [line for line in kept if any(piece.kind != "same" for piece in line)]


def _in_view(held: Held, locales: Sequence[str]) -> PageVersion | None:
    """Return the words of the edition in force in the first of these languages; else what is in view of any."""
    now = held.now.id if held.now is not None else None
    mine = [held.texts[locale] for locale in locales if locale in held.texts]
    return next((each for each in mine if each.edition_id == now), next(iter(mine), None))


def _page_url(version: PageVersion) -> str:
    return url_for("cms.page", path=version.path.lstrip("/"))
