"""Publish a legal document: mend the edition in force or the one to come, or begin a new one, now or at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select, update

from cms.drafts import STALE, find_version
from cms.events import EditionAnnounced, EditionWithdrawn
from cms.legal import Held, make_edition, read_document
from cms.legal_models import LegalDocument, LegalEdition
from cms.legal_rules import label_problem
from cms.models import Page, PageVersion
from cms.page_states import says_more
from cms.publishing import publish_draft, schedule_draft
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Conflict, NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import publish
from tenants.resellers import current_reseller

Deed = Literal["mend", "mend_next", "new"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is to be published: the drafts of some languages with the revision that was seen of each, and as what.

    ``label`` and ``at`` are for a new edition; without ``at`` it is in force at once.
    """

    deed: Deed
    revisions: Mapping[str, int]
    label: str = ""
    at: datetime | None = None


def ready_drafts(db: Work, held: Held, locales: Sequence[str]) -> dict[str, PageVersion]:
    """Return the drafts that say something else than what is in view, or wait, by language in this order."""
    rows = db.scalars(
        select(PageVersion).where(
            PageVersion.reseller_id == db.reseller_id,
            PageVersion.page_id == held.document.page_id,
            PageVersion.state.in_(("draft", "waiting")),
        )
    )
    drafts = {row.locale: row for row in rows if row.state == "draft"}
    waiting = {row.locale: row for row in rows if row.state == "waiting"}
    found = {}
    for locale in locales:
        draft, before = drafts.get(locale), waiting.get(locale) or held.texts.get(locale)
        if draft is not None and (before is None or says_more(draft, before)):
            found[locale] = draft
    return found


def publish_document(db: Work, document: LegalDocument, plan: Plan) -> LegalEdition:
    """Publish what is written of a document as its plan says; returns the edition.

    Whoever accepted an older edition is told of a new one by letter. Raises ``Conflict`` where somebody wrote on
    meanwhile, and ``Refused`` naming what stands in the way.
    """
    page = db.lock(db.require(Page, document.page_id))
    held = read_document(db, document)
    if not plan.revisions:
        raise Refused(_("Please choose at least one language."), field="languages")
    drafts = {locale: find_version(db, page, locale, "draft") for locale in plan.revisions}
    if any(draft is None or draft.revision != plan.revisions[locale] for locale, draft in drafts.items()):
        raise Conflict(STALE)
    edition = _edition(db, held, plan)
    for locale, draft in drafts.items():
        if draft is None:
            continue
        if edition.in_force_at > db.now:
            schedule_draft(db, draft, edition.in_force_at, revision=plan.revisions[locale], edition=edition)
        else:
            publish_draft(db, draft, revision=plan.revisions[locale], edition=edition)
    if plan.deed == "new":
        told = {"label": edition.label, "in_force_at": edition.in_force_at.isoformat(), "locales": [*plan.revisions]}
        record(db, "legal.edition_made", document, after=told)
        if document.needs_acceptance:
            publish(db, EditionAnnounced(edition_id=edition.id))
    # Readers of the edition in force are told of the one to come.
    announce(db)
    return edition


def _edition(db: Work, held: Held, plan: Plan) -> LegalEdition:
    """Return the edition that is mended, or begin the new one."""
    if plan.deed == "mend":
        if held.now is None:
            raise Refused(_("This document has no edition yet. Please publish it as a new one."), field="deed")
        return held.now
    if plan.deed == "mend_next":
        if not held.coming:
            raise Refused(_("No edition waits to come into force."), field="deed")
        return held.coming[0]
    problem = label_problem(plan.label)
    if problem:
        raise Refused(problem, field="label")
    if any(each.label.lower() == plan.label.lower() for each in held.editions):
        raise Refused(_("There is an edition with this name already."), field="label")
    first = current_reseller(db).default_locale
    if first not in plan.revisions:
        raise Refused(_("A new edition needs its words in the first language of the shop."), field="languages")
    if plan.at is not None and plan.at <= db.now:
        raise Refused(_("This moment is past. Please choose a later one, or publish now."), field="at")
    if plan.at is not None and held.coming:
        raise Refused(
            _("Edition %(label)s waits already. Mend or cancel it first.", label=held.coming[0].label), field="at"
        )
    edition = make_edition(db, held.document, plan.label)
    if plan.at is not None:
        edition.in_force_at = plan.at
        db.flush()
    return edition


def cancel_edition(db: Work, document: LegalDocument, edition_id: UUID) -> LegalEdition:
    """Let an edition that waits never come into force; what was written stays as it is in the drafts.

    Whoever was told of it is told that it does not come.
    """
    page = db.lock(db.require(Page, document.page_id))
    edition = db.lock(db.require(LegalEdition, edition_id))
    if edition.document_id != document.id:
        raise NotFound
    if edition.cancelled_at is not None:
        return edition
    if edition.in_force_at <= db.now:
        raise Refused(_("This edition is in force. Publish a new one instead."))
    db.execute(
        update(PageVersion)
        .where(PageVersion.reseller_id == db.reseller_id, PageVersion.page_id == page.id)
        .where(PageVersion.edition_id == edition.id, PageVersion.state == "waiting")
        .values(state="past", starts_at=None)
    )
    edition.cancelled_at = db.now
    db.flush()
    record(db, "legal.edition_cancelled", document, after={"label": edition.label})
    publish(db, EditionWithdrawn(edition_id=edition.id))
    announce(db)
    return edition


def change_acceptance(db: Work, document: LegalDocument, *, needs_acceptance: bool) -> None:
    """Say whether customers accept a document when they order."""
    if document.needs_acceptance == needs_acceptance:
        return
    db.lock(document)
    document.needs_acceptance = needs_acceptance
    db.flush()
    record(db, "legal.acceptance_changed", document, after={"needs_acceptance": needs_acceptance})
    announce(db)
