"""Sites that may hold windows: named by the reseller, proven by a code in the zone or by a host of the shop."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select

from frames.models import FramePlace, FrameSite
from frames.origins import MOST_SITES, host_of, is_local, is_under_host, site_origin
from storefront.core import jobs
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from tenants.host_rules import is_at_or_under, next_look
from tenants.hosts import LOOK_EVERY_S, new_code
from tenants.models import Host
from tenants.wanted_records import WantedRecord, wanted_for, wanted_records

VERIFIED: Final = ("active", "failing")
DNS, HOST, MACHINE = "dns", "host", "machine"
# Silence ends no right, but after a month somebody should look whether the domain is still theirs.
LONG_SILENT: Final = timedelta(days=30)


def sites(db: Work) -> Sequence[FrameSite]:
    """List the sites of the shop by their names."""
    return db.scalars(select(FrameSite).order_by(FrameSite.host, FrameSite.origin))


def add_site(db: Work, address: str) -> FrameSite:
    """Name a site that is to hold windows. It may at once where a host of the shop shows whose it is.

    Otherwise a code is made that must be seen in its zone. Raises ``Refused`` for what is no address of a website, for
    one that is there already and when there are as many as allowed.
    """
    origin = site_origin(address, is_development=db.config.is_development)
    if db.scalar(select(FrameSite.id).where(FrameSite.origin == origin)) is not None:
        raise Refused(_("This site is in the list already."), field="origin")
    if (db.scalar(select(func.count()).select_from(FrameSite)) or 0) >= MOST_SITES:
        raise Refused(_("There is no room for another site. Remove one that you do not need."), field="origin")
    host = host_of(origin)
    proof = MACHINE if is_local(host) else HOST if _is_shown_by(db, host, verified_hosts(db)) else DNS
    site = db.add(FrameSite(origin=origin, host=host, proof=proof, added_at=db.now))
    if proof == DNS:
        site.code, site.next_check_at = new_code(), next_look(db.now, db.now)
    else:
        site.state, site.proven_at = "proven", db.now
    db.flush()
    record(db, "frame_site.added", site, after={"origin": origin, "proof": proof})
    if site.state == "proven":
        announce(db)
    else:
        ask_for_site_look(db, site)
    return site


def ask_for_site_look(db: Work, site: FrameSite) -> bool:
    """Have the code of a site looked for soon, at most every ten seconds; return whether it will be."""
    if site.proof != DNS:
        return False
    if site.asked_at is not None and (db.now - site.asked_at).total_seconds() < LOOK_EVERY_S:
        return False
    site.asked_at = db.now
    jobs.ask(db, "look_at_frame_site", str(site.id))
    return True


def prove_by_code(db: Work, site: FrameSite) -> None:
    """Let a site that stands on a host of the shop stand on a code of its own, so that it outlives that host."""
    if site.proof != HOST:
        return
    site.proof, site.code, site.state = DNS, new_code(), "waiting"
    site.next_check_at, site.first_missed_at, site.misses = next_look(db.now, db.now), None, 0
    record(db, "frame_site.code_made", site)
    announce(db)
    ask_for_site_look(db, site)


def remove_site(db: Work, site: FrameSite) -> None:
    """Let a site hold no window any more, from the next request on."""
    db.execute(delete(FramePlace).where(FramePlace.site_id == site.id))
    record(db, "frame_site.removed", site, before={"origin": site.origin})
    db.session.delete(site)
    db.flush()
    announce(db)


def is_allowed(db: Work, site: FrameSite) -> bool:
    """Whether a site may hold windows at this moment."""
    return site.state == "proven" and _holds(db, site, verified_hosts(db) if site.proof == HOST else ())


def is_silent(db: Work, site: FrameSite) -> bool:
    """Whether the zone of a site that may hold windows has said nothing for a month."""
    heard_at = site.heard_at or site.proven_at
    return site.proof == DNS and site.state == "proven" and heard_at is not None and db.now - heard_at >= LONG_SILENT


def wanted_record(db: Work, site: FrameSite) -> WantedRecord | None:
    """Return the TXT record that shows whose a site is; nothing where none is needed."""
    if site.proof != DNS:
        return None
    return wanted_records(wanted_for(db.config, site.host, site.code))[-1]


def allowed_origins(db: Work, frame_id: UUID | None = None) -> tuple[str, ...]:
    """List the origins that may hold a frame now, or any window; two queries at most.

    A site that stands on a host of the shop loses its right in the moment the host does.
    """
    statement = select(FrameSite).where(FrameSite.state == "proven").order_by(FrameSite.origin)
    if frame_id is not None:
        here = (FramePlace.reseller_id == FrameSite.reseller_id, FramePlace.site_id == FrameSite.id)
        statement = statement.join(FramePlace, here[0] & here[1]).where(FramePlace.frame_id == frame_id)
    found = db.scalars(statement)
    hosts = verified_hosts(db) if any(site.proof == HOST for site in found) else ()
    return tuple(site.origin for site in found if _holds(db, site, hosts))


def verified_hosts(db: Work) -> Sequence[str]:
    """List the names of the shop that it showed to be its own; names below the platform's show nothing."""
    return db.scalars(select(Host.name).where(Host.state.in_(VERIFIED), Host.is_platform_name.is_(False)))


def _holds(db: Work, site: FrameSite, hosts: Sequence[str]) -> bool:
    if site.proof == HOST:
        return _is_shown_by(db, site.host, hosts)
    return site.proof == DNS or (db.config.is_development and is_local(site.host))


def _is_shown_by(db: Work, host: str, hosts: Sequence[str]) -> bool:
    """Whether a host of the shop shows whose a name is. Below the platform's own name, every shop has one."""
    return not is_at_or_under(host, db.config.platform_host) and is_under_host(host, hosts)
