"""Start a domain when the registry has it; switch its own renewal."""

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
    known = db.scalar(select(Domain).where(Domain.name_ascii == new.name_ascii, Domain.closed_at.is_(None)))
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


def set_own_renewal(db: Work, domain: Domain, *, renews: bool) -> None:
    """Promise to renew a name while it is paid for, or stop promising it."""
    record(db, "domain.own_renewal", domain, before={"renews": domain.renews_itself}, after={"renews": renews})
    domain.renews_itself = renews
