"""Documents for lists."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from storefront.billing.models import Document
from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.core.paging import Page, newest_first


def documents_of(db: Work, customer_id: UUID, *, kind: str = "", after: UUID | None = None) -> Page[Document]:
    """List a customer's documents, newest first."""
    statement = select(Document).where(Document.customer_id == customer_id)
    if kind:
        statement = statement.where(Document.kind == kind)
    return newest_first(db, statement, Document.id, after)


def unpaid_proformas_of(db: Work, customer_id: UUID, limit: int = 3) -> Sequence[Document]:
    """List what a customer has yet to pay, newest first."""
    statement = select(Document).where(
        Document.customer_id == customer_id, Document.kind == "proforma", Document.state == "issued"
    )
    return db.scalars(statement.order_by(Document.id.desc()).limit(limit))


def require_document_of(db: Work, customer_id: UUID, document_id: UUID) -> Document:
    """Return a customer's own document; ``NotFound`` for anybody else's."""
    document = db.require(Document, document_id)
    if document.customer_id != customer_id:
        raise NotFound
    return document


def documents(
    db: Work, kind: str, *, states: Sequence[str] = (), due_before: date | None = None, after: UUID | None = None
) -> Page[Document]:
    """List a shop's documents of one kind with their customers, newest first; ``due_before`` leaves only the late."""
    statement = select(Document).where(Document.kind == kind).options(joinedload(Document.customer))
    if states:
        statement = statement.where(Document.state.in_(states))
    if due_before is not None:
        statement = statement.where(Document.due_on < due_before)
    return newest_first(db, statement, Document.id, after)


def awaited_proformas(db: Work, limit: int) -> Sequence[Document]:
    """List the proformas that wait for money with their customers, the one due first at the top."""
    statement = select(Document).where(Document.kind == "proforma", Document.state == "issued")
    statement = statement.options(joinedload(Document.customer)).order_by(Document.due_on, Document.id)
    return db.scalars(statement.limit(limit))


def count_documents(db: Work, kind: str, state: str) -> int:
    """Count a shop's documents of one kind and state."""
    statement = select(func.count()).select_from(Document).where(Document.kind == kind, Document.state == state)
    return db.scalar(statement) or 0


def find_document_for_order(db: Work, order_id: UUID, kind: str) -> Document | None:
    """Return the proforma or invoice of an order."""
    return db.scalar(select(Document).where(Document.order_id == order_id, Document.kind == kind))
