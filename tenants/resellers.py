"""Open, suspend and reopen a reseller; the reseller of this Work."""

from uuid import UUID

from storefront.core.audit import record
from storefront.core.changes import announce, announce_host
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.models import CreditAccount, Host, HostName, Reseller, Site


def current_reseller(db: Work) -> Reseller:
    """Return the reseller this Work is for."""
    row = db.session.get(Reseller, db.reseller_id)
    if row is None:
        raise NotFound
    return row


def open_reseller(
    db: Work, reseller: Reseller, *, hosts: list[str], credit_currency: str = "EUR", state: str = "open"
) -> Reseller:
    """Make a reseller in an office Work: the row, its host names, its site and an empty credit account.

    In state ``"preparing"`` visitors read that it opens soon, until its own people open it.
    """
    db.add(reseller)
    db.flush()
    db.add(Site(reseller_id=reseller.id, slug=reseller.slug, state=state, changed_at=db.now))
    for name in hosts:
        ours = name == db.config.platform_host or name.endswith(f".{db.config.platform_host}")
        host = Host(name=name, is_platform_name=ours, activated_at=db.now, serves_at=db.now)
        host.reseller_id = reseller.id
        db.add(host)
        db.add(HostName(name=name, reseller_id=reseller.id, canonical=reseller.canonical_host))
        announce_host(db, name)
    account = CreditAccount(currency=credit_currency)
    account.reseller_id = reseller.id
    db.add(account)
    return reseller


def set_state(db: Work, reseller_id: UUID, state: str, *, reason: str = "") -> None:
    """Suspend (``"suspended"``) or reopen (``"open"``) a shop; every process knows within a second.

    The platform's own shop is never suspended: nobody could sign in to reopen it.
    """
    if state not in ("open", "suspended"):
        raise Refused(_("A shop is either open or suspended."))
    site, reseller = db.session.get(Site, reseller_id), db.session.get(Reseller, reseller_id)
    if site is None or reseller is None:
        raise NotFound
    if reseller.is_platform:
        raise Refused(_("The platform's own shop stays open."))
    before = site.state
    if before == state:
        raise Refused(_("The shop is in this state already."))
    site.state = state
    after = {"state": state, "reason": reason} if reason else {"state": state}
    entry = record(db, f"reseller.{state}", before={"state": before}, after=after)
    entry.reseller_id, entry.subject_kind, entry.subject_id = reseller_id, "Reseller", reseller_id
    announce(db, reseller_id)
