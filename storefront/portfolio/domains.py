"""Start a domain when the registry has it; let one arrive from another registrar; switch its own renewal."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from storefront.core.audit import record
from storefront.core.db import Work
from storefront.portfolio.models import Domain


@dataclass(frozen=True, kw_only=True)
class NewDomain:
    """What is known of a name the moment it is registered."""

    customer_id: UUID
    contact_id: UUID | None
    name_ascii: str
    name_unicode: str
    ending: str
    connection: str
    registered_at: datetime
    expires_at: datetime
    statuses: tuple[str, ...] = ()
    nameservers: tuple[str, ...] = field(default_factory=tuple)


def start_domain(db: Work, new: NewDomain) -> Domain:
    """Give a registered name to its customer; for the same name twice, the one there is."""
    known = find_live(db, new.name_ascii)
    if known is not None:
        return known
    return db.add(
        Domain(
            customer_id=new.customer_id,
            contact_id=new.contact_id,
            name_ascii=new.name_ascii,
            name_unicode=new.name_unicode,
            ending=new.ending,
            connection=new.connection,
            registered_at=new.registered_at,
            paid_until=new.expires_at,
            registry_expires_at=new.expires_at,
            statuses=list(new.statuses),
            nameservers=list(new.nameservers),
            synced_at=db.now,
        ),
    )


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A name that its customer wants to bring here."""

    customer_id: UUID
    contact_id: UUID | None
    name_ascii: str
    name_unicode: str
    ending: str
    connection: str


def begin_arrival(db: Work, arrival: Arrival) -> Domain | None:
    """List a name among its customer's while it is on its way here; ``None`` if the shop has it or awaits it already.

    Then the registry says no to a second transfer, and nobody's name is touched.
    """
    if find_live(db, arrival.name_ascii) is not None:
        return None
    domain = db.add(
        Domain(
            customer_id=arrival.customer_id,
            contact_id=arrival.contact_id,
            name_ascii=arrival.name_ascii,
            name_unicode=arrival.name_unicode,
            ending=arrival.ending,
            connection=arrival.connection,
            statuses=["pendingTransfer"],
        ),
    )
    db.flush()
    return domain


def finish_arrival(db: Work, domain_id: UUID | None, new: NewDomain) -> Domain:
    """Give a name that has come to its customer, with its dates; one that was not awaited is started."""
    domain = db.find(Domain, domain_id)
    if domain is None or not domain.is_arriving:
        return start_domain(db, new)
    domain.registered_at, domain.paid_until = new.registered_at, new.expires_at
    domain.registry_expires_at, domain.synced_at = new.expires_at, db.now
    domain.statuses, domain.nameservers = list(new.statuses), list(new.nameservers)
    return domain


def end_arrival(db: Work, domain_id: UUID | None) -> None:
    """Stop waiting for a name that does not come."""
    domain = db.find(Domain, domain_id)
    if domain is not None and domain.is_arriving:
        domain.closed_at = db.now


def find_live(db: Work, name_ascii: str) -> Domain | None:
    """Find the name (A-label) among those that this shop has or awaits."""
    return db.scalar(select(Domain).where(Domain.name_ascii == name_ascii, Domain.closed_at.is_(None)))


def set_own_renewal(db: Work, domain: Domain, *, renews: bool) -> None:
    """Promise to renew a name while it is paid for, or stop promising it."""
    record(db, "domain.own_renewal", domain, before={"renews": domain.renews_itself}, after={"renews": renews})
    domain.renews_itself = renews
