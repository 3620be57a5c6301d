"""Look for the codes of sites: ask the world, judge, conclude. The asking happens outside of any transaction."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from frames.models import FrameSite
from frames.sites import DNS
from storefront.core import jobs
from storefront.core.audit import record
from storefront.core.changes import announce
from storefront.core.db import Database, Work
from tenants.diagnoses_of_code import judge_ownership
from tenants.dns_answers import Found
from tenants.findings import Light
from tenants.host_looks import AGAIN, AT_ONCE
from tenants.host_rules import DAY, HOUR, after_miss, next_look
from tenants.scene import Scene
from tenants.wanted_records import wanted_for

if TYPE_CHECKING:
    from tenants.lookups import DnsQuestions

# Three days without its code end the right of a site; a host is given four days more, since a whole shop hangs on it.
LOST: Final = frozenset({"failing", "detached"})


@jobs.job(queue="now", opens_own_work=True)
def look_at_frame_site(database: Database, reseller_id: UUID, site_id: str) -> None:
    """Look for the code of one site now."""
    from tenants.lookups import open_questions  # noqa: PLC0415 - dnspython, which only the process of the jobs carries

    look_at(database, reseller_id, UUID(site_id), open_questions(database.config))


def look_at(database: Database, reseller_id: UUID, site_id: UUID, questions: "DnsQuestions") -> None:
    """Ask the world about a site and conclude; nothing happens to one that changed meanwhile."""
    with database.work(reseller_id) as db:
        site = db.find(FrameSite, site_id)
        if site is None or site.proof != DNS:
            return
        host, code = site.host, site.code
    found = questions.ask_about(wanted_for(database.config, host, code))
    with database.work(reseller_id) as db:
        site = db.find(FrameSite, site_id)
        if site is None or db.lock(site).code != code:
            return
        take_in(db, site, found)
        db.commit()


def take_in(db: Work, site: FrameSite, found: Found) -> None:
    """Write down what a look brought, and what becomes of the site's right."""
    finding = judge_ownership(Scene(wanted=wanted_for(db.config, site.host, site.code), found=found, now=db.now))
    is_due = site.next_check_at is None or site.next_check_at <= db.now
    site.finding, site.checked_at = finding.key, db.now
    is_silence = finding.light is not Light.RIGHT and finding.light is not Light.WRONG and finding.key != "code_missing"
    site.heard_at = site.heard_at if is_silence else db.now
    if finding.light is Light.RIGHT:
        site.misses, site.first_missed_at, site.next_check_at = 0, None, db.now + DAY
        if site.state != "proven":
            site.state, site.proven_at = "proven", db.now
            record(db, "frame_site.proven", site, after={"origin": site.origin})
            announce(db)
        return
    if site.state == "waiting":
        site.next_check_at = next_look(site.added_at, db.now)
        return
    if is_silence:
        # It says nothing.
        site.next_check_at = db.now + HOUR
        return
    site.next_check_at = db.now + DAY
    if site.state == "proven":
        _miss(db, site, counts=is_due)


def _miss(db: Work, site: FrameSite, *, counts: bool) -> None:
    standing = after_miss(site.misses, site.first_missed_at, db.now, counts=counts)
    site.misses, site.first_missed_at = standing.misses, standing.first_missed_at
    if standing.state in LOST:
        site.state = "lost"
        record(db, "frame_site.lost", site, after={"origin": site.origin, "since": site.first_missed_at})
        announce(db)


def shops_with_due_sites(db: Work) -> Sequence[UUID]:
    """Name the resellers of whose sites one must be looked at; an office Work."""
    return sorted(
        set(db.scalars(select(FrameSite.reseller_id).where(FrameSite.next_check_at <= db.now).limit(AT_ONCE)))
    )


def ask_for_due_sites(db: Work) -> None:
    """Have every site of this reseller looked at whose time has come."""
    for site in db.scalars(select(FrameSite).where(FrameSite.next_check_at <= db.now).limit(AT_ONCE)):
        if site.asked_at is None or db.now - site.asked_at >= AGAIN:
            site.asked_at = db.now
            jobs.ask(db, look_at_frame_site.__name__, str(site.id))
