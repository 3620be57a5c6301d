"""Legal documents that come from elsewhere: their editions come where they come into view, and never among others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select

from cms.arrivals import ArrivingDocument, ArrivingEdition, ArrivingVersion, Choices, Notes
from cms.legal import document_of, edition_to_publish, find_document, make_document
from cms.legal_models import LegalDocument, LegalEdition
from cms.legal_rules import KINDS, OTHER, label_problem
from cms.models import Page
from cms.paths import slug_of
from storefront.core.db import Work
from storefront.core.ids import uuid7

MOST_EDITIONS: Final = 500


@dataclass(kw_only=True)
class Editions:
    """The editions of a page that comes: those that may come by their names, and those that did."""

    document: LegalDocument
    said: Mapping[str, ArrivingEdition]
    made: dict[str, LegalEdition] = field(default_factory=dict)

    def of_words_in_view(self, db: Work, page: Page, label: str) -> LegalEdition | None:
        """Return the edition of words that visitors see: its own, else the one in force."""
        said = self.said.get(label.lower())
        if said is None:
            return edition_to_publish(db, page)
        return self._made(db, said, min(said.in_force_at, db.now))

    def of_words_that_wait(self, db: Work, label: str, at: datetime) -> LegalEdition | None:
        """Return the edition of words that wait for their day; without one, none may wait."""
        said = self.said.get(label.lower())
        return self._made(db, said, at) if said is not None else None

    def older(self, db: Work) -> Iterator[tuple[LegalEdition, ArrivingVersion]]:
        """Return the words of editions that nobody sees any more: the last ones of each language."""
        for said in self.said.values():
            texts = {text.locale: text for text in said.texts()}
            if said.in_force_at <= db.now:
                for text in texts.values():
                    yield self._made(db, said, said.in_force_at), text

    def _made(self, db: Work, said: ArrivingEdition, at: datetime) -> LegalEdition:
        label = said.label.lower()
        if label not in self.made:
            self.made[label] = db.add(
                LegalEdition(
                    id=uuid7(),
                    document_id=self.document.id,
                    label=said.label,
                    in_force_at=at,
                    made_at=db.now,
                    made_by=db.actor.name,
                )
            )
            db.flush()
        return self.made[label]


def editions_coming(
    db: Work, page: Page, said: ArrivingDocument | None, choices: Choices, notes: Notes, *, place: str
) -> Editions | None:
    """Make a page that is new here the document that it was, and say which editions may come; none for other pages."""
    document = _document(db, page, said, notes, place) if said is not None else document_of(db, page)
    if document is None:
        return None
    known: dict[str, ArrivingEdition] = {}
    for each in said.editions[:MOST_EDITIONS] if said is not None else ():
        if label_problem(each.label) is not None or each.label.lower() in known:
            notes.say("edition", place, each.label)
        else:
            known[each.label.lower()] = each
    if known and not choices.publishes:
        notes.say("editions", place)
        known = {}
    return Editions(document=document, said=known)


def _document(db: Work, page: Page, said: ArrivingDocument, notes: Notes, place: str) -> LegalDocument | None:
    """Make a document of the kind that it was; a shop has one of each, so a second one is another document."""
    if said.kind not in KINDS:
        notes.say("document", place, said.kind)
        return document_of(db, page)
    mine = select(LegalDocument.kind, LegalDocument.slug).where(LegalDocument.reseller_id == db.reseller_id)
    known = db.execute(mine).all()
    is_second = said.kind != OTHER and said.kind in {row.kind for row in known}
    if is_second:
        notes.say("document_there", place, str(KINDS[said.kind].name))
    found = find_document(db, page.id)
    document = found or make_document(db, page, OTHER if is_second else said.kind, title=said.slug)
    if said.slug and slug_of(said.slug) == said.slug and said.slug not in {row.slug for row in known}:
        document.slug = said.slug
    # Nobody is asked to accept a document because it came along beside the one that they accept.
    document.needs_acceptance = said.needs_acceptance and not is_second
    db.flush()
    return document
