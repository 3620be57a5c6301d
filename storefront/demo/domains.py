"""Domains of the demo: in the shop's portfolio and, with the same dates, in the sandbox registry."""

from datetime import datetime, timedelta

from sqlalchemy import select

from storefront.core.db import Work
from storefront.customers.models import Contact
from storefront.portfolio.models import Domain
from storefront.providers.connections import open_sandbox

YEAR = timedelta(days=365)


def add_domain(db: Work, holder: Contact, name: str, ending: str, ends_at: datetime) -> Domain:
    """Write a domain that was registered a year before it ends."""
    domain = db.add(
        Domain(
            customer_id=holder.customer_id,
            contact_id=holder.id,
            name_ascii=name,
            name_unicode=name,
            ending=ending,
            connection="sandbox",
            registered_at=ends_at - YEAR,
            paid_until=ends_at,
            registry_expires_at=ends_at,
            statuses=["clientTransferProhibited"],
            nameservers=["ns1.edge.example", "ns2.edge.example"],
            renews_itself=(ends_at - db.now).days % 2 == 0,
            synced_at=db.now,
        ),
    )
    db.flush()
    return domain


def plant(db: Work) -> None:
    """Put a shop's domains into the sandbox registry too, so that both sides agree."""
    dates = select(Domain.name_ascii, Domain.registered_at, Domain.registry_expires_at)
    found = db.execute(dates.where(Domain.reseller_id == db.reseller_id, Domain.registered_at.is_not(None))).all()
    db.rest()
    sandbox = open_sandbox(db.config)
    for name, registered_at, ends_at in found:
        sandbox.plant(name, registered_at=registered_at, expires_at=ends_at)
