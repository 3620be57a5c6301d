"""Tell customers of a new edition: a letter to each who accepted an older one, once, and a notice in their panel.

Where it does not come after all, whoever was told of it is told so, once too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, cast
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from cms.events import EditionAnnounced, EditionWithdrawn
from cms.legal import Held, read_documents, text_of
from cms.legal_models import EditionNotice, LegalDocument, LegalEdition
from cms.legal_rules import edition_before
from cms.models import PageVersion
from storefront.core import jobs, stops
from storefront.core.audit import record
from storefront.core.db import Database, Work
from storefront.core.errors import NotFound
from storefront.core.i18n import lazy_gettext as _
from storefront.core.ids import uuid7
from storefront.core.outbox import publish
from storefront.customers.consents import record_consent
from storefront.customers.events import AgreementChanges, AgreementStays
from storefront.customers.models import Consent, Customer
from tenants.resellers import current_reseller

# So many are told in one transaction: a worker that is killed has told them, and the next goes on from there.
AT_ONCE: Final = 200
# How long the panel goes on speaking of an edition that came into force and was not accepted.
SHOWN_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Change:
    """A new edition that concerns a customer who accepted an older one."""

    held: Held
    edition: LegalEdition
    text: PageVersion


def whom_it_concerns(document: LegalDocument, edition: LegalEdition) -> Select[UUID]:
    """Ask for the customers who accepted an older edition of a document, and not this one."""
    older, this = aliased(LegalEdition), aliased(PageVersion)
    on_text = (PageVersion.reseller_id == Consent.reseller_id) & (PageVersion.id == Consent.text_id)
    on_edition = (older.reseller_id == PageVersion.reseller_id) & (older.id == PageVersion.edition_id)
    is_older = (older.document_id == document.id) & (older.in_force_at < edition.in_force_at)
    # Before consents knew the very words and editions, there was one document to agree to.
    is_old = older.id.is_(None) & (Consent.version != "unpublished") & (literal(document.kind) == "terms")
    own = select(Consent.customer_id).outerjoin(PageVersion, on_text).outerjoin(older, on_edition)
    accepted = (
        select(Consent.id)
        .join(this, (this.reseller_id == Consent.reseller_id) & (this.id == Consent.text_id))
        .where(Consent.customer_id == Customer.id, this.edition_id == edition.id)
    )
    return select(Customer.id).where(
        Customer.reseller_id == document.reseller_id,
        Customer.closed_at.is_(None),
        Customer.id.in_(
            own.where(Consent.reseller_id == document.reseller_id, Consent.kind == "terms", or_(is_older, is_old))
        ),
        ~accepted.exists(),
    )


def count_concerned(db: Work, document: LegalDocument) -> int:
    """Count who would be told of a new edition: everybody who accepted one so far."""
    imagined = LegalEdition(id=uuid7(), document_id=document.id, in_force_at=db.now + timedelta(days=10_000))
    return db.scalar(select(func.count()).select_from(whom_it_concerns(document, imagined).subquery())) or 0


@jobs.job(queue="later", opens_own_work=True)
def tell_of_edition(database: Database, reseller_id: UUID, event_id: str) -> None:
    """Tell everybody whom a new edition concerns. Reaction to ``EditionAnnounced``; safe to repeat and to interrupt."""
    _in_turns(database, reseller_id, event_id, _tell_some)


@jobs.job(queue="later", opens_own_work=True)
def tell_of_withdrawal(database: Database, reseller_id: UUID, event_id: str) -> None:
    """Tell everybody who was told of an edition that it does not come. Reaction to ``EditionWithdrawn``; as safe."""
    _in_turns(database, reseller_id, event_id, _untell_some)


def _in_turns(database: Database, reseller_id: UUID, event_id: str, tell: Callable[[Work, LegalEdition], int]) -> None:
    """Tell a few at a time until nobody is left; the edition is held meanwhile, so nobody else does it too."""
    told = AT_ONCE
    while told:
        with database.work(reseller_id) as db:
            event = cast("EditionAnnounced | EditionWithdrawn", jobs.event_of(db, UUID(event_id)))
            told = tell(db, db.lock(db.require(LegalEdition, event.edition_id)))
            stops.point("edition.before_commit")
            db.commit()
        stops.point("edition.told_some")


def _untell_some(db: Work, edition: LegalEdition) -> int:
    """Take back the next few notices of an edition that was cancelled; that a row is gone is what makes it once."""
    document = db.require(LegalDocument, edition.document_id)
    on_customer = (Customer.reseller_id == EditionNotice.reseller_id) & (Customer.id == EditionNotice.customer_id)
    notices = db.execute(
        select(EditionNotice, Customer)
        .join(Customer, on_customer)
        .where(EditionNotice.reseller_id == db.reseller_id, EditionNotice.edition_id == edition.id)
        .order_by(EditionNotice.customer_id)
        .limit(AT_ONCE)
    ).all()
    named = select(PageVersion.locale, PageVersion.title).where(
        PageVersion.reseller_id == db.reseller_id, PageVersion.edition_id == edition.id
    )
    titles = {row.locale: row.title for row in db.execute(named.order_by(PageVersion.id))}
    for notice, customer in notices:
        db.session.delete(notice)
        title = next((titles[each] for each in locales_for(db, customer.locale) if each in titles), "")
        if customer.closed_at is None and title:
            publish(
                db,
                AgreementStays(
                    customer_id=customer.id,
                    title=title,
                    label=edition.label,
                    in_force_at=edition.in_force_at,
                    path=f"/legal/{document.slug}/",
                ),
            )
    return len(notices)


def _tell_some(db: Work, edition: LegalEdition) -> int:
    """Note and tell the next few who were not told yet; nobody is told of an edition that was cancelled."""
    if edition.cancelled_at is not None:
        return 0
    document = db.require(LegalDocument, edition.document_id)
    known = select(EditionNotice.id).where(
        EditionNotice.edition_id == edition.id, EditionNotice.customer_id == Customer.id
    )
    wanted = whom_it_concerns(document, edition).where(~known.exists()).order_by(Customer.id).limit(AT_ONCE)
    customers = db.scalars(select(Customer).where(Customer.id.in_(wanted)))
    texts: dict[str, PageVersion | None] = {}
    path = f"/legal/{document.slug}/{edition.label}/"
    has_older = bool(edition_before(_editions(db, document), edition))
    for customer in customers:
        if customer.locale not in texts:
            texts[customer.locale] = text_of(db, edition, locales_for(db, customer.locale))
        text = texts[customer.locale]
        row = {"reseller_id": db.reseller_id, "id": uuid7(), "edition_id": edition.id, "customer_id": customer.id}
        once = insert(EditionNotice).values({**row, "told_at": db.now}).on_conflict_do_nothing()
        is_first = db.scalar(once.returning(EditionNotice.id)) is not None
        if text is None or not is_first:
            continue
        publish(
            db,
            AgreementChanges(
                customer_id=customer.id,
                title=text.title,
                label=edition.label,
                in_force_at=edition.in_force_at,
                path=path,
                changes_path=f"{path}changes" if has_older else "",
            ),
        )
    return len(customers)


def _editions(db: Work, document: LegalDocument) -> Sequence[LegalEdition]:
    return db.scalars(
        select(LegalEdition).where(LegalEdition.reseller_id == db.reseller_id, LegalEdition.document_id == document.id)
    )


def locales_for(db: Work, locale: str) -> list[str]:
    """Return a reader's language, then the others of the shop, its first one before them."""
    reseller = current_reseller(db)
    return [*dict.fromkeys([locale, reseller.default_locale, *reseller.locales])]


