"""Further Works of one request, for operator pages: over all resellers, or inside one of them.

The lifecycle keeps or undoes them by the same rule as the request's own, before it; nobody else commits them.
"""

from uuid import UUID

from flask import g

from storefront.core.db import Work
from storefront.web.house import house


def further_works() -> tuple[Work, ...]:
    """Return what this request has opened beside its own Work."""
    return tuple(g.get("further", ()))


def open_office() -> Work:
    """Open a Work that sees every reseller; whoever calls this says in the log who looks."""
    return _keep(house().database.office_work(g.db.actor))


def open_work_of(reseller_id: UUID) -> Work:
    """Open a Work of another reseller, for an action that only its own Work can do."""
    return _keep(house().database.work(reseller_id, g.db.actor))


def _keep(work: Work) -> Work:
    g.further = [*further_works(), work]
    return work
