"""Certificates of host names: may the edge ask for one, and what was seen of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.dialects.postgresql import insert

from storefront.core import jobs
from storefront.core.db import Database, Work
from storefront.core.edge import EdgeAway, SeenCertificate, see_certificate
from tenants import certificate_rules as rules
from tenants.certificate_models import HostCertificate
from tenants.certificate_rules import Answer, Counted, Limit, Tries
from tenants.findings import CertificateFacts
from tenants.models import Host, HostName
from tenants.wanted_records import registered_domain

log = structlog.get_logger()

# New names are decided one after the other, so that two processes never both take the last place.
TURN = 4_443
# The edge needs a moment for the authority's checks.
FIRST_LOOK = timedelta(seconds=10)
# A name that was allowed so long ago and has no certificate counts as new again.
FORGOTTEN = timedelta(days=7)
AT_ONCE = 200
# The look itself makes the edge fetch what is missing, which takes as long as the authority wants.
LOOK_S = 20.0
REFUSALS = {
    Answer.RESELLER_LIMIT: "rate_limited",
    Answer.DOMAIN_LIMIT: "rate_limited",
    Answer.PLATFORM_LIMIT: "rate_limited",
    Answer.FAILING: "other",
}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """The answer, and until when a certificate was seen, so that nobody need ask again before."""

    answer: Answer
    valid_until: datetime | None = None


def decide(db: Work, name: str, *, is_open: bool) -> Decision:
    """Decide whether the edge may ask the authority about an active host of this reseller.

    A host whose certificate was seen may always renew it; anything else counts against the limits and is kept.
    ``is_open`` is false for a suspended shop, which gets nothing new.
    """
    row = _row_of(db, name)
    if db.scalar(select(Host.state).where(Host.name == name)) == "failing":
        # For days the name has not led here: the authority would only refuse (security 3.3.13).
        return Decision(answer=Answer.FAILING)
    if row.valid_until is not None and row.valid_until > db.now and not row.trouble:
        row.asked_at = db.now
        return Decision(answer=Answer.ALLOWED, valid_until=row.valid_until)
    if not is_open:
        return Decision(answer=Answer.SUSPENDED)
    db.execute(select(func.pg_advisory_xact_lock(TURN)))
    db.lock(row)
    row.asked_at = db.now
    answer = _take_place(db, row)
    if answer.is_yes:
        row.refused_why, row.again_at = "", None
        row.look_at, row.looks = db.now + FIRST_LOOK, 0
        jobs.ask(db, "look_at_certificate", name, at=row.look_at)
    else:
        row.refused_at, row.refused_why = db.now, answer.value
        row.again_at = rules.again_at(rules.limits_on(db.now.date()), answer, db.now)
    return Decision(answer=answer)


def facts_of(db: Work, name: str) -> CertificateFacts:
    """Return what is known of the certificate of one of this reseller's hosts, for the Domain Doctor."""
    row = db.session.get(HostCertificate, (name, db.reseller_id))
    if row is None:
        return CertificateFacts()
    refusal = REFUSALS.get(Answer(row.refused_why), "other") if row.refused_why else ""
    return CertificateFacts(
        issued_until=None if row.trouble else row.valid_until,
        refused_at=row.refused_at if refusal else None,
        refusal=refusal,
        again_at=row.again_at if refusal else None,
    )


def ask_to_look(db: Work, name: str) -> None:
    """Have the certificate of a host looked at now: somebody waits for it."""
    _row_of(db, name)
    jobs.ask(db, "look_at_certificate", name)


def shops_with_certificates_to_look_at(db: Work) -> Sequence[UUID]:
    """Shops with a certificate that is due for a look. Needs an office Work."""
    return db.scalars(select(HostCertificate.reseller_id).where(HostCertificate.look_at <= db.now).distinct())


def look_at_due_certificates(db: Work) -> None:
    """Ask for the looks that are due in this shop."""
    due = (HostCertificate.look_at <= db.now, HostCertificate.reseller_id == db.reseller_id)
    rows = select(HostCertificate).where(*due).order_by(HostCertificate.look_at).limit(AT_ONCE)
    for row in db.scalars(rows.with_for_update(skip_locked=True)):
        # The job says when the next one is; until then this one is not asked for again.
        row.look_at = db.now + timedelta(hours=1)
        jobs.ask(db, "look_at_certificate", row.name)


