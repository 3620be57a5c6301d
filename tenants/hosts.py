"""Hosts of a reseller: connect a name, put it to use, prefer one, give it up. Nobody takes another's name."""

import secrets
from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from storefront.core import jobs
from storefront.core.audit import record
from storefront.core.changes import announce, announce_host
from storefront.core.config import Config
from storefront.core.db import Work
from storefront.core.errors import Refused
from storefront.core.i18n import Text
from storefront.core.i18n import lazy_gettext as _
from storefront.core.outbox import publish
from tenants.events import HostConnected, HostDetached, HostVerified
from tenants.host_rules import HOLD, next_look, refusal_of
from tenants.models import HeldName, Host, HostName
from tenants.resellers import current_reseller
from tenants.resolve import normalise

MOST_HOSTS: Final = 10
CODE_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
# Whoever has or holds it is not named: who sells where is nobody else's business.
NOT_POSSIBLE: Final[Text] = _("This name cannot be connected at the moment. If it is yours, write to the platform.")


def hosts(db: Work) -> Sequence[Host]:
    """List the names of the reseller: the preferred one first, then by name; what was given up comes last."""
    canonical = current_reseller(db).canonical_host
    rows = db.scalars(select(Host).order_by(Host.name))
    return sorted(rows, key=lambda host: (host.state == "detached", host.name != canonical, host.name))


def connect(db: Work, *, name: str, purpose: str = "shop", becomes_canonical: bool = False) -> Host:
    """Begin to connect a name: a code is made that only this reseller can show in the name's zone.

    Raises ``Refused`` for what is no name, for the platform's names and those that look like them, for endings, for
    a name that another reseller uses or holds, and when there are as many hosts as allowed.
    """
    name = _read_name(db.config, name)
    hold(db, name)
    _refuse_taken(db, name)
    known = db.scalar(select(Host).where(Host.name == name))
    if known is not None and known.state != "detached":
        raise Refused(_("You have connected this name already."), field="name")
    if _count(db) >= most_hosts(db):
        raise Refused(_("Your plan has no room for another host. Remove one that you do not need."), field="name")
    host = known or db.add(Host(name=name))
    host.state, host.purpose, host.becomes_canonical = "pending", purpose, becomes_canonical and purpose == "shop"
    host.code = new_code()
    host.connected_at, host.next_check_at = db.now, next_look(db.now, db.now)
    host.confirmed_at = host.activated_at = host.detached_at = host.held_until = host.serves_at = None
    host.checked_at = host.asked_at = host.first_missed_at = None
    host.found, host.lights, host.impact, host.misses = {}, {}, {}, 0
    db.flush()
    record(db, "host.connected", host, after={"name": name, "purpose": purpose})
    publish(db, HostConnected(host_id=host.id))
    ask_for_look(db, host)
    return host


def new_code() -> str:
    """Make the code of one connection: 120 random bits, so that nobody can know that of another."""
    letters = "".join(secrets.choice(CODE_LETTERS) for _number in range(24))
    return f"vt-{letters[:8]}-{letters[8:16]}-{letters[16:]}"


def most_hosts(db: Work) -> int:
    """Return how many hosts of their own this reseller may have."""
    return int(current_reseller(db).settings.get("most_hosts", MOST_HOSTS))


def confirm(db: Work, host: Host) -> None:
    """Take note that somebody knows what the name serves today and wants to go on."""
    if host.confirmed_at is None:
        host.confirmed_at = db.now
        record(db, "host.confirmed", host)
        ask_for_look(db, host)


def ask_for_look(db: Work, host: Host) -> bool:
    """Have a host looked at soon, at most every ten seconds; return whether it will be."""
    if host.state == "detached" or host.is_platform_name:
        return False
    if host.asked_at is not None and (db.now - host.asked_at).total_seconds() < LOOK_EVERY_S:
        return False
    host.asked_at = db.now
    jobs.ask(db, "look_at_host", str(host.id))
    return True


LOOK_EVERY_S: Final = 10


def activate(db: Work, host: Host) -> bool:
    """Let the shop answer on a proven name. False when another reseller was quicker, or holds it."""
    hold(db, host.name)
    if is_taken(db, host.name):
        return False
    canonical = current_reseller(db).canonical_host
    savepoint = db.session.begin_nested()
    try:
        db.add(HostName(name=host.name, reseller_id=db.reseller_id, canonical=canonical, purpose=host.purpose))
        db.flush()
    except IntegrityError:
        savepoint.rollback()
        return False
    savepoint.commit()
    db.execute(delete(HeldName).where(HeldName.name == host.name, HeldName.reseller_id == db.reseller_id))
    host.state, host.activated_at, host.held_until = "active", db.now, None
    host.misses, host.first_missed_at = 0, None
    record(db, "host.activated", host, after={"name": host.name})
    publish(db, HostVerified(host_id=host.id))
    announce(db)
    announce_host(db, host.name)
    return True


def prefer(db: Work, host: Host) -> bool:
    """Make a host the one that customers see, and lead the others to it; as soon as it serves if it does not yet.

    Returns whether it is so already. Raises ``Refused`` for a host of frames only.
    """
    if host.purpose != "shop":
        raise Refused(_("This host shows frames only. Let it show the whole shop first."))
    if host.state == "detached":
        raise Refused(_("This host was removed. Connect it again first."))
    db.execute(update(Host).where(Host.reseller_id == db.reseller_id).values(becomes_canonical=False))
    if host.state != "active" or not (host.is_platform_name or host.serves_at is not None):
        host.becomes_canonical = True
        record(db, "host.preferred", host, after={"when": "it serves"})
        return False
    switch_to(db, host)
    return True


