"""Rows of the operator's lists: resellers with shop and credit, operations with their reseller; one question each."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select

from storefront.core.db import Work
from storefront.core.money import Money
from storefront.core.paging import PAGE_ROWS, Page
from storefront.core.prefixes import begins_with
from storefront.portfolio.models import Domain
from storefront.provisioning.models import Operation
from storefront.web.operation_words import KINDS, SHOWN_OPERATIONS, reason_words
from tenants.models import CreditAccount, Host, HostName, Reseller, Site

SHOWN_SITES = {"preparing": "info", "open": "success", "suspended": "warning", "closed": "neutral"}


def reseller_page(db: Work, *, state: str = "", wanted: str = "", after: UUID | None = None) -> Page[dict[str, Any]]:
    """List resellers, newest first; ``wanted`` is the beginning of a short name or of a host."""
    statement = _resellers()
    if state:
        statement = statement.where(Site.state == state)
    if wanted:
        key = wanted.lower()
        hosts = exists().where(HostName.reseller_id == Reseller.id, begins_with(HostName.name, key))
        statement = statement.where(or_(begins_with(Reseller.slug, key), hosts))
    if after is not None:
        statement = statement.where(Reseller.id < after)
    found = db.execute(statement.order_by(Reseller.id.desc()).limit(PAGE_ROWS + 1)).all()
    rows = [_reseller_row(row) for row in found[:PAGE_ROWS]]
    return Page(rows=rows, next_after=rows[-1]["reseller"].id if len(found) > PAGE_ROWS else None)


def find_reseller_row(db: Work, reseller_id: UUID) -> dict[str, Any] | None:
    """Describe one reseller."""
    row = db.execute(_resellers().where(Reseller.id == reseller_id)).one_or_none()
    return _reseller_row(row) if row else None


def _resellers() -> Select[Any]:
    account = (
        select(CreditAccount)
        .where(CreditAccount.reseller_id == Reseller.id)
        .order_by(CreditAccount.currency)
        .limit(1)
        .lateral()
    )
    hosts = select(func.count()).select_from(Host).where(Host.reseller_id == Reseller.id, Host.state == "active")
    domains = select(func.count()).select_from(Domain)
    domains = domains.where(Domain.reseller_id == Reseller.id, Domain.closed_at.is_(None))
    return (
        select(
            Reseller,
            Site,
            account.c.currency,
            account.c.available_minor,
            account.c.held_minor,
            account.c.asked_minor,
            hosts.scalar_subquery().label("hosts"),
            domains.scalar_subquery().label("domains"),
        )
        .join(Site, Site.reseller_id == Reseller.id)
        .outerjoin(account, account.c.id.is_not(None))
    )


def _reseller_row(row: Any) -> dict[str, Any]:
    currency = row.currency
    return {
        "reseller": row.Reseller,
        "site": row.Site,
        "state": row.Site.state,
        "tone": SHOWN_SITES.get(row.Site.state, "neutral"),
        "hosts": row.hosts,
        "domains": row.domains,
        "credit": Money(row.available_minor, currency) if currency else None,
        "held": Money(row.held_minor, currency) if currency else None,
        "asked": Money(row.asked_minor, currency) if currency else None,
    }


def wishes(db: Work) -> list[dict[str, Any]]:
    """List who asked for credit, the longest wait first."""
    statement = select(CreditAccount, Reseller).join(Reseller, Reseller.id == CreditAccount.reseller_id)
    found = db.execute(statement.where(CreditAccount.asked_at.is_not(None)).order_by(CreditAccount.asked_at).limit(20))
    return [
        {"reseller": reseller, "amount": Money(account.asked_minor, account.currency), "at": account.asked_at}
        for account, reseller in found
    ]


def operation_rows(db: Work, operations: Sequence[Operation]) -> list[dict[str, Any]]:
    """Describe operations with the names of their resellers."""
    ids = {operation.reseller_id for operation in operations}
    found = db.execute(select(Reseller.id, Reseller.name).where(Reseller.id.in_(ids))) if ids else ()
    names = {reseller_id: name for reseller_id, name in found}  # noqa: C416 - dict() takes a result for a mapping
    return [operation_row(operation, names[operation.reseller_id]) for operation in operations]


def operation_row(operation: Operation, reseller_name: str) -> dict[str, Any]:
    """Describe one operation."""
    word, tone = SHOWN_OPERATIONS[operation.state]
    return {
        "operation": operation,
        "reseller_name": reseller_name,
        "kind": KINDS.get(operation.kind, operation.kind),
        "word": word,
        "tone": tone,
        "reason": reason_words(operation.error_code, operation.kind) if operation.error_code else "",
        "cost": Money(operation.cost_minor, operation.cost_currency),
    }
