"""Open, suspend and reopen a reseller; the reseller of this Work."""

from uuid import UUID

from storefront.core.audit import record
from storefront.core.changes import announce, announce_host
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.models import CreditAccount, Host, HostName, Reseller, Site

PREPARING, OPEN, SUSPENDED = "preparing", "open", "suspended"


def current_reseller(db: Work) -> Reseller:
    """Return the reseller this Work is for."""
    row = db.session.get(Reseller, db.reseller_id)
    if row is None:
        raise NotFound
    # A session forgets what nobody holds, and would read the shop anew for whoever asks next.
    db.session.info["reseller"] = row
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


def suspend(db: Work, reseller_id: UUID, *, reason: str = "") -> None:
    """Suspend a shop that is open or in preparation; every process knows within a second.

    The platform's own shop is never suspended: nobody could sign in to reopen it.
    """
    site = _locked(db, reseller_id)
    if site.state == SUSPENDED:
        raise Refused(_("The shop is in this state already."))
    if site.state not in (OPEN, PREPARING):
        raise Refused(_("This shop is closed already."))
    site.state_before = site.state
    _change(db, site, SUSPENDED, action="reseller.suspended", reason=reason)


def reopen(db: Work, reseller_id: UUID, *, reason: str = "") -> str:
    """Give a suspended shop back the state it was suspended in, which is returned: what was not open is not opened."""
    site = _locked(db, reseller_id)
    if site.state != SUSPENDED:
        raise Refused(_("This shop is not suspended."))
    back = state_before_suspension(site)
    site.state_before = ""
    _change(db, site, back, action="reseller.open", reason=reason)
    return back


def state_before_suspension(site: Site) -> str:
    """Return the state that a suspended shop goes back to; those suspended before it was noted were open."""
    return site.state_before or OPEN


def _locked(db: Work, reseller_id: UUID) -> Site:
    site, reseller = db.session.get(Site, reseller_id), db.session.get(Reseller, reseller_id)
    if site is None or reseller is None:
        raise NotFound
    if reseller.is_platform:
        raise Refused(_("The platform's own shop stays open."))
    db.lock(site)
    return site


def _change(db: Work, site: Site, state: str, *, action: str, reason: str) -> None:
    before, site.state = site.state, state
    after = {"state": state, "reason": reason} if reason else {"state": state}
    entry = record(db, action, before={"state": before}, after=after)
    entry.reseller_id, entry.subject_kind, entry.subject_id = site.reseller_id, "Reseller", site.reseller_id
    announce(db, site.reseller_id)