def switch_to(db: Work, host: Host) -> None:
    """Lead every other host of the shop to this one, from the next request on."""
    reseller = current_reseller(db)
    before, reseller.canonical_host = reseller.canonical_host, host.name
    host.becomes_canonical = False
    db.execute(update(HostName).where(HostName.reseller_id == db.reseller_id).values(canonical=host.name))
    record(db, "host.preferred", host, before={"canonical": before}, after={"canonical": host.name})
    announce(db)


def change_purpose(db: Work, host: Host, purpose: str) -> None:
    """Let a host show the whole shop, or frames only. Raises ``Refused`` for the preferred host."""
    if purpose not in ("shop", "frames"):
        raise Refused(_("Choose one of the list."), field="purpose")
    if purpose == "frames" and (host.name == current_reseller(db).canonical_host or host.is_platform_name):
        raise Refused(_("Customers come to this host. Prefer another one first."), field="purpose")
    before, host.purpose = host.purpose, purpose
    if purpose == "frames":
        host.becomes_canonical = False
    own = (HostName.name == host.name, HostName.reseller_id == db.reseller_id)
    db.execute(update(HostName).where(*own).values(purpose=purpose))
    record(db, "host.purpose_changed", host, before={"purpose": before}, after={"purpose": purpose})
    announce(db)


def detach(db: Work, host: Host, *, is_by_itself: bool = False) -> None:
    """Let the shop answer on a name no longer. One that was in use stays the reseller's for thirty days.

    Raises ``Refused`` for a name of the platform. A name that was never in use is simply forgotten.
    """
    if host.is_platform_name:
        raise Refused(_("This name belongs to your shop for good."))
    hold(db, host.name)
    db.lock(host)
    if host.state == "detached":
        return
    if host.state == "pending":
        record(db, "host.forgotten", host, before={"name": host.name})
        db.session.delete(host)
        db.flush()
        return
    reseller = current_reseller(db)
    if reseller.canonical_host == host.name:
        switch_to(db, _name_at_platform(db))
    db.execute(delete(HostName).where(HostName.name == host.name, HostName.reseller_id == db.reseller_id))
    host.state, host.detached_at, host.held_until = "detached", db.now, db.now + HOLD
    host.code, host.next_check_at, host.becomes_canonical, host.serves_at = "", None, False, None
    host.preview_hash, host.preview_until = "", None
    db.session.merge(HeldName(name=host.name, reseller_id=db.reseller_id, held_until=host.held_until))
    record(db, "host.detached", host, after={"name": host.name, "held_until": host.held_until})
    publish(
        db,
        HostDetached(host_id=host.id, host_name=host.name, held_until=host.held_until, is_by_itself=is_by_itself),
    )
    announce(db)


def release(db: Work, host: Host) -> None:
    """Give a detached name back before its time, so that anybody who can prove it may connect it."""
    if host.state != "detached":
        raise Refused(_("Remove the host first."))
    hold(db, host.name)
    db.execute(delete(HeldName).where(HeldName.name == host.name, HeldName.reseller_id == db.reseller_id))
    record(db, "host.released", host, before={"name": host.name})
    db.session.delete(host)
    db.flush()


def is_taken(db: Work, name: str) -> bool:
    """Tell whether another reseller uses or holds a name."""
    used = db.scalar(select(HostName.reseller_id).where(HostName.name == name))
    if used is not None and used != db.reseller_id:
        return True
    others = select(HeldName.name).where(
        HeldName.name == name, HeldName.reseller_id != db.reseller_id, HeldName.held_until > db.now
    )
    return db.scalar(others.limit(1)) is not None


def _refuse_taken(db: Work, name: str) -> None:
    if is_taken(db, name):
        raise Refused(NOT_POSSIBLE, field="name")


def _read_name(config: Config, text: str) -> str:
    """Read what somebody typed, pasted or copied from the address bar as a host name."""
    bare = text.strip().lower()
    for scheme in ("https://", "http://"):
        bare = bare.removeprefix(scheme)
    name = normalise(bare.partition("/")[0])
    if name is None:
        raise Refused(_("This is no host name. Write it like shop.example.com."), field="name")
    further = [each for each in (config.edge_host, config.mail_from.rpartition("@")[2]) if each]
    refusal = refusal_of(name, config.platform_host, further, is_development=config.is_development)
    if refusal is not None:
        raise Refused(refusal, field="name")
    return name


def hold(db: Work, name: str) -> None:
    """Let nobody else decide about this name until this transaction ends. Taken before the row is locked."""
    db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"host {name}", 0))))


def _count(db: Work) -> int:
    own = select(func.count()).select_from(Host).where(Host.state != "detached", Host.is_platform_name.is_(False))
    return db.scalar(own) or 0


def _name_at_platform(db: Work) -> Host:
    """Return the host that a shop always has."""
    reseller = current_reseller(db)
    names = (f"{reseller.slug}.{db.config.platform_host}", db.config.platform_host)
    found = db.scalars(select(Host).where(Host.name.in_(names)).order_by(func.length(Host.name).desc()))
    return found[0]
