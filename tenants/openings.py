"""A shop goes live: only when nothing that must be done is left."""

from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import NotFound, Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.models import Site
from tenants.readiness import Readiness
from tenants.resellers import OPEN, PREPARING, current_reseller


def open_for_business(db: Work, ready: Readiness) -> None:
    """Let visitors in, in the Work of the shop itself; every process knows within a second.

    ``ready`` is what was found in this very transaction. Raises ``Refused`` while something is left, or when it is not
    in preparation.
    """
    site = db.session.get(Site, db.reseller_id)
    if site is None:
        raise NotFound
    db.lock(site)
    if site.state != PREPARING:
        raise Refused(_("The shop is not in preparation any more."))
    if not ready.is_ready:
        raise Refused(_("Something that must be done is still missing: %(first)s.", first=ready.musts[0].title))
    site.state = OPEN
    current_reseller(db).opened_at = db.now
    record(db, "reseller.opened", before={"state": PREPARING}, after={"state": OPEN})
    announce(db)


def state_of_shop(db: Work) -> str:
    """Return how the shop of this Work stands: preparing, open, suspended or closed."""
    return db.session.get_one(Site, db.reseller_id).state