def changes_for(db: Work, customer_id: UUID, locale: str) -> list[Change]:
    """List the new editions that a customer has not accepted: those to come, and those of the last thirty days.

    Where there is none, which is nearly always, it takes one question.
    """
    fresh = (
        select(LegalEdition.id)
        .join(
            LegalDocument,
            (LegalDocument.reseller_id == LegalEdition.reseller_id) & (LegalDocument.id == LegalEdition.document_id),
        )
        .where(
            LegalEdition.reseller_id == db.reseller_id,
            LegalEdition.in_force_at > db.now - SHOWN_FOR,
            LegalEdition.cancelled_at.is_(None),
            LegalDocument.needs_acceptance,
        )
    )
    found: list[Change] = []
    if db.scalar(fresh.limit(1)) is None:
        return found
    for held in read_documents(db):
        if not held.document.needs_acceptance:
            continue
        recent = [held.now] if held.now is not None and held.now.in_force_at > db.now - SHOWN_FOR else []
        for edition in [*recent, *held.coming]:
            concerned = whom_it_concerns(held.document, edition).where(Customer.id == customer_id)
            text = text_of(db, edition, locales_for(db, locale)) if db.scalar(concerned) is not None else None
            if text is not None:
                found.append(Change(held=held, edition=edition, text=text))
    return found


def accept_edition(db: Work, customer: Customer, edition_id: UUID, locale: str) -> Change:
    """Write down that a customer accepts a new edition; ``NotFound`` for one that does not concern them (any more)."""
    db.lock(customer)
    change = next((each for each in changes_for(db, customer.id, locale) if each.edition.id == edition_id), None)
    if change is None:
        raise NotFound
    wording = _("I accept: %(document)s (edition %(label)s).", document=change.text.title, label=change.edition.label)
    consent = record_consent(
        db, customer.id, "terms", version=change.edition.label, wording=wording, text_id=change.text.id
    )
    db.flush()
    record(db, "legal.accepted", consent, after={"label": change.edition.label})
    return change