@jobs.job(queue="soon", opens_own_work=True)
def look_at_certificate(database: Database, reseller_id: UUID, name: str) -> None:
    """Look what certificate the edge shows for a host, and keep it. The handshake is in no transaction."""
    with database.work(reseller_id) as db:
        is_active = db.scalar(select(HostName.name).where(HostName.name == name, HostName.reseller_id == reseller_id))
        db.rest()
    seen, trouble = None, ""
    if is_active:
        try:
            seen = see_certificate(database.config.edge_address, name, timeout_s=LOOK_S)
            trouble = "none" if seen is None else "" if seen.is_trusted else "untrusted"
        except EdgeAway as away:
            log.info("certificates.edge_away", host=name, error=str(away))
            trouble = "away"
    with database.work(reseller_id) as db:
        note_look(db, name, seen, trouble, is_active=bool(is_active))
        db.commit()  # nobody waits: the job is the edge of its own Works


def note_look(db: Work, name: str, seen: SeenCertificate | None, trouble: str, *, is_active: bool = True) -> None:
    """Keep what was seen. That the edge was away says nothing about the certificate seen before."""
    row = db.lock(_row_of(db, name))
    row.looked_at, row.looks = db.now, row.looks + 1
    if seen is not None:
        row.issuer, row.valid_from, row.valid_until = seen.issuer, seen.valid_from, seen.valid_until
    if trouble != "away" or row.valid_until is None:
        row.trouble = trouble
    if seen is not None and not trouble:
        row.tries, row.tries_since_at, row.refused_why, row.again_at = 0, None, "", None
        # Who waits for the host to work learns it with the next look at the host, so that one is asked for now: the
        # schedule would leave minutes between it and the look that the open page had asked for.
        waiting = (Host.name == name, Host.state == "active", Host.serves_at.is_(None))
        for host_id in db.scalars(update(Host).where(*waiting).values(next_check_at=db.now).returning(Host.id)):
            jobs.ask(db, "look_at_host", str(host_id))
    row.look_at = rules.look_again_at(db.now, valid_until=row.valid_until, looks=row.looks) if is_active else None


def _take_place(db: Work, row: HostCertificate) -> Answer:
    limits = rules.limits_on(db.now.date())
    if row.allowed_at is None or row.allowed_at < db.now - FORGOTTEN:
        answer = rules.why_not_new(
            limits,
            Counted(
                reseller=_count(db, limits.reseller, HostCertificate.reseller_id == db.reseller_id),
                domain=_count(db, limits.domain, HostCertificate.registered_domain == row.registered_domain),
                platform=_count(db, limits.platform, true()),
            ),
        )
        if not answer.is_yes:
            return answer
        row.allowed_at = db.now
    tries = Tries(count=row.tries, since_at=row.tries_since_at).another(limits.name, db.now)
    if tries is None:
        return Answer.FAILING
    row.tries, row.tries_since_at = tries.count, tries.since_at
    return Answer.ALLOWED


def _count(db: Work, limit: Limit, of_what: ColumnElement[bool]) -> int:
    within = select(func.count()).select_from(HostCertificate).where(HostCertificate.allowed_at >= limit.since(db.now))
    return db.scalar(within.where(of_what)) or 0


def _row_of(db: Work, name: str) -> HostCertificate:
    found = db.session.get(HostCertificate, (name, db.reseller_id))
    if found is not None:
        return found
    values = {"name": name, "reseller_id": db.reseller_id, "registered_domain": registered_domain(name)}
    empty = {"tries": 0, "looks": 0, "refused_why": "", "trouble": "", "issuer": ""}
    # Two processes may be asked about a new name at the same moment.
    db.execute(insert(HostCertificate).values(**values, **empty).on_conflict_do_nothing())
    return db.session.get_one(HostCertificate, (name, db.reseller_id))
