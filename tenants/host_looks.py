"""Look at hosts: ask the world, judge, and draw the conclusions. The asking happens outside of any transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import select

from storefront.core import jobs
from storefront.core.audit import record
from storefront.core.db import Database, Work
from storefront.core.outbox import publish
from tenants.certificates import ask_to_look
from tenants.dns_answers import Found
from tenants.events import HostFailing
from tenants.findings import Light, Verdict
from tenants.host_rules import DAY, HOUR, after_miss, next_look
from tenants.hosts import activate, detach, hold, switch_to
from tenants.judgements import judgement_of
from tenants.models import HeldName, Host
from tenants.sightings import lines_of_change, with_lines, write_found, write_lights
from tenants.verification import warnings_before
from tenants.wanted_records import wanted_for

if TYPE_CHECKING:
    from tenants.lookups import DnsQuestions

AT_ONCE: Final = 200
# A look that was asked for and lost comes again by the schedule.
AGAIN: Final = timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one look brought."""

    found: Found
    title: str = ""


@jobs.job(queue="now", opens_own_work=True)
def look_at_host(database: Database, reseller_id: UUID, host_id: str) -> None:
    """Look at one host now."""
    from tenants.lookups import open_questions  # noqa: PLC0415 - dnspython, which only the process of the jobs carries

    look_at(database, reseller_id, UUID(host_id), open_questions(database.config))


def look_at(database: Database, reseller_id: UUID, host_id: UUID, questions: "DnsQuestions") -> None:
    """Ask the world about a host and draw the conclusions; nothing happens to one that changed meanwhile."""
    with database.work(reseller_id) as db:
        host = db.find(Host, host_id)
        if host is None or host.is_platform_name or host.state == "detached":
            return
        name, code, is_new = host.name, host.code, host.checked_at is None
    wanted = wanted_for(database.config, name, code)
    from tenants.websites import title_of_website  # noqa: PLC0415 - httpx, which only the process of the jobs carries

    found = questions.ask_about(wanted)
    is_loss = is_new and bool(warnings_before(wanted, found))
    seen = Seen(found=found, title=title_of_website(database.config, name) if is_loss else "")
    with database.work(reseller_id) as db:
        hold(db, name)
        host = db.find(Host, host_id)
        if host is None or db.lock(host).code != code:
            return
        take_in(db, host, seen)
        # The asking lies between two Works of this job, so it ends the second one itself.
        db.commit()


def take_in(db: Work, host: Host, seen: Seen) -> None:
    """Write down what a look brought: lights, history, and what becomes of the host."""
    verdict = judgement_of(db, host, seen.found)
    is_due = host.next_check_at is None or host.next_check_at <= db.now
    is_new = host.checked_at is None
    host.found = write_found(seen.found)
    host.history = with_lines(host.history, lines_of_change(verdict, host.lights, db.now))
    host.lights = write_lights(verdict, host.lights, db.now)
    host.checked_at = db.now
    if is_new:
        _weigh(db, host, verdict, seen)
    if host.state == "pending":
        if verdict.is_right and host.confirmed_at is not None and activate(db, host):
            # Whoever looks at a certificate that is not there yet makes the edge fetch it.
            ask_to_look(db, host.name)
        else:
            host.next_check_at = next_look(host.connected_at or db.now, db.now)
            return
    _follow(db, host, verdict, is_due=is_due, is_served=verdict.certificate.light is Light.RIGHT)


def _weigh(db: Work, host: Host, verdict: Verdict, seen: Seen) -> None:
    """Go on at once where nothing is lost; otherwise somebody must say that they know."""
    wanted = wanted_for(db.config, host.name, host.code)
    if seen.title:
        host.impact = {"title": seen.title}
    if verdict.dns.light != Light.COULD_NOT_ASK and not warnings_before(wanted, seen.found):
        host.confirmed_at = host.confirmed_at or db.now


def _follow(db: Work, host: Host, verdict: Verdict, *, is_due: bool, is_served: bool) -> None:
    """Follow a host that is in use: does it serve, is it missed, must it go."""
    host.next_check_at = db.now + DAY
    if verdict.is_right:
        if host.state == "failing":
            record(db, "host.recovered", host)
        host.state, host.misses, host.first_missed_at = "active", 0, None
        _serve(db, host, is_served=is_served)
        return
    if not verdict.is_missed:
        host.next_check_at = db.now + HOUR
        return
    before = host.state
    standing = after_miss(host.misses, host.first_missed_at, db.now, counts=is_due)
    host.misses, host.first_missed_at = standing.misses, standing.first_missed_at
    if standing.state == "detached":
        detach(db, host, is_by_itself=True)
    elif standing.state == "failing" and before != "failing":
        host.state = "failing"
        record(db, "host.failing", host, after={"since": host.first_missed_at})
        publish(db, HostFailing(host_id=host.id, since=host.first_missed_at or db.now))


def _serve(db: Work, host: Host, *, is_served: bool) -> None:
    """Note since when a host answers to the world; the one that was waited for becomes the preferred one.

    A certificate that the edge shows for the name is the proof.
    """
    if not is_served:
        host.next_check_at = next_look(host.activated_at or db.now, db.now)
        return
    host.serves_at = host.serves_at or db.now
    if host.becomes_canonical:
        switch_to(db, host)


def shops_with_due_hosts(db: Work) -> Sequence[UUID]:
    """Name the resellers of whose hosts one must be looked at; an office Work."""
    due = select(Host.reseller_id).where(Host.next_check_at <= db.now).limit(AT_ONCE)
    return sorted(set(db.scalars(due)))


def ask_for_due_looks(db: Work) -> None:
    """Have every host of this reseller looked at whose time has come."""
    for host in db.scalars(select(Host).where(Host.next_check_at <= db.now).limit(AT_ONCE)):
        if host.asked_at is None or db.now - host.asked_at >= AGAIN:
            host.asked_at = db.now
            jobs.ask(db, look_at_host.__name__, str(host.id))


def shops_with_ended_holds(db: Work) -> Sequence[UUID]:
    """Name the resellers who held a name long enough; an office Work."""
    return sorted(set(db.scalars(select(HeldName.reseller_id).where(HeldName.held_until <= db.now))))


def end_holds(db: Work) -> None:
    """Forget the names this reseller lost thirty days ago."""
    for held in db.scalars(
        select(HeldName).where(HeldName.reseller_id == db.reseller_id, HeldName.held_until <= db.now)
    ):
        db.session.delete(held)
    for host in db.scalars(select(Host).where(Host.state == "detached", Host.held_until <= db.now)):
        record(db, "host.released", host, before={"name": host.name})
        db.session.delete(host)
