"""Check pages that hold a frame: name one, fetch it outside of any transaction, write down what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypeAlias, cast
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from frames.health_facts import RIGHT, WARNING, WRONG, Expected, light_of
from frames.health_rules import diagnose
from frames.kinds import KINDS, Kind
from frames.models import Frame, FrameCheck, FrameSite
from frames.origins import origin_of
from frames.published import script_integrity
from frames.settings import heights_for, is_kind_on, options_of
from frames.sites import allowed_origins, is_allowed, verified_hosts
from frames.snippet import Piece, lines_for, propose_host
from storefront.core import jobs
from storefront.core.audit import record
from storefront.core.config import Config
from storefront.core.db import Database, Work
from storefront.core.errors import Refused
from storefront.core.i18n import lazy_gettext as _
from storefront.core.i18n import speaking
from tenants.models import Host
from tenants.resellers import current_reseller

MOST_PAGES: Final = 10
LONGEST: Final = 500
EVERY: Final = timedelta(days=1)
AGAIN: Final = timedelta(seconds=10)
# A job that has not answered by then does not keep its page waiting.
LATE: Final = timedelta(minutes=2)
AT_ONCE: Final = 50


# What a page holds: a frame that somebody made, or the window of a kind that nobody made.
Held: TypeAlias = Frame | Kind


@dataclass(frozen=True, kw_only=True)
class Health:
    """How the pages of one frame are, for lists."""

    pages: int
    light: str  # the worst of them; empty where none was looked at


def checks(db: Work, held: Held) -> Sequence[FrameCheck]:
    """List the pages of a frame, the latest first."""
    return db.scalars(select(FrameCheck).where(_of(held)).order_by(FrameCheck.added_at.desc(), FrameCheck.id))


def _of(held: Held) -> ColumnElement[bool]:
    if isinstance(held, Frame):
        return FrameCheck.frame_id == held.id
    return FrameCheck.frame_id.is_(None) & (FrameCheck.kind == held.key)


def health_of_frames(db: Work) -> Mapping[UUID | str, Health]:
    """Say how the pages of every frame are, and by its word those of every kind that nobody made one of."""
    found: dict[UUID | str, dict[str, int]] = {}
    columns = (FrameCheck.frame_id, FrameCheck.kind, FrameCheck.light)
    for frame_id, kind, light, number in db.execute(select(*columns, func.count()).group_by(*columns)):
        found.setdefault(frame_id or kind, {})[light] = number
    return {
        whose: Health(
            pages=sum(lights.values()), light=next((each for each in (WRONG, WARNING, RIGHT) if each in lights), "")
        )
        for whose, lights in found.items()
    }


def add_page(db: Work, held: Held, address: str) -> FrameCheck:
    """Name a page that holds a frame, and have it looked at; one that was named before is looked at again.

    Raises ``Refused`` for what is no address of a page, and when there are as many as allowed.
    """
    url = page_address(address)
    known = db.scalar(select(FrameCheck).where(_of(held), FrameCheck.address == url))
    if known is not None:
        ask_for_check(db, known)
        return known
    number = db.scalar(select(func.count()).select_from(FrameCheck).where(_of(held)))
    if (number or 0) >= MOST_PAGES:
        raise Refused(_("There is no room for another page. Remove one that you do not need."), field="address")
    whose: dict[str, Any] = {"frame_id": held.id} if isinstance(held, Frame) else {"kind": held.key}
    check = db.add(FrameCheck(**whose, address=url, added_at=db.now, asked_at=db.now))
    db.flush()
    record(db, "frame_check.added", check, after={"address": url})
    jobs.ask(db, check_frame_page.__name__, str(check.id))
    return check


def page_address(text: str) -> str:
    """Read what somebody copied from the address bar; https is meant where nothing is said. ``Refused`` for no address.

    What stands behind ``#`` is left out, since no server sees it.
    """
    bare = text.strip().partition("#")[0]
    url = bare if "://" in bare else f"https://{bare}"
    origin = origin_of(url)
    if origin is None or len(url) > LONGEST:
        raise Refused(_("This is no address of a page. Copy it from the address bar of your browser."), field="address")
    parts = urlsplit(url)
    return f"{origin}{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"


def ask_for_check(db: Work, check: FrameCheck) -> bool:
    """Have a page looked at now, at most every ten seconds; return whether it will be."""
    if db.now - check.asked_at < AGAIN:
        return False
    check.asked_at = db.now
    jobs.ask(db, check_frame_page.__name__, str(check.id))
    return True


def is_waiting(db: Work, check: FrameCheck) -> bool:
    """Whether an answer is on its way."""
    return (check.checked_at is None or check.checked_at < check.asked_at) and db.now - check.asked_at < LATE


def remove_page(db: Work, check: FrameCheck) -> None:
    """Look at a page no more."""
    record(db, "frame_check.removed", check, before={"address": check.address})
    db.session.delete(check)
    db.flush()


@jobs.job(queue="now", opens_own_work=True)
def check_frame_page(database: Database, reseller_id: UUID, check_id: str) -> None:
    """Fetch a page and write down what is wrong with the frame in it."""
    look_at_page(database, reseller_id, UUID(check_id), database.config)


def look_at_page(database: Database, reseller_id: UUID, check_id: UUID, config: Config) -> None:
    """Fetch between two transactions; nothing happens to a page that was removed meanwhile."""
    from frames.page_fetching import visit  # noqa: PLC0415 - brings httpx, 8 MiB that a worker for pages does not need

    with database.work(reseller_id) as db:
        check = db.find(FrameCheck, check_id)
        if check is None:
            return
        address = check.address
    came = visit(config, address)
    with database.work(reseller_id) as db:
        check = db.find(FrameCheck, check_id)
        if check is None:
            return
        rows = [each.as_row() for each in diagnose(came, expected(db, held_by(db, db.lock(check))))]
        light = light_of(rows)
        if light != check.light:
            check.light, check.light_since = light, db.now
        check.findings, check.checked_at, check.next_check_at = rows, db.now, db.now + EVERY
        check.final_address = came.final[:LONGEST] if came.final != address else ""
        db.commit()


def held_by(db: Work, check: FrameCheck) -> Held:
    """Return what a page is looked at for."""
    return db.require(Frame, check.frame_id) if check.frame_id is not None else KINDS[check.kind]


def expected(db: Work, held: Held) -> Expected:
    """Gather what the shop knows of a frame: its hosts, its lines, and who may hold it."""
    reseller, frame = current_reseller(db), held if isinstance(held, Frame) else None
    kind, key = (KINDS[frame.kind], frame.key) if frame is not None else (cast("Kind", held), "")
    hosts = shop_hosts(db)
    allowed = allowed_origins(db, frame.id if frame is not None and not frame.is_everywhere else None)
    host = propose_host(hosts, allowed)
    language = options_of(frame).language if frame is not None else ""
    with speaking(language or reseller.default_locale):
        title = str(kind.title)
    # Never written for the pages themselves here: whether page and frame share an address is a finding of its own.
    piece = Piece(shop=host, kind=kind, key=key, title=title, heights=heights_for(db, kind, language))
    lines = lines_for(piece, integrity=script_integrity())
    named = db.scalars(select(FrameSite))
    others = db.execute(select(Frame.key, Frame.name).where(Frame.key != key))
    return Expected(
        hosts=hosts,
        kind=kind,
        key=key,
        lines=lines,
        integrity=script_integrity(),
        allowed=allowed,
        sites={site.origin: is_allowed(db, site) for site in named},
        others={row.key: row.name for row in others},
        is_open=frame.is_on if frame is not None else is_kind_on(db, kind.key),
    )


def shop_hosts(db: Work) -> Sequence[str]:
    """List the origins where the shop answers, the main host first."""
    own = db.scalars(select(Host.name).where(Host.is_platform_name.is_(True)))
    main = current_reseller(db).canonical_host
    names = sorted({*own, *verified_hosts(db), main}, key=lambda name: (name != main, name))
    return [db.config.origin(name) for name in names]


def shops_with_due_checks(db: Work) -> Sequence[UUID]:
    """Name the resellers of whose pages one must be looked at; an office Work."""
    return sorted(
        set(db.scalars(select(FrameCheck.reseller_id).where(FrameCheck.next_check_at <= db.now).limit(AT_ONCE)))
    )


def ask_for_due_checks(db: Work) -> None:
    """Have every page of this reseller looked at whose day has come; those of closed frames wait a day more."""
    due = select(FrameCheck, Frame.is_on).outerjoin(
        Frame, (Frame.reseller_id == FrameCheck.reseller_id) & (Frame.id == FrameCheck.frame_id)
    )
    for check, is_on in db.execute(due.where(FrameCheck.next_check_at <= db.now).limit(AT_ONCE)):
        check.next_check_at = db.now + EVERY
        if is_on or (check.kind and is_kind_on(db, check.kind)):
            check.asked_at = db.now
            jobs.ask(db, check_frame_page.__name__, str(check.id))
