"""A customer's domains; what ends soon."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from storefront.core.db import Work
from storefront.core.errors import NotFound
from storefront.core.paging import Page, newest_first
from storefront.portfolio.models import Domain


def domains_of(db: Work, customer_id: UUID, *, after: UUID | None = None, wanted: str = "") -> Page[Domain]:
    """List a customer's domains; ``wanted`` narrows to names that begin with it."""
    statement = select(Domain).where(Domain.customer_id == customer_id, Domain.closed_at.is_(None))
    if wanted:
        statement = statement.where(Domain.name_ascii.startswith(wanted, autoescape=True))
    return newest_first(db, statement, Domain.id, after)


def ending_soon(db: Work, customer_id: UUID, *, within_days: int = 60, limit: int = 6) -> Sequence[Domain]:
    """List what ends first, beginning with the nearest."""
    statement = (
        select(Domain)
        .where(
            Domain.customer_id == customer_id,
            Domain.closed_at.is_(None),
            Domain.paid_until < db.now + timedelta(days=within_days),
        )
        .order_by(Domain.paid_until)
    )
    return db.scalars(statement.limit(limit))


def count_domains(db: Work, customer_id: UUID) -> int:
    """Count a customer's domains."""
    statement = select(func.count()).select_from(Domain)
    return db.scalar(statement.where(Domain.customer_id == customer_id, Domain.closed_at.is_(None))) or 0


def require_domain(db: Work, customer_id: UUID, domain_id: UUID) -> Domain:
    """Return a customer's own domain; ``NotFound`` for anybody else's."""
    row = db.require(Domain, domain_id)
    if row.customer_id != customer_id:
        raise NotFound
    return row


def endings_held(db: Work, contact_ids: Iterable[UUID]) -> dict[UUID, set[str]]:
    """Return the endings of the names that each contact is the holder of."""
    held = select(Domain.contact_id, Domain.ending).where(
        Domain.reseller_id == db.reseller_id, Domain.contact_id.in_(list(contact_ids)), Domain.closed_at.is_(None)
    )
    found: dict[UUID, set[str]] = {}
    for contact_id, ending in db.execute(held.distinct()):
        found.setdefault(contact_id, set()).add(ending)
    return found
